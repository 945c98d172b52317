"""Errors as pages."""

from flask import current_app
from flask import render_template
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response


def page(error: HTTPException) -> Response:
    """Return the error as a page, with the headers that belong to it, such as `Allow`."""
    response = error.get_response()
    if isinstance(error, SecurityError):
        return response  # No page has links under a host that is not trusted.
    try:
        response.set_data(render_template("error.html", error=error))
    except Exception as fault:  # Werkzeug's plain page is better than a second error.
        current_app.logger.error("The error page failed: %r", fault)
    response.content_type = "text/html; charset=utf-8"
    return response
