"""The OpenAPI document: valid whatever is declared, and true."""

from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import pytest
from flask import Blueprint
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel, Field
from pydantic.errors import PydanticInvalidForJsonSchema
from tea_time import create_app
from tea_time.api import docs
from tea_time.api.document import document
from tea_time.api.operation import operation
from tea_time.api.schemas import Body, Integer, Part, Query

ERRORS = {"400", "405", "5XX"}


class Cup(BaseModel):
    """What tea is drunk from."""

    size: int


class Order(Body):
    """What somebody orders."""

    cups: Integer = Field(ge=1, le=9)


class Options(Query):
    sugar: int = Field(default=0, description="How many lumps.")
    milk: bool


def document_of(client, prefix="/api/v1"):
    found = client.get(f"{prefix}/openapi.json").get_json()
    OpenAPIV31SpecValidator(found).validate()
    return found


def described(app, view, path="/api/v1/view", **options):
    """What a valid document says of a view."""
    app.add_url_rule(path, "view", view, **options)
    found = document_of(app.test_client())
    [each] = found["paths"][path.replace("<int:", "{").replace("<", "{").replace(">", "}")].values()
    return each, found["components"]


def schema_of(operation, status="200"):
    return operation["responses"][status]["content"]["application/json"]["schema"]


def operations_of(found):
    return [each for methods in found["paths"].values() for each in methods.values()]


def test_it_is_valid(client):
    found = document_of(client)
    assert found["openapi"].startswith("3.1.")
    assert found["info"] == {"title": client.application.config["APP_TITLE"], "version": "1"}


def test_it_says_what_each_of_its_own_operations_and_schemas_is(client):
    found = document_of(client)
    for path, summary in (
        ("openapi.json", "Show this document."),
        ("docs", "Show this document as a page."),
    ):
        assert found["paths"][f"/api/v1/{path}"]["get"]["summary"] == summary
    schemas = found["components"]["schemas"]
    for name, description in (
        ("Problem", "An error (RFC 9457)."),
        ("InvalidRequest", "An error that names each field that is not valid."),
        ("InvalidField", "What is wrong with one field of the request."),
    ):
        assert schemas[name]["description"] == description


def test_it_has_every_route(app, client):
    @operation({200: None})
    def minute(seconds: int) -> str:
        return str(seconds)

    app.add_url_rule("/api/v1/plain/<int:number>", view_func=str)
    app.add_url_rule("/api/v1/other", view_func=bool, methods=["GET", "POST"])
    app.add_url_rule("/api/v1/minute", "m", minute, defaults={"seconds": 60})
    app.add_url_rule("/api/v1/minutes/60", "m", minute, defaults={"seconds": 3600})
    app.add_url_rule("/api/v10/other", "later", bool)
    found = document_of(client)
    documented = {
        (path, method.upper())
        for path, operations in found["paths"].items()
        for method in operations
    }
    routes = {
        (str(rule).replace("<", "{").replace("int:", "").replace(">", "}"), method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods
        if str(rule).startswith("/api/v1/") and method not in ("HEAD", "OPTIONS")
    }
    assert documented == routes
    names = [each["operationId"] for each in operations_of(found)]
    assert len(set(names)) == len(names)
    assert list(found["paths"]["/api/v1/other"]) == ["get", "post"]


def test_every_error_is_a_problem_document(client):
    for each in operations_of(document_of(client)):
        errors = {s: r for s, r in each["responses"].items() if s >= "400"}
        assert errors.keys() >= ERRORS
        for status, description in (("405", "Method Not Allowed"), ("5XX", "Server Error")):
            assert errors[status]["description"] == description
        for response in errors.values():
            assert list(response["content"]) == ["application/problem+json"]


def test_it_names_what_a_view_takes_and_returns(app):
    @operation({201: Cup}, headers=("Location",), errors=(404, 409))
    def buy(id: Annotated[int, Field(ge=1)], options: Options, order: Order) -> None:
        """Buy some cups.

        They are
        warm.
        """

    found, components = described(app, buy, "/api/v1/<int:id>", methods=["POST"])
    assert found["summary"] == "Buy some cups."
    assert found["description"] == "They are\nwarm."
    assert found["operationId"] == "view"
    assert found["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
    }
    assert components["schemas"]["Order"]["additionalProperties"] is False
    assert list(found["responses"]["201"]["headers"]) == ["Location"]
    inputs = {"411", "413", "415", "422"}
    assert set(found["responses"]) == {"201", "404", "409", *inputs, *ERRORS}
    id, sugar, milk = found["parameters"]
    assert (id["in"], id["required"], id["schema"]["minimum"]) == ("path", True, 1)
    assert (sugar["in"], sugar["required"]) == ("query", False)
    assert (sugar["description"], sugar["schema"]["default"]) == ("How many lumps.", 0)
    assert (milk["in"], milk["required"]) == ("query", True)
    assert "Options" not in components["schemas"]
    assert list(found["responses"]["405"]["headers"]) == ["Allow"]


def test_a_view_that_declares_nothing_is_there(app):
    found, _ = described(app, lambda number: number, "/api/v1/<int:number>")
    [number] = found["parameters"]
    assert (number["name"], number["in"], number["schema"]) == ("number", "path", {})
    assert found["responses"]["200"]["content"] == {"*/*": {}}
    assert set(found["responses"]) == {"200", *ERRORS}


def test_a_response_can_be_empty_or_a_media_type(app):
    view = operation({200: "text/csv", 204: None}, headers=("X-Cups",))(lambda: "")
    found, _ = described(app, view)
    for status in ("200", "204"):
        assert list(found["responses"][status]["headers"]) == ["X-Cups"]
    assert found["responses"]["200"]["content"] == {"text/csv": {}}
    assert found["responses"]["204"]["content"] == {}


CUP = {"$ref": "#/components/schemas/Cup"}


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (Cup, CUP),
        (list[Cup], {"type": "array", "items": CUP}),
        (Cup | None, {"anyOf": [CUP, {"type": "null"}]}),
        (dict[str, Cup], {"type": "object", "additionalProperties": CUP}),
        (int, {"type": "integer"}),
        (Any, {}),
    ],
)
def test_a_response_of_any_type_is_documented(app, kind, schema):
    found, components = described(app, operation({200: kind})(lambda: None))
    assert schema_of(found) == schema
    if "Cup" in str(kind):
        assert components["schemas"]["Cup"]["description"] == "What tea is drunk from."


@pytest.mark.parametrize(
    "kind", [Callable[[], int], list[Callable[[], int]], Callable[[], int] | None]
)
def test_a_response_that_cannot_be_documented_is_refused_at_import(kind):
    with pytest.raises(PydanticInvalidForJsonSchema):
        operation({200: kind})


def test_models_may_share_a_name(app):
    def view_of(kind):
        class Same(BaseModel):
            value: kind

        return operation({200: Same})(lambda: {"value": kind(1)})

    kinds = {"number": int, "text": str}
    for name, kind in kinds.items():
        app.add_url_rule(f"/api/v1/{name}", name, view_of(kind))
    client = app.test_client()
    found = document_of(client)
    types = {}
    for name, kind in kinds.items():
        assert client.get(f"/api/v1/{name}").json == {"value": kind(1)}
        reference = schema_of(found["paths"][f"/api/v1/{name}"]["get"])["$ref"]
        model = found["components"]["schemas"][reference.rpartition("/")[2]]
        types[name] = model["properties"]["value"]["type"]
    assert types == {"number": "integer", "text": "string"}


def test_a_model_may_have_the_name_of_one_of_the_documents_own(app):
    class Problem(BaseModel):
        cause: str

    found, components = described(app, operation({200: Problem})(lambda: None))
    name = schema_of(found)["$ref"].rpartition("/")[2]
    assert list(components["schemas"][name]["properties"]) == ["cause"]


def test_a_model_can_be_taken_and_returned(app):
    class Price(Part):
        amount: Decimal

    class Wanted(Body):
        price: Price

    class Given(BaseModel):
        price: Price

    @operation({200: Given})
    def pay(wanted: Wanted) -> dict[str, object]:
        return {"price": wanted.price}

    found, components = described(app, pay, methods=["PUT"])
    response = app.test_client().put("/api/v1/view", json={"price": {"amount": 1}})
    assert response.json == {"price": {"amount": "1"}}
    references = [
        components["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]["price"]["$ref"]
        for schema in (
            schema_of(found),
            found["requestBody"]["content"]["application/json"]["schema"],
        )
    ]
    assert len(set(references)) == 2


@pytest.mark.parametrize("number", [1, 2, 3])
def test_path_models_may_all_be_alike(app, number):
    for each in range(number):

        @operation({200: None})
        def view(id: int) -> str:
            return str(id)

        app.add_url_rule(f"/api/v3/{each}/<int:id>", str(each), view)
    found = document(app, "/api/v3")
    OpenAPIV31SpecValidator(found).validate()
    for each in operations_of(found):
        [id] = each["parameters"]
        assert id["schema"]["type"] == "integer"
    assert "Path" not in found["components"]["schemas"]


def test_a_view_may_have_many_paths(app):
    @operation({200: None})
    def view(id: int) -> str:
        return str(id)

    app.add_url_rule("/api/v3/a/<int:id>", "view", view)
    app.add_url_rule("/api/v3/b/<int:id>", "view", view)
    app.add_url_rule("/api/v3/c/<int:id>", "again", view)
    found = document(app, "/api/v3")
    OpenAPIV31SpecValidator(found).validate()
    assert [each["operationId"] for each in operations_of(found)] == ["view", "view_2", "again"]
    assert all(len(each["parameters"]) == 1 for each in operations_of(found))


def test_details_are_passed_on(app):
    app.config["OPENAPI_COMPONENTS"] = {
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}
    }
    header = {"name": "X-Cups", "in": "header", "schema": {"type": "integer"}}
    view = operation(
        {200: Cup},
        deprecated=True,
        security=[{"bearer": []}],
        tags=["cups"],
        summary="Another.",
        parameters=[header],
        errors=(404,),
        responses={"402": {"description": "Pay first."}, "404": {"description": "No cup."}},
    )(lambda: None)
    found, components = described(app, view)
    assert found["deprecated"] is True
    assert found["security"] == [{"bearer": []}]
    assert found["tags"] == ["cups"]
    assert found["summary"] == "Another."
    assert found["parameters"] == [header]
    assert found["responses"]["402"] == {"description": "Pay first."}
    assert found["responses"]["404"] == {"description": "No cup."}
    assert set(found["responses"]) == {"200", "402", "404", *ERRORS}
    assert components["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert "Cup" in components["schemas"]
    assert found == document_of(app.test_client())["paths"]["/api/v1/view"]["get"]


def test_components_may_add_a_schema(app):
    app.config["OPENAPI_COMPONENTS"] = {"schemas": {"Mug": {"type": "string"}}}
    _, components = described(app, operation({200: Cup})(lambda: None))
    assert {"Cup", "Mug", "Problem"} <= set(components["schemas"])


def test_a_second_version_has_a_document_and_a_page_of_its_own():
    app = create_app({"APP_ENV": "testing"})
    app.register_blueprint(docs.bp, url_prefix="/api/v2", name="api_v2")
    bp = Blueprint("cups", __name__, url_prefix="/api/v2/cups")
    bp.add_url_rule("", "index", operation({200: list[Cup]})(lambda: [{"size": 1}]))
    app.register_blueprint(bp)
    client = app.test_client()
    assert client.get("/api/v2/cups").json == [{"size": 1}]
    first, second = (document_of(client, f"/api/{version}") for version in ("v1", "v2"))
    assert (first["info"]["version"], second["info"]["version"]) == ("1", "2")
    assert set(second["paths"]) == {"/api/v2/cups", "/api/v2/docs", "/api/v2/openapi.json"}
    assert all(path.startswith("/api/v1/") for path in first["paths"])
    names = [each["operationId"] for each in operations_of(second)]
    assert "cups_index" in names
    page = client.get("/api/v2/docs").text
    assert "API, version 2" in page
    assert 'href="/api/v2/openapi.json"' in page
    assert "cups_index" in page
    assert "cups_index" not in client.get("/api/v1/docs").text


def test_an_enumeration_is_documented(app):
    class Colour(Enum):
        RED = "red"

    class Picture(BaseModel):
        colour: Colour
        size: tuple[int, int]

    described(app, operation({200: Picture})(lambda: None))
    page = app.test_client().get("/api/v1/docs")
    assert page.status_code == 200
    assert "&#34;red&#34;" in page.text or '"red"' in page.text
