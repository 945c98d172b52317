"""Errors as problem documents (RFC 9457)."""

from flask import json
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response


def problem(error: HTTPException) -> Response:
    """Return the error as JSON, with the headers that belong to it, such as `Allow`.

    An error can carry further members in an attribute `problem_members`.
    """
    members = {
        "type": "about:blank",
        "title": error.name,
        "status": error.code,
        "detail": error.description,
        **getattr(error, "problem_members", {}),
    }
    response = error.get_response()
    response.set_data(json.dumps(members))
    response.content_type = "application/problem+json"
    return response
