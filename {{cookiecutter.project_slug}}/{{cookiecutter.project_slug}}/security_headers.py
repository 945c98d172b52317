"""Headers that tell a browser what a response may do."""

import secrets

from flask import Flask
from flask import Response
from flask import abort
from flask import g
from flask import request
from flask.sessions import SecureCookieSessionInterface
from flask.sessions import SessionMixin

HTML_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
CSP = (
    "default-src 'self'; "
    "script-src 'self' 'nonce-{nonce}'; "
    "style-src 'self' 'nonce-{nonce}'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "object-src 'none'"
)


class PrivateSessions(SecureCookieSessionInterface):
    """Flask's sessions, but no cache shares a response that depends on one."""

    def save_session(
        self, app: Flask, session: SessionMixin, response: Response
    ) -> None:
        """Save the session, and keep the response out of shared caches."""
        super().save_session(app, session, response)
        # A permanent session is sent again with each response.
        if session.accessed or session.permanent:
            response.cache_control.private = True
            response.cache_control.public = False


def csp_nonce() -> str:
    """Return the nonce that lets an inline script or style of this response run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def refuse_cross_site_forms() -> None:
    """Refuse a form on another site: what it begins would replace the visitor's session."""
    is_form = request.method == "POST" and not request.is_json
    if is_form and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def set_headers(response: Response) -> Response:
    """Set the headers of every response, and those of a page that it does not set."""
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", CSP.format(nonce=csp_nonce()))
        for name, value in HTML_HEADERS.items():
            headers.setdefault(name, value)
    return response


def set_hsts(response: Response) -> Response:
    """Tell a browser that came over HTTPS to use nothing else."""
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def init_app(app: Flask) -> None:
    """Set the headers on every response; templates get `csp_nonce()`."""
    app.before_request(refuse_cross_site_forms)
    app.after_request(set_headers)
    if app.config["APP_ENV"] == "production":
        app.after_request(set_hsts)
    app.session_interface = PrivateSessions()
    app.context_processor(lambda: {"csp_nonce": csp_nonce})
