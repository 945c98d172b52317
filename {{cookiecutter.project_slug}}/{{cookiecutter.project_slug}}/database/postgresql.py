"""PostgreSQL: where the server is, and how connections to it behave."""

from contextlib import suppress
from functools import partial
from pathlib import Path

from flask import Flask
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import QueryCanceled
from sqlalchemy import URL
from sqlalchemy import Connection as SQLAlchemyConnection
from sqlalchemy import Engine
from sqlalchemy import ExceptionContext
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import OperationalError

from ..config import ConfigurationError
from . import development_server

CONNECTIONS = 10  # fewer than gunicorn.conf.py has threads: some are left for the rest
POOL_TIMEOUT = 2  # seconds
STATEMENT_TIMEOUT = 30  # seconds; migrations may take longer
SCHEMES = ("postgres", "postgresql", "postgresql+psycopg")
# In seconds, but for the last: then a server that is gone is noticed.
LIBPQ = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
EXAMPLE = "DATABASE_URL=postgresql://user:password@host/name"


def make_engine(app: Flask, *, migrating: bool = False) -> Engine:
    """The connections of this process to DATABASE_URL.

    Where it is empty, they go to a server of the project's own; not in production.
    """
    url = _url(app)
    engine = create_engine(
        url.set(query={**LIBPQ, **url.query}),
        hide_parameters=app.config["APP_ENV"] == "production",
        max_overflow=0,
        pool_pre_ping=True,  # replaces connections that the server has closed
        pool_size=CONNECTIONS,
        pool_timeout=POOL_TIMEOUT,
    )
    if "options" not in url.query:
        timeout = 0 if migrating else STATEMENT_TIMEOUT
        event.listen(engine, "connect", partial(_limit_statements, timeout))
    if migrating:
        event.listen(engine, "begin", _lock)
    if engine.hide_parameters:
        event.listen(engine, "handle_error", _hide_values)
    if not app.config["DATABASE_URL"]:
        folder = Path(app.instance_path, "postgresql")
        event.listen(engine, "do_connect", partial(_start, folder), named=True)
    return engine


def is_unavailable(error: OperationalError) -> bool:
    """Return whether the server can't be used now, not whether a statement is slow."""
    return not isinstance(error.orig, QueryCanceled)


def _url(app: Flask) -> URL:
    """DATABASE_URL, for the driver that the project has."""
    scheme, _, rest = app.config["DATABASE_URL"].partition("://")
    if scheme in SCHEMES:
        with suppress(ArgumentError, ValueError):
            return make_url(f"postgresql+psycopg://{rest}")
    if scheme:
        raise ConfigurationError(f"DATABASE_URL is not of this form: {EXAMPLE}")
    if app.config["APP_ENV"] == "production":
        raise ConfigurationError(f"DATABASE_URL is missing. Set it: {EXAMPLE}")
    return make_url("postgresql+psycopg://")


def _limit_statements(seconds: int, connection: Connection, _record: object) -> None:
    # Not as an option of the connection: PgBouncer and its like refuse those.
    connection.execute(f"SET statement_timeout = '{seconds}s'")
    connection.commit()


def _lock(connection: SQLAlchemyConnection) -> None:
    """Let one process migrate at a time; the others wait."""
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7220127)")


def _hide_values(context: ExceptionContext) -> None:
    """Keep the values of a row out of the log: they are in the lines after the first."""
    errors = (context.original_exception, context.sqlalchemy_exception)
    for error in filter(None, errors):
        error.args = tuple(str(each).partition("\n")[0] for each in error.args)


def _start(folder: Path, *, cparams: dict[str, object], **_: object) -> None:
    """Start the server in `folder`, and let the connection go to it."""
    cparams.update(conninfo_to_dict(development_server.url(folder)))
