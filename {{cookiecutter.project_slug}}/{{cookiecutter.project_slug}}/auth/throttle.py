"""Limits on attempts, counted in the database, and so the same in every process."""

from contextlib import suppress
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from ipaddress import ip_network

from flask import current_app
from flask import request
from sqlalchemy import String
from sqlalchemy import delete
from sqlalchemy import update
from sqlalchemy.dialects.{{ cookiecutter.__database }} import insert
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from werkzeug.exceptions import TooManyRequests

from ..database import Base
from ..database import db_session

WINDOW = timedelta(minutes=15)


class Attempts(Base):
    """How often something was tried since its first time, within one window."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    count: Mapped[int]
    expires: Mapped[datetime] = mapped_column(index=True)


def count(limit: str, subject: str) -> None:
    """Count an attempt; 429 where there are more than the setting allows."""
    now = datetime.now(UTC)
    db_session.execute(delete(Attempts).where(Attempts.expires <= now))
    key = f"{limit} {subject}"
    row = insert(Attempts).values(key=key, count=1, expires=now + WINDOW)
    counted = row.on_conflict_do_update(
        index_elements=[Attempts.key], set_={"count": Attempts.count + 1}
    ).returning(Attempts.count, Attempts.expires)
    number, expires = db_session.execute(counted).one()
    db_session.commit()
    if number > current_app.config[limit]:
        _warn(subject)
        minutes = -(-(expires - now) // timedelta(minutes=1))
        raise TooManyRequests(
            f"There were too many attempts. Please wait {minutes} min.",
            retry_after=minutes * 60,
        )


def uncount(limit: str, subject: str) -> None:
    """Take back what was counted, since it has succeeded."""
    query = update(Attempts).where(Attempts.key == f"{limit} {subject}")
    db_session.execute(query.values(count=Attempts.count - 1))


def client() -> str:
    """Return the client's address; of IPv6 the part that is one customer's."""
    address = str(request.remote_addr)
    with suppress(ValueError):
        return str(ip_network(f"{address}/{64 if ':' in address else 32}", False))
    return address


def _warn(subject: str) -> None:
    with suppress(ValueError):  # It is no address.
        if not ip_network(subject).is_global:
            current_app.logger.warning(
                "Too many attempts from %s. A proxy? Then set TRUSTED_PROXIES.", subject
            )
