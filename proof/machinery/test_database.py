import re
import time
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum

import pytest
from flask import g
from sqlalchemy import (
    VARCHAR,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateTable
from tea_time import create_app
from tea_time.database import Base, db_session
from tea_time.database.utc_datetime import UTCDateTime

from .helpers import PRODUCTION

tzset = getattr(time, "tzset", lambda: None)  # Windows has none.
HINT = "The database may be behind its migrations: flask db upgrade"
SECRET = {"word": "typed by somebody"}


@pytest.fixture
def moments(app):
    """A table of times."""
    table = Table("moments", MetaData(), Column("at", UTCDateTime))
    with app.app_context():
        table.create(db_session.connection())
        yield table


def error_of(settings, statement, **parameters):
    app = create_app(settings)
    # A request that reads: the tests' own transaction keeps a writer from beginning.
    with app.test_request_context(), pytest.raises(DBAPIError) as error:
        db_session.execute(text(statement), parameters)
    app.extensions["database"].kw["bind"].dispose()
    return error.value


def test_a_context_has_one_session(app):
    with app.app_context():
        db_session.info["seen"] = True
        assert "seen" in db_session.info
        with app.app_context():
            assert "seen" not in db_session.info


def test_a_request_without_sql_has_no_session(client):
    with client:
        client.get("/nothing")
        assert "db_session" not in g


def test_a_session_begins_with_a_statement_and_ends_with_the_request(app):
    def view():
        assert "db_session" not in g
        db_session.execute(text("INSERT INTO numbers VALUES (1)"))
        sessions.append(g.db_session)
        assert g.db_session.in_transaction()
        return str(db_session.scalar(text("SELECT count(*) FROM numbers")))

    sessions = []
    with app.app_context():
        db_session.execute(text("CREATE TABLE numbers (number integer)"))
        db_session.commit()
    app.add_url_rule("/view", view_func=view, methods=["POST"])
    for _ in range(2):
        assert app.test_client().post("/view").text == "1"
        assert not sessions[-1].in_transaction()
    assert sessions[0] is not sessions[1]


def test_an_exception_closes_the_session(app):
    with pytest.raises(ZeroDivisionError), app.app_context():
        db_session.execute(text("SELECT 1"))
        session = g.db_session
        assert session.in_transaction()
        raise ZeroDivisionError
    assert not session.in_transaction()


def test_there_is_no_session_outside_of_a_context():
    with pytest.raises(RuntimeError, match="outside of application context"):
        db_session.commit()


@pytest.fixture(params=["UTC0", "JST-9"])
def zone(request, monkeypatch):
    """The zone of this machine."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        tzset()
        yield
    tzset()


def test_a_datetime_round_trips_in_utc(moments, zone):
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    db_session.execute(insert(moments).values(at=noon))
    [found] = db_session.scalars(select(moments.c.at))
    assert found == noon
    assert found.tzinfo == UTC


def test_a_null_datetime_round_trips(moments):
    db_session.execute(insert(moments).values(at=None))
    assert db_session.scalars(select(moments.c.at)).all() == [None]


def test_a_datetime_without_a_zone_is_refused(moments):
    said = r"2026-01-01 00:00:00 has no zone: use datetime\.now\(UTC\)\."
    with pytest.raises(StatementError, match=said):
        db_session.execute(insert(moments).values(at=datetime(2026, 1, 1)))


def test_datetimes_are_compared_in_utc(moments):
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    db_session.execute(insert(moments).values(at=noon))
    later = noon.astimezone(timezone(timedelta(hours=9))) + timedelta(seconds=1)
    assert db_session.scalars(select(moments.c.at).where(moments.c.at < later)).all() == [noon]
    assert db_session.scalars(select(moments.c.at).where(moments.c.at > later)).all() == []


def test_an_enumeration_is_stored_as_text(app):
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


def test_what_was_committed_is_read_without_another_transaction(app):
    class OtherBase(DeclarativeBase):
        """Of a table that only this test has."""

    class Pen(OtherBase):
        __tablename__ = "pens"
        number: Mapped[int] = mapped_column(primary_key=True)

    with app.app_context():
        Pen.metadata.create_all(db_session.connection())
        pen = Pen(number=3)
        db_session.add(pen)
        db_session.commit()
        assert pen.number == 3
        assert not db_session.in_transaction()


def test_a_request_waits_two_seconds_for_one_of_ten_connections(app):
    pool = app.extensions["database"].kw["bind"].engine.pool
    assert (pool.size(), pool.timeout()) == (10, 2)


def test_the_shell_has_the_session(app):
    with app.app_context():
        assert app.make_shell_context()["db_session"] is db_session


def test_production_keeps_parameters_out_of_errors():
    error = error_of(PRODUCTION, "SELECT :word FROM missing", **SECRET)
    assert "missing" in str(error.orig)
    assert "SQL parameters hidden" in str(error)
    assert "typed by somebody" not in str(error)


def test_development_shows_parameters_in_errors():
    error = error_of({"APP_ENV": "testing"}, "SELECT :word FROM missing", **SECRET)
    assert "typed by somebody" in str(error)


@pytest.mark.parametrize(
    ("statement", "notes"),
    [
        ("SELECT * FROM missing", [HINT]),
        ("SELECT missing FROM alembic_version", [HINT]),
        ("SELECT missing(", []),
    ],
)
def test_a_missing_table_or_column_names_the_command(statement, notes):
    error = error_of({"APP_ENV": "testing"}, statement)
    assert getattr(error, "__notes__", []) == notes


def test_the_log_names_the_command_too(app, caplog):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/x", "x", lambda: db_session.execute(text("SELECT * FROM missing")))
    assert app.test_client().get("/x").status_code == 500
    assert HINT in caplog.text


def test_the_environment_names_it(database_url):
    app = create_app({"APP_ENV": "testing"})
    assert app.config["DATABASE_URL"] == database_url


def test_overrides_win(database_url):
    app = create_app({"APP_ENV": "testing", "DATABASE_URL": f"{database_url}2"})
    assert app.config["DATABASE_URL"] == f"{database_url}2"


def test_every_constraint_has_a_name_of_its_own():
    """Also where several begin with the same column."""
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
    Table("teas", metadata, Column("id", primary_key=True), Column("size", primary_key=True))
    table = Table(
        "cups",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("tea", ForeignKey("teas.id"), index=True),
        Column("size", Integer),
        UniqueConstraint("tea"),
        UniqueConstraint("tea", "size"),
        Index(None, "tea", "size"),
        ForeignKeyConstraint(["tea", "size"], ["teas.id", "teas.size"]),
        CheckConstraint("tea < 9", "few"),
    )
    found = [each.name for each in table.indexes]
    found += re.findall(r"CONSTRAINT (\w+)", str(CreateTable(table)))
    assert sorted(found) == [
        "ck_cups_few",
        "fk_cups_tea_size_teas",
        "fk_cups_tea_teas",
        "ix_cups_tea",
        "ix_cups_tea_size",
        "pk_cups",
        "uq_cups_tea",
        "uq_cups_tea_size",
    ]


@pytest.mark.parametrize("_time", ["first", "second"])
def test_what_a_test_commits_is_gone_after_it(app, _time):
    with app.app_context():
        db_session.execute(text("CREATE TABLE numbers (number integer)"))
        db_session.execute(text("INSERT INTO numbers VALUES (1)"))
        db_session.commit()
    with app.app_context():
        assert db_session.execute(text("SELECT count(*) FROM numbers")).scalar_one() == 1
