import pytest
from flask import Flask


def fault() -> str:
    raise ValueError("a password, perhaps")


def test_the_client_is_told_nothing_and_the_log_everything(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/fault", view_func=fault)
    response = app.test_client().get("/fault")
    assert response.status_code == 500
    assert "password" not in response.text
    assert "a password, perhaps" in caplog.text
