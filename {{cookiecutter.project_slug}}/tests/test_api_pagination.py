import re

import pytest
from flask import Flask
from flask import Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from {{ cookiecutter.project_slug }}.api.answer import Answer
from {{ cookiecutter.project_slug }}.api.operation import operation
from {{ cookiecutter.project_slug }}.api.pagination import Page

URL = "/api/v1/numbers/5"


class Wanted(Page):
    factor: int = 1


class Numbers(Answer):
    items: list[int]


@operation({200: Numbers}, headers=("Link",))
def numbers(total: int, wanted: Wanted) -> Response:
    found = range(total)[wanted.offset :][: wanted.size]
    items = [number * wanted.factor for number in found]
    return Numbers(items=items).respond(Link=wanted.links(total))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of an API that lists the first numbers, times a factor."""
    app.add_url_rule("/api/v1/numbers/<int:total>", view_func=numbers)
    return app.test_client()


def items(response: TestResponse) -> list[int]:
    found: list[int] = response.get_json()["items"]
    return found


def links(response: TestResponse) -> dict[str, str]:
    found = re.findall('<([^>]+)>; rel="([a-z]+)"', response.headers["Link"])
    return {name: url for url, name in found}


def test_a_list_leads_to_its_other_pages(client: FlaskClient) -> None:
    first = client.get(f"{URL}?size=2&factor=10")
    assert items(first) == [0, 10]
    assert links(first).keys() == {"first", "last", "next"}
    second = client.get(links(first)["next"])
    assert items(second) == [20, 30]
    assert links(second).keys() == {"first", "last", "next", "prev"}
    assert items(client.get(links(second)["prev"])) == [0, 10]
    last = client.get(links(second)["last"])
    assert items(last) == [40]
    assert links(last).keys() == {"first", "last", "prev"}


def test_a_filter_of_many_values_is_kept(app: Flask) -> None:
    with app.test_request_context("/api/v1/openapi.json?tag=a&tag=b"):
        assert "tag=a&tag=b&page=2" in Page(page=1).links(40)


def test_there_is_nothing_beyond_the_last_page(client: FlaskClient) -> None:
    beyond = client.get(f"{URL}?page=9")
    assert items(beyond) == []
    assert links(beyond)["prev"] == links(beyond)["last"]


def test_an_empty_list_has_one_page(client: FlaskClient) -> None:
    empty = client.get("/api/v1/numbers/0")
    assert links(empty) == dict.fromkeys(["first", "last"], "/api/v1/numbers/0?page=1")


@pytest.mark.parametrize("query", ["page=0", "page=1000001", "size=0", "size=101"])
def test_a_page_has_bounds(client: FlaskClient, query: str) -> None:
    assert client.get(f"{URL}?{query}").status_code == 422
