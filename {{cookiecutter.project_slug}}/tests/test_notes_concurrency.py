import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
{% if cookiecutter.__database != 'none' %}
from database_{{ cookiecutter.__database }} import new_database
{% endif %}
from flask import Flask

{% if cookiecutter.__database != 'none' %}
from {{ cookiecutter.project_slug }} import create_app
{% endif %}
from {{ cookiecutter.project_slug }}.notes import store

WRITES = 100


@pytest.fixture(autouse=True)
def take_turns_often() -> Iterator[None]:
    """Let threads interrupt each other all the time, not every few milliseconds."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


{% if cookiecutter.__database != 'none' %}
@pytest.fixture
def rolled_back() -> None:
    """Take the place of the fixture that has each test use one connection."""


@pytest.fixture
def app() -> Iterator[Flask]:
    """The application on a database of its own, to which many can commit at once."""
    with new_database() as url:
        app = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
        app.test_cli_runner().invoke(args=["db", "upgrade"], catch_exceptions=False)
        yield app
        app.extensions["database"].kw["bind"].dispose()


{% endif %}
def test_a_locked_note_is_changed_by_one_at_a_time(app: Flask) -> None:
    def count(_: int) -> None:
        with app.test_request_context(method="POST"), store.locked(1) as note:
            assert note
            store.change(note, str(int(note.title) + 1), "")

    with app.app_context():
        assert store.add("0", "").id == 1
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(WRITES)))
    with app.app_context():
        note = store.get(1)
        assert note
        assert note.title == str(WRITES)
{% if cookiecutter.__api %}


def test_clients_do_not_overwrite_each_other(app: Flask) -> None:
    def count(_: int) -> None:
        client, status = app.test_client(), 412
        while status == 412:
            shown = client.get(url)
            title = str(int(shown.get_json()["title"]) + 1)
            version = {"If-Match": shown.headers["ETag"]}
            status = client.put(url, json={"title": title}, headers=version).status_code
        assert status == 200

    created = app.test_client().post("/api/v1/notes", json={"title": "0"})
    url = created.headers["Location"]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(WRITES)))
    assert app.test_client().get(url).get_json()["title"] == str(WRITES)
{% endif %}
