import pytest
from flask import Flask
from flask import session
from flask.testing import FlaskClient


def client_that_counts(app: Flask) -> FlaskClient:
    app.add_url_rule("/count", view_func=count)
    return app.test_client()


def count() -> str:
    session["count"] = session.get("count", 0) + 1
    return str(session["count"])


def test_a_session_is_kept_from_request_to_request(app: Flask) -> None:
    client = client_that_counts(app)
    assert client.get("/count").text == "1"
    assert client.get("/count").text == "2"


def test_a_forged_session_is_not_believed(app: Flask) -> None:
    client = client_that_counts(app)
    client.set_cookie("session", "eyJjb3VudCI6NDF9.aQ.forged")
    assert client.get("/count").text == "1"


def test_a_request_that_needs_no_session_costs_none(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    interface = client.application.session_interface
    monkeypatch.setattr(interface, "get_signing_serializer", None)
    assert "Set-Cookie" not in client.get("/").headers
