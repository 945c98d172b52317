"""Flask's sessions in signed cookies, at no cost to a request that uses none."""

from flask import Flask
from flask import Request
from flask import Response
from flask.sessions import SecureCookieSession
from flask.sessions import SecureCookieSessionInterface
from flask.sessions import SessionMixin


class Sessions(SecureCookieSessionInterface):
    """Flask's own, but a request that uses no session does not set up the signer.

    That would take a quarter of the time of a trivial request.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the request's cookie, or a new one where no cookie came."""
        if "HTTP_COOKIE" in request.environ:
            return super().open_session(app, request)
        return self.session_class()

    def save_session(
        self, app: Flask, session: SessionMixin, response: Response
    ) -> None:
        """Save a session that was used or came with the request."""
        if session or session.accessed:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Keep sessions this way."""
    app.session_interface = Sessions()
