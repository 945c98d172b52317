import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GOOD_KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("SECRET_KEY", "", "Error: SECRET_KEY is missing"),
        ("PORT", "http", 'Error: PORT is "http"'),
        ("WEB_CONCURRENCY", "two", 'Error: WEB_CONCURRENCY is "two"'),
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
