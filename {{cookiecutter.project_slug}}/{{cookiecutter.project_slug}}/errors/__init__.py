"""Responses to errors: to an unknown URL, an `abort`, an unhandled exception."""

from flask import Flask
{% if cookiecutter.__api and cookiecutter.__errors != 'json' %}
from flask import request
{% endif %}
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

{% if cookiecutter.__errors in ['html', 'negotiated'] %}
from .{{ 'page' if cookiecutter.__errors == 'html' else 'negotiated' }} import {{ 'page' if cookiecutter.__errors == 'html' else 'negotiated' }}
{% endif %}
{% if cookiecutter.__errors == 'json' or cookiecutter.__api %}
from .problem import problem
{% endif %}


def respond(error: HTTPException) -> ResponseReturnValue:
    """Return the response to an error that nothing else has handled."""
    if error.response is not None:
        return error  # It brings its own.
    {% if cookiecutter.__api and cookiecutter.__errors != 'json' %}
    if f"{request.path}/".startswith("/api/"):
        return problem(error)
    {% endif %}
    return {{ {'negotiated': 'negotiated(error)', 'json': 'problem(error)', 'html': 'page(error)', 'none': 'error'}[cookiecutter.__errors] }}


def init_app(app: Flask) -> None:
    """Handle errors wherever they come from, routing included."""
    app.register_error_handler(HTTPException, respond)
