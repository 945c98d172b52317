"""The five steps of CONTRIBUTING.md, followed for a throwaway option."""

import pytest
from conftest import bytes_below

from proof import covering, projects, runner
from proof.projection import faults
from proof.template import PACKAGE

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
LINE = """{% if cookiecutter.__motd %}
`/motd` answers with the message of the day.

{% endif %}
"""

CLAIM = """`test_motd: it_is_said` if motd=yes:
- `/motd` answers with the message of the day.
`no claim`:
- ## Run
"""
PROMPT = """- ci=none: None
`test_motd: it_is_said`:
- motd: Whether to have motd
"""


@pytest.fixture
def extended(mutant):
    """The template with one more option: steps 1 to 4."""
    mutant.write(f"{PACKAGE}/motd/__init__.py", PART)
    mutant.write("tests/test_motd.py", TEST)
    mutant.name_in_the_factory("motd")
    mutant.edit("proof/claims.md", r"^- ## Run\n", CLAIM)
    mutant.edit("proof/claims.md", r"^- ci=none: None\n", PROMPT)
    mutant.edit("README.md", r"^## .*\n", lambda found: LINE + found[0])
    mutant.add_switch("motd", ["{slug}/motd/__init__.py", "tests/test_motd.py"])
    return mutant


def test_it_is_covered_without_new_test_code(extended):
    """Step 5: the projection takes the option in, and so do the covering arrays."""
    template = extended.template()
    assert list(faults(template)) == []
    rows = covering.rows(template, 2)
    assert {row["motd"] for row in rows} == {"yes", ""}
    assert covering.missed(template, rows, 2) == []


def test_a_forgotten_step_is_noticed(extended):
    extended.questions(lambda questions: questions["_files"].pop("tests/test_motd.py"))
    assert any("motd" in fault for fault in faults(extended.template()))


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_cookiecutter_takes_it(extended, command, answer):
    result = command(f"motd={answer}", template=extended.root)
    assert result.returncode == 0, result.stdout
    template = extended.template()
    values = {**runner.defaults(template), "motd": answer.strip("no")}
    found = bytes_below(command.output / "my_flask_app")
    assert ("my_flask_app/motd/__init__.py" in found) == (answer == "yes")
    assert len(found) == len(template.project(values, "x"))


@pytest.mark.proof
def test_projects_with_it_are_whole(extended, everything, tmp_path):
    template = extended.template()
    values = runner.defaults(template)
    projects.check_statically(template, values, everything, tmp_path / "mypy")
    projects.check_running(template, template.settle({**values, "api": "", "example": ""}))
