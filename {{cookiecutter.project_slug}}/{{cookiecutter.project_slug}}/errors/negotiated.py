"""Errors in the form that the client asks for."""

from flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from .page import page
from .problem import problem

TYPES = ("application/problem+json", "application/json", "text/html")


def negotiated(error: HTTPException) -> Response:
    """Return a page to a client that asks for HTML, as browsers do, else a problem."""
    wanted = request.accept_mimetypes.best_match(TYPES)
    response = page(error) if wanted == "text/html" else problem(error)
    response.vary.add("Accept")
    return response
