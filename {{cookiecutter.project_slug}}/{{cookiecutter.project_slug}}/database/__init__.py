"""The database: one session for each request or command, begun at its first use."""

from datetime import datetime
from enum import Enum

from flask import Flask
from flask import current_app
from flask import g
from sqlalchemy import Enum as EnumType
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session
from sqlalchemy.orm import sessionmaker
from werkzeug.local import LocalProxy

from ..environment import read
from . import commands
{% if cookiecutter.__health %}
from . import readiness
{% endif %}
from .{{ cookiecutter.__database }} import make_engine
from .utc_datetime import UTCDateTime


class Base(DeclarativeBase):
    """What every model inherits."""

    # An enumeration is text: a type of its own would need migrations of its own.
    type_annotation_map = {
        datetime: UTCDateTime,
        Enum: EnumType(Enum, native_enum=False),
    }

    # A migration can only change a constraint that has a name.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _session() -> Session:
    session: Session | None = g.get("db_session")
    if session is None:
        session = g.db_session = current_app.extensions["database"]()
    return session


# Not called `session`: that is Flask's, the one in the cookie.
db_session: Session = LocalProxy(_session)  # type: ignore[assignment]


def _close(_error: BaseException | None) -> None:
    """Give the connection back; what was not committed is rolled back."""
    session: Session | None = g.pop("db_session", None)
    if session is not None:
        session.close()


def init_app(app: Flask) -> None:
    """Settle where the database is; nothing connects before the first statement."""
    app.config.setdefault("DATABASE_URL", read("DATABASE_URL", ""))
    app.extensions["database"] = sessionmaker(make_engine(app), expire_on_commit=False)
    app.teardown_appcontext(_close)
    app.cli.add_command(commands.db)
    app.shell_context_processor(lambda: {"db_session": db_session})
    {% if cookiecutter.__health %}
    checks = app.extensions.setdefault("readiness", {})
    checks["database"] = lambda: readiness.check(db_session)
    {% endif %}
