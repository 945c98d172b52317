"""The five steps of CONTRIBUTING.md, followed for a throwaway option."""

import json
import shutil
from functools import partial

import pytest
from conftest import bytes_below
from test_mutation import FOLDER, PACKAGE, defaults, edit

from proof import covering, projects
from proof.__main__ import environment_of_everything
from proof.projection import Template, faults

PART = '''"""The message of the day."""

from flask import Blueprint
from flask import Flask

bp = Blueprint("motd", __name__)


@bp.get("/motd")
def show() -> dict[str, str]:
    """Say it."""
    return {"motd": "Write a test."}


def init_app(app: Flask) -> None:
    """Register it."""
    app.register_blueprint(bp)
'''
TEST = """from flask.testing import FlaskClient


def test_it_is_said(client: FlaskClient) -> None:
    assert client.get("/motd").json == {"motd": "Write a test."}
"""


@pytest.fixture
def extended(template, tmp_path):
    """The template with one more option: steps 1 to 4."""
    copy = shutil.copytree(template, tmp_path / "cookiecutter-flask-factory")
    (copy / PACKAGE / "motd").mkdir()
    (copy / PACKAGE / "motd" / "__init__.py").write_text(PART, encoding="utf-8")
    (copy / FOLDER / "tests" / "test_motd.py").write_text(TEST, encoding="utf-8")
    wrapped = "{{% if cookiecutter.__motd %}}\n{}{{% endif %}}\n"
    before = "{% if cookiecutter.__example %}\nfrom . import notes\n"
    edit(copy / PACKAGE / "__init__.py", before, wrapped.format("from . import motd\n") + before)
    edit(
        copy / PACKAGE / "__init__.py",
        "    return app\n",
        "    " + wrapped.format("    motd.init_app(app)\n    ") + "    return app\n",
    )
    path = copy / "cookiecutter.json"
    questions = json.loads(path.read_text(encoding="utf-8"))
    mirror = questions["__health"].replace("health", "motd")
    questions["_options"]["motd"] = {
        "before": "no",
        "about": "a message",
        "values": {"yes": ["motd"], "": []},
    }
    questions["_files"]["{slug}/motd/__init__.py"] = [["motd"]]
    questions["_files"]["tests/test_motd.py"] = [["motd"]]
    questions["__prompts__"]["motd"] = "A message of the day, at /motd"
    written = {}
    for key, value in questions.items():
        written[key] = value
        if key == "example":
            written["motd"] = True
    written["__motd"] = mirror
    path.write_text(json.dumps(written), encoding="utf-8")
    return copy


def test_it_is_covered_without_new_test_code(extended, rules):
    """Step 5: the projection takes the option in, and so do the covering arrays."""
    whole = Template(extended, rules)
    assert list(faults(whole)) == []
    rows = covering.rows(whole, 2)
    assert {row["motd"] for row in rows} == {"yes", ""}
    assert covering.missed(whole, rows, 2) == []


def test_a_forgotten_step_is_noticed(extended, rules):
    path = extended / "cookiecutter.json"
    questions = json.loads(path.read_text(encoding="utf-8"))
    del questions["_files"]["tests/test_motd.py"]
    path.write_text(json.dumps(questions), encoding="utf-8")
    assert any("motd" in fault for fault in faults(Template(extended, rules)))


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_cookiecutter_takes_it(extended, rules, command, answer):
    result = command(f"motd={answer}", template=extended)
    assert result.returncode == 0, result.stdout
    whole = Template(extended, rules)
    found = bytes_below(command.output / "my_flask_app")
    assert ("my_flask_app/motd/__init__.py" in found) == (answer == "yes")
    assert len(found) == len(
        whole.project({**defaults(extended, rules), "motd": answer.strip("no")}, "x")
    )


@pytest.mark.proof
def test_projects_with_it_are_whole(extended, rules, tmp_path_factory):
    whole = Template(extended, rules)
    folder = tmp_path_factory.mktemp("everything")
    check = partial(
        projects.check_statically, python=environment_of_everything(folder), cache=folder / "mypy"
    )
    check(whole, defaults(extended, rules))
    projects.check_running(whole, defaults(extended, rules))


def test_an_array_that_misses_something_is_noticed(template, rules):
    whole = Template(template, rules)
    for strength in (2, 3):
        rows = covering.rows(whole, strength)
        assert covering.missed(whole, rows, strength) == []
        assert covering.missed(whole, rows[: len(rows) // 2], strength)
