from datetime import UTC
from datetime import datetime

import pytest
from flask import Flask

from {{ cookiecutter.project_slug }}.notes import store


@pytest.fixture(autouse=True)
def three_notes(app: Flask) -> None:
    with app.app_context():
        store.add("Milk", "50% fat")
        store.add("Tea", "with MILK")
        store.add("Milk", "a_b")


def found(app: Flask, text: str, sort: str = "created") -> list[int]:
    with app.app_context():
        ids = [note.id for note in store.find(text, sort, 0, 10)]
        assert store.count(text) == len(ids)
    return ids


def test_a_note_is_kept_as_it_was_made(app: Flask) -> None:
    before = datetime.now(UTC)
    with app.app_context():
        id = store.add("Bread", "Rye\n").id
    with app.app_context():
        note = store.get(id)
        assert note
        assert (note.title, note.body) == ("Bread", "Rye\n")
        assert before <= note.created == note.updated <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("text", "titles"),
    [("", 3), ("milk", 3), ("TEA", 1), ("%", 1), ("_", 1), ("\\", 0), ("a%b", 0)],
)
def test_text_is_found_by_the_letter(app: Flask, text: str, titles: int) -> None:
    assert len(found(app, text)) == titles


def test_order_is_the_same_each_time(app: Flask) -> None:
    first, second, third = found(app, "")
    assert found(app, "", "-created") == [third, second, first]
    assert found(app, "", "title") == [first, third, second]
    assert found(app, "", "-title") == [second, third, first]


def test_a_part_is_found(app: Flask) -> None:
    ids = found(app, "")
    with app.app_context():
        assert [note.id for note in store.find("", "created", 1, 1)] == ids[1:2]


def test_only_a_change_is_a_change(app: Flask) -> None:
    id = found(app, "")[0]
    for body, changed in [("50% fat", False), ("full", True)]:
        with app.app_context(), store.locked(id) as note:
            assert note
            store.change(note, "Milk", body)
        with app.app_context():
            note = store.get(id)
            assert note
            assert note.body == body
            assert (note.updated > note.created) == changed


def test_a_note_that_is_removed_is_gone(app: Flask) -> None:
    last = found(app, "")[-1]
    with app.app_context(), store.locked(last) as note:
        assert note
        store.remove(note)
    with app.app_context():
        assert store.get(last) is None
