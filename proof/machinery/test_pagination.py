import re

import pytest
from pydantic import BaseModel
from tea_time.api.operation import operation
from tea_time.api.pagination import Page

URL = "/api/v1/numbers/5"


class Wanted(Page):
    factor: int = 1


class Numbers(BaseModel):
    items: list[int]


@operation({200: Numbers}, headers=("Link",))
def numbers(total: int, wanted: Wanted) -> tuple[dict[str, object], dict[str, str]]:
    found = range(total)[wanted.offset :][: wanted.size]
    items = [number * wanted.factor for number in found]
    return {"items": items}, {"Link": wanted.links(total)}


@pytest.fixture
def client(app):
    app.add_url_rule("/api/v1/numbers/<int:total>", view_func=numbers)
    return app.test_client()


def items(response):
    return response.get_json()["items"]


def links(response):
    found = re.findall('<([^>]+)>; rel="([a-z]+)"', response.headers["Link"])
    return {name: url for url, name in found}


def test_a_list_leads_to_its_other_pages(client):
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


def test_the_document_says_what_each_parameter_is(client):
    path = client.get("/api/v1/openapi.json").get_json()["paths"]["/api/v1/numbers/{total}"]
    described = {each["name"]: each["description"] for each in path["get"]["parameters"]}
    assert described == {
        "total": "",
        "page": "Which page.",
        "size": "How many on a page.",
        "factor": "",
    }


def test_a_filter_of_many_values_is_kept(app):
    with app.test_request_context("/api/v1/openapi.json?tag=a&tag=b"):
        assert "tag=a&tag=b&page=2" in Page(page=1).links(40)


def test_text_in_a_link_is_escaped(app):
    with app.test_request_context("/api/v1/openapi.json?q=%3E%3B%22%0D%0Aa"):
        assert "?q=%3E;%22%0D%0Aa&page=2>" in Page(page=1).links(40)


def test_there_is_nothing_beyond_the_last_page(client):
    beyond = client.get(f"{URL}?page=9")
    assert items(beyond) == []
    assert links(beyond)["prev"] == links(beyond)["last"]


def test_a_full_page_can_be_the_last(client):
    full = client.get("/api/v1/numbers/4?size=2&page=2")
    assert items(full) == [2, 3]
    assert links(full).keys() == {"first", "last", "prev"}
    assert links(full)["last"] == "/api/v1/numbers/4?size=2&page=2"


def test_an_empty_list_has_one_page(client):
    empty = client.get("/api/v1/numbers/0")
    assert links(empty) == dict.fromkeys(["first", "last"], "/api/v1/numbers/0?page=1")


@pytest.mark.parametrize("query", ["page=0", "page=1000001", "size=0", "size=101", "page=1.5"])
def test_a_page_has_bounds(client, query):
    assert client.get(f"{URL}?{query}").status_code == 422
