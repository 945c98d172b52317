import pytest
from flask.testing import FlaskClient


def test_a_duration_is_shown(client: FlaskClient) -> None:
    response = client.get("/api/v1/durations/3725")
    assert response.status_code == 200
    assert response.json == {"seconds": 3725, "text": "1:02:05"}


@pytest.mark.parametrize("name", ["3600000", "-1", "one"])
def test_there_is_no_such_duration(client: FlaskClient, name: str) -> None:
    assert client.get(f"/api/v1/durations/{name}").status_code == 404


def test_a_duration_is_created(client: FlaskClient) -> None:
    response = client.post("/api/v1/durations", json={"hours": 1, "seconds": 5})
    assert response.status_code == 201
    assert response.json == {"seconds": 3605, "text": "1:00:05"}
    assert client.get(response.headers["Location"]).json == response.json


def test_each_invalid_field_is_named(client: FlaskClient) -> None:
    response = client.post("/api/v1/durations", json={"minutes": 60, "days": 1})
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    errors = response.get_json()["errors"]
    assert [error["field"] for error in errors] == ["minutes", "days"]


def test_a_body_that_is_not_json_is_refused(client: FlaskClient) -> None:
    response = client.post(
        "/api/v1/durations", data="{", content_type="application/json"
    )
    assert response.status_code == 400


def test_a_body_of_another_type_is_refused(client: FlaskClient) -> None:
    response = client.post("/api/v1/durations", data={"minutes": "1"})
    assert response.status_code == 415


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 10
    response = client.post("/api/v1/durations", json={"hours": 1, "minutes": 1})
    assert response.status_code == 413


def test_another_method_is_refused(client: FlaskClient) -> None:
    response = client.delete("/api/v1/durations")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/nothing"])
def test_every_error_is_a_problem_document(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["status"] == response.status_code == 404
