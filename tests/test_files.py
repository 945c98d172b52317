"""Which files a project has, and what its metadata says."""

import itertools
import tomllib

import pytest
from conftest import ALL_OFF, bytes_below, files_below

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
    ("answer", "expression", "first_words"),
    [
        ("mit", "MIT", "MIT License Copyright (c) Ada Permission is hereby granted"),
        ("bsd-3-clause", "BSD-3-Clause", "BSD 3-Clause License Copyright (c) Ada Redistribution"),
        ("apache-2.0", "Apache-2.0", "Apache License Version 2.0, January 2004"),
        ("gpl-3.0-or-later", "GPL-3.0-or-later", "GNU GENERAL PUBLIC LICENSE Version 3, 29 June"),
    ],
)
def test_the_licence_is_the_whole_text(project, answer, expression, first_words):
    folder = project(license=answer, author_name="Ada")
    metadata = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (folder / "LICENSE").read_text(encoding="utf-8")
    assert metadata["license"] == expression
    assert " ".join(text.split()).startswith(first_words)
    lengths = {"mit": 21, "bsd-3-clause": 28, "apache-2.0": 202, "gpl-3.0-or-later": 674}
    assert len(text.splitlines()) == lengths[answer]


def test_without_a_licence_nothing_speaks_of_one(project):
    for path, content in bytes_below(project(license="none")).items():
        assert b"licen" not in content.lower(), path


def test_every_line_ends_in_a_newline_of_its_own(project):
    for path, content in bytes_below(project()).items():
        assert b"\r" not in content, path
        assert content.endswith(b"\n"), path
