"""Fixtures that every test can use, and an environment without settings."""

import os
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }} import create_app

{% if cookiecutter.__database != 'none' %}
pytest_plugins = ["database_{{ cookiecutter.__database }}"]

{% endif %}
# Settings of this machine, all those that the example names, stay out of the tests.
EXAMPLE = (Path(__file__).parents[1] / ".env.example").read_text(encoding="utf-8")
for name in re.findall("^#?([A-Z][A-Z0-9_]*)=", EXAMPLE, re.M):
    os.environ.pop(name, None)
os.environ.pop("FLASK_DEBUG", None)


@pytest.fixture
def app() -> Flask:
    """The application."""
    return create_app({"APP_ENV": "testing"})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that sends it requests."""
    return app.test_client()
