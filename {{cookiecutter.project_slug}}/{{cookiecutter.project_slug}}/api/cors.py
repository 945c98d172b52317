"""Cross-origin requests: which other sites' scripts may call the API."""

import re

from flask import Flask
from flask import Response
from flask import current_app
from flask import request

from ..config import ConfigurationError
from ..config import read

ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9.:[\]_-]+")


def init_app(app: Flask) -> None:
    """Send CORS headers to the origins in CORS_ORIGINS; to none by default."""
    app.config.setdefault("CORS_ORIGINS", read("CORS_ORIGINS", ()))
    for origin in app.config["CORS_ORIGINS"]:
        if not ORIGIN.fullmatch(origin):
            raise ConfigurationError(
                f'CORS_ORIGINS holds "{origin}": it must be as browsers send it, '
                "such as https://www.example.com."
            )
    if app.config["CORS_ORIGINS"]:
        app.after_request(allow)


def allow(response: Response) -> Response:
    """Tell the browser that the script that asks may read this response."""
    if f"{request.path}/".startswith("/api/"):
        response.vary.add("Origin")
        if request.origin in current_app.config["CORS_ORIGINS"]:
            headers = response.headers
            headers["Access-Control-Allow-Origin"] = request.origin
            headers["Access-Control-Expose-Headers"] = "*"
            if "Access-Control-Request-Method" in request.headers:
                headers["Access-Control-Allow-Methods"] = headers.get("Allow", "")
                headers["Access-Control-Allow-Headers"] = "*, Authorization"
                headers["Access-Control-Max-Age"] = "600"
    return response
