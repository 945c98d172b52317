import pytest
from flask import Flask
from flask import Response
from flask import request
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }}.api.conditional import IfMatch
from {{ cookiecutter.project_slug }}.api.conditional import IfNoneMatch
from {{ cookiecutter.project_slug }}.api.conditional import Versioned
from {{ cookiecutter.project_slug }}.api.operation import operation

URL = "/api/v1/word"


class Word(Versioned):
    word: str


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of an API that has one word."""
    words = ["first"]

    @operation({200: Word, 304: None})
    def show(known: IfNoneMatch) -> Response:
        return known.respond(Word(word=words[-1]))

    @operation({200: Word})
    def replace(match: IfMatch) -> Response:
        match.check(Word(word=words[-1]))
        words.append(request.get_data(as_text=True))
        return Word(word=words[-1]).respond()

    app.add_url_rule(URL, view_func=show)
    app.add_url_rule(URL, view_func=replace, methods=["PUT"])
    return app.test_client()


def test_the_etag_is_that_of_the_content(client: FlaskClient) -> None:
    first = client.get(URL).headers["ETag"]
    assert client.get(URL).headers["ETag"] == first
    second = client.put(URL, data="second", headers={"If-Match": first})
    assert second.status_code == 200
    assert second.headers["ETag"] == client.get(URL).headers["ETag"] != first


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_unchanged_is_not_sent(client: FlaskClient, method: str) -> None:
    version = client.get(URL).headers["ETag"]
    has = {"If-None-Match": version}
    response = client.open(URL, method=method, headers=has)
    assert response.status_code == 304
    assert response.headers["ETag"] == version
    assert not response.data


def test_any_version_can_be_meant(client: FlaskClient) -> None:
    client.put(URL, data="second", headers={"If-Match": "*"})
    assert client.get(URL).json == {"word": "second"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 428), ({"If-Match": ""}, 412), ({"If-Match": '"another"'}, 412)],
)
def test_another_version_is_left_alone(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    response = client.put(URL, data="second", headers=headers)
    assert response.status_code == status
    assert client.get(URL).json == {"word": "first"}
