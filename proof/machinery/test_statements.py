import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError
from tea_time import create_app
from tea_time.database import db_session

from .test_telemetry import SECRET, attributes, collector, traced  # noqa: F401

FAULTS = (OperationalError, ProgrammingError)


def ask():
    db_session.execute(text("SELECT\n:typed"), {"typed": SECRET})
    return ""


def fail():
    with pytest.raises(FAULTS):
        db_session.execute(text("SELECT :typed FROM missing"), {"typed": SECRET})
    db_session.rollback()
    return ""


def test_a_statement_is_part_of_its_request(traced):  # noqa: F811
    app, spans = traced
    create_app({"APP_ENV": "testing"})  # A second listens no second time.
    app.add_url_rule("/ask", "ask", ask)
    assert app.test_client().get("/ask").status_code == 200
    found = spans()
    request, statement = found["GET /ask"], found["SELECT"]
    assert statement.trace_id == request.trace_id
    assert statement.parent_span_id == request.span_id
    assert statement.kind == statement.SPAN_KIND_CLIENT
    assert attributes(statement)["db.system.name"] == app.extensions["database"].kw["bind"].name
    assert attributes(statement)["db.query.text"].startswith("SELECT\n")
    assert request.start_time_unix_nano <= statement.start_time_unix_nano
    assert statement.end_time_unix_nano <= request.end_time_unix_nano
    assert SECRET not in str(found)


def test_a_statement_that_fails_has_a_span(traced):  # noqa: F811
    app, spans = traced
    app.add_url_rule("/fail", "fail", fail)
    assert app.test_client().get("/fail").status_code == 200
    found = spans()
    assert found["SELECT"].status.code == found["SELECT"].status.STATUS_CODE_ERROR
    assert SECRET not in str(found)


def test_without_a_statement_nothing_ends():
    from tea_time.telemetry import statements  # Not above: the application loads it by itself.

    class NoConnection:
        execution_context = None

    assert statements.end_failed_span(NoConnection()) is None
