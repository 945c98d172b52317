"""PostgreSQL databases for tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL
from sqlalchemy import make_url

from {{ cookiecutter.project_slug }}.database import development_server
from {{ cookiecutter.project_slug }}.environment import ConfigurationError

FOLDER = Path(__file__).parents[1] / "instance" / "postgresql"


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of an empty database, which is there until the block ends.

    It is made on the server that TEST_DATABASE_URL names, else on the project's own.
    """
    server = make_url(_server()).set(drivername="postgresql")
    name = f"test_{token_hex(8)}"
    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(_text(server), autocommit=True) as connection:
        connection.execute(create)
        try:
            yield _text(server.set(database=name))
        finally:
            connection.execute(drop)


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _server() -> str:
    try:
        return os.environ.get("TEST_DATABASE_URL") or development_server.url(FOLDER)
    except ConfigurationError as error:
        pytest.exit(str(error), returncode=1)
