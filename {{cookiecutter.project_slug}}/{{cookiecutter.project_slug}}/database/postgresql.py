"""PostgreSQL: where the server is, and how connections to it behave."""

from contextlib import suppress
from functools import partial
from pathlib import Path

from flask import Flask
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL
from sqlalchemy import Engine
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from ..config import ConfigurationError
from . import development_server

CONNECT_TIMEOUT = 10  # seconds
CONNECTIONS = 15  # as many as gunicorn.conf.py has threads
STATEMENT_TIMEOUT = 30  # seconds; migrations may take longer
SCHEMES = ("postgres", "postgresql", "postgresql+psycopg")
EXAMPLE = "DATABASE_URL=postgresql://user:password@host/name"


def make_engine(app: Flask, *, migrating: bool = False) -> Engine:
    """The connections of this process to DATABASE_URL.

    Where it is empty, they go to a server of the project's own; not in production.
    """
    url = _url(app)
    engine = create_engine(
        url.set(query={"connect_timeout": str(CONNECT_TIMEOUT), **url.query}),
        hide_parameters=app.config["APP_ENV"] == "production",
        max_overflow=0,
        pool_pre_ping=True,  # replaces connections that the server has closed
        pool_size=CONNECTIONS,
    )
    if "options" not in url.query:
        timeout = 0 if migrating else STATEMENT_TIMEOUT
        event.listen(engine, "connect", partial(_limit_statements, timeout))
    if not app.config["DATABASE_URL"]:
        folder = Path(app.instance_path, "postgresql")
        event.listen(engine, "do_connect", partial(_start, folder), named=True)
    return engine


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


def _start(folder: Path, *, cparams: dict[str, object], **_: object) -> None:
    """Start the server in `folder`, and let the connection go to it."""
    cparams.update(conninfo_to_dict(development_server.url(folder)))
