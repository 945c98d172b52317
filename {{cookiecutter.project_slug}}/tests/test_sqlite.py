from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from database_sqlite import new_database
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.database import db_session
from {{ cookiecutter.project_slug }}.database import sqlite
from {{ cookiecutter.project_slug }}.environment import ConfigurationError


@pytest.fixture
def shared_app() -> Iterator[Flask]:
    """The application, with a number that its threads can change."""
    with new_database() as url:
        app = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
        app.test_cli_runner().invoke(args=["db", "upgrade"])
        with app.app_context():
            db_session.execute(text("CREATE TABLE numbers (number integer)"))
            db_session.execute(text("INSERT INTO numbers VALUES (0)"))
            db_session.commit()
        yield app
        app.extensions["database"].kw["bind"].dispose()


@pytest.fixture
def migrating() -> Iterator[Engine]:
    """What migrations run on, with a book that belongs to an author."""
    with new_database() as url:
        app = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
        engine = sqlite.make_engine(app, migrating=True)
        with engine.begin() as connection:
            for statement in (
                "CREATE TABLE authors (id integer PRIMARY KEY)",
                "CREATE TABLE books (author REFERENCES authors ON DELETE CASCADE)",
                "INSERT INTO authors VALUES (1)",
                "INSERT INTO books VALUES (1)",
            ):
                connection.exec_driver_sql(statement)
        yield engine
        engine.dispose()


def increment(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        number = db_session.execute(text("SELECT number FROM numbers")).scalar_one()
        db_session.execute(text("UPDATE numbers SET number = :n"), {"n": number + 1})
        db_session.commit()


def test_the_file_is_in_the_instance_folder(tmp_path: Path) -> None:
    folder = tmp_path / "instance?#%20"
    app = Flask(__name__, instance_path=str(folder))
    app.config.update(APP_ENV="testing", DATABASE_URL="")
    engine = sqlite.make_engine(app)
    with engine.connect():
        assert (folder / "app.db").exists()
    engine.dispose()


def test_another_database_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="must begin with sqlite:///"):
        create_app({"APP_ENV": "testing", "DATABASE_URL": "mysql://host/name"})


def test_foreign_keys_hold(app: Flask) -> None:
    with app.app_context():
        assert db_session.scalar(text("PRAGMA foreign_keys")) == 1


def test_writers_take_turns(shared_app: Flask) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(increment, [shared_app] * 40))
    with shared_app.app_context():
        assert db_session.scalar(text("SELECT number FROM numbers")) == 40


def test_a_writer_waits_only_so_long(
    shared_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.01)
    with sqlite.write_lock, pytest.raises(OperationalError, match="is locked"):
        increment(shared_app)


def test_a_reader_does_not_wait_for_a_writer(shared_app: Flask) -> None:
    with shared_app.extensions["database"].begin() as writer:
        writer.execute(text("UPDATE numbers SET number = 7"))
        with shared_app.test_request_context():
            assert db_session.scalar(text("SELECT number FROM numbers")) == 0


def test_a_table_is_replaced_and_what_refers_to_it_stays(migrating: Engine) -> None:
    with migrating.begin() as connection:
        connection.exec_driver_sql("DROP TABLE authors")
        connection.exec_driver_sql("CREATE TABLE authors (id integer PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO authors VALUES (1)")
    with migrating.connect() as connection:
        assert connection.exec_driver_sql("SELECT author FROM books").scalar() == 1


def test_a_migration_leaves_no_reference_to_nothing(migrating: Engine) -> None:
    with pytest.raises(SQLAlchemyError, match="books"), migrating.begin() as connection:
        connection.exec_driver_sql("DELETE FROM authors")
    with migrating.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM authors").scalar() == 1
