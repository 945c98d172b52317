"""Fixtures that give the tests a PostgreSQL database, and roll back what each does."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy import make_url

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.config import ConfigurationError
from {{ cookiecutter.project_slug }}.database import development_server

FOLDER = Path(__file__).parents[1] / "instance" / "postgresql"


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of an empty database, which is there until the block ends.

    It is made on the server that TEST_DATABASE_URL names, else on the project's own.
    """
    try:
        url = os.environ.get("TEST_DATABASE_URL") or development_server.url(FOLDER)
    except ConfigurationError as error:
        pytest.exit(str(error), returncode=1)
    server = make_url(url).set(drivername="postgresql")
    name = f"test_{token_hex(8)}"
    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    text = server.render_as_string(hide_password=False)
    with psycopg.connect(text, autocommit=True) as connection:
        connection.execute(create)
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(drop)
{% include "database_fixtures" %}
