"""The JSON API, version 1."""

from flask import Blueprint
from flask import Flask

from . import cors
from . import docs
from . import durations

bp = Blueprint("api", __name__, url_prefix="/api/v1")
bp.register_blueprint(durations.bp)
bp.register_blueprint(docs.bp)


def init_app(app: Flask) -> None:
    """Register the API."""
    cors.init_app(app)
    app.register_blueprint(bp)
    {% if cookiecutter.__pages %}
    app.extensions.setdefault("navigation", {})["API"] = "api.docs.page"
    {% endif %}
