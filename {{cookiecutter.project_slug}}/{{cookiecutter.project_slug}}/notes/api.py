"""Notes for programs."""

from datetime import datetime
from typing import Annotated
from typing import Literal

from flask import Blueprint
from flask import abort
from flask import url_for
from pydantic import BaseModel
from pydantic import Field

from ..api import V1
from ..api.conditional import IF_NONE_MATCH
from ..api.conditional import IfMatch
from ..api.conditional import add_etag
from ..api.operation import operation
from ..api.pagination import Page
from ..api.schemas import Body
from . import store

bp = Blueprint("notes", __name__, url_prefix=f"{V1}/notes")
bp.after_request(add_etag)

NoteId = Annotated[int, Field(ge=1, le=store.MAX_ID)]
# Many programs end a text at the NUL character.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Title = Annotated[
    str,
    Field(
        pattern=r"^[^\x00]*[^\s\x00-\x1f][^\x00]*$", max_length=store.MAX_TITLE_LENGTH
    ),
]
Content = Annotated[Text, Field(max_length=store.MAX_BODY_LENGTH)]


class Draft(Body):
    """What a note says."""

    title: Title
    body: Content = ""


class Note(BaseModel, from_attributes=True):
    """A note."""

    id: NoteId
    title: Title
    body: Content
    created: datetime
    updated: datetime


class Notes(BaseModel):
    """A page of notes, and how many there are on all pages."""

    items: list[Note]
    total: int


class Search(Page):
    """Which notes are wanted, and in which order."""

    q: Annotated[Text, Field(max_length=100)] = Field(
        default="", description="Text that the title or the body contains."
    )
    sort: Literal["created", "-created", "title", "-title"] = Field(
        default="-created", description="The order; a minus sign reverses it."
    )


@bp.get("")
@operation(
    {200: Notes, 304: None}, headers=("ETag", "Link"), parameters=[IF_NONE_MATCH]
)
def index(search: Search) -> tuple[dict[str, object], int, dict[str, str]]:
    """List notes."""
    total = store.count(search.q)
    notes = store.find(search.q, search.sort, search.offset, search.size)
    return {"items": notes, "total": total}, 200, {"Link": search.links(total)}


@bp.post("")
@operation({201: Note}, headers=("ETag", "Location"))
def create(draft: Draft) -> tuple[store.Note, int, dict[str, str]]:
    """Create a note."""
    note = store.add(draft.title, draft.body)
    return note, 201, {"Location": url_for(".show", id=note.id)}


@bp.get("/<int:id>")
@operation(
    {200: Note, 304: None},
    headers=("ETag",),
    errors=(404,),
    parameters=[IF_NONE_MATCH],
)
def show(id: NoteId) -> store.Note:
    """Show a note."""
    return store.get(id) or abort(404)


@bp.put("/<int:id>")
@operation({200: Note}, headers=("ETag",), errors=(404,))
def replace(id: NoteId, match: IfMatch, draft: Draft) -> store.Note:
    """Replace what a note says."""
    with store.locked(id) as note:
        match.check(Note.model_validate(note))
        store.change(note, draft.title, draft.body)
    return note


@bp.delete("/<int:id>")
@operation({204: None}, errors=(404,))
def delete(id: NoteId, match: IfMatch) -> tuple[str, int]:
    """Delete a note."""
    with store.locked(id) as note:
        match.check(Note.model_validate(note))
        store.remove(note)
    return "", 204
