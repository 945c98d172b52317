"""The JSON API, and the document that describes it."""

from flask import Flask

from . import cors
from . import docs
from .operation import check_variables

V1 = "/api/v1"


def init_app(app: Flask) -> None:
    """Register the document of the operations that other parts have registered."""
    cors.init_app(app)
    app.register_blueprint(docs.bp, url_prefix=V1)
    check_variables(app)
    {% if cookiecutter.__pages %}
    app.extensions.setdefault("navigation", {})["API"] = "api.page"
    {% endif %}
