from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings
from pydantic import BaseModel
from pydantic import Field

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.api.operation import operation
from {{ cookiecutter.project_slug }}.api.schemas import Body
from {{ cookiecutter.project_slug }}.api.schemas import Integer
from {{ cookiecutter.project_slug }}.api.schemas import Query

URL = "/api/v1/cups/tea"
ORIGIN = "https://www.example.com"
document = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json", create_app({"APP_ENV": "testing"})
)


class Order(Body):
    cups: Integer = Field(ge=1, le=9)


class Options(Query):
    sugar: list[str] = []


class Bill(BaseModel):
    name: str
    cups: int


@operation({201: Bill}, headers=("Location",))
def buy(name: str, options: Options, order: Order) -> tuple[Bill, int, dict[str, str]]:
    """Buy some cups."""
    bill = Bill(name=" ".join([name, *options.sugar]), cups=order.cups)
    return bill, 201, {"Location": URL}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of an API with one more operation."""
    app.add_url_rule("/api/v1/cups/<name>", view_func=buy, methods=["POST"])
    return app.test_client()


@document.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_operation_does_what_is_documented(
    case: schemathesis.Case[Any], app: Flask
) -> None:
    case.call_and_validate(app=app)


def test_a_request_is_read_and_a_response_written(client: FlaskClient) -> None:
    response = client.post(f"{URL}?sugar=brown", json={"cups": 2.0})
    assert response.status_code == 201
    assert response.json == {"name": "tea brown", "cups": 2}
    assert response.headers["Location"] == URL


@pytest.mark.parametrize(
    ("query", "body", "field"),
    [
        ("", {"cups": 10}, "cups"),
        ("", {"cups": "1"}, "cups"),
        ("", {"cups": 1, "mugs": 1}, "mugs"),
        ("?milk=yes", {"cups": 1}, "milk"),
    ],
)
def test_an_invalid_field_is_named(
    client: FlaskClient, query: str, body: dict[str, object], field: str
) -> None:
    response = client.post(f"{URL}{query}", json=body)
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["errors"][0]["field"] == field


def test_a_body_must_be_json(client: FlaskClient) -> None:
    for kind, status in {"application/json": 400, "text/plain": 415}.items():
        response = client.post(URL, data="{", content_type=kind)
        assert response.status_code == status


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/nothing"])
def test_every_error_is_a_problem_document(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["status"] == response.status_code == 404


def test_only_the_origins_of_the_setting_may_read() -> None:
    client = create_app({"APP_ENV": "testing", "CORS_ORIGINS": (ORIGIN,)}).test_client()
    for origin, allowed in {ORIGIN: ORIGIN, f"{ORIGIN}.org": None}.items():
        response = client.get("/api/v1/openapi.json", headers={"Origin": origin})
        assert response.headers.get("Access-Control-Allow-Origin") == allowed
        assert response.headers["Vary"] == "Origin"
