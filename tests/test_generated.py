"""Generated projects, installed and run for real."""

import contextlib
import html
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib

import pytest
from conftest import ALL_OFF, ALL_ON
from uv import find_uv_bin

from proof import postgresql
from proof.programs import (
    CHECKS,
    KEY,
    environment,
    production,
    production_command,
    serving,
    uv,
)


def prove(folder):
    """What every project promises: it installs, passes its checks and answers."""
    uv(folder, "sync", "--quiet")
    for name, command in CHECKS.items():
        print(name)
        uv(folder, "run", *command.split())
    with serving(folder, "flask", "run", "--port", "{port}") as ask:
        assert ask("/")[0] == 200
    with production(folder) as ask:
        assert ask("/")[0] == 200


@pytest.mark.parametrize("answers", [ALL_ON, ALL_OFF], ids=["all on", "all off"])
def test_a_project_is_whole(project, answers):
    prove(project(**answers))


@pytest.mark.proof
@pytest.mark.parametrize("errors", ["negotiated", "json", "html", "none"])
def test_errors_look_as_chosen(project, errors):
    """Under the real server, for a browser and for a program, in and out of the API."""
    folder = project(errors=errors)
    uv(folder, "sync", "--quiet", "--no-dev")
    problem, page = "application/problem+json", "text/html"
    with production(folder, APP_ENV="development") as ask:
        kinds = {
            client: ask("/nothing", accept=accept)[1].get_content_type()
            for client, accept in {"browser": "text/html,*/*;q=0.8", "program": "*/*"}.items()
        }
        status, headers, text = ask("/api/v1/nothing", accept="text/html")
        assert (status, headers.get_content_type()) == (404, problem)
        assert json.loads(text)["status"] == 404
    assert (
        kinds
        == {
            "negotiated": {"browser": page, "program": problem},
            "json": {"browser": problem, "program": problem},
            "html": {"browser": page, "program": page},
            "none": {"browser": page, "program": page},
        }[errors]
    )


CONFIGURATION = """
import json
from my_flask_app import create_app
print(json.dumps({name: repr(value) for name, value in create_app().config.items()}))
"""


def test_configuration_is_the_same_with_classes_and_without(project, tmp_path):
    folders = []
    for config in ("yes", "no"):
        answers = {**ALL_OFF, "project_slug": "my_flask_app", "config": config}
        folders.append(project(**answers).rename(tmp_path / config))
        uv(folders[-1], "sync", "--quiet", "--no-dev")
    for name in ("development", "testing", "production"):
        settings = {"APP_ENV": name, "SECRET_KEY": KEY}
        code = ["run", "--no-sync", "python", "-c", CONFIGURATION]
        with_classes, without = (json.loads(uv(folder, *code, **settings)) for folder in folders)
        assert with_classes == without, name


@pytest.mark.proof
@pytest.mark.parametrize("choice", ["sqlite", "postgresql", "none"])
def test_the_commands_of_the_readme_run(project, postgresql_server, choice):
    """In their order: set up, test, migrate, deploy and serve."""
    folder = project(database=choice)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^`?(uv [^`\n]+)", readme, re.MULTILINE)
    server = production_command(folder)
    with postgresql.database(postgresql_server) as url:
        named = {"DATABASE_URL": url} if choice == "postgresql" else {}
        for command in commands:
            words = shlex.split(command)[1:]
            secrets = {"APP_ENV": "production", "SECRET_KEY": KEY, **named}
            settings = secrets if "--no-dev" in words else {}
            if words[-len(server) :] == server:
                with production(folder, **settings) as ask:
                    assert ask("/")[0] == 200
            elif words[1:3] == ["flask", "run"]:
                with serving(folder, *words[1:], "--port", "{port}") as ask:
                    assert ask("/")[0] == 200
            else:
                uv(folder, *words, **settings)


def test_production_refuses_to_start_without_a_key(project):
    folder = project(**ALL_OFF)
    uv(folder, "sync", "--quiet", "--no-dev")
    result = subprocess.run(
        [find_uv_bin(), "run", "--no-sync", *production_command(folder)],
        cwd=folder,
        env=environment(APP_ENV="production"),
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    [said] = [line for line in result.stderr.splitlines() if "SECRET_KEY is missing" in line]
    assert 'python -c "import secrets; print(secrets.token_urlsafe(32))"' in said


def test_the_smallest_project_runs_on_flask_and_a_server(project):
    folder = project(**ALL_OFF)
    metadata = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    names = {re.match(r"[\w-]+", line)[0] for line in metadata["project"]["dependencies"]}
    # Werkzeug is what Flask is made of.
    assert {"flask"} < names <= {"flask", "granian", "gunicorn", "werkzeug"}
    uv(folder, "sync", "--quiet", "--no-dev")
    code = "import sys, wsgi; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = set(uv(folder, "run", "--no-sync", "python", "-c", code).split())
    floor = set(
        uv(folder, "run", "--no-sync", "python", "-c", code.replace("wsgi", "flask")).split()
    )
    assert loaded - floor <= {"my_flask_app", "wsgi", "secrets", "hmac", "_hashlib"}


@pytest.mark.parametrize("config", ["yes", "no"])
def test_the_readme_can_be_followed(project, config):
    """Its blueprint, its setting and its test are added as it says, and all is green."""
    folder = project(config=config, example="no")
    package = folder / "my_flask_app"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    fences = re.findall(r"```python\n(.+?)```", readme, re.DOTALL)
    [blueprint] = [code for code in fences if "Blueprint(" in code]
    [test] = [code for code in fences if "def test_" in code]
    (package / "greetings").mkdir()
    (package / "greetings" / "__init__.py").write_text(blueprint, encoding="utf-8")
    (folder / "tests" / "test_greetings.py").write_text(test, encoding="utf-8")
    factory = package / "__init__.py"
    insert(factory, r"^from \. import [h-z]", "from . import greetings\n")
    insert(factory, r"^    return app$", "    greetings.init_app(app)\n")
    setting = re.search(r"`(GREETING[:=][^`]+)`", readme)[1]
    known = r"^ +TRUSTED_PROXIES *[:=]"  # A setting that every project has.
    [home] = [
        path
        for path in package.rglob("*.py")
        if re.search(known, path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    insert(home, known, f"{setting}\n", indented=True)
    uv(folder, "sync", "--quiet")
    for command in CHECKS.values():
        uv(folder, "run", *command.split())
    name, use = re.search(r'Use it: `(current_app\.config\["(\w+)"\])`', readme).group(2, 1)
    other = setting.replace(name, "CUPS").replace("str", "int").replace('"Hello"', "3")
    insert(home, known, f"{other}\n", indented=True)
    for settings, values in (({}, ["Hello", 3]), ({name: "Hi", "CUPS": "7"}, ["Hi", 7])):
        code = SETTINGS.format(use=use, other=use.replace(name, "CUPS"))
        assert json.loads(uv(folder, "run", "python", "-c", code, **settings)) == values


SETTINGS = """
import json
from flask import current_app
from wsgi import app
with app.app_context():
    print(json.dumps([{use}, {other}]))
"""


def insert(path, pattern, added, indented=False):
    """Write a line above the first that matches."""
    text = path.read_text(encoding="utf-8")
    found = re.search(pattern, text, re.MULTILINE)
    assert found, f"{path.name} has no line like {pattern}"
    margin = re.match(" *", found[0])[0] if indented else ""
    start = found.start()
    path.write_text(text[:start] + margin + added + text[start:], encoding="utf-8")


@pytest.mark.parametrize("pip", ["pip==25.1", "pip>=26"])
def test_pip_installs_it_too(project, tmp_path, pip):
    folder = project(**ALL_OFF)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = str(tmp_path / "venv" / scripts / "python")
    install = [python, "-m", "pip", "install", "--quiet"]
    readme = (folder / "README.md").read_text(encoding="utf-8")
    first, second = map(
        shlex.split, re.findall("^python -m pip install (.+)$", readme, re.MULTILINE)
    )
    assert first == ["pip>=25.1"]
    for words in ([pip], second):
        subprocess.run([*install, *words], check=True, cwd=folder)
    commands = re.findall("^uv run (pytest|ruff|mypy)(.*)$", readme, re.MULTILINE)
    assert len(commands) == 4
    for program, words in commands:
        program = shutil.which(program, path=str(tmp_path / "venv" / scripts))
        subprocess.run([program, *words.split()], check=True, cwd=folder, env=environment())


FAILING = """

@app.get("/fail")
def fail() -> str:
    return str(1 / 0)
"""


@pytest.mark.proof
def test_the_development_server_restarts_and_shows_tracebacks(project):
    folder = project(**ALL_OFF)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    command = re.search("^uv run (flask run .+)$", readme, re.MULTILINE)[1]
    uv(folder, "sync", "--quiet")
    words = [*command.split(), "--port", "{port}"]
    with serving(folder, *words, trouble="CRITICAL") as ask:
        assert ask("/fail")[0] == 404
        with open(folder / "wsgi.py", "a", encoding="utf-8") as file:
            file.write(FAILING)
        for _ in range(100):
            time.sleep(0.1)
            with contextlib.suppress(OSError):
                status, _, text = ask("/fail")
                if status == 500:
                    break
        assert "ZeroDivisionError" in text
        assert "return str(1 / 0)" in html.unescape(re.sub("<.+?>", "", text))
