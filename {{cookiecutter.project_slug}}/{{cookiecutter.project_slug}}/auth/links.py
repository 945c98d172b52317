"""Links in mails: each is signed, and works once, since it names what it will change."""

from hashlib import sha256

from flask import current_app
from itsdangerous import BadSignature
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import Gone

from .. import mail
from ..database import db_session
from . import throttle
from .users import User
from .users import find

LIFETIME = 60 * 60  # seconds


def signer(salt: str) -> URLSafeTimedSerializer:
    """Return what signs with SECRET_KEY, and accepts SECRET_KEY_FALLBACKS too."""
    config = current_app.config
    keys = [*config["SECRET_KEY_FALLBACKS"], config["SECRET_KEY"]]
    options = {"digest_method": sha256}
    return URLSafeTimedSerializer(keys, salt=salt, signer_kwargs=options)


def send(email: str, changed: User | None = None) -> None:
    """Mail a link: to a new account, a new password, or a user's changed address.

    Whether there is an account shows only in the mail, which goes to its owner.
    """
    throttle.count("THROTTLE_MAILS", email)
    throttle.count("THROTTLE_CLIENT_MAILS", throttle.client())
    owner = find(email)
    # The database is free for others while the mail is sent.
    db_session.commit()
    view, purpose = "link", "create your account"
    if owner:
        purpose = "choose a new password"
    elif changed:
        view, purpose = "confirm_address", "confirm your new address"
    user = owner or changed
    data = signer(view).dumps([user.id if user else None, email, _state(user)])
    url = mail.link(f"auth.{view}", data=data)
    mail.send(email, purpose, f"Use this link to {purpose}:", url)


def read(data: str, view: str) -> tuple[User | None, str]:
    """Return the user, if there is one yet, and the address of a link to a view; or a 410."""
    try:
        id, email, state = signer(view).loads(data, max_age=LIFETIME)
    except BadSignature:
        raise Gone from None
    user = find(email, id)
    if _state(user) != state:
        raise Gone
    return user, email


def _state(user: User | None) -> str:
    """Return what no longer is so once a link has been used."""
    state = f"{user.email} {user.password_hash}" if user else ""
    return sha256(state.encode()).hexdigest()
