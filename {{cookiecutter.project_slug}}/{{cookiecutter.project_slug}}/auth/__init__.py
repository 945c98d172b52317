"""Accounts: who may do what."""

from flask import Flask

{% if cookiecutter.__api %}
from . import api
{% endif %}
from . import commands
{% if cookiecutter.__pages %}
from . import pages
from . import sessions
{% endif %}


def init_app(app: Flask) -> None:
    """Register the accounts; the limits count attempts within 15 minutes."""
    app.config.setdefault("THROTTLE_ACCOUNT", 10)
    app.config.setdefault("THROTTLE_CLIENT", 100)
    app.cli.add_command(commands.auth)
    {% if cookiecutter.__api %}
    api.init_app(app)
    {% endif %}
    {% if cookiecutter.__pages %}
    pages.init_app(app)
    {% endif %}


def protect(app: Flask, package: str) -> None:
    """Let only users reach the views of a package."""
    for endpoint, view in app.view_functions.items():
        if f"{view.__module__}.".startswith(f"{package}."):
            {% if cookiecutter.__pages and cookiecutter.__api %}
            is_operation = hasattr(view, "operation")
            guard = api.require_token if is_operation else sessions.require_login
            {% else %}
            guard = {{ 'api.require_token' if cookiecutter.__api else 'sessions.require_login' }}
            {% endif %}
            app.view_functions[endpoint] = guard(view)
