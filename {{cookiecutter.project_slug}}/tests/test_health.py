import pytest
from flask.testing import FlaskClient


def fail() -> None:
    raise ConnectionError("no response")


def test_it_is_alive(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json == {"status": "alive"}


def test_it_is_ready(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.get_json()["status"] == "ready"


def test_it_names_what_is_down(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.application.extensions["readiness"]["disk"] = fail
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.get_json()["checks"]["disk"] == "down"
    assert "no response" in caplog.text
