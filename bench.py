"""What generating costs, and what a generated project costs: ratios to the floor, in one run.

Usage: python bench.py. It prints a table; nothing here passes or fails.
"""

import json
import os
import resource
import runpy
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright
from uv import find_uv_bin

from proof import runner
from proof.programs import KEY, free_port

HERE = Path(__file__).resolve().parent

# Flask as its quickstart writes it, with the response of the project it is measured against.
BARE_FLASK = """
from flask import Flask

app = Flask(__name__)
app.secret_key = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


@app.get("/")
def index():
    return {"name": "My Flask App"}
"""


# One SELECT, as a view of the project and as Flask and SQLAlchemy alone would have it.
ONE_ROW = """
from flask import Flask
from flask import g
from sqlalchemy import create_engine
from sqlalchemy import text
from sqlalchemy.orm import Session

app = Flask(__name__)
app.secret_key = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"
engine = create_engine("sqlite:///app.db")


@app.teardown_appcontext
def close(error):
    if "session" in g:
        g.session.close()


@app.get("/row")
def row():
    g.session = Session(engine)
    return {"row": g.session.execute(text("SELECT 1")).scalar_one()}
"""
VIEW = """
from flask import Flask
from sqlalchemy import text

from .database import db_session


def row() -> dict[str, int]:
    return {"row": db_session.execute(text("SELECT 1")).scalar_one()}


def init_app(app: Flask) -> None:
    app.add_url_rule("/row", view_func=row)
"""


def cookiecutter(template, output, *answers):
    """Generate into a fresh folder below `output`."""
    folder = Path(tempfile.mkdtemp(dir=output))
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "--default-config"]
    subprocess.run(
        [*command, "--output-dir", str(folder), str(template), *answers],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(output)},
    )
    return next(folder.iterdir())


def cpu_seconds(run):
    """What child processes used while `run` ran."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ratio(measure, floor, rounds):
    """The median of each, taken in turns, so that both see the same machine."""
    pairs = [(measure(), floor()) for _ in range(rounds)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return ours, theirs


def generation(folder):
    empty = folder / "empty"
    (empty / "{{cookiecutter.slug}}").mkdir(parents=True)
    (empty / "{{cookiecutter.slug}}" / "README.md").write_text("Empty.\n", encoding="utf-8")
    (empty / "cookiecutter.json").write_text(json.dumps({"slug": "empty"}), encoding="utf-8")
    return ratio(
        lambda: cpu_seconds(lambda: cookiecutter(HERE, folder)),
        lambda: cpu_seconds(lambda: cookiecutter(empty, folder)),
        rounds=15,
    )


def installed(project):
    """The interpreter of a generated project, with what it needs at run time."""
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    uv = [find_uv_bin(), "sync", "--quiet", "--no-dev"]
    subprocess.run(uv, cwd=project, check=True, env=environment)
    return str(project / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python")


def imports(python, project, bare):
    def start(folder):
        command = [python, "-c", "import wsgi"]
        return lambda: cpu_seconds(lambda: subprocess.run(command, cwd=folder, check=True))

    return ratio(start(project), start(bare), rounds=40)


@contextmanager
def served(python, folder):
    """A gunicorn worker for a folder's `wsgi:app`: gives its port."""
    port = free_port()
    command = [python, "-m", "gunicorn", "--log-level", "warning", "wsgi:app"]
    production = {
        **os.environ,
        "APP_ENV": "production",
        "PORT": str(port),
        "PYTHONPATH": str(folder),
        "SECRET_KEY": KEY,
    }
    server = subprocess.Popen(command, cwd=folder, env=production)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()


def requests_per_second(port, path="/", seconds=1.5, batch=16):
    """Pipelined requests over one connection, so that the client is not what is measured."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        time.sleep(0.2)
        size = len(connection.recv(65536))
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            connection.sendall(request * batch)
            left = size * batch
            while left:
                left -= len(connection.recv(left))
            done += batch
        return done / (time.perf_counter() - start)


def throughput(python, project, bare, path="/", python_of_bare=None):
    """Requests a second of a project and of its floor, under the project's own server."""
    if not python_of_bare:
        shutil.copy(project / "gunicorn.conf.py", bare)
    with served(python, project) as ours, served(python_of_bare or python, bare) as theirs:
        return ratio(
            lambda: requests_per_second(ours, path),
            lambda: requests_per_second(theirs, path),
            rounds=8,
        )


def with_and_without(folder, answers, answer):
    """Requests a second of a project, and of the same without one answer."""
    project, floor = (cookiecutter(HERE, folder, *answers, *more) for more in ([answer], []))
    return throughput(installed(project), project, floor, python_of_bare=installed(floor))


def with_one_select(folder):
    """The everything-on project with a view more, and its libraries in a process of their own."""
    project = cookiecutter(HERE, folder)
    package = project / project.name
    (package / "row.py").write_text(VIEW, encoding="utf-8")
    factory = package / "__init__.py"
    text = factory.read_text(encoding="utf-8")
    text = text.replace("from . import config\n", "from . import config\nfrom . import row\n")
    text = text.replace("    return app\n", "    row.init_app(app)\n    return app\n")
    factory.write_text(text, encoding="utf-8")
    bare = folder / "bare_row"
    bare.mkdir()
    (bare / "wsgi.py").write_text(ONE_ROW, encoding="utf-8")
    libraries = folder / "libraries"
    libraries.mkdir()
    (libraries / "wsgi.py").write_text(imported_by(package), encoding="utf-8")
    return installed(project), project, bare, libraries


def imported_by(package):
    """Every import of the package's modules that is not of the package itself."""
    found = set()
    for path in package.rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("import ", "from ")) and not line.startswith("from ."):
                found.add(line)
    return "\n".join(sorted(found)) + "\n"


# How long after each answer the page has shown it, in milliseconds.
SHOWN = """async () => {
    const times = [];
    for (const input of document.querySelectorAll("input[type=checkbox], input[type=radio]")) {
        const start = performance.now();
        input.click();
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        times.push(performance.now() - start);
        await new Promise((done) => setTimeout(done, 500));
    }
    return times;
}"""
SLOWED = 4
SHOWN_WITHIN = 100


def answers_in_the_page(folder):
    """How long the page takes to show an answer, in a browser on a slowed processor."""
    build = runpy.run_path(str(HERE / "web/build.py"))
    build["write"](folder / "web")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((folder / "web/index.html").as_uri())
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        rounds = [page.evaluate(SHOWN) for _ in range(6)]
        browser.close()
    # The slowest of all answers; of each, the time in which nothing else was busy.
    return max(map(min, zip(*rounds, strict=True))), SHOWN_WITHIN


def main():
    rows = []
    with tempfile.TemporaryDirectory(prefix="flask-factory-bench-") as name:
        folder = Path(name)
        rows.append(("generate everything / an empty template, CPU s", *generation(folder), 2.2))
        smallest = runner.smallest(runner.the_template())
        answers = [f"{option}={value or 'no'}" for option, value in smallest.items()]
        project = cookiecutter(HERE, folder, *answers)
        bare = folder / "bare"
        bare.mkdir()
        (bare / "wsgi.py").write_text(BARE_FLASK, encoding="utf-8")
        python = installed(project)
        rows.append(
            ("import the smallest / bare Flask, CPU s", *imports(python, project, bare), 1.05)
        )
        rows.append(
            (
                "serve the smallest / bare Flask, requests/s",
                *throughput(python, project, bare),
                0.95,
            )
        )
        rows.append(
            (
                "serve JSON with logs=json / without, requests/s",
                *with_and_without(folder, answers, "logs=json"),
                0.87,
            )
        )
        with_api = [*answers, "api=yes", "database=sqlite"]
        rows.append(
            (
                "serve JSON with auth=password / without, requests/s",
                *with_and_without(folder, with_api, "auth=password"),
                0.95,
            )
        )
        python, project, bare, libraries = with_one_select(folder)
        rows.append(
            ("import everything / its libraries, CPU s", *imports(python, project, libraries), 1.10)
        )
        rows.append(
            (
                "serve one SELECT / Flask and SQLAlchemy, requests/s",
                *throughput(python, project, bare, "/row"),
                0.90,
            )
        )
        rows.append(
            ("the page shows an answer, slowed 4 times / 100 ms", *answers_in_the_page(folder), 1.0)
        )
    print(f"{'what':52} {'ours':>9} {'floor':>9} {'ratio':>6} {'goal':>6}")
    for what, ours, floor, goal in rows:
        print(f"{what:52} {ours:9.3f} {floor:9.3f} {ours / floor:6.2f} {goal:6.2f}")


if __name__ == "__main__":
    main()
