"""Telemetry: metrics for Prometheus, and traces for OpenTelemetry."""

import os
from hmac import compare_digest
from time import perf_counter

import prometheus_client
from flask import Flask
from flask import Response
from flask import abort
from flask import current_app
from flask import g
from flask import request
from flask import request_finished
from flask import request_started
from prometheus_client import multiprocess

from ..config import check_key
from ..config import read

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
DURATION = prometheus_client.Histogram(
    "http_server_request_duration_seconds",
    "How long requests took.",
    ("method", "route", "status"),
)


def method_and_route() -> tuple[str, str]:
    """Return what a request asks for: few values, whatever clients send."""
    method = request.method if request.method in METHODS else "_OTHER"
    return method, request.url_rule.rule if request.url_rule else "unmatched"


def start_timer(_app: Flask, **_: object) -> None:
    g.metrics_start = perf_counter()


def stop_timer(_app: Flask, *, response: Response, **_: object) -> None:
    duration = DURATION.labels(*method_and_route(), response.status_code)
    duration.observe(perf_counter() - g.metrics_start)


def metrics() -> Response:
    """Respond with the metrics of all worker processes."""
    expected = f"Bearer {current_app.config['METRICS_TOKEN']}".encode()
    if not compare_digest(request.headers.get("Authorization", "").encode(), expected):
        abort(401)
    registry = prometheus_client.REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = prometheus_client.CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    text = prometheus_client.generate_latest(registry)
    return Response(text, content_type=prometheus_client.CONTENT_TYPE_LATEST)


def init_app(app: Flask) -> None:
    """Set up what the settings ask for; by default, nothing."""
    token = app.config.setdefault("METRICS_TOKEN", read("METRICS_TOKEN", ""))
    if token:
        check_key("METRICS_TOKEN", token)
        request_started.connect(start_timer, app)
        request_finished.connect(stop_timer, app)
        app.add_url_rule("/metrics", view_func=metrics)
    if read("OTEL_EXPORTER_OTLP_ENDPOINT", ""):
{% if cookiecutter.__database != 'none' %}
        from . import statements  # noqa: F401 - it listens to the database.
{% endif %}
        from . import traces  # It takes long to import.

        traces.init_app(app)
