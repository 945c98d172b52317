from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from enum import Enum

import pytest
from flask import Flask
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import VARCHAR
from sqlalchemy import Column
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import insert
from sqlalchemy import inspect
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.database import Base
from {{ cookiecutter.project_slug }}.database import db_session
from {{ cookiecutter.project_slug }}.database.utc_datetime import UTCDateTime

GOOD_KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


def add_number() -> str:
    db_session.execute(text("INSERT INTO numbers VALUES (1)"))
    return str(count_of_numbers())


def count_of_numbers() -> int:
    count: int = db_session.execute(text("SELECT count(*) FROM numbers")).scalar_one()
    return count


@pytest.fixture
def numbers(app: Flask) -> None:
    """A table, and a view that adds to it and forgets to commit."""
    with app.app_context():
        db_session.execute(text("CREATE TABLE numbers (number integer)"))
        db_session.commit()
    app.add_url_rule("/numbers", view_func=add_number)


@pytest.mark.usefixtures("numbers")
@pytest.mark.parametrize("_time", ["first", "second"])
def test_what_a_test_commits_is_gone_after_it(app: Flask, _time: str) -> None:
    with app.app_context():
        assert count_of_numbers() == 0
        add_number()
        db_session.commit()
    with app.app_context():
        assert count_of_numbers() == 1


@pytest.mark.usefixtures("numbers")
def test_what_a_request_does_not_commit_is_gone_after_it(client: FlaskClient) -> None:
    assert client.get("/numbers").text == "1"
    assert client.get("/numbers").text == "1"


def test_a_context_has_one_session(app: Flask) -> None:
    with app.app_context():
        db_session.info["seen"] = True
        assert "seen" in db_session.info
        with app.app_context():
            assert "seen" not in db_session.info


def test_a_request_without_sql_has_no_session(client: FlaskClient) -> None:
    with client:
        client.get("/nothing")
        assert "db_session" not in g


@pytest.fixture
def moments(app: Flask) -> Iterator[Table]:
    """A table of times."""
    table = Table("moments", MetaData(), Column("at", UTCDateTime))
    with app.app_context():
        table.create(db_session.connection())
        yield table


def test_a_time_comes_back_in_utc(moments: Table) -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    db_session.execute(insert(moments).values(at=noon))
    [time] = db_session.scalars(select(moments.c.at))
    assert time == noon
    assert time.tzinfo == UTC


def test_no_time_is_no_time(moments: Table) -> None:
    db_session.execute(insert(moments).values(at=None))
    assert db_session.scalars(select(moments.c.at)).all() == [None]


def test_a_time_without_a_zone_is_refused(moments: Table) -> None:
    with pytest.raises(StatementError, match="has no zone"):
        db_session.execute(insert(moments).values(at=datetime(2026, 1, 1)))


def test_an_enumeration_is_kept_as_text(app: Flask) -> None:
    Colour = Enum("Colour", ["RED", "GREEN"])

    class OtherBase(DeclarativeBase):
        type_annotation_map = Base.type_annotation_map

    class Pen(OtherBase):
        __tablename__ = "pens"
        colour: Mapped[Colour] = mapped_column(primary_key=True)

    with app.app_context():
        connection = db_session.connection()
        Pen.metadata.create_all(connection)
        [column] = inspect(connection).get_columns("pens")
        assert type(column["type"]) is VARCHAR


def test_the_shell_has_the_session(app: Flask) -> None:
    with app.app_context():
        assert app.make_shell_context()["db_session"] is db_session


def test_there_is_no_session_outside_of_a_context() -> None:
    with pytest.raises(RuntimeError, match="outside of application context"):
        db_session.commit()


def test_production_keeps_what_people_typed_out_of_the_log(database_url: str) -> None:
    settings = {"APP_ENV": "production", "SECRET_KEY": GOOD_KEY}
    app = create_app({**settings, "DATABASE_URL": database_url})
    with app.app_context(), pytest.raises(DBAPIError) as refused:
        db_session.execute(text("SELECT :word FROM nothing"), {"word": "typed"})
    assert "typed" not in str(refused.value)
    app.extensions["database"].kw["bind"].dispose()


def test_the_environment_says_where_it_is(database_url: str) -> None:
    app = create_app({"APP_ENV": "testing"})
    assert app.config["DATABASE_URL"] == database_url


def test_overrides_say_where_it_is(database_url: str) -> None:
    app = create_app({"APP_ENV": "testing", "DATABASE_URL": f"{database_url}2"})
    assert app.config["DATABASE_URL"] == f"{database_url}2"
