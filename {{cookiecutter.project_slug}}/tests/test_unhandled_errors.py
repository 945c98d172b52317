import pytest
from flask import Flask
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response


def fault() -> str:
    raise ValueError("a password, perhaps")


def limit() -> str:
    raise TooManyRequests(response=Response("Slowly, please.", 429))


def test_the_client_is_told_nothing_and_the_log_everything(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/fault", view_func=fault)
    response = app.test_client().get("/fault")
    assert response.status_code == 500
    assert "password" not in response.text
    assert "a password, perhaps" in caplog.text


def test_an_error_can_bring_its_own_response(app: Flask) -> None:
    app.add_url_rule("/limit", view_func=limit)
    response = app.test_client().get("/limit")
    assert (response.status_code, response.text) == (429, "Slowly, please.")
