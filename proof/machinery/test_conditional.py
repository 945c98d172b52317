import pytest
from flask import Blueprint, request
from pydantic import BaseModel, Field
from tea_time.api.conditional import IF_NONE_MATCH, IfMatch, add_etag
from tea_time.api.operation import operation

URL = "/api/v1/word"


class Word(BaseModel):
    word: str = Field(serialization_alias="said")


@pytest.fixture
def client(app):
    words = ["first"]
    bp = Blueprint("words", __name__)
    bp.after_request(add_etag)

    @bp.get(URL)
    @operation({200: Word, 304: None}, parameters=[IF_NONE_MATCH])
    def show() -> dict[str, str]:
        return {"word": words[-1]}

    @bp.put(URL)
    @operation({200: Word})
    def replace(match: IfMatch) -> dict[str, str]:
        match.check(Word(word=words[-1]))
        words.append(request.get_data(as_text=True))
        return {"word": words[-1]}

    @bp.get("/api/v1/old")
    @operation({410: Word})
    def old() -> tuple[dict[str, str], int]:
        return {"word": words[-1]}, 410

    app.register_blueprint(bp)
    return app.test_client()


def test_the_etag_is_that_of_the_content(client):
    first = client.get(URL).headers["ETag"]
    assert client.get(URL).headers["ETag"] == first
    second = client.put(URL, data="second", headers={"If-Match": first})
    assert second.status_code == 200
    assert second.headers["ETag"] == client.get(URL).headers["ETag"] != first


def test_an_error_has_no_etag(client):
    assert "ETag" not in client.get("/api/v1/old").headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_unchanged_is_not_sent(client, method):
    etag = client.get(URL).headers["ETag"]
    response = client.open(URL, method=method, headers={"If-None-Match": etag})
    assert response.status_code == 304
    assert response.headers["ETag"] == etag
    assert not response.data


def test_one_of_many_versions_can_be_meant(client):
    etag = client.get(URL).headers["ETag"]
    client.put(URL, data="second", headers={"If-Match": f'"another", {etag}'})
    client.put(URL, data="third", headers={"If-Match": "*"})
    assert client.get(URL).json == {"said": "third"}


@pytest.mark.parametrize(
    ("headers", "status", "detail"),
    [
        ({}, 428, "Send the ETag of what was read as If-Match."),
        ({"If-Match": ""}, 412, "It has changed since it was read."),
        ({"If-Match": '"another"'}, 412, "It has changed since it was read."),
    ],
)
def test_another_version_is_left_alone(client, headers, status, detail):
    response = client.put(URL, data="second", headers=headers)
    assert response.status_code == status
    assert response.get_json()["detail"] == detail
    assert client.get(URL).json == {"said": "first"}


def test_a_weak_version_is_not_the_same(client):
    etag = client.get(URL).headers["ETag"]
    response = client.put(URL, data="second", headers={"If-Match": f"W/{etag}"})
    assert response.status_code == 412


def test_both_headers_are_documented(client):
    methods = client.get("/api/v1/openapi.json").get_json()["paths"][URL]
    [known], [wanted] = methods["get"]["parameters"], methods["put"]["parameters"]
    assert (known["name"], known["in"]) == ("If-None-Match", "header")
    assert (wanted["name"], wanted["in"], wanted["required"]) == ("If-Match", "header", True)
    assert {"412", "428"} <= set(methods["put"]["responses"])


def test_the_document_names_the_headers(client):
    path = client.get("/api/v1/openapi.json").json["paths"][URL]
    known = "The ETag of what is known: 304 where it is still the same."
    read = "The ETag of what was read, or * for any."
    for method, name, required, description in (
        ("get", "If-None-Match", False, known),
        ("put", "If-Match", True, read),
    ):
        [header] = path[method]["parameters"]
        assert (header["name"], header["in"]) == (name, "header")
        assert header.get("required", False) == required
        assert header["schema"]["type"] == "string"
        assert header["description"] == description
