"""Sessions of browsers: a random secret in the signed cookie, and its hash in the database."""

from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import partial
from functools import wraps
from secrets import token_hex
from time import time
from typing import Any

from flask import current_app
from flask import flash
from flask import g
from flask import redirect
from flask import request
from flask import session
from flask import url_for
from flask.typing import RouteCallable
from itsdangerous import BadSignature
from sqlalchemy import select
from werkzeug.wrappers import Response

from ..database import db_session
from . import tokens
from .links import signer
from .tokens import Token
from .users import User
from .users import audit

MAX_IDLE = 24 * 60 * 60  # seconds
RECENT = timedelta(minutes=15)
BROWSERS = ("Edg", "Firefox", "Chrome", "Safari")
KNOWN = "known_browser"
KNOWN_LIFETIME = 365 * 24 * 60 * 60  # seconds


def log_in(user: User) -> Response:
    """Begin a new session in place of what there was, and lead on to what was wanted."""
    if token := _load():
        tokens.revoke(token.user, id=token.id)
    wanted = session.get("next") or url_for("auth.account")
    session.clear()
    agent = request.user_agent.string
    name = next((each for each in BROWSERS if each in agent), "Browser")
    session["secret"] = tokens.issue(user, "session", name)
    session["seen"] = int(time())
    audit("logged in", user)
    response = redirect(wanted, 303)
    response.set_cookie(
        KNOWN,
        signer(KNOWN).dumps([user.email, token_hex(8)]),
        max_age=KNOWN_LIFETIME,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def list_all(user: User) -> Sequence[Token]:
    """Return what lets the user in, the newest first."""
    query = select(Token).where(Token.user_id == user.id)
    query = query.where(Token.expires > datetime.now(UTC)).order_by(Token.id.desc())
    return db_session.scalars(query).all()


def known_browser(email: str) -> str:
    """Return the name of a browser in which this user has logged in before."""
    try:
        cookie = request.cookies.get(KNOWN, "")
        owner, name = signer(KNOWN).loads(cookie, KNOWN_LIFETIME)
    except BadSignature:
        return ""
    return str(name) if owner == email else ""


def require_login(view: RouteCallable, *, recent: bool = False) -> RouteCallable:
    """Let a view serve only somebody who has logged in."""

    @wraps(view)
    def guarded(**variables: object) -> Any:
        token = _load()
        if not token:
            return _ask("Please log in.")
        if recent and datetime.now(UTC) - token.created > RECENT:
            return _ask("Please confirm that it is you.")
        g.user, g.token = token.user, token
        return view(**variables)

    return guarded


# Whoever finds a browser open can do nothing that lasts.
require_recent_login = partial(require_login, recent=True)


def _load() -> Token | None:
    now = int(time())
    idle = now - session.get("seen", 0)
    if idle > MAX_IDLE:
        return None
    if idle > 60:
        session["seen"] = now
    return tokens.find(session["secret"], "session")


def _ask(message: str) -> Response:
    # Kept in the session, not in the URL: nobody else can say where to go.
    if request.method == "GET":
        session["next"] = request.full_path.rstrip("?")
    flash(message)
    return redirect(url_for("auth.login"), 303)
