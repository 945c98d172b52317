from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from flask import Flask
from flask import Response
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from pydantic import BaseModel
from pydantic import Field

from {{ cookiecutter.project_slug }}.api.answer import Answer
from {{ cookiecutter.project_slug }}.api.inputs import Body
from {{ cookiecutter.project_slug }}.api.operation import operation

Json = dict[str, Any]


def document_of(client: FlaskClient) -> Json:
    document: Json = client.get("/api/v1/openapi.json").get_json()
    return document


def operations_of(client: FlaskClient) -> list[Json]:
    paths = document_of(client)["paths"]
    return [each for methods in paths.values() for each in methods.values()]


def test_it_is_valid(client: FlaskClient) -> None:
    document = document_of(client)
    assert document["openapi"].startswith("3.1.")
    validate(document)


def test_it_has_every_route(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/api/v1/plain/<int:number>", view_func=str)
    minute = app.view_functions["api.durations.show"]
    app.add_url_rule("/api/v1/minute", "m", minute, defaults={"seconds": 60})
    app.add_url_rule("/api/v1/minutes/60", "m", minute, defaults={"seconds": 3600})
    validate(document_of(client))
    documented = {
        (path, method.upper())
        for path, operations in document_of(client)["paths"].items()
        for method in operations
    }
    routes = {
        (str(rule).replace("<", "{").replace("int:", "").replace(">", "}"), method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if str(rule).startswith("/api/v1/") and method not in ("HEAD", "OPTIONS")
    }
    assert documented == routes


def test_every_error_is_a_problem_document(client: FlaskClient) -> None:
    for each in operations_of(client):
        errors = {s: r for s, r in each["responses"].items() if s >= "400"}
        assert {"400", "405", "5XX"} <= errors.keys()
        for response in errors.values():
            assert list(response["content"]) == ["application/problem+json"]


def test_it_names_what_a_view_takes_and_answers(client: FlaskClient) -> None:
    paths = document_of(client)["paths"]
    create = paths["/api/v1/durations"]["post"]
    assert create["requestBody"]["required"]
    assert list(create["responses"]["201"]["headers"]) == ["Location"]
    assert {"400", "411", "413", "415", "422"} <= set(create["responses"])
    seconds, style = paths["/api/v1/durations/{seconds}"]["get"]["parameters"]
    assert (seconds["in"], seconds["required"]) == ("path", True)
    assert (seconds["schema"]["minimum"], seconds["schema"]["maximum"]) == (0, 3599999)
    assert (style["in"], style["required"]) == ("query", False)
    assert style["schema"]["enum"] == ["clock", "words"]


def test_an_answer_can_hold_nothing(app: Flask) -> None:
    @operation({204: None}, errors=(404,))
    def nothing() -> tuple[str, int]:
        return "", 204

    app.add_url_rule("/api/v1/other", view_func=nothing)
    client = app.test_client()
    assert client.get("/api/v1/other").status_code == 204
    responses = document_of(client)["paths"]["/api/v1/other"]["get"]["responses"]
    assert responses["204"]["content"] == {}
    assert "404" in responses


def test_models_may_share_a_name(app: Flask) -> None:
    class Duration(Answer):
        days: int = Field(alias="from")

    @operation({200: Duration})
    def other() -> Response:
        return Duration.model_validate({"from": 1}).respond()

    app.add_url_rule("/api/v1/other", view_func=other)
    client = app.test_client()
    assert client.get("/api/v1/other").json == {"from": 1}
    document = document_of(client)
    validate(document)
    answer = document["paths"]["/api/v1/other"]["get"]["responses"]["200"]
    reference = answer["content"]["application/json"]["schema"]["$ref"]
    model = document["components"]["schemas"][reference.rpartition("/")[2]]
    assert list(model["properties"]) == ["from"]


def test_a_model_can_be_taken_and_answered(app: Flask) -> None:
    class Price(BaseModel):
        amount: Decimal

    class Wanted(Body):
        price: Price

    class Given(Answer):
        price: Price

    @operation({200: Given})
    def pay(wanted: Wanted) -> Response:
        return Given(price=Price(amount=wanted.price.amount)).respond()

    app.add_url_rule("/api/v1/pay", view_func=pay, methods=["PUT"])
    client = app.test_client()
    assert client.put("/api/v1/pay", json={"price": {"amount": 1}}).status_code == 200
    validate(document_of(client))


def test_a_parameter_is_declared_without_a_default() -> None:
    with pytest.raises(TypeError, match="days can't have a default"):

        @operation({200: None})
        def show(days: int = 1) -> str:
            return str(days)


def test_the_page_shows_every_operation(client: FlaskClient) -> None:
    response = client.get("/api/v1/docs")
    assert response.mimetype == "text/html"
    for each in operations_of(client):
        assert f'id="{each["operationId"]}"' in response.text


def test_the_page_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs").text
    assert "<style nonce=" in page
    assert not any(each in page for each in ("<script", "<link", "//", "style="))


def test_a_view_of_two_methods_is_two_operations(
    app: Flask, client: FlaskClient
) -> None:
    app.add_url_rule("/api/v1/other", view_func=str, methods=["GET", "POST"])
    document = document_of(client)
    validate(document)
    assert list(document["paths"]["/api/v1/other"]) == ["get", "post"]


def test_the_page_shows_models_of_any_kind(app: Flask) -> None:
    class Colour(Enum):
        RED = "red"

    class Picture(Answer):
        colour: Colour
        size: tuple[int, int]

    @operation({200: Picture})
    def picture() -> Response:
        return Picture(colour=Colour.RED, size=(1, 2)).respond()

    app.add_url_rule("/api/v1/picture", view_func=picture)
    response = app.test_client().get("/api/v1/docs")
    assert response.status_code == 200
    assert "Colour" in response.text
