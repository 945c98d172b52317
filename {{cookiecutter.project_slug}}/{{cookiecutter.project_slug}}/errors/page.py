"""Errors as pages."""

from flask import Blueprint
from flask import render_template
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

templates = Blueprint("errors", __name__, template_folder="templates")


def page(error: HTTPException) -> Response:
    """The error as a page, with the headers that belong to it, such as `Allow`."""
    response = error.get_response()
    response.set_data(render_template("errors/error.html", error=error))
    response.content_type = "text/html; charset=utf-8"
    return response
