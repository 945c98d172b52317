import contextlib
import json
import logging
import re
import signal
import subprocess
import sys
import time

import pytest
from flask import Response
from tea_time import create_app

from .helpers import GUIDES, PRODUCTION, database_settings, run
from .test_server import GUNICORN, Server

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"
SECRET = "typed-by-somebody"
VIEWS = """
import os, time, warnings

def say(name):
    time.sleep(0.01)
    app.logger.info("said %s", name)
    return str(os.getpid())

def outside(environ, start_response, inside=app.wsgi_app):
    if environ["PATH_INFO"] == "/outside":
        raise ValueError("outside of Flask")
    return inside(environ, start_response)

app.wsgi_app = outside
app.add_url_rule("/version", "version", lambda: "first")
app.add_url_rule("/say/<name>", "say", say)
app.add_url_rule("/slow", "slow", lambda: time.sleep(1.05) or "")
app.add_url_rule("/fail", "fail", lambda: 1 / 0)
app.add_url_rule("/warn", "warn", lambda: warnings.warn("careful") or "")
"""


class LoggedServer(Server):
    """One whose two streams go to a file."""

    def start(self, *_options):
        with open(self.folder / "log", "w", encoding="utf-8") as log:
            return subprocess.Popen(
                [sys.executable, *GUNICORN],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def lines(self):
        text = (self.folder / "log").read_text(encoding="utf-8")
        assert text.replace("\n", "").isprintable()
        return [json.loads(line) for line in text.splitlines()]

    def wait_for_lines(self, count=1, **members):
        """All lines, once so many have these members."""
        for _ in range(1200):
            # The last may be half a line.
            with contextlib.suppress(ValueError):
                lines = self.lines()
                if sum(members.items() <= line.items() for line in lines) >= count:
                    return lines
            time.sleep(0.05)
        pytest.fail(f"too few lines have {members}: {self.lines()}")

    def lines_about(self, path, name):
        """Those of a request, once it is logged as one; and its response."""
        response = self.get(path, f"X-Request-ID: {name}")
        lines = self.wait_for_lines(logger="gunicorn.access", request_id=name)
        return [line for line in lines if line.get("request_id") == name], response


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Two workers, which log each request, as the guide has them do it."""
    [option] = re.findall("`GUNICORN_CMD_ARGS=([^`]+)`", GUIDES["deploy"])
    more = {"WEB_CONCURRENCY": "2", "GUNICORN_CMD_ARGS": option}
    with database_settings() as settings:
        server = LoggedServer(tmp_path_factory.mktemp("logs"), {**settings, **more}, VIEWS)
        try:
            yield server
        finally:
            server.process.terminate()
            server.process.wait(20)
    lines = server.lines()
    assert len(lines) > 10
    for line in lines:
        assert {"level", "logger", "message", "timestamp"} <= set(line)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", line["timestamp"])
    assert all("route" in line for line in lines if line["logger"] == "gunicorn.access")
    # Also where the client has sent none.
    assert all(line["request_id"] for line in lines if line.get("route") == "/version")
    assert SECRET not in json.dumps(lines)


def test_the_server_logs_as_the_application_does(server):
    messages = [line["message"] for line in server.lines() if line["logger"] == "gunicorn.error"]
    for start in ("Starting gunicorn", "Listening at", "Using worker", "Booting worker"):
        assert any(message.startswith(start) for message in messages)
    assert len(set(messages)) == len(messages)


def test_an_event_is_one_line(server):
    lines, _ = server.lines_about(f"/say/a%0D%0Ab%1B%5B31m%E2%80%A8?token={SECRET}", "web-1")
    said, request = lines
    assert said["message"] == "said a\r\nb\x1b[31m\u2028"
    assert (said["level"], said["logger"]) == ("INFO", "tea_time")
    assert request["message"] == "Request"
    assert (request["method"], request["route"]) == ("GET", "/say/<name>")
    assert request["status"] == 200
    assert 10 < request["duration_ms"] < 10_000


def test_a_request_of_more_than_a_second_is_logged_as_long_as_it_was(server):
    [request] = server.lines_about("/slow", "web-7")[0]
    assert 1050 < request["duration_ms"] < 10_000


def test_a_url_of_nobody_is_not_in_the_log(server):
    lines, _ = server.lines_about(f"/{SECRET}?token={SECRET}", "web-2")
    [request] = lines
    assert (request["route"], request["status"]) == (None, 404)


def test_an_error_is_one_line(server):
    lines, (status, _) = server.lines_about(f"/fail?token={SECRET}", "web-3")
    error, request = lines
    assert status == request["status"] == 500
    assert error["level"] == "ERROR"
    assert error["exc_info"].endswith("ZeroDivisionError: division by zero")


def test_a_warning_is_one_line(server):
    lines, _ = server.lines_about("/warn", "web-5")
    assert [line["logger"] for line in lines] == ["py.warnings", "gunicorn.access"]
    assert "UserWarning: careful" in lines[0]["message"]


def test_an_error_outside_of_flask_is_one_line(server):
    assert server.get(f"/outside?token={SECRET}")[0] == 500
    lines = server.wait_for_lines(message="Error handling request GET /outside")
    [error] = [line for line in lines if line["message"].endswith("/outside")]
    assert error["exc_info"].endswith("ValueError: outside of Flask")


@pytest.mark.parametrize(
    "request_line", [f"GET /?token={SECRET}\x1b HTTP/1.1", f"password={SECRET}", f"GET {SECRET}"]
)
def test_what_is_no_request_is_not_in_the_log(server, request_line):
    said = {"level": "WARNING", "logger": "gunicorn.error"}
    before = sum(said.items() <= line.items() for line in server.lines())
    assert server.send(f"{request_line}\r\n\r\n")[0] == 400
    lines = server.wait_for_lines(before + 1, **said)
    assert lines[-1]["message"].startswith("Invalid request from ip=127.0.0.1: ")


def test_an_event_is_one_line_after_a_signal_for_new_code(server):
    server.process.send_signal(signal.SIGHUP)
    server.wait_for_lines(message="Hang up: Master")
    server.wait_for("/version", "first")
    lines, _ = server.lines_about("/say/again", "web-6")
    assert [line["message"] for line in lines] == ["said again", "Request"]
    signals = [line for line in server.lines() if line["message"] == "Handling signal: hup"]
    assert len(signals) == 1


def test_without_the_option_no_request_is_logged(tmp_path):
    with database_settings() as settings:
        server = LoggedServer(tmp_path, settings, VIEWS)
        assert server.get("/say/tea")[0] == 200
        server.process.terminate()
        server.process.wait(20)
    names = [line["logger"] for line in server.lines() if "request_id" in line]
    assert names == ["tea_time"]


def test_what_is_logged_outside_of_a_request_has_no_id():
    """And of what others say only warnings are logged."""
    code = """
import logging
from wsgi import app
logging.getLogger("library").info("hm")
app.logger.info("by hand")
with app.app_context():
    app.logger.info("by a command")
"""
    with database_settings() as settings:
        result = run("-c", code, **PRODUCTION, **settings)
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert [line["message"] for line in lines] == ["by hand", "by a command"]
    for line in lines:
        assert set(line) == {"level", "logger", "message", "timestamp"}


def test_development_logs_what_flask_does():
    result = run("-c", "import wsgi; wsgi.app.logger.info('by hand')", APP_ENV="development")
    assert re.fullmatch(r"\[.+\] INFO in .+: by hand\n", result.stderr)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Request-ID": "web-1.2:a=b/c+d_"}, "web-1.2:a=b/c+d_"),
        ({"X-Request-ID": "x" * 128, "traceparent": PARENT}, "x" * 128),
        ({"X-Request-ID": "two words", "traceparent": PARENT}, TRACE),
        ({"traceparent": PARENT}, TRACE),
    ],
)
def test_a_well_formed_id_is_kept(client, headers, expected):
    assert client.get("/", headers=headers).headers["X-Request-ID"] == expected
    assert client.get("/nothing", headers=headers).headers["X-Request-ID"] == expected


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Request-ID": ""},
        {"X-Request-ID": "x" * 129},
        {"X-Request-ID": 'a"b'},
        {"X-Request-ID": "<b>"},
        {"X-Request-ID": "\u00e9"},
        {"traceparent": f"00-{'0' * 32}-b7ad6b7169203331-01"},
        {"traceparent": f"00-{TRACE}-{'0' * 16}-01"},
        {"traceparent": PARENT.upper()},
        {"traceparent": f"ff{PARENT[2:]}"},
        {"traceparent": f"{PARENT}-more"},
    ],
)
def test_any_other_id_is_replaced(client, headers):
    first, second = (client.get("/", headers=headers).headers["X-Request-ID"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second
    assert first not in headers.values()


@pytest.mark.parametrize("status", [399, 400])
def test_an_error_document_has_the_id(app, status):
    kind = "application/problem+json"
    app.add_url_rule("/told", "told", lambda: Response('{"title": "x"}', status, mimetype=kind))
    response = app.test_client().get("/told", headers={"X-Request-ID": "web-1"})
    more = {"request_id": "web-1"} if status == 400 else {}
    assert response.get_json() == {"title": "x", **more}
    assert response.content_length == len(response.data)


def test_other_json_with_an_error_is_left_alone(app):
    app.add_url_rule("/told", "told", lambda: (["x"], 400))
    assert app.test_client().get("/told").get_json() == ["x"]


def test_every_problem_has_the_id(app):
    response = app.test_client().get("/api/v1/nothing", headers={"X-Request-ID": "web-1"})
    if response.mimetype == "application/problem+json":
        assert response.get_json()["request_id"] == "web-1"
    assert response.headers["X-Request-ID"] == "web-1"


@pytest.fixture
def handlers(monkeypatch):
    """Those of two applications in production."""
    monkeypatch.setattr(logging.root, "handlers", [])
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    found = []
    for _ in range(2):
        create_app()
        found += logging.root.handlers
    logging.captureWarnings(False)
    return found


def test_a_second_application_logs_no_line_twice(handlers):
    first, second = handlers
    assert first is second


def test_only_what_is_logged_during_a_request_has_its_id(app, handlers):
    record = logging.LogRecord("a", 20, "a.py", 1, "by hand", (), None)
    assert handlers[0].filter(record)
    assert "request_id" not in json.loads(handlers[0].format(record))
    app.add_url_rule("/log", view_func=lambda: str(handlers[0].filter(record)))
    for headers in ({}, {"X-Request-ID": "web-1"}):
        response = app.test_client().get("/log", headers=headers)
        logged = json.loads(handlers[0].format(record))["request_id"]
        assert logged == response.headers["X-Request-ID"]
    assert logged == "web-1"
