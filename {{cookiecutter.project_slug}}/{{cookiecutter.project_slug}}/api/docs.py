"""The OpenAPI document, for programs and for people."""

from flask import Blueprint
from flask import current_app
from flask import jsonify
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue

from .document import document
from .operation import operation

bp = Blueprint("api", __name__, template_folder="templates")


@bp.get("/openapi.json")
@operation({200: "application/json"})
def openapi() -> ResponseReturnValue:
    """Show this document."""
    return jsonify(_document())


@bp.get("/docs")
@operation({200: "text/html"})
def page() -> str:
    """Show this document as a page."""
    return render_template("api/docs.html", document=_document())


def _document() -> dict[str, object]:
    return document(current_app, request.path.rpartition("/")[0])
