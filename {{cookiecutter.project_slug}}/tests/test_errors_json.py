import pytest
from flask.testing import FlaskClient


def fail() -> str:
    raise ValueError("a password, perhaps")


def test_an_unknown_url_is_a_problem_document(client: FlaskClient) -> None:
    response = client.get("/nothing", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["title"] == "Not Found"
    assert response.get_json()["status"] == 404


def test_only_the_log_tells_what_went_wrong(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    client.application.add_url_rule("/fail", view_func=fail)
    response = client.get("/fail")
    assert response.status_code == 500
    assert "password" not in response.text
    assert "a password, perhaps" in caplog.text
