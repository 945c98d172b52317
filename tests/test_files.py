"""Which files a project has, and what its metadata says."""

import tomllib

import pytest
from conftest import ALL_OFF, ALL_ON, bytes_below, files_below

EVERY_PROJECT = """
    .editorconfig .env.example .gitattributes .gitignore README.md pyproject.toml serve.py wsgi.py
    my_flask_app/__init__.py my_flask_app/environment.py my_flask_app/proxy.py
    my_flask_app/secret_key.py my_flask_app/sessions.py
    tests/conftest.py tests/test_proxy.py tests/test_secret_key.py tests/test_sessions.py
    tests/test_settings.py
"""
ONLY_ALL_ON = """
    LICENSE
    my_flask_app/api/__init__.py my_flask_app/api/answer.py my_flask_app/api/cors.py
    my_flask_app/api/docs.py my_flask_app/api/document.py my_flask_app/api/durations.py
    my_flask_app/api/inputs.py my_flask_app/api/operation.py
    my_flask_app/api/templates/api/docs.html
    my_flask_app/config/__init__.py my_flask_app/config/classes.py
    migrations/env.py migrations/script.py.mako migrations/versions/initial.py
    migrations/versions/notes.py schemathesis.toml
    my_flask_app/api/conditional.py my_flask_app/api/pagination.py
    my_flask_app/notes/__init__.py my_flask_app/notes/api.py my_flask_app/notes/forms.py
    my_flask_app/notes/pages.py my_flask_app/notes/store.py
    my_flask_app/notes/static/htmx.min.js my_flask_app/notes/static/notes.css
    my_flask_app/notes/templates/notes/conflict.html my_flask_app/notes/templates/notes/delete.html
    my_flask_app/notes/templates/notes/edit.html my_flask_app/notes/templates/notes/form.html
    my_flask_app/notes/templates/notes/index.html my_flask_app/notes/templates/notes/layout.html
    my_flask_app/notes/templates/notes/new.html
    tests/test_api_conditional.py tests/test_api_pagination.py tests/test_notes_api.py
    tests/test_notes_concurrency.py tests/test_notes_pages.py tests/test_notes_store.py
    my_flask_app/database/__init__.py my_flask_app/database/commands.py
    my_flask_app/database/readiness.py my_flask_app/database/sqlite.py
    my_flask_app/database/time.py
    tests/database_sqlite.py tests/databases.py tests/test_database.py tests/test_database_readiness.py
    tests/test_migrations.py tests/test_sqlite.py
    my_flask_app/errors/__init__.py my_flask_app/errors/negotiated.py
    my_flask_app/errors/page.py my_flask_app/errors/problem.py
    my_flask_app/errors/templates/errors/error.html
    my_flask_app/health/__init__.py
    my_flask_app/pages/__init__.py my_flask_app/pages/static_files.py
    my_flask_app/pages/static/favicon.svg my_flask_app/pages/static/site.css
    my_flask_app/pages/templates/layout.html
    my_flask_app/pages/templates/pages/about.html my_flask_app/pages/templates/pages/home.html
    my_flask_app/security_headers.py
    tests/test_api.py tests/test_api_contract.py tests/test_api_document.py tests/test_config.py
    tests/test_cors.py tests/test_health.py tests/test_negotiated_errors.py
    tests/test_pages.py tests/test_security_headers.py tests/test_static_files.py
    tests/test_unhandled_errors.py
"""
ONLY_ALL_OFF = "my_flask_app/settings.py my_flask_app/views.py tests/test_views.py"


@pytest.mark.parametrize(
    ("answers", "files"), [(ALL_ON, ONLY_ALL_ON), (ALL_OFF, ONLY_ALL_OFF)], ids=["on", "off"]
)
def test_the_files_are_exactly_these(project, answers, files):
    assert files_below(project(**answers)) == sorted([*EVERY_PROJECT.split(), *files.split()])


def test_every_path_of_the_table_is_in_the_template(template, questions):
    [folder] = template.glob("{{*")
    for path in questions["_files"]:
        assert (folder / path.replace("{slug}", "{{cookiecutter.project_slug}}")).is_file(), path


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
