import socket
import subprocess
import sys
from contextlib import closing
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from time import sleep

import pytest

ROOT = Path(__file__).parents[1]
GOOD_KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("SECRET_KEY", "", "Error: SECRET_KEY is missing"),
        ("PORT", "http", 'Error: PORT is "http"'),
        ("PORT", "65536", "Error: PORT is 65536"),
        ("WEB_CONCURRENCY", "two", 'Error: WEB_CONCURRENCY is "two"'),
        ("WEB_CONCURRENCY", "0", "Error: WEB_CONCURRENCY is 0"),
    ],
)
def test_a_bad_setting_is_one_line(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv("APP_ENV", "")
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    monkeypatch.setenv(variable, value)
    server = [sys.executable, "serve.py"]
    result = subprocess.run(server, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert line.startswith(message)


def test_it_is_one_line_for_commands_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "staging")
    command = [sys.executable, "-m", "flask", "routes"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert line.startswith('Error: APP_ENV is "staging"')


def test_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    with subprocess.Popen([sys.executable, "serve.py"], cwd=ROOT) as server:
        try:
            assert status_of_first_answer(port) == 200
        finally:
            server.terminate()


def status_of_first_answer(port: int) -> int:
    for _ in range(400):
        with (
            suppress(ConnectionError),
            closing(HTTPConnection("127.0.0.1", port)) as connection,
        ):
            connection.request("GET", "/")
            return connection.getresponse().status
        sleep(0.05)
    pytest.fail("Nobody answers.")
