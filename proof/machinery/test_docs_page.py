"""The OpenAPI document as a page."""

import re
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field
from tea_time.api.operation import operation
from tea_time.api.schemas import Body


class Colour(Enum):
    """A colour."""

    RED = "red"
    GREEN = "green"


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(default=9, examples=[7], deprecated=True)


class Dog(BaseModel):
    kind: Literal["dog"]
    colour: Colour
    size: tuple[int, int]


class Box(BaseModel):
    cups: int = Field(ge=1, le=8)
    litres: float = Field(gt=0, lt=3)
    name: str = Field(min_length=4, max_length=50, pattern="^[a-z]+$")
    spoons: list[int] = Field(min_length=5, max_length=6)
    bought: datetime
    rest: Any


class Order(Body):
    """What <b>somebody</b> orders."""

    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    note: str | None = Field(default=None, description="For the <i>cook</i>.", max_length=77)


@operation({200: Box}, headers=("X-Cups",), deprecated=True)
def buy(order: Order) -> None:
    """Buy a pet.

    It may be a <b>cat</b>.
    """


@operation({200: Annotated[Cat | Dog, Field(discriminator="kind")]})
def any_pet() -> None:
    """Show a pet."""


@operation({200: Box})
def box() -> None:
    """Show a box."""


@operation({200: None})
def name_pet(name: str) -> None:
    """Name a pet."""


@pytest.fixture
def page(app):
    app.add_url_rule("/api/v1/pets", view_func=buy, methods=["POST"])
    app.add_url_rule("/api/v1/pet", view_func=any_pet)
    app.add_url_rule("/api/v1/box", view_func=box)
    app.add_url_rule("/api/v1/pets/<name>", view_func=name_pet, methods=["PUT"])
    response = app.test_client().get("/api/v1/docs")
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    return " ".join(response.text.split())


def test_it_shows_every_operation(client):
    text = client.get("/api/v1/docs").text
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    for methods in paths.values():
        for each in methods.values():
            assert f'id="{each["operationId"]}"' in text
            assert f'href="#{each["operationId"]}"' in text


def section(page, name):
    """What the page says of an operation, or of a schema."""
    return re.search(f'<section aria-labelledby="{name}">(.+?)</section>', page)[1]


def test_each_heading_is_above_what_it_names(page):
    assert "<title>API · " in page
    assert "<h1>API, version 1</h1>" in page
    link = '<a href="/api/v1/openapi.json">openapi.json</a>'
    assert f"<p>For programs, the same is in {link}.</p>" in page
    operations, schemas = page.split("<h2>Schemas</h2>")
    assert '<h2>Operations</h2> <nav aria-label="Operations">' in operations
    assert '<a href="#buy"><code>POST /api/v1/pets</code></a> Buy a pet.</li>' in operations
    assert '<section aria-labelledby="Order">' in schemas
    assert '<section aria-labelledby="buy">' not in schemas


def test_it_shows_what_an_operation_takes_and_returns(page):
    buy, name_pet = section(page, "buy"), section(page, "name_pet")
    assert "<caption>Parameters</caption>" not in buy
    assert '<p><b>Body</b> <code>application/json</code> <a href="#Order">Order</a>' in buy
    assert '<caption>Responses</caption> <tr> <th scope="row">200 OK</th>' in buy
    parameter = '<th scope="row"><code>name</code> in path, required</th>'
    assert f"<caption>Parameters</caption> <tr> {parameter}" in name_pet
    assert "<b>Body</b>" not in name_pet


def test_it_shows_which_fields_are_required(page):
    order = section(page, "Order")
    assert '<th scope="row"><code>pet</code>, required</th>' in order
    assert '<th scope="row"><code>note</code></th>' in order
    assert "object" not in order
    assert "array of" in section(page, "Dog")


def test_it_shows_the_alternatives_of_a_union(page):
    alternatives = '<a href="#Cat">Cat</a> or <a href="#Dog">Dog</a>'
    assert page.count(alternatives) >= 2
    assert 'id="Cat"' in page
    assert 'id="Dog"' in page


def test_it_shows_what_is_deprecated(page):
    assert "<b>Deprecated.</b> Buy a pet." in page
    assert page.count("<b>Deprecated.</b>") == 1
    assert "examples <code>[7]</code> <br>deprecated" in page


def test_it_shows_bounds_and_defaults(page):
    assert "default <code>9</code>" in page
    assert "maxLength <code>77</code>" in page
    assert "header <code>X-Cups</code>" in page
    assert 'const <code>"cat"</code>' in page
    assert 'one of <code>"red"</code>, <code>"green"</code>' in page
    assert "minItems <code>2</code>" in page


def test_it_says_each_bound_and_format(page):
    rows = re.findall("<code>([a-z]+)</code>, required</th> <td>(.+?)</td>", section(page, "Box"))
    found = {name: re.sub("<[^>]+>", "", text).split() for name, text in rows}
    assert found == {
        "cups": ["integer", "minimum", "1", "maximum", "8"],
        "litres": ["number", "exclusiveMinimum", "0", "exclusiveMaximum", "3"],
        "name": "string minLength 4 maxLength 50 pattern".split() + ['"^[a-z]+$"'],
        "spoons": ["array", "of", "integer", "minItems", "5", "maxItems", "6"],
        "bought": ["string", "date-time"],
        "rest": ["anything"],
    }


def test_it_shows_details_however_short(app):
    view = operation(
        {200: None},
        parameters=[
            {"name": "X-Cups", "in": "header", "description": "How many.", "content": {}},
        ],
        requestBody={"content": {"text/plain": {}}},
        responses={"402": {"description": "Pay first."}, "409": {"$ref": "#/components/x"}},
    )(lambda: None)
    app.add_url_rule("/api/v1/short", "short", view)
    response = app.test_client().get("/api/v1/docs")
    assert response.status_code == 200
    for text in ("402 Pay first.", "X-Cups", "How many.", "<code>text/plain</code>"):
        assert text in response.text


def test_it_escapes_what_was_written(page):
    assert "What &lt;b&gt;somebody&lt;/b&gt; orders." in page
    assert "It may be a &lt;b&gt;cat&lt;/b&gt;." in page
    assert "For the &lt;i&gt;cook&lt;/i&gt;." in page


def test_it_needs_nothing_from_elsewhere(client):
    text = client.get("/api/v1/docs").text
    assert "<style nonce=" in text
    assert not any(each in text for each in ("<script", "://", 'src="//', "style="))
