"""Passwords: which are accepted, how they are kept, and how they are checked."""

import re
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask import current_app

from ..database import db_session
from . import throttle
from .users import User
from .users import audit
from .users import find

MIN_LENGTH = 12
MAX_LENGTH = 128
MIN_UNCOMMON = 6  # characters beside those that everybody thinks of

# What OWASP recommends: 19 MiB and about 20 ms each.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
few_at_a_time = BoundedSemaphore(4)


def hash(password: str) -> str:
    """Return the hash to keep of a password."""
    with few_at_a_time:
        return hasher.hash(normalize("NFKC", password))


def fault(password: str, email: str) -> str | None:
    """Return what is wrong with a new password, if anything is."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        return f"Use {MIN_LENGTH} to {MAX_LENGTH} characters."
    text = password.casefold()
    own = re.split(r"\W+", f"{email} {current_app.config['APP_TITLE']}".casefold())
    for word in (email, *(each for each in own if len(each) > 3), *_common()):
        text = text.replace(word, "")
    if len(text) < MIN_UNCOMMON or re.fullmatch(r"(.{1,8}?)\1+", password):
        return "This is easy to guess: use other words."
    return None


def authenticate(email: str, password: str, browser: str = "") -> User | None:
    """Return the user with this address and password; 429 after too many failures.

    A browser that its owner has used before has a limit of its own, so that strangers
    who guess do not keep the owner out.
    """
    limits = {"THROTTLE_ACCOUNT": f"{email} {browser}"}
    if not browser:
        limits["THROTTLE_CLIENT"] = throttle.client()
    for limit in limits.items():
        throttle.count(*limit)
    user = find(email)
    password_hash = user.password_hash if user else _stand_in()
    # The database is free for others while the hash is computed.
    db_session.commit()
    is_right = _verify(password_hash, password)
    # The password may have changed meanwhile; it can't until what begins is committed.
    user = find(email)
    if not is_right or not user or user.password_hash != password_hash:
        audit("log-in failed", user)
        return None
    for limit in limits.items():
        throttle.uncount(*limit)
    if hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hash(password)
    return user


def _verify(password_hash: str, password: str) -> bool:
    try:
        with few_at_a_time:
            return hasher.verify(password_hash, normalize("NFKC", password))
    except VerifyMismatchError:
        return False


@cache
def _stand_in() -> str:
    """Return a hash for unknown users, so that they take as long as known ones."""
    return hash("a password of nobody")


@cache
def _common() -> list[str]:
    path = Path(__file__).with_name("common_passwords.txt")
    words = path.read_text(encoding="utf-8").split()
    return sorted(words, key=len, reverse=True)
