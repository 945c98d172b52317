"""Tokens: random secrets that let their bearer in as a user; only their hash is kept."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import ForeignKey
from sqlalchemy import String
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from ..database import Base
from ..database import db_session
from .users import User

PREFIX = "{{ cookiecutter.project_slug }}_"  # Tools that look for leaked secrets recognise it.
MAX_NAME_LENGTH = 100
LIFETIMES = {
    "session": timedelta(days=30),
    "read": timedelta(days=90),
    "write": timedelta(days=90),
}


class Token(Base):
    """What is known of a token; its kind says what it is for."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    expires: Mapped[datetime] = mapped_column(index=True)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


def issue(user: User, kind: str, name: str) -> str:
    """Make a token and return its secret, for the only time."""
    secret = PREFIX + token_urlsafe(32)
    now = datetime.now(UTC)
    db_session.execute(delete(Token).where(Token.expires <= now))
    token = Token(user_id=user.id, kind=kind, name=name, secret_hash=_hash(secret))
    token.expires = now + LIFETIMES[kind]
    db_session.add(token)
    db_session.commit()
    return secret


def find(secret: str, *kinds: str) -> Token | None:
    """Return the token of one of these kinds with this secret."""
    query = select(Token).where(Token.secret_hash == _hash(secret))
    query = query.where(Token.kind.in_(kinds), Token.expires > datetime.now(UTC))
    return db_session.scalars(query).one_or_none()


def revoke(user: User, **criteria: object) -> None:
    """Delete the user's tokens, or those with a `kind` or an `id`."""
    query = delete(Token).where(Token.user_id == user.id)
    db_session.execute(query.filter_by(**criteria))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
