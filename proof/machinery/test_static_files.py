import os
from pathlib import Path

import pytest
from flask import Blueprint, session, url_for
from tea_time.pages import static_files


@pytest.fixture
def file(app, tmp_path):
    """A file that a part of its own serves."""
    path = tmp_path / "app.js"
    path.write_text("first")
    bp = Blueprint("files", __name__, static_folder=tmp_path, static_url_path="/files")
    app.register_blueprint(bp)
    return path


def url_of(app, filename, endpoint="pages.static"):
    with app.test_request_context():
        return url_for(endpoint, filename=filename)


def edit(path, text, time):
    path.write_text(text)
    os.utime(path, ns=(time, time))


def test_a_file_is_kept_under_the_url_of_its_content(client):
    response = client.get(url_of(client.application, "site.css"), buffered=True)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "max-age=31536000, public, immutable"
    assert response.headers["ETag"]


def test_a_file_that_brings_a_session_is_for_one_browser_alone(client):
    @client.application.before_request
    def begin():
        session.permanent = True
        session["count"] = 1

    response = client.get(url_of(client.application, "site.css"), buffered=True)
    assert response.headers["Set-Cookie"]
    assert response.cache_control.private
    assert not response.cache_control.public


@pytest.mark.parametrize("query", ["", "?v=another", "?v="])
def test_a_file_is_asked_for_again_under_any_other_url(client, query):
    response = client.get(f"/static/site.css{query}", buffered=True)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"


def test_what_is_unchanged_is_not_sent(client):
    url = url_of(client.application, "site.css")
    etag = client.get(url, buffered=True).headers["ETag"]
    response = client.get(url, headers={"If-None-Match": etag}, buffered=True)
    assert response.status_code == 304
    assert response.cache_control.immutable


def test_a_missing_file_has_no_version(client):
    url = url_of(client.application, "nothing.css")
    assert url == "/static/nothing.css"
    response = client.get(f"{url}?v=1")
    assert response.status_code == 404
    assert "Cache-Control" not in response.headers


@pytest.mark.parametrize("path", ["../" * 9 + "etc/passwd", "%2e%2e/secret", "a" * 300, "%00"])
def test_only_what_is_served_is_read(client, path):
    assert client.get(f"/static/{path}?v=1").status_code == 404


def test_a_file_has_one_version_however_it_is_asked_for(client):
    url = url_of(client.application, "site.css")
    static_files._digest.cache_clear()
    for path in ("site.css", "./site.css", "a/../site.css", f"{'a' * 256}%0D%1B/../site.css"):
        response = client.get(url.replace("site.css", path), buffered=True)
        assert response.status_code == 200
        assert response.cache_control.immutable
    assert static_files._digest.cache_info().currsize == 1


def test_a_file_of_another_part_has_a_version(app, file):
    url = url_of(app, "app.js", "files.static")
    response = app.test_client().get(url, buffered=True)
    assert response.text == "first"
    assert response.cache_control.immutable


def test_an_edit_changes_the_version_while_debugging(app, file):
    app.debug = True
    urls = set()
    for time, text in enumerate(["first", "other", "third"], start=1):
        edit(file, text, time * 10**9)
        url = url_of(app, "app.js", "files.static")
        response = app.test_client().get(url, buffered=True)
        assert response.text == text
        assert response.cache_control.immutable
        urls.add(url)
    assert len(urls) == 3
    file.unlink()
    assert url_of(app, "app.js", "files.static") == "/files/app.js"


def test_a_version_needs_no_stat_outside_of_debugging(app, file, monkeypatch):
    url = url_of(app, "app.js", "files.static")
    for name in ("stat", "is_file", "open", "read_bytes"):
        monkeypatch.setattr(Path, name, None)
    assert url_of(app, "app.js", "files.static") == url
