from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from tea_time.database import db_session
from tea_time.notes import store
from werkzeug.exceptions import NotFound

from .helpers import let_somebody_in


@pytest.fixture(autouse=True)
def three_notes(app):
    let_somebody_in(app)
    with app.app_context():
        store.add("Milk", "50% fat")
        store.add("Tea", "with MILK")
        store.add("Milk", "a_b")


def found(app, text, sort="created"):
    with app.app_context():
        ids = [note.id for note in store.find(text, sort, 0, 10)]
        assert store.count(text) == len(ids)
    return ids


def test_a_note_is_stored_as_it_was_made(app):
    before = datetime.now(UTC)
    with app.app_context():
        id = store.add("Bread", "Rye\n").id
    with app.app_context():
        note = store.get(id)
        assert (note.title, note.body) == ("Bread", "Rye\n")
        assert before <= note.created == note.updated <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("text", "titles"),
    [("", 3), ("milk", 3), ("TEA", 1), ("%", 1), ("_", 1), ("\\", 0), ("a%b", 0), ("/", 0)],
)
def test_text_is_found_by_the_letter(app, text, titles):
    assert len(found(app, text)) == titles


def test_order_is_the_same_each_time(app):
    first, second, third = found(app, "")
    assert found(app, "", "-created") == [third, second, first]
    assert found(app, "", "title") == [first, third, second]
    assert found(app, "", "-title") == [second, third, first]


def test_a_part_is_found(app):
    ids = found(app, "")
    with app.app_context():
        assert [note.id for note in store.find("", "created", 1, 1)] == ids[1:2]


def test_only_a_change_is_a_change(app):
    id = found(app, "")[0]
    for body, changed in [("50% fat", False), ("full", True)]:
        with app.app_context(), store.locked(id) as note:
            store.change(note, "Milk", body)
        with app.app_context():
            note = store.get(id)
            assert note.body == body
            assert (note.updated > note.created) == changed


def test_a_note_that_is_removed_is_gone(app):
    last = found(app, "")[-1]
    with app.app_context(), store.locked(last) as note:
        store.remove(note)
    with app.app_context():
        assert store.get(last) is None
        with pytest.raises(NotFound), store.locked(last):
            pass


def test_a_block_that_fails_changes_nothing(app):
    id = found(app, "")[0]
    with pytest.raises(ZeroDivisionError), app.app_context(), store.locked(id) as note:
        store.change(note, "Tea", "")
        raise ZeroDivisionError
    with app.app_context():
        assert store.get(id).title == "Milk"


def test_the_first_page_is_found_by_an_index(app):
    query = "SELECT * FROM notes ORDER BY created DESC, id DESC LIMIT 20"
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}
    with app.app_context():
        name = db_session.connection().dialect.name
        if name == "postgresql":  # A table of three rows needs none.
            db_session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = db_session.execute(text(f"{explain[name]} {query}")).all()
    assert "ix_notes_created" in str(plan)
