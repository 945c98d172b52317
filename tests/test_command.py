"""The real `cookiecutter` command, as a user runs it."""

import json
import ntpath
import os
import re
import runpy
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import ALL_OFF, bytes_below, files_below
from updating import commit, git


def as_arguments(answers):
    return [f"{key}={value}" for key, value in answers.items()]


def test_a_url_makes_a_project(command, template, tmp_path):
    repository = tmp_path / "cookiecutter-flask-factory"
    shutil.copytree(template, repository)
    git(repository, "init", "--quiet")
    commit(repository)
    result = command(template=f"git+{repository.as_uri()}")
    assert result.returncode == 0, result.stderr
    assert command.left() == ["my_flask_app"]


def test_a_version_is_pinned(command, template, tmp_path):
    """By a tag or a commit; of a plain folder there is only the one that lies there."""
    repository = tmp_path / "cookiecutter-flask-factory"
    shutil.copytree(template, repository)
    git(repository, "init", "--quiet")
    commit(repository)
    git(repository, "tag", "v1")
    commit_id = git(repository, "rev-parse", "v1").strip()
    (repository / "{{cookiecutter.project_slug}}" / "NEWS").write_text("2\n", encoding="utf-8")
    commit(repository)
    url = f"git+{repository.as_uri()}"
    for number, (source, version, is_new) in enumerate(
        [(url, "v1", False), (url, commit_id, False), (repository, "v1", True)]
    ):
        result = command("--checkout", version, f"project_slug=app{number}", template=source)
        assert result.returncode == 0, result.stderr
        assert (command.output / f"app{number}" / "NEWS").exists() is is_new


def test_the_users_own_settings_can_be_left_out(command):
    settings_file = command.home / ".cookiecutterrc"
    settings_file.write_text("default_context:\n  health: no\n", encoding="utf-8")
    for options, slug in (((), "one"), (("--default-config",), "two")):
        result = command(*options, f"project_slug={slug}")
        assert result.returncode == 0, result.stderr
        assert (command.output / slug / slug / "health").exists() is bool(options)


def test_without_the_hooks_everything_is_on(command):
    result = command("--accept-hooks", "no", "pages=no", "database=none")
    assert result.returncode == 0, result.stderr
    folder = command.output / "my_flask_app"
    assert (folder / "my_flask_app" / "pages").is_dir()
    assert (folder / "my_flask_app" / "database" / "postgresql.py").exists()


def test_a_person_answers_the_questions(command, questions):
    """Every question is put in its own words, and an empty answer takes the default."""
    result = command(no_input=False, text="Tea Time\n" + "\n" * 20)
    assert result.returncode == 0, result.stderr
    assert command.left() == ["tea_time"]
    said = " ".join(result.stdout.split())
    for prompt in questions["__prompts__"].values():
        words = prompt if isinstance(prompt, str) else prompt["__prompt__"]
        assert " ".join(words.split()) in said


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "none"])
@pytest.mark.parametrize("has_uv", [True, False], ids=["with uv", "without"])
def test_the_last_words_are_commands(command, tmp_path, has_uv, database):
    programs = tmp_path / "programs"
    programs.mkdir()
    if has_uv:
        (programs / "uv").touch(mode=0o755)
    result = command(f"database={database}", env={"PATH": str(programs)})
    assert result.stderr == ""
    lines = INSTALL if has_uv else INSTALL_WITH_PIP
    implied = []
    if database == "none":
        lines = [line for line in lines if "db upgrade" not in line]
        implied = ["example is no: it needs a database."]
    assert result.stdout.splitlines() == [
        "",
        *implied,
        "Your project is ready. What next:",
        "",
        "    cd my_flask_app",
        *(f"    {line}" for line in lines),
        "",
        'The author is still "Your Name": put yours in LICENSE and pyproject.toml.',
    ]


INSTALL = ["uv sync", "uv run flask db upgrade", "uv run flask run --debug", "uv run pytest"]
INSTALL_WITH_PIP = [
    "python3 -m venv .venv",
    '.venv/bin/python -m pip install "pip>=25.1"',
    ".venv/bin/python -m pip install --editable . --group dev",
    ".venv/bin/python -m flask db upgrade",
    ".venv/bin/python -m flask run --debug",
    ".venv/bin/python -m pytest",
]


@pytest.fixture
def last_hook(template, monkeypatch):
    """The second hook, as it is loaded: it takes its own folder off the path."""
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    return SimpleNamespace(**runpy.run_path(str(template / "hooks" / "post_gen_project.py")))


@pytest.mark.parametrize(
    ("program", "steps"),
    [
        ("uv.exe", ["uv sync", "uv run flask run --debug", "uv run pytest"]),
        (
            None,
            [
                "py -m venv .venv",
                '.venv\\Scripts\\python -m pip install "pip>=25.1"',
                ".venv\\Scripts\\python -m pip install --editable . --group dev",
                ".venv\\Scripts\\python -m flask run --debug",
                ".venv\\Scripts\\python -m pytest",
            ],
        ),
    ],
)
def test_the_last_words_are_commands_of_windows(last_hook, monkeypatch, program, steps):
    """Which it has no shell for here: the words alone, with the paths of Windows."""
    folder = "C:\\some where\\tea"
    windows = {"name": "nt", "path": ntpath, "environ": {}, "getcwd": lambda: folder}
    names = last_hook.next_steps.__globals__
    monkeypatch.setitem(names, "os", SimpleNamespace(**windows))
    monkeypatch.setitem(names, "shutil", SimpleNamespace(which=lambda _: program))
    said = list(last_hook.next_steps({"__database": "none"}))
    assert said == [f'cd "{folder}"', *steps]


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        ([], []),
        (["b", "a"], ["Kept: a, b."]),
        (list("fedcba"), ["Kept: a, b, c, d, e, f."]),
        (list("hgfedcba"), ["Kept: a, b, c, d, e, f and 2 more."]),
    ],
)
def test_of_many_files_the_first_are_named(last_hook, paths, words):
    assert list(last_hook.listed("Kept", paths)) == words


def test_the_last_words_name_the_folder_from_anywhere(command, tmp_path):
    elsewhere = tmp_path / "some where"
    result = command("--output-dir", str(elsewhere), "author_name=Ada")
    assert f"    cd '{elsewhere / 'my_flask_app'}'\n" in result.stdout
    assert "Your Name" not in result.stdout


def test_the_last_words_are_said_in_any_locale(command):
    """What can't be shown of a folder's name does not keep the rest back."""
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = command("--output-dir", "thé", env=ascii_alone)
    assert result.returncode == 0, result.stderr
    assert "Your project is ready. What next:" in result.stdout
    assert "flask run --debug" in result.stdout


def test_it_works_without_a_path_or_a_network(command):
    """No program is found, and every address is refused."""
    (command.home / "sitecustomize.py").write_text(
        "import socket\n"
        "def refuse(*_): raise OSError('no network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n",
        encoding="utf-8",
    )
    result = command(env={"PATH": "", "PYTHONPATH": str(command.home)})
    assert result.returncode == 0, result.stderr
    assert files_below(command.output / "my_flask_app")


@pytest.mark.parametrize(
    ("env", "author"),
    [
        ({"LC_ALL": "C"}, "Zoë 🎉"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "Zoe"),
        ({"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}, "Zoë 🎉"),
    ],
    ids=["the C locale", "ASCII alone", "another place"],
)
def test_the_same_answers_give_the_same_bytes(command, project, env, author):
    answers = {"project_slug": "same", "author_name": author, "errors": "html"}
    result = command(*as_arguments(answers), env=env)
    assert result.returncode == 0, result.stderr
    assert bytes_below(command.output / "same") == bytes_below(project(**answers))


def test_no_hook_leaves_anything_behind(command, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    assert command(env={"TMPDIR": str(temporary)}).returncode == 0
    assert list(temporary.iterdir()) == []


def test_no_encoding_is_left_to_the_machine(command, template):
    """The hooks run by themselves: Cookiecutter's own warnings would drown theirs."""
    flags = ["-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    assert command("author_name=Ada").returncode == 0
    folder = command.output / "my_flask_app"
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    for name in ("pre_gen_project", "post_gen_project"):
        hook = command.home / f"{name}.py"
        text = (template / "hooks" / f"{name}.py").read_text(encoding="utf-8")
        replay = command.home / ".cookiecutter_replay" / "cookiecutter-flask-factory.json"
        answers = json_of(replay)
        hook.write_text(text.replace("{{ cookiecutter | tojson }}", answers), encoding="utf-8")
        run = [sys.executable, *flags, str(hook)]
        result = subprocess.run(run, cwd=folder, check=False, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        assert not hook.exists()


def json_of(replay):
    return json.dumps(json.loads(replay.read_text(encoding="utf-8"))["cookiecutter"])


def test_a_cloned_repository_keeps_its_files(command):
    """Generating into a folder that is not empty removes and overwrites nothing of it."""
    mine = {
        "README.md": b"mine",
        ".gitignore": b"mine",
        "LICENSE": b"mine",
        "tests/test_api.py": b"mine",
        "my_flask_app/api/mine.py": b"mine",
        "my_flask_app/pages/templates/layout.html": b"mine",
        "my_flask_app/shop.py": b"mine",
        "my_flask_app/notes/.well-known/mine": b"mine",
        ".venv/mine": b"mine",
    }
    folder = command.output / "my_flask_app"
    for path, content in mine.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "my_flask_app" / "health").mkdir()
    result = command("-f", "-s", *as_arguments({**ALL_OFF, "license": "mit"}))
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[:3] == [
        "",
        "Kept as they were: .gitignore, LICENSE, README.md, my_flask_app/shop.py.",
        "Left over from other answers: my_flask_app/api/mine.py, "
        "my_flask_app/notes/.well-known/mine, my_flask_app/pages/templates/layout.html, tests/test_api.py.",
    ]
    assert "put yours in pyproject.toml." in result.stdout
    found = bytes_below(folder)
    assert {path: found.pop(path) for path in mine} == mine
    assert found.pop("pyproject.toml").startswith(b"[project]")
    assert (folder / "my_flask_app" / "health").is_dir()
    assert not (folder / "my_flask_app" / "pages" / "static").exists()
    assert not (folder / ".cookiecutter-note.json").exists()


def test_a_name_in_another_case_may_be_the_same_file(command):
    """On some file systems `License` is what would be removed as `LICENSE`."""
    path = command.output / "my_flask_app" / "License"
    path.parent.mkdir()
    path.write_text("mine", encoding="utf-8")
    assert command("-f", "license=none").returncode == 0
    assert (path.parent / "LICENSE").exists()


def test_a_second_run_says_what_it_left(command):
    """Of many files, the first; and what it wrote over it does not name."""
    assert command("author_name=Ada").returncode == 0
    before = files_below(command.output)
    (command.output / "my_flask_app" / "mine.txt").write_text("mine", encoding="utf-8")
    compiled = command.output / "my_flask_app" / "__pycache__" / "wsgi.pyc"
    compiled.parent.mkdir()
    compiled.touch()
    result = command("-f", "api=no", "author_name=Ada")
    assert result.returncode == 0, result.stderr
    compiled.unlink()
    compiled.parent.rmdir()
    kept, leftovers = result.stdout.splitlines()[1:3]
    assert kept == "Kept as they were: mine.txt."
    assert re.fullmatch(r"Left over from other answers: docs/api.md, .+ and \d+ more\.", leftovers)
    assert files_below(command.output) == sorted([*before, "my_flask_app/mine.txt"])


def test_without_its_note_the_second_hook_removes_nothing(command, template, tmp_path):
    """Everything is still there, which nobody asked for: it says so, and fails."""
    copy = shutil.copytree(template, tmp_path / "copy" / template.name)
    hook = copy / "hooks" / "post_gen_project.py"
    text = hook.read_text(encoding="utf-8")
    text = text.replace("def remove(", "os.unlink(NOTE)\n\n\ndef remove(")
    hook.write_text(text, encoding="utf-8")
    (command.output / "my_flask_app").mkdir()
    result = command("-f", "api=no", template=copy)
    assert result.returncode == 1
    assert result.stderr.startswith("Error: .cookiecutter-note.json is missing, so nothing was ")
    assert (command.output / "my_flask_app" / "my_flask_app" / "api").exists()


def test_an_existing_folder_is_not_touched_unasked(command):
    (command.output / "my_flask_app").mkdir()
    result = command()
    assert result.returncode == 1
    assert result.stderr.startswith("project_slug: my_flask_app exists already; ")
    assert files_below(command.output) == ["my_flask_app"]


def test_a_replay_makes_the_same_project(command):
    assert command("errors=json", "author_name=Ada").returncode == 0
    first = bytes_below(command.output / "my_flask_app")
    shutil.rmtree(command.output / "my_flask_app")
    result = command("--replay", no_input=False)
    assert result.returncode == 0, result.stderr
    assert bytes_below(command.output / "my_flask_app") == first


@pytest.mark.parametrize("where", ["broken", "full", "closed"])
def test_a_project_outlives_its_last_words(command, where):
    """Nobody may be able to read what a hook prints; the project stays."""
    arguments = [sys.executable, "-m", "cookiecutter", str(command.template), "--no-input"]
    if where == "broken":
        reader, writer = os.pipe()
        os.close(reader)
    else:
        writer = os.open("/dev/full" if where == "full" else os.devnull, os.O_WRONLY)
    subprocess.run(
        arguments,
        cwd=command.output,
        env={**os.environ, "HOME": str(command.home)},
        stdout=writer,
        stderr=subprocess.DEVNULL,
        preexec_fn=(lambda: os.close(1)) if where == "closed" else None,
        check=False,
    )
    os.close(writer)
    assert command.left() == ["my_flask_app"]
