import pytest
from flask.testing import FlaskClient


def missing() -> None:
    raise ConnectionError("nobody answers")


def test_it_is_alive(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json == {"status": "alive"}


def test_it_is_ready_when_everything_is_up(client: FlaskClient) -> None:
    client.application.extensions["readiness"] = {"disk": lambda: None}
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json == {"status": "ready", "checks": {"disk": "up"}}


def test_it_names_what_is_down(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.application.extensions["readiness"] = {"disk": missing}
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json == {"status": "not ready", "checks": {"disk": "down"}}
    assert "nobody answers" in caplog.text
