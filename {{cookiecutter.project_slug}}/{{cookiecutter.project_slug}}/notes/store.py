"""Notes in the database."""

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime

from flask import abort
from sqlalchemy import Select
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

{% if cookiecutter.__auth != 'none' %}
from ..auth.users import Owned
{% endif %}
from ..database import Base
from ..database import db_session

MAX_ID = 2**31 - 1
MAX_TITLE_LENGTH = 200
MAX_BODY_LENGTH = 10_000


class Note({{ 'Owned, ' if cookiecutter.__auth != 'none' }}Base):
    """A note."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(MAX_TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(index=True)
    updated: Mapped[datetime]


def count(text: str) -> int:
    """Return how many notes contain the text, ignoring case as the database does."""
    query = select(func.count()).select_from(_containing(text).subquery())
    return db_session.scalars(query).one()


def find(text: str, sort: str, offset: int, limit: int) -> Sequence[Note]:
    """Return some of those notes, sorted by a field; a minus sign reverses the order."""
    order = [getattr(Note, sort.removeprefix("-")), Note.id]
    if sort.startswith("-"):
        order = [field.desc() for field in order]
    query = _containing(text).order_by(*order).offset(offset).limit(limit)
    return db_session.scalars(query).all()


def get(id: int) -> Note | None:
    """Return the note with this id."""
    return db_session.scalars({{ 'Note.owned()' if cookiecutter.__auth != 'none' else 'select(Note)' }}.where(Note.id == id)).one_or_none()


def add(title: str, body: str) -> Note:
    """Create a note."""
    now = datetime.now(UTC)
    note = Note(title=title, body=body, created=now, updated=now)
    db_session.add(note)
    db_session.commit()
    return note


@contextmanager
def locked(id: int) -> Iterator[Note]:
    """Lock the note with this id for one block, which may change it; 404 if there is none."""
    query = {{ 'Note.owned()' if cookiecutter.__auth != 'none' else 'select(Note)' }}.where(Note.id == id).with_for_update()
    yield db_session.scalars(query).one_or_none() or abort(404)
    db_session.commit()


def change(note: Note, title: str, body: str) -> None:
    """Change a locked note; the same text is no change."""
    if (note.title, note.body) != (title, body):
        note.title, note.body, note.updated = title, body, datetime.now(UTC)


def remove(note: Note) -> None:
    """Delete a locked note."""
    db_session.delete(note)


def _containing(text: str) -> Select[Note]:
    matches = Note.title.icontains(text, autoescape=True)
    matches |= Note.body.icontains(text, autoescape=True)
    return {{ 'Note.owned()' if cookiecutter.__auth != 'none' else 'select(Note)' }}.where(matches)
