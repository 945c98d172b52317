"""Traces: a span for each request, sent to an OpenTelemetry collector over HTTP."""

import os

from flask import Flask
from flask import Response
from flask import g
from flask import request
from flask import request_finished
from flask import request_started
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from . import method_and_route


def start_span(_app: Flask, **_: object) -> None:
    """Begin the span of a request; a query may hold what only its sender knows."""
    method, route = method_and_route()
    g.trace_span = trace.get_tracer(__name__).start_as_current_span(
        f"{method} {route}",
        context=extract(request.headers),
        kind=trace.SpanKind.SERVER,
        attributes={
            "http.request.method": method,
            "http.route": route,
            "url.path": request.path,
        },
    )
    g.trace_span.__enter__()


def add_status(_app: Flask, *, response: Response, **_: object) -> None:
    span = trace.get_current_span()
    span.set_attribute("http.response.status_code", response.status_code)
    if response.status_code >= 500:
        span.set_status(trace.StatusCode.ERROR)


def end_span(error: BaseException | None) -> None:
    """End the span, with the error that nothing has handled."""
    if span := g.pop("trace_span", None):
        span.__exit__(type(error) if error else None, error, None)


def init_app(app: Flask) -> None:
    """Trace requests; OpenTelemetry reads where to and how from its own variables."""
    os.environ.setdefault("OTEL_SERVICE_NAME", app.name)
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    request_started.connect(start_span, app)
    request_finished.connect(add_status, app)
    app.teardown_request(end_span)
