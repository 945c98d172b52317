"""Fixtures that give the tests a SQLite database, and roll back what each of them does."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import pytest
from flask import Flask

from {{ cookiecutter.project_slug }} import create_app


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of an empty database, which is there until the block ends."""
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/test.db"
{% include "database_fixtures" %}
