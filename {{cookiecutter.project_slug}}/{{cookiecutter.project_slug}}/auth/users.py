"""Users: who they are, who asks now, and what belongs to whom."""

import re
from datetime import UTC
from datetime import datetime
from typing import Self

from flask import abort
from flask import current_app
from flask import g
from flask import has_request_context
from flask import request
from sqlalchemy import ForeignKey
from sqlalchemy import Select
from sqlalchemy import String
from sqlalchemy import select
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from ..database import Base
from ..database import db_session

MAX_EMAIL_LENGTH = 254
ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
# ASCII alone: other letters can look the same, or become the same.
EMAIL = re.compile(r"(?=.{,254}\Z)" + rf"{ATOM}(\.{ATOM})*@[a-z0-9-]+(\.[a-z0-9-]+)*\Z")


class User(Base):
    """Somebody with an account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_LENGTH), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    is_admin: Mapped[bool] = mapped_column(default=False)
    created: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


def normalize(email: str | None) -> str:
    """Return the address without spaces around it, and in lower case where it is ASCII."""
    email = (email or "").strip()
    return email.lower() if email.isascii() else email


def find(email: str, id: int | None = None) -> User | None:
    """Return the user with this id, or address, as it is now and until the commit."""
    wanted = User.id == id if id else User.email == normalize(email)
    query = select(User).where(wanted).with_for_update()
    query = query.execution_options(populate_existing=True)
    return db_session.scalars(query).one_or_none()


def current_user() -> User:
    """Return the user whom `protect` or a guard of its own has let a view serve."""
    user: User = g.user
    return user


def require_admin() -> None:
    """Respond with 403 where the current user is no administrator."""
    if not current_user().is_admin:
        abort(403)


def audit(event: str, user: User | None) -> None:
    """Log who did what, and from where."""
    client = request.remote_addr if has_request_context() else "the command line"
    name = user.id if user else "unknown"
    current_app.logger.info("Account: %s: user %s from %s", event, name, client)


class Owned:
    """A mixin for models: a row belongs to the user who creates it."""

    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        default=lambda: current_user().id,
        index=True,
    )

    @classmethod
    def owned(cls) -> Select[Self]:
        """Select the rows of the current user."""
        return select(cls).where(cls.owner_id == current_user().id)
