"""Inputs: what a subclass may declare, and what a request may bring."""

from io import BytesIO
from typing import Annotated, ClassVar, Self

import pytest
from flask import request
from pydantic import Field, WithJsonSchema
from tea_time.api.operation import operation
from tea_time.api.schemas import Body, Input, Query
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnprocessableEntity

File = Annotated[FileStorage, WithJsonSchema({"type": "string", "format": "binary"})]


class Upload(Input, arbitrary_types_allowed=True):
    """A picture."""

    request_part = "body"
    request_media_type = "multipart/form-data"
    request_errors: ClassVar[tuple[int, ...]] = (400, 411, 413, 422)

    title: str
    picture: File

    @classmethod
    def from_request(cls) -> Self:
        return cls.validated({**request.form, **request.files})


@operation({200: dict[str, str]})
def upload(sent: Upload) -> dict[str, str]:
    """Store a picture."""
    return {sent.title: sent.picture.read().decode()}


@pytest.mark.parametrize(
    ("query", "tag", "word"),
    [
        ("t=a&w=a", ["a"], ("a",)),
        ("t=a&t=b", ["a", "b"], ()),
        ("w=b&w=a", None, ("b", "a")),
        ("t=", [""], ()),
    ],
)
def test_a_list_in_a_query_may_have_one_item(app, query, tag, word):
    class Tags(Query):
        tag: list[str] | None = Field(default=None, alias="t")
        word: tuple[str, ...] = Field(validation_alias="w", default=())

    with app.test_request_context(f"/?{query}"):
        found = Tags.from_request()
    assert (found.tag, found.word) == (tag, word)


@pytest.mark.parametrize("kind", [frozenset, list, set, tuple])
def test_a_list_in_a_query_may_be_of_any_kind(app, kind):
    class Tags(Query):
        tag: kind[str]

    with app.test_request_context("/?tag=a"):
        assert Tags.from_request().tag == kind("a")


def test_a_field_may_have_almost_any_name(app):
    class Report(Body):
        place: str
        errors: int
        read: bool
        part: str

    with app.test_request_context(method="POST", json={}):
        with pytest.raises(UnprocessableEntity) as refused:
            Report.from_request()
        assert len(refused.value.problem_members["errors"]) == 4


def test_the_message_of_a_validator_is_shown(app):
    class Even(Query):
        number: Annotated[int, Field(multiple_of=2)]

    with app.test_request_context("/?number=3"):
        with pytest.raises(UnprocessableEntity) as refused:
            Even.from_request()
    [error] = refused.value.problem_members["errors"]
    assert error == {"field": "number", "message": "Input should be a multiple of 2"}


def test_a_body_of_another_media_type_is_read(app):
    app.add_url_rule("/api/v1/upload", view_func=upload, methods=["POST"])
    client = app.test_client()
    file = {"picture": (BytesIO(b"pixels"), "a.png")}
    response = client.post("/api/v1/upload", data={"title": "Tea", **file})
    assert response.json == {"Tea": "pixels"}
    response = client.post("/api/v1/upload", data={"title": "Tea"})
    assert response.status_code == 422
    body = client.get("/api/v1/openapi.json").json["paths"]["/api/v1/upload"]["post"]
    assert list(body["requestBody"]["content"]) == ["multipart/form-data"]
    assert {"400", "411", "413", "422"} <= set(body["responses"])
    assert "415" not in body["responses"]
