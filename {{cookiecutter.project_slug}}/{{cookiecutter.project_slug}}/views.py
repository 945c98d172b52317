"""The answer at the root."""

from flask import Blueprint
from flask import Flask
from flask import current_app

bp = Blueprint("views", __name__)


@bp.get("/")
def index() -> dict[str, str]:
    """Say which application answers."""
    return {"name": current_app.config["APP_TITLE"]}


def init_app(app: Flask) -> None:
    """Register the views."""
    app.register_blueprint(bp)
