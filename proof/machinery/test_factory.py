import logging
import re
from io import BytesIO

import pytest
from flask import Flask, request
from tea_time import create_app
from werkzeug.test import create_environ, run_wsgi_app

from .helpers import GUIDES

FORM = "application/x-www-form-urlencoded"


def client_behind(proxies):
    app = create_app({"APP_ENV": "testing", "TRUSTED_PROXIES": proxies})
    app.add_url_rule("/address", view_func=lambda: f"{request.scheme} {request.remote_addr}")
    return app.test_client()


def client_of(app):
    app.add_url_rule("/data", "data", lambda: request.get_data(as_text=True), methods=["POST"])
    app.add_url_rule("/form", "form", lambda: request.form["text"], methods=["POST"])
    return app.test_client()


@pytest.fixture
def client(app):
    return client_of(app)


def send(client, path, **environ):
    """Send `text=whole` as a server does that has read up to the end."""
    response = client.post(
        path,
        input_stream=BytesIO(b"text=whole"),
        content_type=FORM,
        environ_overrides={"wsgi.input_terminated": True, **environ},
    )
    return response.status_code, response.text


def test_only_so_many_proxies_are_trusted():
    headers = {"X-Forwarded-For": "forged, 203.0.113.7, 198.51.100.2"}
    for proxies, address in {0: "127.0.0.1", 1: "198.51.100.2", 2: "203.0.113.7"}.items():
        response = client_behind(proxies).get("/address", headers=headers)
        assert response.text == f"http {address}"


def test_only_so_many_proxies_are_asked_for_the_scheme():
    headers = {"X-Forwarded-Proto": "https, http"}
    for proxies, scheme in {0: "http", 1: "http", 2: "https"}.items():
        response = client_behind(proxies).get("/address", headers=headers)
        assert response.text == f"{scheme} 127.0.0.1"


def test_no_header_changes_the_host_or_the_prefix():
    client = client_behind(1)
    client.application.add_url_rule("/url", "url", lambda: request.url)
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}
    assert client.get("/url", headers=headers).text == "http://localhost/url"


def test_files_beside_the_package_are_not_served(app):
    assert app.static_folder is None
    assert "static" not in app.view_functions


@pytest.mark.parametrize(("debug", "level"), [("1", logging.DEBUG), ("0", logging.INFO)])
def test_what_the_application_logs(debug, level, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", debug)
    before = logging.getLogger("tea_time").level
    try:
        assert create_app({"APP_ENV": "testing"}).logger.level == level
    finally:
        logging.getLogger("tea_time").setLevel(before)


def test_slashes_do_not_redirect_to_the_host_of_the_client():
    client = client_behind(0)
    client.application.add_url_rule("/cups/tea", "tea", lambda: "Tea")
    assert client.get("/cups/tea").text == "Tea"
    response = client.get("/cups//tea", headers={"Host": "evil.example"})
    assert response.status_code == 404


def test_a_whole_body_is_read(client):
    assert send(client, "/data", CONTENT_LENGTH="10") == (200, "text=whole")
    assert send(client, "/form", CONTENT_LENGTH="10") == (200, "whole")


@pytest.mark.parametrize("path", ["/data", "/form"])
def test_a_body_that_ends_early_is_refused(client, path):
    status, _ = send(client, path, CONTENT_LENGTH="11")
    assert status == 400


def test_werkzeug_takes_what_there_is_of_a_body_for_the_whole():
    """So that the factory can do without its own function when it no longer does."""
    client = client_of(Flask(__name__))
    for sent in ({"CONTENT_LENGTH": "11"}, {"HTTP_TRANSFER_ENCODING": "chunked"}):
        assert send(client, "/form", **sent) == (200, "whole")


@pytest.mark.parametrize("path", ["/data", "/form", "/nothing"])
def test_a_body_without_a_length_is_refused(client, path):
    status, _ = send(client, path, HTTP_TRANSFER_ENCODING="chunked")
    assert status == 411


def test_a_body_may_be_as_large_as_the_limit(client):
    client.application.config["MAX_CONTENT_LENGTH"] = 10
    assert client.post("/data", data=b"x" * 10).status_code == 200
    assert client.post("/data", data=b"x" * 11).status_code == 413


@pytest.mark.parametrize(
    ("environ", "status"),
    [({"HTTP_HOST": "GOOD.example:80"}, 200), ({"HTTP_HOST": "evil.example"}, 400)],
)
def test_the_case_of_a_host_does_not_matter(environ, status):
    app = create_app({"APP_ENV": "testing", "TRUSTED_HOSTS": ("Good.Example",)})
    assert app.test_client().get("/", environ_overrides=environ).status_code == status


def test_a_guide_says_what_another_host_gets():
    app = create_app({"APP_ENV": "testing", "TRUSTED_HOSTS": ("good.example",)})
    words = r"respond with (\d+) to a host|on the host shows a (\d+)"
    said = {one or other for one, other in re.findall(words, GUIDES["deploy"])}
    for path in ("/", *re.findall(r"`(/\w+z)`", GUIDES["deploy"])):
        assert said == {str(app.test_client().get(path).status_code)}


def test_only_a_large_upload_needs_a_folder_to_write_to(client, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    client.application.add_url_rule("/file", view_func=size_of_file, methods=["POST"])
    for size in (1, 400_000):
        assert client.post("/file", data={"file": (BytesIO(b"x" * size), "x")}).text == str(size)
    with pytest.raises(FileNotFoundError):
        client.post("/file", data={"file": (BytesIO(b"x" * 900_000), "x")})


def size_of_file():
    return str(len(request.files["file"].read()))


def test_a_request_may_name_no_host(app):
    """As HTTP/1.0 allows."""
    environ = create_environ("/")
    del environ["HTTP_HOST"]
    assert run_wsgi_app(app, environ)[1].startswith("200")
