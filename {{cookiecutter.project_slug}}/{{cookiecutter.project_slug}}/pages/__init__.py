"""The pages: views, templates and static files.

A part with pages of its own adds a link to the navigation under
`app.extensions["navigation"]`: its text, and the endpoint that it leads to.
"""

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
bp.after_app_request(static_files.set_cache_control)
bp.app_url_defaults(static_files.add_version)


@bp.get("/")
def home() -> str:
    """Show the first page."""
    return render_template("pages/home.html")


def init_app(app: Flask) -> None:
    """Register the pages; templates get `navigation`."""
    navigation = app.extensions.setdefault("navigation", {})
    app.context_processor(lambda: {"navigation": navigation})
    app.register_blueprint(bp)
