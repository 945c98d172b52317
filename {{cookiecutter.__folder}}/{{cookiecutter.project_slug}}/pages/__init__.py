"""The pages: views, templates and static files."""

from flask import Blueprint
from flask import Flask
from flask import render_template

from . import static_files

bp = Blueprint(
    "pages",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
bp.after_request(static_files.cache)
bp.app_url_defaults(static_files.add_version)


@bp.get("/")
def home() -> str:
    """The first page."""
    return render_template("pages/home.html")


@bp.get("/about")
def about() -> str:
    """What this application is."""
    return render_template("pages/about.html")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
