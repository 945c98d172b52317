"""Static files: browsers keep them for a year, under a URL that names their content."""

from functools import cache as remember
from hashlib import sha256
from pathlib import Path

from flask import Response
from flask import request

FOLDER = Path(__file__).parent / "static"


def add_version(endpoint: str, values: dict[str, object]) -> None:
    """Add `v`, a digest of the file, to what `url_for` makes."""
    if endpoint == "pages.static":
        values.setdefault("v", version(str(values["filename"])))


def cache(response: Response) -> Response:
    """Let a response that still has the content its URL names be kept."""
    named = request.args.get("v")
    if request.endpoint == "pages.static" and named:
        arguments = request.view_args or {}
        if named == version(arguments["filename"]):
            response.cache_control.max_age = 365 * 24 * 60 * 60
            response.cache_control.public = True
            response.cache_control.immutable = True
    return response


def version(filename: str) -> str | None:
    """A short digest of the file's content; none where there is no such file."""
    path = FOLDER / filename
    return _digest(path, path.stat().st_mtime_ns) if path.is_file() else None


@remember
def _digest(path: Path, _changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
