"""Databases for tests, and what keeps tests away from every other."""

{% if cookiecutter.__database == 'postgresql' %}
import os
{% endif %}
from collections.abc import Iterator
from contextlib import contextmanager
{% if cookiecutter.__database == 'postgresql' %}
from pathlib import Path
from secrets import token_hex
{% else %}
from tempfile import TemporaryDirectory
{% endif %}

{% if cookiecutter.__database == 'postgresql' %}
import psycopg
{% endif %}
import pytest
from flask import Flask
{% if cookiecutter.__database == 'postgresql' %}
from psycopg import sql
from sqlalchemy import make_url
{% endif %}

from {{ cookiecutter.project_slug }} import create_app
{% if cookiecutter.__database == 'postgresql' %}
from {{ cookiecutter.project_slug }}.database import development_server
from {{ cookiecutter.project_slug }}.environment import ConfigurationError

FOLDER = Path(__file__).parents[1] / "instance" / "postgresql"
{% endif %}


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for the tests alone, with every migration applied."""
    with new_database() as url:
        app = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
        app.test_cli_runner().invoke(args=["db", "upgrade"], catch_exceptions=False)
        yield url


@pytest.fixture(autouse=True)
def no_other_database(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    """Keep the tests away from the database of development, or worse."""
    monkeypatch.setenv("DATABASE_URL", database_url)


@pytest.fixture(autouse=True)
def rolled_back(no_other_database: None, app: Flask) -> Iterator[None]:
    """Roll back what a test does to the database, commits included."""
    sessions = app.extensions["database"]
    engine = sessions.kw["bind"]
    with engine.connect() as connection, connection.begin() as transaction:
        sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield
        transaction.rollback()
    engine.dispose()


{% if cookiecutter.__database == 'sqlite' %}
@contextmanager
def new_database() -> Iterator[str]:
    """The URL of an empty database, which is there until the block ends."""
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/test.db"
{% else %}
@contextmanager
def new_database() -> Iterator[str]:
    """The URL of an empty database, which is there until the block ends.

    It is made on the server that TEST_DATABASE_URL names, else on the project's own.
    """
    server = _server()
    name = f"test_{token_hex(8)}"
    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(create)
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        connection.execute(drop)


def _server() -> str:
    try:
        return os.environ.get("TEST_DATABASE_URL") or development_server.url(FOLDER)
    except ConfigurationError as error:
        pytest.exit(str(error), returncode=1)
{% endif %}
