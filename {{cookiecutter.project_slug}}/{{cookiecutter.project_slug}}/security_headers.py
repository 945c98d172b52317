"""Headers that tell a browser what a response may do."""

import secrets

from flask import Flask
from flask import Response
from flask import g
from flask import request

HTML_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
POLICY = (
    "default-src 'self'; "
    "script-src 'self' 'nonce-{nonce}'; "
    "style-src 'self' 'nonce-{nonce}'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "object-src 'none'"
)


def csp_nonce() -> str:
    """The value that lets an inline script or style of this response run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def protect(response: Response) -> Response:
    """Add the headers of every response, and those of a page that it does not set."""
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
        for name, value in HTML_HEADERS.items():
            headers.setdefault(name, value)
    return response


def stay_on_https(response: Response) -> Response:
    """Tell a browser that came over HTTPS to come that way only."""
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def init_app(app: Flask) -> None:
    """Protect every response; templates get `csp_nonce()`."""
    app.after_request(protect)
    if app.config["APP_ENV"] == "production":
        app.after_request(stay_on_https)
    app.context_processor(lambda: {"csp_nonce": csp_nonce})
