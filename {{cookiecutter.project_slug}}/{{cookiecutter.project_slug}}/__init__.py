"""The application factory."""

from collections.abc import Mapping

from flask import Flask

{% if cookiecutter.__api %}
from . import api
{% endif %}
{% if cookiecutter.__config %}
from . import config
{% endif %}
{% if cookiecutter.__database != 'none' %}
from . import database
{% endif %}
{% if cookiecutter.__errors != 'none' or cookiecutter.__api %}
from . import errors
{% endif %}
{% if cookiecutter.__health %}
from . import health
{% endif %}
{% if cookiecutter.__example %}
from . import notes
{% endif %}
{% if cookiecutter.__pages %}
from . import pages
{% endif %}
from . import proxy
from . import request_bodies
{% if cookiecutter.__pages or cookiecutter.__api or cookiecutter.__errors in ['html', 'negotiated'] %}
from . import security_headers
{% endif %}
from . import sessions
{% if not cookiecutter.__config %}
from . import settings
{% endif %}
{% if not cookiecutter.__pages %}
from . import views
{% endif %}


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """Build the application.

    `overrides` are settings that win over the environment and the defaults.
    Raises `ConfigurationError` for a setting that can't be used.
    """
    app = Flask(__name__, static_folder=None)
    {% if cookiecutter.__config %}
    config.init_app(app, overrides)
    {% else %}
    settings.init_app(app, overrides)
    {% endif %}
    proxy.init_app(app)
    request_bodies.init_app(app)
    sessions.init_app(app)
    {% if cookiecutter.__pages or cookiecutter.__api or cookiecutter.__errors in ['html', 'negotiated'] %}
    security_headers.init_app(app)
    {% endif %}
    {% if cookiecutter.__errors != 'none' or cookiecutter.__api %}
    errors.init_app(app)
    {% endif %}
    {% if cookiecutter.__database != 'none' %}
    database.init_app(app)
    {% endif %}
    {% if cookiecutter.__pages %}
    pages.init_app(app)
    {% else %}
    views.init_app(app)
    {% endif %}
    {% if cookiecutter.__api %}
    api.init_app(app)
    {% endif %}
    {% if cookiecutter.__example %}
    notes.init_app(app)
    {% endif %}
    {% if cookiecutter.__health %}
    health.init_app(app)
    {% endif %}
    return app
