"""Static files: browsers keep them for a year, under a URL with a digest of the content."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from posixpath import normpath

from flask import Response
from flask import current_app
from flask import request


def add_version(endpoint: str, values: dict[str, object]) -> None:
    """Add the file's version as `v` to what `url_for` makes for any blueprint's file."""
    if endpoint.endswith(".static"):
        values.setdefault("v", version(endpoint, str(values["filename"])))


def set_cache_control(response: Response) -> Response:
    """Let browsers keep a file whose URL names its current version."""
    endpoint = request.endpoint or ""
    found = endpoint.endswith(".static") and response.status_code < 400
    if found and "v" in request.args:
        filename = (request.view_args or {})["filename"]
        if request.args["v"] == version(endpoint, filename):
            response.cache_control.max_age = 365 * 24 * 60 * 60
            response.cache_control.public = True
            response.cache_control.immutable = True
            response.cache_control.no_cache = None
    return response


def version(endpoint: str, filename: str) -> str | None:
    """Return a digest of the file's content; `None` where there is no such file."""
    blueprint = current_app.blueprints[endpoint.removesuffix(".static")]
    # Flask serves a file under many paths: all have one entry in the cache.
    path = Path(str(blueprint.static_folder), normpath(filename))
    # Files change while somebody works on them, not in production.
    is_new = current_app.debug and path.is_file()
    return _digest(path, path.stat().st_mtime_ns if is_new else 0)


@cache
def _digest(path: Path, _changed: int) -> str | None:
    return sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else None
