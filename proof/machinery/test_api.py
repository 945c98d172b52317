"""Operations: what a view is given, and how what it returns is sent."""

import re
from types import SimpleNamespace
from typing import Annotated, Literal

import pytest
from flask import Flask, Response, jsonify, redirect
from pydantic import BaseModel, Field
from tea_time import api
from tea_time.api.operation import operation
from tea_time.api.schemas import Body, Integer, Part, Query
from werkzeug.exceptions import Conflict

from .helpers import GUIDES

URL = "/api/v1/durations"


class Step(Part):
    name: str
    seconds: int = 0


class Duration(Body):
    """A duration."""

    hours: Integer = Field(default=0, ge=0, le=999)
    minutes: Integer = Field(default=0, ge=0, le=59)
    steps: list[Step] = []


class Options(Query):
    style: Literal["clock", "words"] = "clock"


class Shown(BaseModel):
    seconds: int
    text: str = Field(default="", alias="from")


Seconds = Annotated[int, Field(ge=0, le=3_599_999)]


@operation({200: Shown})
def show(seconds: Seconds, options: Options) -> dict[str, object]:
    """Show a duration."""
    return {"seconds": seconds, "from": options.style}


@operation({201: Shown}, headers=("Location",))
def create(duration: Duration) -> tuple[dict[str, object], int, dict[str, str]]:
    """Create a duration."""
    seconds = 3600 * duration.hours + 60 * duration.minutes
    seconds += sum(step.seconds for step in duration.steps)
    return {"seconds": seconds}, 201, {"Location": f"{URL}/{seconds}"}


@pytest.fixture
def client(app):
    app.add_url_rule(f"{URL}/<int:seconds>", view_func=show)
    app.add_url_rule(URL, view_func=create, methods=["POST"])
    return app.test_client()


def errors_of(response):
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    return [error["field"] for error in response.get_json()["errors"]]


def test_a_path_and_a_query_are_read(client):
    assert client.get(f"{URL}/3725").json == {"seconds": 3725, "from": "clock"}
    assert client.get(f"{URL}/3725?style=words").json == {"seconds": 3725, "from": "words"}


def test_a_body_is_read(client):
    response = client.post(URL, json={"hours": 1, "steps": [{"name": "a", "seconds": 5}]})
    assert response.status_code == 201
    assert response.json == {"seconds": 3605, "from": ""}
    assert client.get(response.headers["Location"]).get_json()["seconds"] == 3605


def test_a_type_may_be_named_in_quotes(app):
    """As all are under `from __future__ import annotations`."""

    def chosen(options: "Options") -> "str":
        return options.style

    app.add_url_rule("/api/v1/chosen", view_func=operation({200: None})(chosen))
    assert app.test_client().get("/api/v1/chosen?style=words").text == "words"


def test_a_path_out_of_bounds_is_refused(client):
    response = client.get(f"{URL}/3600000")
    assert errors_of(response) == ["seconds"]
    assert response.get_json()["detail"] == "The request's path is not valid."


@pytest.mark.parametrize("name", ["-1", "one", "%00", "9" * 5000])
def test_another_path_is_not_found(client, name):
    assert client.get(f"{URL}/{name}").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("style=prose", "style"),
        ("style=", "style"),
        ("style=%FF", "style"),
        ("style=clock&style=words", "style"),
        ("stile=words", "stile"),
        ("=", ""),
    ],
)
def test_an_invalid_query_is_refused(client, query, field):
    response = client.get(f"{URL}/1?{query}")
    assert errors_of(response) == [field]
    assert response.get_json()["detail"] == "The request's query is not valid."


def test_each_invalid_field_is_named(client):
    response = client.post(URL, json={"minutes": 60, "days": 1, "steps": [{}]})
    assert errors_of(response) == ["minutes", "steps.0.name", "days"]


def test_an_error_can_have_further_members(app):
    error = Conflict("It is taken.")
    error.problem_members = {"by": "Ada"}

    def take():
        raise error

    app.add_url_rule("/api/v1/take", view_func=take)
    response = app.test_client().get("/api/v1/take")
    assert response.mimetype == "application/problem+json"
    # Logs add their own.
    assert {**response.json, "request_id": ""} == {
        "request_id": "",
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "It is taken.",
        "by": "Ada",
    }


def test_what_is_invalid_does_not_reach_the_view(app):
    status = int(re.search(r"invalid gets a (\d+) before the view is called", GUIDES["api"])[1])
    taken = []

    @operation({200: None})
    def take(duration: Duration) -> str:
        taken.append(duration.minutes)
        return ""

    app.add_url_rule("/api/v1/take", view_func=take, methods=["POST"])
    client = app.test_client()
    for minutes in (60, 59):
        response = client.post("/api/v1/take", json={"minutes": minutes})
        assert response.status_code == (status if minutes == 60 else 200)
    assert taken == [59]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ({"name": "a", "seconds": "1"}, "steps.0.seconds"),
        ({"name": "a", "seconds": True}, "steps.0.seconds"),
        ({"name": 1}, "steps.0.name"),
        ({"name": "a", "colour": "red"}, "steps.0.colour"),
    ],
)
def test_a_part_of_a_body_is_strict_and_closed(client, step, field):
    assert errors_of(client.post(URL, json={"steps": [step]})) == [field]


def test_many_invalid_fields_are_one_short_error(client):
    response = client.post(URL, json={f"{n:0>1000}": n for n in range(101)})
    assert response.get_json()["errors"] == [
        {"field": "", "message": "There are more than 100 errors."}
    ]
    response = client.post(URL, json={f"{n:0>1000}": n for n in range(100)})
    fields = errors_of(response)
    assert len(fields) == 100
    assert {len(field) for field in fields} == {200}


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
        (b"[]", 422),
        (b'{"minutes": "\\u0000"}', 422),
        (b'{"minutes": "1"}', 422),
        (b'{"minutes": true}', 422),
        (b'{"minutes": 1.5}', 422),
        (b'{"minutes": NaN}', 422),
        (b'{"minutes": 1e400}', 422),
        (b'{"minutes": -Infinity}', 422),
        (b'{"minutes": %s}' % (b"9" * 100), 422),
        (b'{"\\u0000": 1}', 422),
        (b'{"minutes": 1.0}', 201),
        (b'{"minutes": 1, "minutes": 2}', 201),
    ],
)
def test_a_hostile_body_is_no_server_error(client, body, status):
    response = client.post(URL, data=body, content_type="application/json")
    assert response.status_code == status
    details = {400: "The request body is not JSON.", 422: "The request's body is not valid."}
    assert response.get_json().get("detail") == details.get(status)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/ld+json", "x" * 5000])
def test_a_body_of_another_type_is_refused(client, content_type):
    response = client.post(URL, data="{}", content_type=content_type)
    assert response.status_code == 415
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["detail"] == "The request body must be application/json."


def test_a_charset_does_not_change_the_type(client):
    response = client.post(URL, data="{}", content_type="application/json; charset=utf-8")
    assert response.status_code == 201


def test_a_body_without_a_length_is_refused(client):
    headers = {"Transfer-Encoding": "chunked"}
    response = client.post(URL, content_type="application/json", headers=headers)
    assert response.status_code == 411
    assert response.mimetype == "application/problem+json"


def test_a_body_may_be_as_large_as_the_limit(client):
    client.application.config["MAX_CONTENT_LENGTH"] = 11
    send = {"content_type": "application/json"}
    assert client.post(URL, data='{"hours":1}', **send).status_code == 201
    assert client.post(URL, data='{"hours":10}', **send).status_code == 413


def test_another_method_is_refused(client):
    response = client.delete(URL)
    assert response.status_code == 405
    assert response.mimetype == "application/problem+json"
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("returned", "status", "header"),
    [
        ({"seconds": 1}, 200, None),
        (SimpleNamespace(seconds=1), 200, None),
        (Shown(seconds=1), 200, None),
        (({"seconds": 1}, {"X-Cups": "2"}), 200, "2"),
        (({"seconds": 1}, [("X-Cups", "2")]), 200, "2"),
        (({"seconds": 1}, 201), 201, None),
        (({"seconds": 1}, 201, {"X-Cups": "2"}), 201, "2"),
    ],
)
def test_a_view_may_return_what_flask_takes(app, returned, status, header):
    view = operation({200: Shown, 201: Shown})(lambda: returned)
    app.add_url_rule("/api/v1/shown", "shown", view)
    response = app.test_client().get("/api/v1/shown")
    assert response.status_code == status
    assert response.mimetype == "application/json"
    assert response.json == {"seconds": 1, "from": ""}
    assert response.headers.get("X-Cups") == header


def test_a_ready_response_is_sent_as_it_is(app):
    ready = {
        "/api/v1/response": lambda: Response("ready", 202),
        "/api/v1/json": lambda: (jsonify(ready=True), 203),
        "/api/v1/redirect": lambda: redirect("/elsewhere"),
        "/api/v1/undeclared": lambda: ("text", 206),
    }
    for path, function in ready.items():
        app.add_url_rule(path, path, operation({200: Shown, 203: Shown})(function))
    client = app.test_client()
    responses = [client.get(path) for path in ready]
    assert [response.status_code for response in responses] == [202, 203, 302, 206]
    assert [responses[0].text, responses[1].json, responses[3].text] == [
        "ready",
        {"ready": True},
        "text",
    ]


@pytest.mark.parametrize("returned", [{"seconds": "soon"}, {}, None, "text", [1]])
def test_a_response_of_another_type_is_never_sent(app, caplog, returned):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/api/v1/shown", "shown", operation({200: Shown})(lambda: returned))
    response = app.test_client().get("/api/v1/shown")
    assert response.status_code == 500
    assert response.get_json()["title"] == "Internal Server Error"
    assert "soon" not in response.text
    assert "ValidationError" in caplog.text


@pytest.mark.parametrize(
    ("declared", "returned", "sent"),
    [
        (list[Shown], [], []),
        (list[Shown], [SimpleNamespace(seconds=1)], [{"seconds": 1, "from": ""}]),
        (Shown | None, None, None),
        (Shown | None, {"seconds": 1}, {"seconds": 1, "from": ""}),
        (dict[str, int], {"a": 1}, {"a": 1}),
    ],
)
def test_a_response_is_any_type(app, declared, returned, sent):
    app.add_url_rule("/api/v1/any", "any", operation({200: declared})(lambda: returned))
    response = app.test_client().get("/api/v1/any")
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    assert response.json == sent


def test_a_response_can_be_empty(app):
    app.add_url_rule("/api/v1/empty", "empty", operation({204: None})(lambda: ("", 204)))
    response = app.test_client().get("/api/v1/empty")
    assert (response.status_code, response.data) == (204, b"")


def test_an_argument_with_a_default_is_refused():
    with pytest.raises(TypeError, match="^days can't have a default here: a `Query` can.$"):

        @operation({200: None})
        def days(days: int = 1) -> str:
            return str(days)


@pytest.mark.parametrize(
    ("path", "variables"),
    [
        (f"{URL}/<int:second>", ["second"]),
        (f"{URL}/<int:seconds>/<x>", ["seconds", "x"]),
        (URL, []),
    ],
)
def test_a_view_must_take_the_variables_of_its_path(path, variables):
    app = Flask(__name__)
    app.add_url_rule(path, view_func=show)
    with pytest.raises(TypeError) as error:
        api.init_app(app)
    said = f"show takes ['seconds'] from the path, and {path} has {variables}."
    assert str(error.value) == said
