"""Accounts for the tests."""

{% if cookiecutter.__pages %}
import os
from time import time

{% endif %}
import pytest
from flask import Flask
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }}.auth import passwords
from {{ cookiecutter.project_slug }}.auth import tokens
from {{ cookiecutter.project_slug }}.auth.users import User
from {{ cookiecutter.project_slug }}.database import db_session
{% if cookiecutter.__pages %}
from {{ cookiecutter.project_slug }}.mail import SETTINGS
{% endif %}

EMAIL = "ada@example.com"
PASSWORD = "a kettle of green tea"
{% if cookiecutter.__pages %}
# Production requires them.
os.environ.update((name, example) for name, (_, example) in SETTINGS.items())
{% endif %}


@pytest.fixture
def user(app: Flask) -> User:
    """Somebody with an account."""
    with app.app_context():
        user = User(email=EMAIL, password_hash=passwords.hash(PASSWORD))
        db_session.add(user)
        db_session.commit()
    return user
{% if cookiecutter.__api %}


@pytest.fixture
def token(client: FlaskClient, user: User) -> str:
    """A token, which the client sends with each request."""
    with client.application.app_context():
        secret = tokens.issue(user, "write", "test")
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return secret
{% endif %}
{% if cookiecutter.__pages %}


@pytest.fixture
def logged_in(client: FlaskClient, user: User) -> None:
    """Let the client be a browser in which the user has logged in."""
    with client.application.app_context():
        secret = tokens.issue(user, "session", "test")
    with client.session_transaction() as session:
        session.update(secret=secret, seen=int(time()))
{% endif %}
