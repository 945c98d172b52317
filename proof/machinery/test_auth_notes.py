"""Notes belong to somebody."""

import pytest
from flask import g
from tea_time.auth.users import User
from tea_time.database import db_session
from tea_time.notes import store
from werkzeug.exceptions import NotFound


@pytest.fixture
def other(app):
    with app.app_context():
        user = User(email="grace@example.com", password_hash="")
        db_session.add(user)
        db_session.commit()
    return user


def test_only_the_owner_finds_a_note(app, user, other):
    with app.app_context():
        g.user = user
        id = store.add("Milk", "").id
        assert store.count("") == 1
        g.user = other
        assert store.count("") == 0
        assert store.find("", "created", 0, 9) == []
        assert store.get(id) is None
        with pytest.raises(NotFound), store.locked(id):
            pass
        g.user = user
        assert store.get(id).title == "Milk"


def test_notes_go_with_their_owner(app, user, other):
    with app.app_context():
        for g.user in (user, other):
            store.add("Milk", "")
        db_session.delete(db_session.get(User, user.id))
        db_session.commit()
        owners = {note.owner_id for note in db_session.query(store.Note)}
        assert owners == {other.id}


def test_a_note_of_nobody_is_nobody_s(app, user):
    """As those are that were made before there were accounts."""
    with app.app_context():
        g.user = user
        note = store.add("Milk", "")
        note.owner_id = None
        db_session.commit()
        assert store.get(note.id) is None
        assert store.count("") == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/notes"),
        ("POST", "/api/v1/notes"),
        ("PUT", "/api/v1/notes/1"),
        ("DELETE", "/api/v1/notes/1"),
        ("GET", "/notes"),
        ("GET", "/notes/new"),
        ("POST", "/notes/new"),
        ("POST", "/notes/1"),
        ("GET", "/notes/1/delete"),
        ("POST", "/notes/1/delete"),
    ],
)
def test_nobody_else_gets_any_further(client, method, path):
    response = client.open(path, method=method)
    if path.startswith("/api") and "notes" in client.application.blueprints:
        assert response.status_code == 401
    elif "notes_pages" in client.application.blueprints and not path.startswith("/api"):
        assert response.location == "/account/login"
    else:
        assert response.status_code == 404
