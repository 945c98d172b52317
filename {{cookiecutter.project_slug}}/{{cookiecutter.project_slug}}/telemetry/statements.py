"""Traces of the database: a span for each statement, without its values."""

from typing import Any

from opentelemetry import trace
from sqlalchemy import Engine
from sqlalchemy import ExceptionContext
from sqlalchemy import event


@event.listens_for(Engine, "before_cursor_execute", named=True)
def start_span(conn: Any, statement: str, context: Any, **_: object) -> None:
    context.span = trace.get_tracer(__name__).start_span(
        statement.split(maxsplit=1)[0],
        kind=trace.SpanKind.CLIENT,
        attributes={"db.system.name": conn.dialect.name, "db.query.text": statement},
    )


@event.listens_for(Engine, "after_cursor_execute", named=True)
def end_span(context: Any, **_: object) -> None:
    context.span.end()


@event.listens_for(Engine, "handle_error")
def end_failed_span(error: ExceptionContext) -> None:
    """End the span of a statement; there is none where no connection is made."""
    if span := getattr(error.execution_context, "span", None):
        span.set_status(trace.StatusCode.ERROR)
        span.end()
