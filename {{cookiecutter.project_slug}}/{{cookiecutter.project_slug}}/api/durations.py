"""Durations: a resource that is computed, so that it needs no storage."""

from typing import Annotated
from typing import Literal

from flask import Blueprint
from flask import Response
from flask import url_for
from pydantic import Field

from .answer import Answer
from .inputs import Body
from .inputs import Integer
from .inputs import Query
from .operation import operation

bp = Blueprint("durations", __name__, url_prefix="/durations")

Seconds = Annotated[int, Field(ge=0, le=1000 * 3600 - 1)]


class Duration(Answer):
    """A duration as a number, and as people say it."""

    seconds: Seconds
    text: str


class Parts(Body):
    """What a duration is made of."""

    hours: Integer = Field(default=0, ge=0, le=999)
    minutes: Integer = Field(default=0, ge=0, le=59)
    seconds: Integer = Field(default=0, ge=0, le=59)


class Style(Query):
    """How a duration is written."""

    style: Literal["clock", "words"] = Field(
        default="clock", description="1:02:05, or 1 h 2 min 5 s."
    )


@bp.get("/<int:seconds>")
@operation({200: Duration}, errors=(404,))
def show(seconds: Seconds, query: Style) -> Response:
    """Show a duration."""
    return _duration(seconds, query.style).respond()


@bp.post("")
@operation({201: Duration}, headers=("Location",))
def create(parts: Parts) -> Response:
    """Make a duration from its parts, and say where it is."""
    seconds = parts.hours * 3600 + parts.minutes * 60 + parts.seconds
    url = url_for(".show", seconds=seconds)
    return _duration(seconds, "clock").respond(201, Location=url)


def _duration(seconds: int, style: str) -> Duration:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{rest:02}"
    words = f"{hours} h {minutes} min {rest} s"
    return Duration(seconds=seconds, text=clock if style == "clock" else words)
