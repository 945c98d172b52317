"""Static files: browsers keep them for a year, under a URL that names their content."""

from functools import cache as remember
from hashlib import sha256
from pathlib import Path

from flask import Response
from flask import current_app
from flask import request


def add_version(endpoint: str, values: dict[str, object]) -> None:
    """Add `v`, a digest of the file, to what `url_for` makes for any blueprint's file."""
    if endpoint.endswith(".static"):
        values.setdefault("v", version(endpoint, str(values["filename"])))


def cache(response: Response) -> Response:
    """Let a response that still has the content its URL names be kept."""
    endpoint = request.endpoint or ""
    served = response.status_code < 400
    if served and endpoint.endswith(".static") and "v" in request.args:
        arguments = request.view_args or {}
        if request.args["v"] == version(endpoint, arguments["filename"]):
            response.cache_control.max_age = 365 * 24 * 60 * 60
            response.cache_control.public = True
            response.cache_control.immutable = True
            response.cache_control.no_cache = None
    return response


def version(endpoint: str, filename: str) -> str | None:
    """A short digest of the file's content; none where there is no such file."""
    blueprint = current_app.blueprints[endpoint.removesuffix(".static")]
    path = Path(str(blueprint.static_folder), filename)
    return _digest(path, path.stat().st_mtime_ns) if path.is_file() else None


@remember
def _digest(path: Path, _changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
