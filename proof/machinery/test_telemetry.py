import contextlib
import gzip
import http.server
import json
import os
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import DEFAULT_ENDPOINT
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.util._once import Once
from prometheus_client.parser import text_string_to_metric_families
from tea_time import create_app
from tea_time.config import ConfigurationError

from .helpers import EXAMPLE, KEY, PRODUCTION, database_settings, run
from .test_server import Server

COUNT = "http_server_request_duration_seconds_count"
PROMETHEUS = f"Authorization: Bearer {KEY}"
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
SECRET = "typed-by-somebody"
VIEWS = """
import os, time
app.add_url_rule("/version", "version", lambda: "first")
app.add_url_rule("/cups/<name>", "cups", lambda name: time.sleep(0.02) or str(os.getpid()))
app.add_url_rule("/folder", "folder", lambda: os.environ["PROMETHEUS_MULTIPROC_DIR"])
"""


def counts(text):
    """How many requests there were by method, route and status, as a Prometheus reads it."""
    return {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == COUNT
    }


class Collector(http.server.BaseHTTPRequestHandler):
    """Takes what an application sends by OTLP, as a collector does."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        assert self.path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = attributes(resource.resource)["service.name"]
            for scope in resource.scope_spans:
                self.server.spans += [(service, span) for span in scope.spans]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments):
        """Say nothing."""


def attributes(message):
    """A span's own, or its resource's."""
    return {
        each.key: each.value.string_value or each.value.int_value for each in message.attributes
    }


@pytest.fixture(scope="module")
def collector():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        server.spans = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.endpoint = f"http://127.0.0.1:{server.server_port}"
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def server(tmp_path_factory, collector):
    """Three workers, which are measured and traced, and have one folder to write to."""
    writable = tmp_path_factory.mktemp("writable")
    more = {
        "GUNICORN_CMD_ARGS": f"--worker-tmp-dir={writable}",
        "METRICS_TOKEN": KEY,
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
        "WEB_CONCURRENCY": "3",
    }
    with database_settings() as settings:
        server = Server(tmp_path_factory.mktemp("telemetry"), {**settings, **more}, VIEWS)
        server.writable = writable
        try:
            yield server
        finally:
            server.process.kill()
            server.process.communicate()


def read_metrics(server):
    status, text = server.get("/metrics", PROMETHEUS)
    assert status == 200
    return counts(text)


def test_metrics_are_for_nobody_without_the_token(server):
    for header in (
        "Accept: */*",
        "Authorization: Bearer ",
        f"Authorization: {KEY}",
        f"{PROMETHEUS}x",
    ):
        assert server.get("/metrics", header)[0] == 401
    client = create_app({"APP_ENV": "testing", "METRICS_TOKEN": ""}).test_client()
    for value in ("Bearer", "Bearer ", f"Bearer {KEY}"):
        assert client.get("/metrics", headers={"Authorization": value}).status_code == 404
    assert server.get("/metrics", PROMETHEUS)[0] == 200


def test_the_metrics_of_all_workers_add_up(server):
    workers, server.asked = set(), 0
    with ThreadPoolExecutor(30) as threads:
        while len(workers) < 2:
            assert server.asked < 3000
            paths = [f"/cups/{number}?token={SECRET}" for number in range(30)]
            workers |= {body for _, body in threads.map(server.get, paths)}
            server.asked += len(paths)
    for _ in range(10):
        assert read_metrics(server)["GET", "/cups/<name>", "200"] == server.asked


def test_nothing_is_lost_with_a_worker(server):
    os.kill(int(server.get("/cups/x")[1]), signal.SIGKILL)
    server.process.send_signal(signal.SIGHUP)
    time.sleep(1)
    server.wait_for("/version", "first")
    assert read_metrics(server)["GET", "/cups/<name>", "200"] == server.asked + 1


def test_no_client_makes_a_label(server):
    for number in range(20):
        server.send(f"X{number} /{number} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        server.get(f"/nothing/{number}")
    labels = {key[:2] for key in read_metrics(server)}
    assert {("_OTHER", "unmatched"), ("GET", "unmatched"), ("GET", "/cups/<name>")} <= labels
    assert len(labels) < 12


def test_the_folder_goes_with_the_server_and_no_span_is_lost(server, collector):
    folder = Path(server.get("/folder")[1])
    assert list(folder.iterdir())
    assert folder.parent == server.writable
    assert folder.stat().st_mode & 0o077 == 0
    server.get("/cups/last", f"traceparent: {PARENT['traceparent']}")
    said = server.stop()
    assert "Traceback" not in said
    assert not folder.exists()
    [last] = [span for _, span in collector.spans if span.trace_id.hex() == TRACE]
    assert last.name == "GET /cups/<name>"
    assert last.kind == last.SPAN_KIND_SERVER
    assert attributes(last)["http.response.status_code"] == 200
    assert {service for service, _ in collector.spans} == {"tea_time"}
    assert SECRET not in str(collector.spans)


def test_a_collector_that_is_away_does_not_keep_the_server(tmp_path):
    more = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    with database_settings() as settings:
        server = Server(tmp_path, {**settings, **more}, VIEWS)
        start = time.monotonic()
        assert server.get("/cups/x")[0] == 200
        assert time.monotonic() - start < 5
        start = time.monotonic()
        assert "Traceback" not in server.stop()
    assert time.monotonic() - start < 30


def test_by_default_nothing_is_imported_that_is_not_used():
    code = "import sys, wsgi; print('opentelemetry' in sys.modules, '/metrics' in str(wsgi.app.url_map))"
    with database_settings() as settings:
        result = run("-c", code, **PRODUCTION, **settings)
    assert result.stdout == "False False\n", result.stderr


@pytest.mark.parametrize("token", ["short", "x" * 40, "change-this-token-to-one-of-your-own"])
def test_a_token_that_can_be_guessed_is_refused(token):
    with pytest.raises(ConfigurationError, match="METRICS_TOKEN .+ To make one"):
        create_app({"APP_ENV": "testing", "METRICS_TOKEN": token})


@pytest.fixture
def measured():
    return create_app({"APP_ENV": "testing", "METRICS_TOKEN": KEY}).test_client()


def metrics_of(client):
    response = client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
    assert response.mimetype == "text/plain"
    return counts(response.text)


def test_the_metric_says_what_it_measures(measured):
    measured.application.add_url_rule("/tea", "tea", lambda: time.sleep(0.05) or "")
    measured.get("/tea")
    text = measured.get("/metrics", headers={"Authorization": f"Bearer {KEY}"}).text
    said = "# HELP http_server_request_duration_seconds How long requests took."
    assert said in text.splitlines()
    [took] = re.findall(r'_seconds_sum{method="GET",route="/tea",status="200"} (\S+)', text)
    assert 0.05 <= float(took) < 5


@pytest.mark.parametrize("method", ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
def test_each_method_has_its_label(measured, method):
    key = method, "unmatched", "404"
    before = metrics_of(measured).get(key, 0)
    measured.open("/nothing", method=method)
    assert metrics_of(measured)[key] == before + 1


def test_errors_and_refusals_are_counted(measured):
    measured.application.config["PROPAGATE_EXCEPTIONS"] = False
    measured.application.add_url_rule("/fail", "fail", lambda: 1 / 0)
    before = metrics_of(measured)
    measured.get("/fail")
    measured.get("/nothing")
    measured.open("/fail", method="FROB")
    measured.post("/fail", environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked"})
    found = metrics_of(measured)
    new = {key: found[key] - before.get(key, 0) for key in found if found[key] != before.get(key)}
    new.pop(("GET", "/metrics", "200"))
    assert new == {
        ("GET", "/fail", "500"): 1,
        ("GET", "unmatched", "404"): 1,
        ("_OTHER", "unmatched", "405"): 1,
        ("POST", "unmatched", "411"): 1,
    }


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer \u00e9", f"bearer {KEY}", f"Basic {KEY}", "Bearer None"]
)
def test_only_the_token_lets_in(measured, value):
    assert measured.get("/metrics", headers={"Authorization": value}).status_code == 401


def test_metrics_are_for_trusted_hosts():
    settings = {"METRICS_TOKEN": KEY, "TRUSTED_HOSTS": ("good.example",)}
    client = create_app({"APP_ENV": "testing", **settings}).test_client()
    for host, status in {"good.example": 200, "localhost": 400}.items():
        headers = {"Authorization": f"Bearer {KEY}", "Host": host}
        assert client.get("/metrics", headers=headers).status_code == status


def test_a_folder_of_the_workers_is_what_is_shown(measured, monkeypatch, tmp_path):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    measured.get("/")
    assert metrics_of(measured) == {}


@pytest.fixture
def traced(collector, monkeypatch):
    """A client of a traced application, and a function that returns its spans by name."""
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER_SET_ONCE", Once())
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint)
    monkeypatch.setenv("OTEL_SERVICE_NAME", "tea")
    app = create_app({"APP_ENV": "testing", "PROPAGATE_EXCEPTIONS": False})

    def spans():
        assert trace.get_tracer_provider().force_flush()
        found, collector.spans = collector.spans, []
        assert {service for service, _ in found} <= {"tea"}
        return {span.name: span for _, span in found}

    collector.spans = []
    yield app, spans
    trace.get_tracer_provider().shutdown()
    if sessions := app.extensions.get("database"):
        sessions.kw["bind"].dispose()


def test_a_request_goes_on_with_the_trace_of_its_client(traced):
    app, spans = traced
    app.add_url_rule("/cups/<name>", "cups", lambda name: name)
    app.test_client().get(f"/cups/tea?token={SECRET}", headers=PARENT)
    span = spans()["GET /cups/<name>"]
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, "b7ad6b7169203331")
    assert attributes(span) == {
        "http.request.method": "GET",
        "http.route": "/cups/<name>",
        "http.response.status_code": 200,
        "url.path": "/cups/tea",
    }
    assert SECRET not in str(span)


def test_an_error_is_in_its_span(traced):
    app, spans = traced
    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    app.add_url_rule("/away", "away", lambda: ("", 503))
    for path in ("/fail", "/away", "/nothing"):
        app.test_client().get(path)
    found = spans()
    fail, away, nothing = (found[f"GET {name}"] for name in ("/fail", "/away", "unmatched"))
    assert [span.status.code for span in (fail, away, nothing)] == [2, 2, 0]
    assert [event.name for event in fail.events] == ["exception"]
    assert "ZeroDivisionError" in str(fail.events)
    assert not away.events
    assert attributes(fail)["http.response.status_code"] == 500


def test_a_request_that_is_refused_early_has_a_span(traced):
    app, spans = traced
    app.test_client().post("/", environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked"})
    [span] = [span for name, span in spans().items() if name.startswith("POST")]
    assert attributes(span)["http.response.status_code"] == 411


def test_requests_do_not_share_a_trace(traced):
    app, spans = traced
    current = app.test_client().get
    app.add_url_rule("/one", "one", lambda: "")
    app.add_url_rule("/two", "two", lambda: "")
    current("/one", headers=PARENT)
    current("/two")
    found = spans()
    assert found["GET /two"].trace_id != found["GET /one"].trace_id
    assert not found["GET /two"].parent_span_id
    assert not trace.get_current_span().get_span_context().is_valid


def test_no_request_no_span(traced):
    app, spans = traced
    with app.test_request_context("/"), contextlib.suppress(ValueError):
        json.loads("")
    assert spans() == {}


def test_the_collector_of_the_example_is_where_collectors_are(traced, monkeypatch):
    assert re.findall(r"http://localhost:\d+", EXAMPLE) == [DEFAULT_ENDPOINT.rstrip("/")]
    app, spans = traced
    app.test_client().get("/")
    assert "GET /" in spans()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    create_app({"APP_ENV": "testing"}).test_client().get("/")
    assert spans() == {}
