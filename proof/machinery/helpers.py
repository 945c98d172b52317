"""What several files use."""

import importlib.util
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Barrier

from flask import appcontext_pushed, g
from flask.testing import FlaskClient

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
# The guides, without line breaks.
GUIDES = {
    path.stem: " ".join(path.read_text(encoding="utf-8").split()) for path in ROOT.glob("docs/*.md")
}
KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"
KEY_HINT = 'To make one: python -c "import secrets; print(secrets.token_urlsafe(32))"'
PRODUCTION = {"APP_ENV": "production", "SECRET_KEY": KEY}
# A test client then speaks HTTPS, without which it sends no cookie of production.
OVER_HTTPS = {**PRODUCTION, "PREFERRED_URL_SCHEME": "https"}


def let_somebody_in(app):
    """Have everything in the app done by one user, where it has accounts."""
    if not importlib.util.find_spec("tea_time.auth"):
        return
    tokens = importlib.import_module("tea_time.auth.tokens")
    users = importlib.import_module("tea_time.auth.users")
    with app.app_context():
        user = users.User(email="eve@example.com", password_hash="")
        users.db_session.add(user)
        users.db_session.commit()
        token = tokens.issue(user, "write", "")
        secret = tokens.issue(user, "session", "")
    appcontext_pushed.connect(lambda _app: setattr(g, "user", user), app, weak=False)

    class Client(FlaskClient):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            self.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
            with self.session_transaction() as session:
                session.update(secret=secret, seen=int(time.time()))

    app.test_client_class = Client


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


def at_once(function, items, count):
    """Return what the function says of each item, asked by threads that interrupt each other.

    Not while they begin and end, which Python does not bear each time.

    Args:
        function: Takes one item.
        items: At least as many as threads.
        count: Of threads.
    """
    interval = sys.getswitchinterval()
    begun = Barrier(count, partial(sys.setswitchinterval, 1e-6), timeout=10)
    with ThreadPoolExecutor(count, initializer=begun.wait) as threads:
        try:
            return list(threads.map(function, items))
        finally:
            sys.setswitchinterval(interval)


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
