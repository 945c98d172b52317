import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import Field
from werkzeug.exceptions import UnprocessableEntity

from {{ cookiecutter.project_slug }}.api.inputs import Body
from {{ cookiecutter.project_slug }}.api.inputs import Query

URL = "/api/v1/durations"
JSON = "application/json"


def test_a_duration_is_shown(client: FlaskClient) -> None:
    response = client.get(f"{URL}/3725")
    assert response.status_code == 200
    assert response.json == {"seconds": 3725, "text": "1:02:05"}


def test_a_query_is_read(client: FlaskClient) -> None:
    response = client.get(f"{URL}/3725?style=words")
    assert response.get_json()["text"] == "1 h 2 min 5 s"


def test_a_duration_is_created(client: FlaskClient) -> None:
    response = client.post(URL, json={"hours": 1, "seconds": 5})
    assert response.status_code == 201
    assert response.json == {"seconds": 3605, "text": "1:00:05"}
    assert client.get(response.headers["Location"]).json == response.json


def test_a_path_out_of_bounds_is_refused(client: FlaskClient) -> None:
    response = client.get(f"{URL}/3600000")
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["field"] == "seconds"


@pytest.mark.parametrize("name", ["-1", "one", "%00", "9" * 5000])
def test_there_is_no_such_duration(client: FlaskClient, name: str) -> None:
    assert client.get(f"{URL}/{name}").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("style=prose", "style"),
        ("style=", "style"),
        ("style=%FF", "style"),
        ("style=clock&style=words", "style"),
        ("stile=words", "stile"),
    ],
)
def test_a_query_that_does_not_fit_is_refused(
    client: FlaskClient, query: str, field: str
) -> None:
    response = client.get(f"{URL}/1?{query}")
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["field"] == field


def test_a_list_in_a_query_may_have_one_item(app: Flask) -> None:
    class Tags(Query):
        tag: list[str] | None = Field(alias="t")
        word: tuple[str, ...] = Field(validation_alias="w", default=())

    with app.test_request_context("/?t=a&w=a"):
        assert Tags.from_request().tag == ["a"]
        assert Tags.from_request().word == ("a",)
    with app.test_request_context("/?t=a&t=b"):
        assert Tags.from_request().tag == ["a", "b"]


def test_a_field_may_have_almost_any_name(app: Flask) -> None:
    class Report(Body):
        place: str
        errors: int
        read: bool

    with app.test_request_context(json={}):
        with pytest.raises(UnprocessableEntity) as refused:
            Report.from_request()
        assert len(vars(refused.value)["problem_members"]["errors"]) == 3


def test_each_invalid_field_is_named(client: FlaskClient) -> None:
    response = client.post(URL, json={"minutes": 60, "days": 1})
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    errors = response.get_json()["errors"]
    assert [error["field"] for error in errors] == ["minutes", "days"]


def test_the_list_of_errors_ends_somewhere(client: FlaskClient) -> None:
    response = client.post(URL, json={f"{n:0>1000}": n for n in range(1000)})
    errors = response.get_json()["errors"]
    assert len(errors) == 100
    assert max(len(error["field"]) for error in errors) == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xef\xbb\xbf{}", 400),
        (b'{"minutes": "\xff"}', 400),
        (b'{"minutes": "\x00"}', 400),
        (b'{"minutes": "\\ud800"}', 400),
        (b'{"minutes": %s}' % (b"9" * 5000), 400),
        (b"[" * 100_000, 400),
        (b"null", 422),
        (b'{"minutes": "\\u0000"}', 422),
        (b'{"minutes": "1"}', 422),
        (b'{"minutes": true}', 422),
        (b'{"minutes": 1.5}', 422),
        (b'{"minutes": NaN}', 422),
        (b'{"minutes": 1e400}', 422),
        (b'{"minutes": %s}' % (b"9" * 100), 422),
        (b'{"\\u0000": 1}', 422),
        (b'{"minutes": 1.0}', 201),
        (b'{"minutes": 1, "minutes": 2}', 201),
    ],
)
def test_a_hostile_body_is_no_server_error(
    client: FlaskClient, body: bytes, status: int
) -> None:
    response = client.post(URL, data=body, content_type=JSON)
    assert response.status_code == status


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/ld+json"])
def test_a_body_of_another_type_is_refused(
    client: FlaskClient, content_type: str
) -> None:
    response = client.post(URL, data="{}", content_type=content_type)
    assert response.status_code == 415


def test_a_body_of_no_stated_length_is_refused(client: FlaskClient) -> None:
    headers = {"Transfer-Encoding": "chunked"}
    response = client.post(URL, content_type=JSON, headers=headers)
    assert response.status_code == 411
    assert response.mimetype == "application/problem+json"


def test_a_body_may_be_as_large_as_the_limit(client: FlaskClient) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 11
    assert client.post(URL, data='{"hours":1}', content_type=JSON).status_code == 201
    assert client.post(URL, data='{"hours":10}', content_type=JSON).status_code == 413


def test_another_method_is_refused(client: FlaskClient) -> None:
    response = client.delete(URL)
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/nothing"])
def test_every_error_is_a_problem_document(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["status"] == response.status_code == 404
