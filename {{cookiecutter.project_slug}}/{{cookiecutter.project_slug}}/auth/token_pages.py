"""A page that makes tokens for programs; the account's page lists and revokes them."""

from flask import Blueprint
from flask import Flask
from flask import request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms import StringField
from wtforms.validators import Length
from wtforms.validators import Regexp

from . import tokens
from .pages import BOTH
from .pages import keep_private
from .pages import show
from .sessions import require_recent_login
from .users import audit
from .users import current_user

bp = Blueprint("auth_tokens", __name__, url_prefix="/account/tokens")
bp.after_request(keep_private)


class TokenForm(FlaskForm):
    """The form for a new token."""

    name = StringField(
        validators=[Length(1, tokens.MAX_NAME_LENGTH), Regexp(r"[^\0]*\Z")]
    )
    access = SelectField(choices=["read", "write"])


@bp.route("", methods=BOTH)
@require_recent_login
def create() -> ResponseReturnValue:
    """Make a token, and show it for the only time."""
    form = TokenForm(request.form)
    text = "A token lets a program use the API as you."
    if form.validate_on_submit():
        secret = tokens.issue(current_user(), form.access.data, form.name.data)
        audit("token made", current_user())
        text = f"Copy this token now, it is not shown again: {secret}"
    return show(form, "New token", "Make a token", text=text)


def init_app(app: Flask) -> None:
    """Register the page."""
    app.register_blueprint(bp)
    app.extensions.setdefault("navigation", {})["New token"] = "auth_tokens.create"
