import pytest
from tea_time import create_app
from tea_time.notes import store

from .helpers import at_once, database_settings, let_somebody_in

WRITES = 60


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
    at_once(count, range(WRITES), 4)
    with app.app_context():
        assert store.get(1).title == str(WRITES)
