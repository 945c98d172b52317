"""Notes for programs; the last of these are about many of them at once."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from tea_time import create_app

from .helpers import at_once, database_settings, let_somebody_in

URL = "/api/v1/notes"


@pytest.fixture(autouse=True)
def somebody(app):
    let_somebody_in(app)


def make(client, title="Milk"):
    return client.post(URL, json={"title": title})


def test_replacing_a_note_by_itself_changes_nothing(client):
    created = make(client)
    url, etag = created.headers["Location"], created.headers["ETag"]
    replaced = client.put(url, json={"title": "Milk"}, headers={"If-Match": etag})
    assert replaced.json == created.json
    assert replaced.headers["ETag"] == etag


def test_a_note_is_deleted_once(client):
    created = make(client)
    url, headers = created.headers["Location"], {"If-Match": created.headers["ETag"]}
    assert client.delete(url, headers=headers).status_code == 204
    assert client.delete(url, headers=headers).status_code == 404
    assert client.put(url, json={"title": "x"}, headers=headers).status_code == 404


def test_notes_are_sorted_both_ways(client):
    for title in ("Milk", "Tea", "Malt"):
        make(client, title)
    for sort, titles in {"title": ["Malt", "Milk"], "-title": ["Milk", "Malt"]}.items():
        items = client.get(f"{URL}?q=M&sort={sort}").get_json()["items"]
        assert [note["title"] for note in items] == titles


@pytest.mark.parametrize("id", [0, 2**31, 2**63, 2**64])
def test_an_id_has_bounds(client, id):
    assert client.get(f"{URL}/{id}").status_code == 422


@pytest.mark.parametrize("title", ["", " ", "\n\t", "\u2028", "a\0b", "\0", "x" * 201])
def test_a_title_has_visible_characters_and_no_nul(client, title):
    assert make(client, title).status_code == 422


@pytest.mark.parametrize("title", ["x" * 200, "日本語", "😀", "a\nb"])
def test_a_title_is_any_other_text(client, title):
    assert make(client, title).get_json()["title"] == title


def test_the_document_says_what_each_operation_schema_and_parameter_is(client):
    found = client.get("/api/v1/openapi.json").get_json()
    all_notes, one = found["paths"][URL], found["paths"][f"{URL}/{{id}}"]
    assert {method: each["summary"] for method, each in all_notes.items()} == {
        "get": "List notes.",
        "post": "Create a note.",
    }
    assert {method: each["summary"] for method, each in one.items()} == {
        "get": "Show a note.",
        "put": "Replace what a note says.",
        "delete": "Delete a note.",
    }
    schemas = found["components"]["schemas"]
    assert schemas["Draft"]["description"] == "What a note says."
    assert schemas["Note"]["description"] == "A note."
    assert (
        schemas["Notes"]["description"] == "A page of notes, and how many there are on all pages."
    )
    described = {each["name"]: each["description"] for each in all_notes["get"]["parameters"]}
    assert described["q"] == "Text that the title or the body contains."
    assert described["sort"] == "The order; a minus sign reverses it."


def test_a_list_that_is_unchanged_is_not_sent_again(client):
    make(client)
    etag = client.get(URL).headers["ETag"]
    assert client.get(URL, headers={"If-None-Match": etag}).status_code == 304
    make(client)
    assert client.get(URL, headers={"If-None-Match": etag}).status_code == 200


def test_operations_in_a_row_do_what_is_documented(app):
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    document.as_state_machine().run(
        settings=settings(
            max_examples=10,
            stateful_step_count=5,
            deadline=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.function_scoped_fixture],
        )
    )


@pytest.fixture
def shared_app():
    """The application on a database of its own, to which many can commit at once."""
    with database_settings() as database:
        app = create_app({"APP_ENV": "testing", **database})
        let_somebody_in(app)
        yield app
        app.extensions["database"].kw["bind"].dispose()


def test_clients_do_not_overwrite_each_other(shared_app):
    def count(_):
        client, status = shared_app.test_client(), 412
        while status == 412:
            shown = client.get(url)
            title = str(int(shown.get_json()["title"]) + 1)
            headers = {"If-Match": shown.headers["ETag"]}
            status = client.put(url, json={"title": title}, headers=headers).status_code
        assert status == 200

    url = make(shared_app.test_client(), "0").headers["Location"]
    at_once(count, range(40), 4)
    assert shared_app.test_client().get(url).get_json()["title"] == "40"
