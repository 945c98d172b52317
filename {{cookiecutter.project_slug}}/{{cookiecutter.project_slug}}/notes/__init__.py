"""Notes: a worked example of the project's own conventions."""

from flask import Flask

{% if cookiecutter.__auth != 'none' %}
from ..auth import protect
{% endif %}
{% if cookiecutter.__api %}
from . import api
{% endif %}
{% if cookiecutter.__pages %}
from . import pages
{% endif %}


def init_app(app: Flask) -> None:
    """Register the notes."""
    {% if cookiecutter.__api %}
    app.register_blueprint(api.bp)
    {% endif %}
    {% if cookiecutter.__pages %}
    app.register_blueprint(pages.bp)
    app.extensions.setdefault("navigation", {})["Notes"] = "notes_pages.index"
    {% endif %}
    {% if cookiecutter.__auth != 'none' %}
    protect(app, __name__)
    {% endif %}
