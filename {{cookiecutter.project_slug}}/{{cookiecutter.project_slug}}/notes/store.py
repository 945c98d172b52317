{% if cookiecutter.__database != 'none' %}
"""Where notes are kept: in the database."""

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from ..database import Base
from ..database import db_session

LARGEST_ID = 2**31 - 1
LONGEST_TITLE = 200
LONGEST_BODY = 10_000


class Note(Base):
    """A note."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    body: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(index=True)
    updated: Mapped[datetime]


def count(text: str) -> int:
    """How many notes hold the text, ignoring case as the database does."""
    query = select(func.count()).select_from(Note).where(_holds(text))
    return db_session.scalars(query).one()


def find(text: str, sort: str, offset: int, limit: int) -> Sequence[Note]:
    """Some of those notes, in the order of a field; a minus sign turns it around."""
    order = [getattr(Note, sort.removeprefix("-")), Note.id]
    if sort.startswith("-"):
        order = [field.desc() for field in order]
    query = select(Note).where(_holds(text)).order_by(*order)
    return db_session.scalars(query.offset(offset).limit(limit)).all()


def get(id: int) -> Note | None:
    """The note of this id."""
    return db_session.get(Note, id)


def add(title: str, body: str) -> Note:
    """Make a note."""
    now = datetime.now(UTC)
    note = Note(title=title, body=body, created=now, updated=now)
    db_session.add(note)
    db_session.commit()
    return note


@contextmanager
def locked(id: int) -> Iterator[Note | None]:
    """The note of this id, for one block to read and change before anybody else can."""
    yield db_session.get(Note, id, with_for_update=True)
    db_session.commit()


def change(note: Note, title: str, body: str) -> Note:
    """Give a locked note its new text; what stays the same is no change."""
    if (note.title, note.body) != (title, body):
        note.title, note.body, note.updated = title, body, datetime.now(UTC)
    return note


def remove(note: Note) -> None:
    """Delete a locked note."""
    db_session.delete(note)


def _holds(text: str) -> ColumnElement[bool]:
    if not text:
        return true()
    return or_(
        Note.title.icontains(text, autoescape=True),
        Note.body.icontains(text, autoescape=True),
    )
{% else %}
"""Where notes are kept: in the memory of this process.

They are gone when it ends, and no other process knows them. That is enough to see how
the rest works, and for nothing else: a real application keeps them where they last.
"""

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from itertools import count as numbers
from operator import attrgetter
from threading import Lock

from flask import current_app

LARGEST_ID = 2**31 - 1
LONGEST_TITLE = 200
LONGEST_BODY = 10_000


@dataclass(frozen=True)
class Note:
    """A note."""

    id: int
    title: str
    body: str
    created: datetime
    updated: datetime


class Memory:
    """The notes of one application."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.ids = numbers(1)
        self.notes: dict[int, Note] = {}


def count(text: str) -> int:
    """How many notes hold the text, ignoring case."""
    return len(_holding(text))


def find(text: str, sort: str, offset: int, limit: int) -> Sequence[Note]:
    """Some of those notes, in the order of a field; a minus sign turns it around."""
    order = attrgetter(sort.removeprefix("-"), "id")
    notes = sorted(_holding(text), key=order, reverse=sort.startswith("-"))
    return notes[offset:][:limit]


def get(id: int) -> Note | None:
    """The note of this id."""
    return _memory().notes.get(id)


def add(title: str, body: str) -> Note:
    """Make a note."""
    now = datetime.now(UTC)
    memory = _memory()
    note = Note(next(memory.ids), title, body, created=now, updated=now)
    memory.notes[note.id] = note
    return note


@contextmanager
def locked(id: int) -> Iterator[Note | None]:
    """The note of this id, for one block to read and change before anybody else can."""
    with _memory().lock:
        yield get(id)


def change(note: Note, title: str, body: str) -> Note:
    """Give a locked note its new text; what stays the same is no change."""
    if (note.title, note.body) != (title, body):
        note = replace(note, title=title, body=body, updated=datetime.now(UTC))
        _memory().notes[note.id] = note
    return note


def remove(note: Note) -> None:
    """Delete a locked note."""
    del _memory().notes[note.id]


def _memory() -> Memory:
    memory: Memory = current_app.extensions.setdefault("notes", Memory())
    return memory


def _holding(text: str) -> list[Note]:
    text = text.casefold()
    return [
        note
        for note in list(_memory().notes.values())
        if text in note.title.casefold() or text in note.body.casefold()
    ]
{% endif %}
