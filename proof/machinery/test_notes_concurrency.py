import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from tea_time import create_app
from tea_time.notes import store

from .helpers import database_settings, let_somebody_in

WRITES = 60


@pytest.fixture(autouse=True)
def switch_often():
    """Let threads interrupt each other all the time, not every few milliseconds."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.fixture
def rolled_back():
    """Take the place of the fixture that has each test use one connection."""


@pytest.fixture
def app():
    """The application on a database of its own, to which many can commit at once."""
    with database_settings() as settings:
        app = create_app({"APP_ENV": "testing", **settings})
        let_somebody_in(app)
        yield app
        app.extensions["database"].kw["bind"].dispose()


def test_a_locked_note_is_changed_by_one_at_a_time(app):
    def count(_):
        with app.test_request_context(method="POST"), store.locked(1) as note:
            store.change(note, str(int(note.title) + 1), "")

    with app.app_context():
        assert store.add("0", "").id == 1
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(WRITES)))
    with app.app_context():
        assert store.get(1).title == str(WRITES)
