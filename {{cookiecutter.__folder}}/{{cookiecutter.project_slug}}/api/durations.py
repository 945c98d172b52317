"""Durations: a resource that is computed, so that it needs no storage."""

from flask import Blueprint
from flask import abort
from flask import url_for
from pydantic import Field

from .body import Body

LONGEST = 1000 * 3600 - 1

bp = Blueprint("durations", __name__, url_prefix="/durations")


class Parts(Body):
    """A duration as people say it."""

    hours: int = Field(default=0, ge=0, le=999)
    minutes: int = Field(default=0, ge=0, le=59)
    seconds: int = Field(default=0, ge=0, le=59)


@bp.get("/<int:seconds>")
def show(seconds: int) -> dict[str, object]:
    """One duration: its length in seconds, and as `hours:minutes:seconds`."""
    if seconds > LONGEST:
        abort(404)
    minutes, rest = divmod(seconds, 60)
    return {"seconds": seconds, "text": f"{minutes // 60}:{minutes % 60:02}:{rest:02}"}


@bp.post("")
def create() -> tuple[dict[str, object], int, dict[str, str]]:
    """Make a duration from its parts, and say where it is."""
    parts = Parts.read()
    seconds = parts.hours * 3600 + parts.minutes * 60 + parts.seconds
    return show(seconds), 201, {"Location": url_for(".show", seconds=seconds)}
