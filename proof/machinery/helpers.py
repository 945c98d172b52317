"""What several files use."""

import importlib
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"
PRODUCTION = {"APP_ENV": "production", "SECRET_KEY": KEY}


@contextmanager
def database_settings():
    """Settings that name a database with all migrations; none where the project has none.

    The one of the other tests is locked while a test runs that can roll back.
    """
    new_database = getattr(importlib.import_module("conftest"), "new_database", None)
    if new_database is None:
        yield {}
        return
    from tea_time import create_app

    with new_database() as url:
        app = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
        result = app.test_cli_runner().invoke(args=["db", "upgrade"])
        assert result.exit_code == 0, result.output
        yield {"DATABASE_URL": url}


def run(*command, **settings):
    """Run Python in the project's folder to its end."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **settings},
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
