"""The production server, as the README starts it: real processes and real sockets."""

import ast
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from gunicorn.config import Bind, Workers

from .helpers import EXAMPLE, GUIDES, KEY, KEY_HINT, ROOT, database_settings, run

GUNICORN = ("-m", "gunicorn", "wsgi:app")
VIEWS = """
import os
import time
from flask import request, url_for
VERSION = "first"
bodies = []
app.add_url_rule("/version", "version", lambda: VERSION)
app.add_url_rule("/bodies", "bodies", lambda: bodies)
app.add_url_rule("/client", "client", lambda: [request.remote_addr, request.scheme])
app.add_url_rule("/url", "url", lambda: [request.script_root, request.path, url_for("url")])
app.add_url_rule("/environ", "environ", lambda: repr(request.environ))
app.add_url_rule("/settings", "settings", lambda: [app.config["APP_ENV"], os.getppid()])
app.add_url_rule(
    "/send", "send", lambda: bodies.append(request.get_data(as_text=True)) or "", methods=["POST"]
)
@app.get("/slow")
def slow():
    open("begun", "w").close()
    time.sleep(0.5)
    return "finished"
"""


class Server:
    """gunicorn in a folder of its own, whose application has a few views more."""

    def __init__(self, folder, settings, views=VIEWS):
        for name in ("gunicorn.conf.py", "wsgi.py"):
            shutil.copy(ROOT / name, folder)
        self.code = folder / "wsgi.py"
        self.code.write_text(self.code.read_text(encoding="utf-8") + views, encoding="utf-8")
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = {**os.environ, "APP_ENV": "", "SECRET_KEY": KEY, **settings}
        self.environment["PORT"] = str(self.port)
        self.process = self.start("-W", "error")
        self.wait_for("/version", "first")

    def start(self, *options):
        return subprocess.Popen(
            [sys.executable, *options, *GUNICORN],
            cwd=self.folder,
            env=self.environment,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def send(self, text, *, host="127.0.0.1", end=False):
        """Send bytes as they are: the status and the body of the response."""
        with socket.create_connection((host, self.port), timeout=10) as connection:
            connection.sendall(text.encode())
            if end:
                connection.shutdown(socket.SHUT_WR)
            response = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, body = response.decode().partition("\r\n\r\n")
        return int(head.split()[1]) if head else None, body

    def get(self, path, *headers, **options):
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
        return self.send("\r\n".join([*lines, "", ""]), **options)

    def post(self, *headers, body, **options):
        lines = ["POST /send HTTP/1.1", "Host: localhost", "Connection: close", *headers]
        return self.send("\r\n".join([*lines, "", body]), **options)

    def wait_for(self, path, text):
        for _ in range(1200):
            with contextlib.suppress(ConnectionError, TimeoutError):
                if self.get(path) == (200, text):
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        pytest.fail(f"{path} is not {text}")

    def stop(self):
        self.process.terminate()
        try:
            return self.process.communicate(timeout=20)[1]
        finally:
            self.process.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with database_settings() as settings:
        server = Server(tmp_path_factory.mktemp("server"), {**settings, "TRUSTED_PROXIES": "1"})
        # It tries for five seconds, in which the other tests run.
        server.second = server.start()
        yield server
        server.second.kill()
        said = server.stop()
    assert not re.search(r"Warning|Traceback|\b(ERROR|CRITICAL)\b", said), said


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"SECRET_KEY": ""}, f"Error: SECRET_KEY is missing. {KEY_HINT}"),
        ({"WEB_CONCURRENCY": "0"}, "Error: WEB_CONCURRENCY is 0: it must be 1 or more."),
        ({"PORT": "http"}, "Error: 'http' is not a valid port number."),
    ],
)
def test_a_bad_setting_is_one_line(settings, message):
    result = run(*GUNICORN, **{"APP_ENV": "", "SECRET_KEY": KEY, **settings})
    assert result.returncode == 1
    said = (result.stdout + result.stderr).splitlines()
    [line] = [line for line in said if line and "Starting gunicorn" not in line]
    assert line == message


def configuration(**settings):
    """gunicorn's own, as it prints it."""
    command = ("-m", "gunicorn", "--print-config", "wsgi:app")
    result = run(*command, **{"APP_ENV": "", "SECRET_KEY": KEY, **settings})
    return dict(re.findall(r"^(\w+) += (.*)$", result.stdout, re.MULTILINE))


def test_by_default_only_this_machine_is_served():
    settings = configuration()
    assert ast.literal_eval(settings["bind"]) == ["127.0.0.1:8000"]
    assert settings["workers"] == "1"
    assert settings["threads"] == "15"
    assert settings["preload_app"] == "False"
    assert settings["control_socket_disable"] == "True"


def test_a_port_is_served_on_every_address(server):
    claim = "X-Forwarded-For: 203.0.113.7"
    status, body = server.get("/client", claim, host="127.0.0.2")
    assert (status, json.loads(body)) == (200, ["203.0.113.7", "http"])


def test_no_environment_means_production(server):
    environment, parent = json.loads(server.get("/settings")[1])
    assert environment == "production"
    assert parent == server.process.pid


def test_a_whole_body_is_taken(server):
    assert server.post("Content-Length: 5", body="whole") == (200, "")
    assert json.loads(server.get("/bodies")[1]) == ["whole"]


@pytest.mark.parametrize(
    ("header", "body", "status"),
    [
        ("Content-Length: 9", "cut off", 400),
        ("Transfer-Encoding: chunked", "5\r\nchunk\r\n0\r\n\r\n", 411),
        ("Transfer-Encoding: chunked", "5\r\nchu", 411),
        ("Transfer-Encoding: gzip, chunked", "0\r\n\r\n", 411),
    ],
)
def test_any_other_body_is_refused(server, header, body, status):
    before = server.get("/bodies")
    found, _ = server.post(header, body=body, end=True)
    assert found == status
    assert server.get("/bodies") == before


@pytest.mark.parametrize("header", ["SCRIPT_NAME: /url", "Script-Name: /x", "PATH_INFO: /x"])
def test_no_header_of_a_client_changes_the_url(server, header):
    status, body = server.get("/url", header)
    assert (status, json.loads(body)) == (200, ["", "/url", "/url"])


@pytest.mark.parametrize("header", ["X-Forwarded-Protocol: ssl", "X-Forwarded-Ssl: on"])
def test_no_header_of_a_client_changes_the_scheme(server, header):
    """But the one that a proxy sets."""
    assert json.loads(server.get("/client", header)[1]) == ["127.0.0.1", "http"]


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ([], ["127.0.0.1", "http"]),
        (["X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https"], ["203.0.113.7", "https"]),
        (["X_Forwarded_For: 203.0.113.7", "X_Forwarded_Proto: https"], ["127.0.0.1", "http"]),
        (["X-Forwarded-For: 203.0.113.7", "X_Forwarded_For: 6.6.6.6"], ["203.0.113.7", "http"]),
        (["X_Forwarded_For: 6.6.6.6", "X-Forwarded-For: 203.0.113.7"], ["203.0.113.7", "http"]),
    ],
)
def test_underscores_do_not_forge_a_header(server, headers, shown):
    assert json.loads(server.get("/client", *headers)[1]) == shown


def test_a_request_does_not_hold_the_settings(server):
    status, environ = server.get("/environ")
    assert status == 200
    assert "REMOTE_ADDR" in environ
    assert KEY not in environ
    assert "SECRET_KEY" not in environ


def test_a_signal_serves_new_code(server):
    code = server.code.read_text(encoding="utf-8")
    server.code.write_text(code.replace('"first"', '"second"'), encoding="utf-8")
    server.process.send_signal(signal.SIGHUP)
    server.wait_for("/version", "second")
    assert server.process.poll() is None


def test_a_second_server_on_the_port_is_refused(server):
    _, said = server.second.communicate(timeout=20)
    assert server.second.returncode == 1
    assert "Address already in use" in said or "Connection in use" in said
    assert "Traceback" not in said
    assert server.get("/version")[0] == 200


def test_a_request_that_runs_is_finished(server):
    words = r"(?:requests have|requests end, for) (\d+) seconds"
    said = re.findall(words, GUIDES["deploy"])
    assert said == [configuration()["graceful_timeout"]] * 2
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(server.get, "/slow")
        while not (server.folder / "begun").exists() and not slow.done():
            time.sleep(0.01)
        server.process.terminate()
        assert slow.result() == (200, "finished")
    assert server.process.wait(timeout=10) == 0
    with pytest.raises(ConnectionRefusedError):
        server.get("/version")


def test_settings_of_the_example_are_gunicorn_s_own_defaults():
    said = dict(re.findall("^#(PORT|WEB_CONCURRENCY)=(.*)$", EXAMPLE, re.MULTILINE))
    port = Bind.default[0].rpartition(":")[2]
    assert said == {"PORT": port, "WEB_CONCURRENCY": str(Workers.default)}


def test_a_setting_is_the_number_of_processes():
    assert configuration(WEB_CONCURRENCY="3")["workers"] == "3"
