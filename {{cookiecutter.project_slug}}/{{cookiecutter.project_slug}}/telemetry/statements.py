"""Traces of the database: a span for each statement, without its values."""

from typing import Any

from flask import Flask
from opentelemetry import trace
from sqlalchemy import Engine
from sqlalchemy import ExceptionContext
from sqlalchemy import event

from . import traces


def start_span(conn: Any, statement: str, context: Any, **_: object) -> None:
    """Begin the span of a statement."""
    context.span = trace.get_tracer(__name__).start_span(
        statement.split(maxsplit=1)[0],
        kind=trace.SpanKind.CLIENT,
        attributes={"db.system.name": conn.dialect.name, "db.query.text": statement},
    )


def end_span(context: Any, **_: object) -> None:
    """End it."""
    context.span.end()


def end_failed_span(error: ExceptionContext) -> None:
    """End it where the statement fails; there is none where no connection is made."""
    if span := getattr(error.execution_context, "span", None):
        span.set_status(trace.StatusCode.ERROR)
        span.end()


def init_app(app: Flask) -> None:
    """Trace requests, and the statements that they send to the database."""
    traces.init_app(app)
    event.listen(Engine, "before_cursor_execute", start_span, named=True)
    event.listen(Engine, "after_cursor_execute", end_span, named=True)
    event.listen(Engine, "handle_error", end_failed_span)
