"""The application factory."""

import logging
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask import Request
from flask import abort
from flask import request
from werkzeug.middleware.proxy_fix import ProxyFix

{% if cookiecutter.__api %}
from . import api
{% endif %}
{% if cookiecutter.__auth != 'none' %}
from . import auth
{% endif %}
from . import config
{% if cookiecutter.__database != 'none' %}
from . import database
{% endif %}
{% if cookiecutter.__errors != 'none' or cookiecutter.__api %}
from . import errors
{% endif %}
{% if cookiecutter.__health %}
from . import health
{% endif %}
{% if cookiecutter.__logs == 'json' %}
from . import logs
{% endif %}
{% if cookiecutter.__example %}
from . import notes
{% endif %}
from . import {{ 'pages' if cookiecutter.__pages else 'root' }}
{% if cookiecutter.__pages or cookiecutter.__api or cookiecutter.__errors in ['html', 'negotiated'] %}
from . import security_headers
{% endif %}
{% if cookiecutter.__telemetry %}
from . import telemetry
{% endif %}


class CaselessRequest(Request):
    """A request whose host name is in lower case, as those in TRUSTED_HOSTS are."""

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:
        if "HTTP_HOST" in environ:
            environ["HTTP_HOST"] = environ["HTTP_HOST"].lower()
        super().__init__(environ, *args, **options)


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """Build the application.

    `overrides` are settings that win over the environment and the defaults.
    Raises `ConfigurationError` for a setting that is missing or invalid.
    """
    app = Flask(__name__, static_folder=None)
    app.request_class = CaselessRequest
    config.init_app(app, overrides)
    {% if cookiecutter.__logs == 'json' %}
    logs.init_app(app)
    {% endif %}
    app.logger.setLevel(logging.DEBUG if app.debug else logging.INFO)
    # Merging slashes would redirect to whatever Host the client sent.
    app.url_map.merge_slashes = False
    app.before_request(require_content_length)
    if proxies := app.config["TRUSTED_PROXIES"]:
        proxied = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    {% if cookiecutter.__pages or cookiecutter.__api or cookiecutter.__errors in ['html', 'negotiated'] %}
    security_headers.init_app(app)
    {% endif %}
    {% if cookiecutter.__errors != 'none' or cookiecutter.__api %}
    errors.init_app(app)
    {% endif %}
    {% if cookiecutter.__database != 'none' %}
    database.init_app(app)
    {% endif %}
    {% if cookiecutter.__telemetry %}
    telemetry.init_app(app)
    {% endif %}
    {{ 'pages' if cookiecutter.__pages else 'root' }}.init_app(app)
    {% if cookiecutter.__auth != 'none' %}
    auth.init_app(app)
    {% endif %}
    {% if cookiecutter.__example %}
    notes.init_app(app)
    {% endif %}
    {% if cookiecutter.__health %}
    health.init_app(app)
    {% endif %}
    {% if cookiecutter.__api %}
    api.init_app(app)
    {% endif %}
    return app


def require_content_length() -> None:
    """Refuse a request body of unknown length; one that ends early becomes a 400.

    Werkzeug would take as much of it as there is for the whole.
    """
    if "HTTP_TRANSFER_ENCODING" in request.environ:
        abort(411)
    request.environ.pop("wsgi.input_terminated", None)
