"""The response at the root."""

from flask import Blueprint
from flask import Flask
from flask import current_app

bp = Blueprint("root", __name__)


@bp.get("/")
def index() -> dict[str, str]:
    """Return the name of the application."""
    return {"name": current_app.config["APP_TITLE"]}


def init_app(app: Flask) -> None:
    """Register the view."""
    app.register_blueprint(bp)
