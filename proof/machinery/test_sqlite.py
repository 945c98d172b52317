import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from conftest import new_database
from flask import Flask
from sqlalchemy import Column, String, event, text
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError, TimeoutError
from tea_time import create_app
from tea_time.config import ConfigurationError
from tea_time.database import db_session, sqlite

from .helpers import EXAMPLE, GUIDES, database_settings


@pytest.fixture
def shared_app():
    """The application, with a number that its threads can change."""
    with database_settings() as settings:
        app = create_app({"APP_ENV": "testing", **settings})
        with app.app_context():
            db_session.execute(text("CREATE TABLE numbers (number integer)"))
            db_session.execute(text("INSERT INTO numbers VALUES (0)"))
            db_session.commit()
        yield app
        app.extensions["database"].kw["bind"].dispose()


@pytest.fixture
def migrating():
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


def increment(app):
    with app.test_request_context(method="POST"):
        number = db_session.scalar(text("SELECT number FROM numbers"))
        db_session.execute(text("UPDATE numbers SET number = :n"), {"n": number + 1})
        db_session.commit()


def test_the_file_is_in_the_instance_folder(tmp_path):
    folder = tmp_path / "instance?#%20"
    app = Flask(__name__, instance_path=str(folder))
    app.config.update(APP_ENV="testing", DATABASE_URL="")
    engine = sqlite.make_engine(app)
    with engine.connect():
        assert (folder / "app.db").exists()
    engine.dispose()
    assert folder.stat().st_mode & 0o777 == 0o700
    app.config["DATABASE_URL"] = re.search(r"sqlite:///\S+(?=;)", EXAMPLE)[0]
    assert sqlite.make_engine(app).url.database == "/var/lib/app/app.db"


def test_the_application_starts_where_no_folder_can_be_made(tmp_path):
    Path(tmp_path, "instance").touch()
    app = Flask(__name__, instance_path=str(tmp_path / "instance" / "folder"))
    app.config.update(APP_ENV="testing", DATABASE_URL="")
    with pytest.raises(OperationalError, match="unable to open"):
        sqlite.make_engine(app).connect()


def test_a_file_that_cannot_be_opened_is_one_line(tmp_path):
    app = create_app({"APP_ENV": "testing", "DATABASE_URL": f"sqlite:///{tmp_path}/no/app.db"})
    for words in ["upgrade"], ["current"]:
        result = app.test_cli_runner().invoke(args=["db", *words])
        assert result.exit_code == 1
        assert result.output == "Error: unable to open database file\n"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/name",
        "sqlite:",
        "app.db",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file:app.db?mode=memory&uri=true",
    ],
)
def test_what_is_no_file_is_refused(url):
    said = "^DATABASE_URL must be sqlite:/// and a file's path.$"
    with pytest.raises(ConfigurationError, match=said):
        create_app({"APP_ENV": "testing", "DATABASE_URL": url})


def test_foreign_keys_hold(shared_app):
    with shared_app.app_context():
        assert db_session.scalar(text("PRAGMA foreign_keys")) == 1
        assert db_session.scalar(text("PRAGMA journal_mode")) == "wal"
        db_session.execute(text("CREATE TABLE authors (id integer PRIMARY KEY)"))
        db_session.execute(text("CREATE TABLE books (author REFERENCES authors)"))
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            db_session.execute(text("INSERT INTO books VALUES (1)"))


def test_ninety_writers_at_once_take_turns(shared_app):
    with ThreadPoolExecutor(90) as threads:
        list(threads.map(increment, [shared_app] * 90))
    with shared_app.test_request_context():
        assert db_session.scalar(text("SELECT number FROM numbers")) == 90


def test_a_writer_waits_only_so_long(shared_app, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.01)
    with sqlite.write_lock, pytest.raises(OperationalError, match="database is locked"):
        increment(shared_app)
    increment(shared_app)


def test_a_writer_of_another_process_is_waited_for(shared_app):
    """Two engines do not share connections, as two processes do not."""
    url = shared_app.config["DATABASE_URL"]
    other = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
    with ThreadPoolExecutor(1) as threads, other.app_context():
        db_session.execute(text("UPDATE numbers SET number = 7"))
        waiting = threads.submit(increment, shared_app)
        time.sleep(0.1)
        assert not waiting.done()
        db_session.commit()
        waiting.result(timeout=5)
        assert db_session.scalar(text("SELECT number FROM numbers")) == 8
    other.extensions["database"].kw["bind"].dispose()


@pytest.fixture
def impatient_app(shared_app):
    """The application, whose requests wait for a writer for a moment only."""
    engine = shared_app.extensions["database"].kw["bind"]
    engine.dispose()
    event.listen(engine, "connect", lambda each, _: each.execute("PRAGMA busy_timeout = 10"))
    return shared_app


@pytest.mark.parametrize("method", "DELETE GET HEAD OPTIONS PATCH POST PUT".split())
def test_a_reader_does_not_wait_for_a_writer(impatient_app, method):
    words = r"may write, all but (\w+), (\w+) and (\w+), take turns"
    readers = re.search(words, GUIDES["database"]).groups()
    with impatient_app.extensions["database"].begin() as writer:
        writer.execute(text("UPDATE numbers SET number = 7"))
        with impatient_app.test_request_context(method=method):
            if method in readers:
                assert db_session.scalar(text("SELECT number FROM numbers")) == 0
            else:
                with pytest.raises(OperationalError, match="is locked"):
                    db_session.scalar(text("SELECT number FROM numbers"))


def test_a_get_that_reads_and_then_writes_can_fail(shared_app):
    """At once, and not when it has waited as long as a writer does."""
    with shared_app.test_request_context():
        db_session.scalar(text("SELECT number FROM numbers"))
        with shared_app.extensions["database"].begin() as writer:
            writer.execute(text("UPDATE numbers SET number = 7"))
        start = time.monotonic()
        with pytest.raises(OperationalError, match="is locked"):
            db_session.execute(text("UPDATE numbers SET number = 8"))
        assert time.monotonic() - start < sqlite.BUSY_TIMEOUT / 2
    increment(shared_app)  # By a POST.


def test_a_command_keeps_writers_out_until_it_ends_its_transaction(shared_app, request):
    seconds = int(re.search(r"fail after (\d+) seconds", GUIDES["database"])[1])
    with shared_app.test_request_context(method="POST"):
        assert db_session.scalar(text("PRAGMA busy_timeout")) == seconds * 1000
    assert sqlite.BUSY_TIMEOUT == seconds
    impatient_app = request.getfixturevalue("impatient_app")
    url = impatient_app.config["DATABASE_URL"]
    command = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
    with command.app_context():
        db_session.scalar(text("SELECT number FROM numbers"))
        with pytest.raises(OperationalError, match="is locked"):
            increment(impatient_app)
        db_session.rollback()
        increment(impatient_app)
    command.extensions["database"].kw["bind"].dispose()


def test_a_reader_sees_one_state(shared_app):
    with shared_app.test_request_context():
        assert db_session.scalar(text("SELECT number FROM numbers")) == 0
        with shared_app.extensions["database"].begin() as writer:
            writer.execute(text("UPDATE numbers SET number = 7"))
        assert db_session.scalar(text("SELECT number FROM numbers")) == 0


def test_a_table_is_replaced_and_what_refers_to_it_stays(migrating):
    with migrating.begin() as connection:
        connection.exec_driver_sql("DROP TABLE authors")
        connection.exec_driver_sql("CREATE TABLE authors (id integer PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO authors VALUES (1)")
    with migrating.connect() as connection:
        assert connection.exec_driver_sql("SELECT author FROM books").scalar() == 1


def test_a_batch_migration_keeps_what_refers_to_its_table(migrating):
    with migrating.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("authors", recreate="always") as table:
            table.add_column(Column("name", String(50)))
    with migrating.connect() as connection:
        assert connection.exec_driver_sql("SELECT author FROM books").scalar() == 1
        assert connection.exec_driver_sql("SELECT id, name FROM authors").all() == [(1, None)]
        [key] = connection.exec_driver_sql("PRAGMA foreign_key_list(books)").all()
        assert "authors" in key


def test_a_migration_may_not_break_a_reference(migrating):
    with (
        pytest.raises(SQLAlchemyError, match="^A row of the table books would refer to nothing.$"),
        migrating.begin() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM authors")
    with migrating.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM authors").scalar() == 1


ENDLESS = (
    "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {}) "
    "SELECT count(*) FROM n"
)


def test_a_statement_of_a_request_has_an_end(shared_app, monkeypatch):
    monkeypatch.setattr(sqlite, "REQUEST_TIMEOUT", 0.2)
    with shared_app.test_request_context():
        with pytest.raises(OperationalError, match="interrupted"):
            db_session.execute(text(ENDLESS.format(10**9)))
    with shared_app.test_request_context():
        assert db_session.scalar(text("SELECT number FROM numbers")) == 0


def test_each_transaction_of_a_request_has_half_a_minute(shared_app, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(sqlite, "monotonic", lambda: now[0])
    with shared_app.test_request_context():
        for seconds in (29, 29, 31):
            db_session.execute(text("SELECT 1"))
            now[0] += seconds
            long = text(ENDLESS.format(10**6))
            if seconds < 30:
                assert db_session.scalar(long) == 10**6
            else:
                with pytest.raises(OperationalError, match="interrupted"):
                    db_session.scalar(long)
            db_session.rollback()


def test_a_long_statement_may_take_its_time(shared_app):
    with shared_app.test_request_context():
        assert db_session.scalar(text(ENDLESS.format(10**5))) == 10**5


def test_a_command_has_no_such_end(shared_app, monkeypatch):
    """Nor does a request before it on the same connection leave it one."""
    monkeypatch.setattr(sqlite, "REQUEST_TIMEOUT", 0)
    with shared_app.test_request_context():
        db_session.scalar(text("SELECT number FROM numbers"))
    with shared_app.app_context():
        assert db_session.scalar(text(ENDLESS.format(10**6))) == 10**6


def test_ten_connections_are_all_there_are(shared_app, monkeypatch):
    """Of fifteen threads some are left for what needs no database."""
    monkeypatch.setattr(sqlite, "POOL_TIMEOUT", 0.01)
    engine = sqlite.make_engine(shared_app)
    with ExitStack() as held:
        for _ in range(10):
            held.enter_context(engine.connect())
        with pytest.raises(TimeoutError):
            engine.connect()
    engine.dispose()


@pytest.mark.parametrize("statement", ["SELEC 1", ENDLESS.format(10**9)])
def test_a_faulty_statement_is_no_outage(shared_app, monkeypatch, statement):
    shared_app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(sqlite, "REQUEST_TIMEOUT", 0.2)

    def view():
        return str(db_session.execute(text(statement)).all())

    shared_app.add_url_rule("/view", view_func=view)
    assert shared_app.test_client().get("/view").status_code == 500
