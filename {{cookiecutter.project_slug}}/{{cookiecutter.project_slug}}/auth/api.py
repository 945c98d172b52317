"""Tokens for programs, and the guard that asks for them."""

from dataclasses import replace
from functools import wraps
from typing import Any
from typing import Literal

import click
from flask import Blueprint
from flask import Flask
from flask import abort
from flask import g
from flask import request
from flask.typing import RouteCallable
from pydantic import BaseModel
from pydantic import Field
from pydantic import SecretStr
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from ..api import V1
from ..api.operation import operation
from ..api.schemas import Body
from ..database import db_session
from . import commands
from . import passwords
from . import tokens
from .users import MAX_EMAIL_LENGTH
from .users import audit
from .users import current_user
from .users import normalize

bp = Blueprint("tokens", __name__, url_prefix=f"{V1}/tokens")

BEARER = WWWAuthenticate("bearer")


class Credentials(Body):
    """Whose token, and for what."""

    email: str = Field(pattern="^[!-~]+@[!-~]+$", max_length=MAX_EMAIL_LENGTH)
    password: SecretStr = Field(max_length=passwords.MAX_LENGTH)
    access: Literal["read", "write"] = "read"
    name: str = Field("", pattern=r"^[^\x00]*$", max_length=tokens.MAX_NAME_LENGTH)


class NewToken(BaseModel):
    """A token, which is shown only once."""

    token: str


def require_token(view: Any) -> RouteCallable:
    """Let an operation serve only requests with a token that allows their method."""

    @wraps(view)
    def guarded(**variables: object) -> Any:
        sent = request.authorization
        secret = sent.token if sent and sent.type == "bearer" else None
        token = tokens.find(secret, "read", "write") if secret else None
        if not token:
            raise Unauthorized("Send a valid token.", www_authenticate=BEARER)
        # Whoever holds a token can revoke it.
        reads = request.method in ("GET", "HEAD") or request.endpoint == "tokens.delete"
        if token.kind == "read" and not reads:
            abort(403, "This token may only read.")
        g.user, g.token = token.user, token
        return view(**variables)

    guarded.operation = replace(  # type: ignore[attr-defined]
        view.operation,
        errors=(*view.operation.errors, 401, 403),
        details={"security": [{"token": []}], **view.operation.details},
    )
    return guarded


@bp.post("")
@operation({201: NewToken}, errors=(401, 429))
def create(credentials: Credentials) -> tuple[NewToken, int]:
    """Make a token, to be sent with other requests as `Authorization: Bearer`."""
    password = credentials.password.get_secret_value()
    user = passwords.authenticate(normalize(credentials.email), password)
    if not user:
        raise Unauthorized("The password is wrong.", www_authenticate=BEARER)
    secret = tokens.issue(user, credentials.access, credentials.name)
    audit("token made", user)
    return NewToken(token=secret), 201


@bp.delete("/current")
@require_token
@operation({204: None})
def delete() -> tuple[str, int]:
    """Revoke the token that is sent."""
    tokens.revoke(current_user(), id=g.token.id)
    db_session.commit()
    audit("token revoked", current_user())
    return "", 204


@commands.auth.command("token")
@click.argument("email")
@click.option("--name", default="", help="What it is for.")
@click.option("--write", is_flag=True, help="Allow changes, too.")
def make_token(email: str, name: str, write: bool) -> None:
    """Make a token, and print it."""
    user = commands.get(email)
    click.echo(tokens.issue(user, "write" if write else "read", name))
    audit("token made", user)


def init_app(app: Flask) -> None:
    """Register the tokens."""
    app.register_blueprint(bp)
    components = app.config.setdefault("OPENAPI_COMPONENTS", {})
    scheme = {"type": "http", "scheme": "bearer"}
    components.setdefault("securitySchemes", {})["token"] = scheme
