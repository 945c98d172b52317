"""SQLite: where the file is, and how its connections behave."""

import re
from contextlib import suppress
from pathlib import Path
from sqlite3 import Connection as DriverConnection
from sqlite3 import OperationalError
from threading import Lock
from time import monotonic

from flask import Flask
from flask import g
from flask import has_request_context
from flask import request
from sqlalchemy import URL
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy.exc import OperationalError as SQLAlchemyOperationalError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection

from ..config import ConfigurationError

BUSY_TIMEOUT = 10  # seconds
CONNECTIONS = 10  # fewer than gunicorn.conf.py has threads: some are left for the rest
POOL_TIMEOUT = 2  # seconds
REQUEST_TIMEOUT = 30  # seconds for each transaction of a request
FILE_URL = re.compile("sqlite:///(?!file:|:memory:).")
READING = ("GET", "HEAD", "OPTIONS")

write_lock = Lock()


def make_engine(app: Flask, *, migrating: bool = False) -> Engine:
    """The connections of this process to DATABASE_URL.

    Where it is empty, that is a file in the instance folder.
    """
    url = app.config["DATABASE_URL"]
    if url and not FILE_URL.match(url):
        raise ConfigurationError("DATABASE_URL must be sqlite:/// and a file's path.")
    engine = create_engine(
        url or _file_in_instance_folder(app),
        # The driver's own transactions are off: they would begin too late.
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT},
        hide_parameters=app.config["APP_ENV"] == "production",
        max_overflow=0,
        pool_size=CONNECTIONS,
        pool_timeout=POOL_TIMEOUT,
    )
    # An event of SQLAlchemy's could do this too, but would slow every statement down.
    engine.dialect.do_begin = _begin  # type: ignore[method-assign]
    if migrating:
        event.listen(engine, "connect", _prepare_to_migrate)
        event.listen(engine, "commit", _check_foreign_keys)
    else:
        event.listen(engine, "connect", _prepare)
    {% if cookiecutter.__health %}

    def check_disk() -> None:
        """Raise an exception where the disk is full."""
        from tempfile import TemporaryFile

        folder = Path(str(engine.url.database)).parent
        with TemporaryFile(dir=folder, buffering=0) as probe:
            probe.write(bytes(65536))

    app.extensions.setdefault("readiness", {})["disk"] = check_disk
    {% endif %}
    return engine


def is_unavailable(error: SQLAlchemyOperationalError) -> bool:
    """Return whether the file can't be used now, not whether a statement is at fault."""
    name = getattr(error.orig, "sqlite_errorname", "")
    return name not in ("SQLITE_ERROR", "SQLITE_INTERRUPT")


def _file_in_instance_folder(app: Flask) -> URL:
    with suppress(OSError):
        Path(app.instance_path).mkdir(mode=0o700, exist_ok=True)
    return URL.create("sqlite", database=f"{app.instance_path}/app.db")


def _begin(dbapi_connection: PoolProxiedConnection) -> None:
    """Begin when SQLAlchemy does, and as a writer wherever there may be a write.

    A transaction that has only read can't write once another has: it fails at once.
    One that begins as a writer waits for its turn: first among the threads of this
    process, then among the processes.
    """
    in_request = has_request_context()
    if in_request:
        g.db_end = monotonic() + REQUEST_TIMEOUT
    if in_request and request.method in READING:
        dbapi_connection.execute("BEGIN")
    else:
        if not write_lock.acquire(timeout=BUSY_TIMEOUT):
            raise OperationalError("database is locked")
        try:
            dbapi_connection.execute("BEGIN IMMEDIATE")
        finally:
            write_lock.release()


def _prepare(connection: DriverConnection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.set_progress_handler(_is_late, 100_000)


def _is_late() -> bool:
    return has_request_context() and monotonic() > g.db_end


def _prepare_to_migrate(connection: DriverConnection, _record: object) -> None:
    # Readers don't wait for a writer then. The file keeps this setting.
    connection.execute("PRAGMA journal_mode = WAL")
    # A table is altered by replacing it, which must not delete what refers to it.
    connection.execute("PRAGMA foreign_keys = OFF")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken:
        raise SQLAlchemyError(f"A row of the table {broken[0]} would refer to nothing.")
