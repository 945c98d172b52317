"""The database: one session for each request or command, begun at its first use."""

import re
from datetime import datetime
from enum import Enum
from time import monotonic

from flask import Flask
from flask import current_app
from flask import g
from flask.typing import ResponseReturnValue
from sqlalchemy import Enum as EnumType
from sqlalchemy import ExceptionContext
from sqlalchemy import MetaData
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session
from sqlalchemy.orm import sessionmaker
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.local import LocalProxy

from ..config import read
from . import commands
from .{{ cookiecutter.__database }} import is_unavailable
from .{{ cookiecutter.__database }} import make_engine
from .utc_datetime import UTCDateTime

MISSING = re.compile("no such (table|column)|(relation|column) .+ does not exist")


class Base(DeclarativeBase):
    """The base class of the models."""

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
        if monotonic() < current_app.extensions["database_pause"]:
            raise ServiceUnavailable(retry_after=5)
        session = g.db_session = current_app.extensions["database"]()
    return session


# Not called `session`: that is Flask's, the one in the cookie.
db_session: Session = LocalProxy(_session)  # type: ignore[assignment]


def _close(_error: BaseException | None) -> None:
    """Give the connection back; what was not committed is rolled back."""
    session: Session | None = g.pop("db_session", None)
    if session is not None:
        session.close()


def add_hint(context: ExceptionContext) -> None:
    """Say what to do where a table or a column is missing."""
    error = context.sqlalchemy_exception
    if error and MISSING.search(str(context.original_exception)):
        error.add_note("The database may be behind its migrations: flask db upgrade")


def respond(error: OperationalError | TimeoutError) -> ResponseReturnValue:
    """Respond with 503, and log one line, where the database can't be used now.

    Where no connection came free in time, no other request waits for one for a second:
    the threads are needed for those that use no database.
    """
    if isinstance(error, TimeoutError):
        current_app.extensions["database_pause"] = monotonic() + 1
    elif not is_unavailable(error):
        raise error
    first = str(getattr(error, "orig", error)).partition("\n")[0]
    current_app.logger.error("The database is unavailable: %s", first)
    return current_app.handle_http_exception(ServiceUnavailable(retry_after=5))


def init_app(app: Flask) -> None:
    """Set up the sessions; nothing connects before the first statement."""
    app.config.setdefault("DATABASE_URL", read("DATABASE_URL", ""))
    engine = make_engine(app)
    event.listen(engine, "handle_error", add_hint)
    app.extensions["database_pause"] = 0
    app.extensions["database"] = sessionmaker(engine, expire_on_commit=False)
    app.teardown_appcontext(_close)
    app.register_error_handler(OperationalError, respond)
    app.register_error_handler(TimeoutError, respond)
    app.cli.add_command(commands.db)
    app.shell_context_processor(lambda: {"db_session": db_session})
    {% if cookiecutter.__health %}
    # Ready is a database that responds and has been migrated.
    revision = "SELECT version_num FROM alembic_version LIMIT 1"
    checks = app.extensions.setdefault("readiness", {})
    checks["database"] = lambda: db_session.connection().exec_driver_sql(revision).one()
    {% endif %}
