"""Fixtures that every test can use."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }} import create_app

SETTINGS = (
    "APP_ENV",
    "FLASK_DEBUG",
    "MAX_CONTENT_LENGTH",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "TRUSTED_HOSTS",
    "TRUSTED_PROXIES",
)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this machine's settings out of the tests."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def app() -> Flask:
    """The application."""
    return create_app({"APP_ENV": "testing"})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that sends it requests."""
    return app.test_client()
