"""What keeps tests away from every database but their own, and from each other."""

from collections.abc import Iterator

import pytest
from database_{{ cookiecutter.__database }} import new_database
from flask import Flask

from {{ cookiecutter.project_slug }} import create_app


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database for the tests alone, with every migration applied."""
    with new_database() as url:
        app = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
        runner = app.test_cli_runner(catch_exceptions=False)
        result = runner.invoke(args=["db", "upgrade"])
        assert result.exit_code == 0, result.output
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
