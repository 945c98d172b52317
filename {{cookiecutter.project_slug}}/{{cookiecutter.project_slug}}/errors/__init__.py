"""Responses to errors: to an unknown URL, an `abort`, an unhandled exception."""

from flask import Flask
{% if cookiecutter.__api and cookiecutter.__errors != 'json' %}
from flask import request
{% endif %}
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

{% if cookiecutter.__errors == 'negotiated' %}
from .negotiated import negotiated
{% endif %}
{% if cookiecutter.__errors == 'html' %}
from .page import page
{% endif %}
{% if cookiecutter.__errors in ['html', 'negotiated'] %}
from .page import templates
{% endif %}
{% if cookiecutter.__errors == 'json' or cookiecutter.__api %}
from .problem import problem
{% endif %}


def respond(error: HTTPException) -> ResponseReturnValue:
    """The response to an error that nothing else has handled."""
    if error.response is not None:
        return error  # It brings its own.
    {% if cookiecutter.__api and cookiecutter.__errors != 'json' %}
    if f"{request.path}/".startswith("/api/v1/"):
        return problem(error)
    {% endif %}
    {% if cookiecutter.__errors == 'negotiated' %}
    return negotiated(error)
    {% elif cookiecutter.__errors == 'json' %}
    return problem(error)
    {% elif cookiecutter.__errors == 'html' %}
    return page(error)
    {% else %}
    return error
    {% endif %}


def init_app(app: Flask) -> None:
    """Handle errors wherever they come from, routing included."""
    app.register_error_handler(HTTPException, respond)
    {% if cookiecutter.__errors in ['html', 'negotiated'] %}
    app.register_blueprint(templates)
    {% endif %}
