from datetime import UTC
from datetime import datetime

import pytest
from conftest import new_database
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import literal
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.database import db_session
from {{ cookiecutter.project_slug }}.database.utc_datetime import UTCDateTime


def add_number() -> str:
    db_session.execute(text("INSERT INTO numbers VALUES (1)"))
    return str(db_session.scalars(text("SELECT count(*) FROM numbers")).one())


def fail() -> str:
    raise OperationalError("SELECT 1", {}, ConnectionError("no response"))


def test_what_a_request_does_not_commit_is_rolled_back(client: FlaskClient) -> None:
    with client.application.app_context():
        db_session.execute(text("CREATE TABLE numbers (number integer)"))
        db_session.commit()
    client.application.add_url_rule("/numbers", view_func=add_number)
    assert client.get("/numbers").text == "1"
    assert client.get("/numbers").text == "1"


def test_a_time_comes_back_in_utc(app: Flask) -> None:
    now = datetime.now(UTC).astimezone()
    with app.app_context():
        [time] = db_session.scalars(select(literal(now, UTCDateTime)))
    assert (time, time.tzinfo) == (now, UTC)


def test_every_migration_can_be_reverted() -> None:
    """And `check` finds no change of the models without a migration."""
    with new_database() as url:
        app = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
        for words in ["upgrade"], ["check"], ["downgrade", "base"], ["upgrade"]:
            result = app.test_cli_runner().invoke(args=["db", *words])
            assert result.exit_code == 0, result.output
        assert app.test_cli_runner().invoke(args=["db", "stamp", "x"]).exit_code == 1


def test_a_missing_table_is_told_how_to_make_it(app: Flask) -> None:
    with app.app_context(), pytest.raises(SQLAlchemyError) as error:
        db_session.execute(text("SELECT * FROM missing"))
    assert "flask db upgrade" in error.value.__notes__[0]


def test_a_database_that_is_away_is_a_503(client: FlaskClient) -> None:
    client.application.add_url_rule("/fail", view_func=fail)
    assert client.get("/fail").status_code == 503
