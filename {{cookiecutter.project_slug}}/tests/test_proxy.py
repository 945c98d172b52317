from flask import request
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }} import create_app

FORWARDED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}


def client_behind(proxies: int) -> FlaskClient:
    app = create_app({"APP_ENV": "testing", "TRUSTED_PROXIES": proxies})
    app.add_url_rule("/address", view_func=show_address)
    return app.test_client()


def show_address() -> str:
    return f"{request.scheme} {request.remote_addr}"


def test_a_trusted_proxy_is_believed() -> None:
    response = client_behind(proxies=1).get("/address", headers=FORWARDED)
    assert response.text == "https 203.0.113.7"


def test_only_so_many_proxies_are_believed() -> None:
    headers = {"X-Forwarded-For": "forged, 203.0.113.7, 198.51.100.2"}
    for proxies, address in {1: "198.51.100.2", 2: "203.0.113.7"}.items():
        response = client_behind(proxies).get("/address", headers=headers)
        assert response.text == f"http {address}"


def test_nobody_is_believed_by_default() -> None:
    response = client_behind(proxies=0).get("/address", headers=FORWARDED)
    assert response.text == "http 127.0.0.1"


def test_nobody_is_redirected_to_a_host_that_was_made_up() -> None:
    headers = {"Host": "evil.example"}
    response = client_behind(proxies=0).get("/x//address", headers=headers)
    assert response.status_code == 404
