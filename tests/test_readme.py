"""The README is true: its commands run, its table is the questions, its session is what is said."""

import ast
import contextlib
import inspect
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from functools import partial
from pathlib import Path

import pytest
from conftest import ROOT
from updating import commit, git

from flask_factory import cli, migrations
from proof import claims, recipes, runner, tree

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = recipes.commands()


def test_the_table_is_the_questions(questions):
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", README, re.MULTILINE))
    assert list(rows) == [key for key in questions if not key.startswith("_")]
    for option in questions["_options"]:
        values = questions[option]
        if isinstance(values, bool):
            values = sorted(["no", "yes"], reverse=values)
        about = questions["_options"][option]["about"]
        assert rows[option] == f"{', '.join(f'`{value}`' for value in values)}: {about}"


def test_there_are_commands_for_scripts(whole):
    assert len(COMMANDS) == 5
    assert len({repr(row) for row in recipes.rows(whole)}) == 5
    defaults, smallest, *_, everything = recipes.rows(whole)
    assert defaults == runner.defaults(whole)
    assert smallest == {**runner.smallest(whole), "license": "none"}
    assert not {"", "none"} & set(everything.values())


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_command_for_scripts_runs(command, arguments):
    words = shlex.split(arguments)
    words.remove("--no-input")
    words.remove("REPOSITORY_URL")
    result = command(*words)
    assert result.returncode == 0, result.stdout
    assert len(command.left()) == 1


def test_the_session_is_what_is_said(command):
    """The prompts and the last words, as the README shows them."""
    session = README.partition("## One session")[2].split("```")[1]
    answers = ["Tea Time", "", "Serves tea.", "Ada"]
    programs = command.home / "programs"
    programs.mkdir()
    (programs / "uv").touch(mode=0o755)
    text = "\n".join(answers) + "\n" * 20
    said = command(no_input=False, text=text, env={"PATH": str(programs)}).stdout
    prompts = re.findall(r"^  (\[.+?\)):", session, re.MULTILINE)
    assert len(prompts) == len(answers)
    for prompt in prompts:
        assert " ".join(prompt.split()) in " ".join(said.split())
    assert said.endswith(session.partition("…\n")[2].strip("\n") + "\n")


def test_the_tree_is_that_of_the_default_project(whole):
    """`python -m proof.tree` prints it."""
    files = tree.paths(whole)
    assert "\n".join(tree.lines(files)) in README
    assert f"With the defaults, {len(files)} files:" in README


def test_the_changelog_names_what_is_offered(questions):
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    numbers = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
    count, oldest, newest = re.search(r"(\w+) licences, Python (\S+) to (\S+)\.\n", text).groups()
    assert numbers[count] == len(set(questions["license"]) - {"none"})
    assert [oldest, newest] == [questions["python_version"][each] for each in (0, -1)]
    for option, value in re.findall("`([a-z]+)(?:=([a-z]+))?`", text):
        assert value in ("", *questions["_options"][option]["values"]), (option, value)
    project = ROOT / "{{cookiecutter.project_slug}}"
    explained = (project / ".env.example").read_text(encoding="utf-8")
    for name in re.findall("`([A-Z_]+)`", text):
        assert re.search(f"^#?{name}=", explained, re.MULTILINE), name
    guide = (project / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert re.search("`(--access.+?)`", text)[1] in guide
    sqlite = (project / project.name / "database" / "sqlite.py").read_text(encoding="utf-8")
    seconds = re.search(r"on SQLite end after (\d+) seconds", text)[1]
    assert f"\nREQUEST_TIMEOUT = {seconds}  # seconds" in sqlite


def test_the_goals_are_those_of_the_benchmark():
    """`bench.py` prints a goal as the last item of each row."""
    tree = ast.parse((ROOT / "bench.py").read_text(encoding="utf-8"))
    rows = [
        call.args[0].elts
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "rows.append"
    ]
    said = re.findall(r"\(goal: ([\d.]+) at (?:most|least)\)", README.replace("\n ", ""))
    assert [float(goal) for goal in said] == [row[-1].value for row in rows]
    # What is measured with an answer and without is so here and there.
    bullets = README.partition("## What it costs")[2].partition("\n## ")[0].split("\n- ")[1:]
    for bullet, (what, measure, _) in zip(bullets, rows, strict=True):
        with_answer = re.findall(r"\b[a-z]+=[a-z]+\b", what.value)
        assert re.findall(r"`([a-z]+=[a-z]+)`", bullet) == with_answer
        assert re.findall(r"'([a-z]+=[a-z]+)'", ast.unparse(measure)) == with_answer
    values = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }
    slowed, within = re.search(
        r"is slowed (\w+) times, against (\d+) ms", " ".join(README.split())
    ).groups()
    assert (slowed, int(within)) == ("four", values["SHOWN_WITHIN"])
    assert values["SLOWED"] == 4


def test_each_target_does_what_is_said():
    """What `make` runs under each of the names in 'Test this template'."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    runs = dict(re.findall(r"^([a-z]+):.*\n((?:\t.+\n)+)", text, re.MULTILINE))
    said = README.partition("## Test this template")[2].partition("\n## ")[0]
    assert set(re.findall(r"`?make ([a-z]+)", said)) < set(runs)
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = re.findall(r"Python ([\d.]+) (?:and|or newer)", README)
    assert [f">={each}" for each in oldest] == [metadata["requires-python"]] * 2
    assert "demo.py $(ARGS)" in runs["demo"]
    assert '-m "not proof"' in runs["test"] and '-m "not proof"' in said
    assert "-m proof $(ARGS)" in runs["proof"]
    assert "-m nightly" in runs["nightly"] and "nightly: .venv/ready bench" in text
    assert "-m proof.survivors" in runs["weekly"]
    tools = ("-m ruff check", "-m ruff format --check", "-m pytest", "-m proof projection ends")
    assert all(each in line for each, line in zip(tools, runs["check"].splitlines(), strict=True))
    assert all((ROOT / each).is_file() for each in re.findall(r"tests/\S+", runs["check"]))
    # `proof`, `web` and `build/web` are there: make would have nothing to do.
    targets = re.findall(r"^([a-z/]+):(.*)$", text, re.MULTILINE)
    [phony] = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert sorted(phony.split()) == sorted(name for name, _ in targets)
    assert all(".venv/ready" in needs for _, needs in targets)
    # What one can ask of a target, CONTRIBUTING.md and this README do.
    for name in ("check", "demo", "nightly", "proof", "test", "weekly"):
        assert runs[name].count("$(ARGS)") == 1, name
    folder, file = re.search(r"writes it to `(\w+)/(\S+)`", said).groups()
    program = (ROOT / "proof" / "__main__.py").read_text(encoding="utf-8")
    assert f'ROOT / "{folder}" / "{file}"' in program


@pytest.mark.proof
def test_the_demo_is_of_the_last_commit(template, tmp_path):
    """And serves until Ctrl-C."""
    words = shlex.split(re.search(r'`make demo ARGS="(.+?)"` passes answers', README)[1])
    repository = shutil.copytree(template, tmp_path / "cookiecutter-flask-factory")
    git(repository, "init", "--quiet")
    commit(repository)
    (repository / "cookiecutter.json").write_text("not committed", encoding="utf-8")
    command = [sys.executable, "demo.py", *words]
    options = {"stdout": subprocess.PIPE, "encoding": "utf-8", "start_new_session": True}
    # What a shell runs in the background does not heed Ctrl-C, nor would the demo.
    options["preexec_fn"] = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, cwd=repository, **options) as demo:
        serving = "Serving (http://(.+?):(.+?)) from (.+) until Ctrl-C"
        shown = next(filter(None, (re.match(serving, line) for line in demo.stdout)))
        url, host, port, folder = shown.groups()
        try:
            for _ in range(100):
                time.sleep(0.1)
                with contextlib.suppress(OSError):
                    socket.create_connection((host, int(port))).close()
                    break
            with urllib.request.urlopen(url) as response:  # noqa: S310
                assert response.status == 200
            assert (Path(folder) / "my_flask_app" / "pages").is_dir()
            assert not (Path(folder) / "my_flask_app" / "api").exists()
        finally:
            os.killpg(demo.pid, signal.SIGINT)
            try:
                assert demo.wait(20) == 0
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(demo.pid, signal.SIGKILL)
    assert not Path(folder).exists()


def test_what_a_portal_can_rely_on_is_so(rules, template):
    """The numbers of its text, and the Cookiecutter that is asked for."""
    said = (ROOT / "docs" / "portals.md").read_text(encoding="utf-8")
    assert re.findall(r"up to (\d+) characters", said) == [str(rules.MAX_TEXT)]
    [extension] = template.glob("flask_factory_needs_*.py")
    needed = re.findall(r"needs Cookiecutter ([\d.]+)", extension.read_text(encoding="utf-8"))
    assert needed == re.findall(r"Cookiecutter ([\d.]+) or newer", README)
    slug = re.search(r"`(\[a-z\]\S+)`", said)[1]
    assert re.fullmatch(slug, "tea_time") and not re.fullmatch(slug, "tea__time")


def test_the_program_s_commands_are_its_own():
    """What is run, and what is said of its options, where it says the same itself."""
    parser = cli.parser()
    help_text = " ".join(parser.format_help().split())
    for words in (
        "Take a newer template or other answers into a project; add a slice like the example.",
        "an answer that is another now; for add a plural and a singular, such as: orders order",
        "--template ADDRESS of another template's clone",
        "--to COMMIT a tag or a commit of the template",
        "{keep,drop} what happens to those that a new project would have otherwise",
    ):
        assert words in help_text
    [commands] = [each.choices for each in parser._actions if each.dest == "command"]
    named = re.findall(r"^uvx .*flask-factory ([a-z]+)", README, re.MULTILINE)
    assert set(named) == set(commands)
    [choices] = [each.choices for each in parser._actions if each.dest == "migrations"]
    source = inspect.getsource(migrations)
    for text in (" ".join(README.split()), source):
        assert set(re.findall(r"--migrations (\w+)", text)) == set(choices)
        # One of them leaves a migration where it is.
        assert re.search(r"--migrations keep[^.,]{0,30} stay", text)


PROGRAM = sorted(Path(cli.__file__).parent.glob("*.py"))


def test_what_the_program_tells_to_type_is_there():
    """Its options are its parser's, but for what follows the name of another program."""
    texts = [each for path in PROGRAM for each in claims.said_by_program(path)]
    said = " ".join(re.sub(r"\b(?:git|uvx) [^,;…]*", "", text) for text in texts)
    own = {name for name in cli.parser()._option_string_actions if name.startswith("--")}
    assert set(re.findall(r"--[a-z]+", said)) == own - {"--help"}
