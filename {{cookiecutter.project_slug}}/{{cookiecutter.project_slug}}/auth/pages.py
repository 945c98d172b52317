"""The account's pages, in the order in which somebody meets them."""

from contextlib import suppress

from flask import Blueprint
from flask import Flask
from flask import Response
from flask import abort
from flask import flash
from flask import g
from flask import redirect
from flask import render_template
from flask import request
from flask import session
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import Gone
from werkzeug.exceptions import ServiceUnavailable
from wtforms import fields
from wtforms.validators import Length
from wtforms.validators import Regexp
from wtforms.validators import ValidationError

from .. import mail
from ..database import db_session
from . import links
from . import passwords
from . import sessions
from . import tokens
from .sessions import require_login
from .sessions import require_recent_login
from .users import EMAIL
from .users import User
from .users import audit
from .users import current_user
from .users import normalize

bp = Blueprint("auth", __name__, url_prefix="/account", template_folder="templates")

BOTH = ["GET", "POST"]
TITLES = {"signup": "Sign up", "reset": "Choose a new password"}


@bp.after_request
def keep_private(response: Response) -> Response:
    """Have no browser keep a page, to show it after logging out."""
    response.cache_control.no_store = True
    return response


def show(form: FlaskForm, title: str, button: str, **more: str) -> tuple[str, int]:
    """Show a form, again where something in it is wrong."""
    more |= {"title": title, "button": button}
    page = render_template("auth/form.html", form=form, **more)
    return page, 422 if form.errors else 200


class EmailForm(FlaskForm):
    """The form that asks for a link."""

    email = fields.EmailField(
        "E-mail address",
        filters=[normalize],
        validators=[Regexp(EMAIL, message="Use an address such as ada@example.com.")],
        render_kw={"autocomplete": "username", "required": True},
    )


@bp.route("/<any(signup, reset):page>", methods=BOTH)
def start(page: str) -> ResponseReturnValue:
    """Mail a link; the response is the same whether there is an account or not."""
    form = EmailForm(request.form)
    if form.validate_on_submit():
        return _mail_link(form.email.data)
    return show(form, TITLES[page], "Mail me a link")


class PasswordForm(FlaskForm):
    """The form that sets the password of the account with the address `owner`."""

    owner = ""
    password = fields.PasswordField(
        "New password, 12 characters or more",
        render_kw={"autocomplete": "new-password", "required": True},
    )

    def validate_password(self, field: fields.PasswordField) -> None:
        """Refuse a password that is easy to guess, also by the owner's address."""
        if fault := passwords.fault(field.data or "", self.owner):
            raise ValidationError(fault)


@bp.route("/link/<data>", methods=BOTH)
def link(data: str) -> ResponseReturnValue:
    """Create an account, or set its password."""
    user, email = links.read(data, "link")
    # The database is free for others while the password is hashed.
    db_session.commit()
    form = PasswordForm(request.form)
    form.owner = email
    if not form.validate_on_submit():
        return show(form, "Choose a password", "Save", text=f"Your account: {email}")
    password_hash = passwords.hash(form.password.data)
    user, email = links.read(data, "link")
    if user:
        tokens.revoke(user)
    else:
        user = User(email=email)
        db_session.add(user)
    user.password_hash = password_hash
    _commit()
    audit("password set", user)
    return sessions.log_in(user)


@bp.errorhandler(Gone)
def offer_new_link(_error: Gone) -> ResponseReturnValue:
    """Say that a link is used or old."""
    page, _ = show(
        EmailForm(formdata=None),
        "This link no longer works",
        "Mail me a link",
        text="It was used already, or it is too old. Get a new one:",
        action=url_for(".start", page="reset"),
    )
    return page, 410


class LoginForm(EmailForm):
    password = fields.PasswordField(
        validators=[Length(1, passwords.MAX_LENGTH)],
        render_kw={"autocomplete": "current-password", "required": True},
    )


@bp.route("/login", methods=BOTH)
def login() -> ResponseReturnValue:
    """Begin a session."""
    form = LoginForm(request.form)
    if form.validate_on_submit():
        email = form.email.data
        known = sessions.known_browser(email)
        if user := passwords.authenticate(email, form.password.data, known):
            return sessions.log_in(user)
        form.password.errors = ["The address or the password is wrong."]
    return show(form, "Log in", "Log in")


@bp.get("")
@require_login
def account() -> str:
    """Show the account, and what lets in."""
    listed = sessions.list_all(current_user())
    return render_template("auth/account.html", form=FlaskForm(), tokens=listed)


@bp.post("/logout")
@bp.post("/logout/<int:id>")
@require_login
def logout(id: int | None = None) -> ResponseReturnValue:
    """End one session or token, or all sessions."""
    if not FlaskForm(request.form).validate():
        abort(400, "This form has expired, or cookies are blocked. Please go back.")
    tokens.revoke(current_user(), **({"id": id} if id else {"kind": "session"}))
    db_session.commit()
    done = "logged out everywhere"
    if id:
        done = "logged out" if id == g.token.id else "access ended"
    audit(done, current_user())
    if id in (None, g.token.id):
        session.clear()
    flash(f"{done.capitalize()}.")
    return redirect(url_for(".account" if session.get("secret") else ".login"), 303)


@bp.route("/password", methods=BOTH)
@require_recent_login
def password() -> ResponseReturnValue:
    """Change the password, and end all other sessions."""
    user = current_user()
    db_session.commit()
    form = PasswordForm(request.form)
    form.owner = user.email
    if not form.validate_on_submit():
        return show(form, "Change password", "Save")
    user.password_hash = passwords.hash(form.password.data)
    tokens.revoke(user, kind="session")
    db_session.commit()
    audit("password changed", user)
    _notify(user.email, "The password of your account was changed.")
    return sessions.log_in(user)


@bp.route("/address", methods=BOTH)
@require_recent_login
def address() -> ResponseReturnValue:
    """Mail a link to a new address."""
    form = EmailForm(request.form)
    if form.validate_on_submit():
        return _mail_link(form.email.data, current_user())
    return show(form, "Change e-mail address", "Mail me a link")


@bp.route("/address/<data>", methods=BOTH)
@require_login
def confirm_address(data: str) -> ResponseReturnValue:
    """Change the address: who only gets mail there can't."""
    user, email = links.read(data, "confirm_address")
    if user != current_user():
        raise Gone
    form = FlaskForm(request.form)
    if not form.validate_on_submit():
        return show(form, "Change e-mail address", "Change", text=f"To {email}")
    old, current_user().email = current_user().email, email
    _commit()
    audit("address changed", user)
    _notify(old, "Your account has a new e-mail address.")
    flash(f"Your address is {email} now.")
    return redirect(url_for(".account"), 303)


@bp.route("/delete", methods=BOTH)
@require_recent_login
def delete() -> ResponseReturnValue:
    """Delete the account, and all that belongs to it."""
    form = FlaskForm(request.form)
    if form.validate_on_submit():
        audit("deleted", current_user())
        db_session.delete(current_user())
        db_session.commit()
        session.clear()
        flash("Your account was deleted.")
        return redirect(url_for("pages.home"), 303)
    return show(form, "Delete account", "Delete", text="This can't be undone.")


{% if cookiecutter.__api %}
class TokenForm(FlaskForm):
    name = fields.StringField(
        validators=[Length(1, tokens.MAX_NAME_LENGTH), Regexp(r"[^\0]*\Z")]
    )
    access = fields.SelectField(choices=["read", "write"])


@bp.route("/tokens", methods=BOTH)
@require_recent_login
def create_token() -> ResponseReturnValue:
    """Make a token, and show it for the only time."""
    form = TokenForm(request.form)
    text = "A token lets a program use the API as you."
    if form.validate_on_submit():
        secret = tokens.issue(current_user(), form.access.data, form.name.data)
        audit("token made", current_user())
        text = f"Copy this token now, it is not shown again: {secret}"
    return show(form, "New token", "Make a token", text=text)


{% endif %}
def _mail_link(email: str, changed: User | None = None) -> ResponseReturnValue:
    links.send(email, changed)
    flash(f"A link was mailed to {email}. It works within an hour.")
    return redirect(url_for(".account" if changed else ".login"), 303)


def _commit() -> None:
    """Commit; 410 where somebody else has taken the address at the same time."""
    try:
        db_session.commit()
    except IntegrityError:
        db_session.rollback()
        raise Gone from None


def _notify(email: str, text: str) -> None:
    """Tell the owner what was done; a mail server that is down does not undo it."""
    with suppress(ServiceUnavailable):
        mail.send(email, "your account was changed", text)


def init_app(app: Flask) -> None:
    """Register the pages, and the limits of their mails."""
    app.config.setdefault("THROTTLE_MAILS", 5)
    app.config.setdefault("THROTTLE_CLIENT_MAILS", 20)
    mail.init_app(app)
    app.register_blueprint(bp)
    app.extensions.setdefault("navigation", {})["Account"] = "auth.account"
