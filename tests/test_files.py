"""Which files a project has, and what its metadata says."""

import hashlib
import itertools
import re
import tomllib

import pytest
from conftest import ALL_OFF, ROOT, bytes_below, files_below

from proof.checks import mentioned

SMALLEST = """
    .env.example .gitattributes .gitignore README.md docs/deploy.md gunicorn.conf.py pyproject.toml
    wsgi.py
    my_flask_app/__init__.py my_flask_app/config.py my_flask_app/root.py
    tests/conftest.py tests/test_factory.py tests/test_config.py tests/test_root.py
"""


def test_the_smallest_project_is_these_files(project):
    """A file that the table forgets is seen here; all others are what the projection predicts."""
    assert files_below(project(**ALL_OFF)) == sorted(SMALLEST.split())


def test_every_path_of_the_table_is_in_the_template(template, questions):
    [folder] = template.glob("{{*")
    for row in questions["_files"]:
        path = folder / row.replace("{slug}", folder.name)
        assert path.is_dir() if row.endswith("/") else path.is_file(), row


@pytest.mark.parametrize("answers", [{}, {"logs": "json", "telemetry": "yes"}])
def test_a_part_is_a_folder_with_two_lines_in_the_factory(project, answers):
    package = project(**answers) / "my_flask_app"
    factory = (package / "__init__.py").read_text(encoding="utf-8")
    parts = [path.parent.name for path in package.glob("*/__init__.py")]
    assert len(parts) >= 6
    for name in parts:
        text = (package / name / "__init__.py").read_text(encoding="utf-8")
        assert re.search(r"^def init_app\(app: Flask\) -> None:$", text, re.MULTILINE), name
        lines = [line for line in factory.splitlines() if re.search(rf"\b{name}\b", line)]
        assert lines == [f"from . import {name}", f"    {name}.init_app(app)"]


def test_no_word_of_an_option_is_a_standard_module(questions):
    """Else a project without the option could not name the module."""
    for option, each in questions["_options"].items():
        for word in itertools.chain(*each["values"].values()):
            for module in questions["_reserved"]["a module of Python's own"]:
                assert not mentioned(module, word), (option, word)
                assert not mentioned(f"import {module}", word), (option, word)


def test_the_answers_are_the_metadata(project):
    folder = project(project_name="Tea Time", description="Serves tea.", author_name="Ada")
    metadata = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert folder.name == metadata["name"] == "tea_time"
    assert metadata["description"] == "Serves tea."
    assert metadata["authors"] == [{"name": "Ada"}]


@pytest.mark.parametrize(
    ("answer", "expression", "digest"),
    [
        ("mit", "MIT", "b318838899f76529"),
        ("bsd-3-clause", "BSD-3-Clause", "6e284c1fcf6feee0"),
        ("apache-2.0", "Apache-2.0", "0ffddef9e48f8a09"),
        ("gpl-3.0-or-later", "GPL-3.0-or-later", "972a178adadacfbd"),
    ],
)
def test_the_licence_is_the_published_text(project, questions, answer, expression, digest):
    """Word by word, whatever its lines are; the MIT's and the BSD's with the author's name."""
    folder = project(license=answer, author_name="Ada")
    metadata = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata["license"] == expression
    label = questions["__prompts__"]["license"][answer]
    assert label.upper().replace(" ", "-") == expression.upper()
    text = " ".join((folder / "LICENSE").read_text(encoding="utf-8").split())
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == digest


def test_this_repository_has_the_licence_that_it_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    name = re.search(r"This template is under the (\w+) licence", readme)[1]
    text = " ".join((ROOT / "LICENSE").read_text(encoding="utf-8").split())
    text = re.sub(r"(?<=Copyright \(c\) ).+?(?= Permission)", "Ada", text)
    assert name == "MIT"
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "b318838899f76529"


def test_without_a_licence_nothing_speaks_of_one(project):
    for path, content in bytes_below(project(license="none")).items():
        assert b"licen" not in content.lower(), path


def test_every_line_ends_in_a_newline_of_its_own(project):
    for path, content in bytes_below(project()).items():
        assert b"\r" not in content, path
        assert content.endswith(b"\n"), path
