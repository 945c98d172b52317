"""Notes for programs."""

from datetime import datetime
from typing import Annotated
from typing import Literal

from flask import Blueprint
from flask import Response
from flask import abort
from flask import url_for
from pydantic import Field

from ..api.answer import Answer
from ..api.conditional import IfMatch
from ..api.conditional import IfNoneMatch
from ..api.conditional import Versioned
from ..api.inputs import Body
from ..api.operation import operation
from ..api.pagination import Page
from . import store

bp = Blueprint("api", __name__, url_prefix="/api/v1/notes")

NoteId = Annotated[int, Field(ge=1, le=store.LARGEST_ID)]
# Many programs end a text at the NUL character.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Title = Annotated[
    str,
    Field(pattern=r"^[^\x00]*[^\s\x00-\x1f][^\x00]*$", max_length=store.LONGEST_TITLE),
]
Content = Annotated[Text, Field(max_length=store.LONGEST_BODY)]


class Draft(Body):
    """What a note says."""

    title: Title
    body: Content = ""


class Note(Versioned, from_attributes=True):
    """A note."""

    id: NoteId
    title: Title
    body: Content
    created: datetime
    updated: datetime


class Notes(Answer):
    """A page of notes, and how many there are on all pages."""

    items: list[Note]
    total: int


class Search(Page):
    """Which notes are wanted, and in which order."""

    q: Annotated[Text, Field(max_length=100)] = Field(
        default="", description="Text that the title or the body holds."
    )
    sort: Literal["created", "-created", "title", "-title"] = Field(
        default="-created", description="The order; a minus sign turns it around."
    )


@bp.get("")
@operation({200: Notes}, headers=("Link",))
def index(search: Search) -> Response:
    """List notes."""
    found = store.find(search.q, search.sort, search.offset, search.size)
    items = [Note.model_validate(each) for each in found]
    total = store.count(search.q)
    return Notes(items=items, total=total).respond(Link=search.links(total))


@bp.post("")
@operation({201: Note}, headers=("ETag", "Location"))
def create(draft: Draft) -> Response:
    """Make a note."""
    note = store.add(draft.title, draft.body)
    return _answer(note).respond(201, Location=url_for(".show", id=note.id))


@bp.get("/<int:id>")
@operation({200: Note, 304: None}, headers=("ETag",), errors=(404,))
def show(id: NoteId, known: IfNoneMatch) -> Response:
    """Show a note."""
    note = store.get(id) or abort(404)
    return known.respond(_answer(note))


@bp.put("/<int:id>")
@operation({200: Note}, headers=("ETag",), errors=(404,))
def replace(id: NoteId, match: IfMatch, draft: Draft) -> Response:
    """Replace what a note says."""
    with store.locked(id) as found:
        note = found or abort(404)
        match.check(_answer(note))
        note = store.change(note, draft.title, draft.body)
    return _answer(note).respond()


@bp.delete("/<int:id>")
@operation({204: None}, errors=(404,))
def delete(id: NoteId, match: IfMatch) -> tuple[str, int]:
    """Delete a note; one that is gone already is no error."""
    with store.locked(id) as note:
        if note:
            match.check(_answer(note))
            store.remove(note)
    return "", 204


def _answer(note: store.Note) -> Note:
    return Note.model_validate(note)
