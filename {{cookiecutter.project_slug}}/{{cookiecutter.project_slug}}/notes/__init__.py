"""Notes: a worked example of the project's own conventions."""

from flask import Blueprint
from flask import Flask

{% if cookiecutter.__api %}
from . import api
{% endif %}
{% if cookiecutter.__pages %}
from . import pages
{% endif %}

bp = Blueprint("notes", __name__)
{% if cookiecutter.__api %}
bp.register_blueprint(api.bp)
{% endif %}
{% if cookiecutter.__pages %}
bp.register_blueprint(pages.bp)
{% endif %}


def init_app(app: Flask) -> None:
    """Register the notes."""
    app.register_blueprint(bp)
    {% if cookiecutter.__pages %}
    app.extensions.setdefault("navigation", {})["Notes"] = "notes.pages.index"
    {% endif %}
