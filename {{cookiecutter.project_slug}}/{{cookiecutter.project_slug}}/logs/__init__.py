"""Logs: in production JSON, one line an event, with the id of its request."""

import logging
import re
import secrets

from flask import Flask
from flask import Response
from flask import g
from flask import has_request_context
from flask import json
from flask import request
from pythonjsonlogger.json import JsonFormatter

NAMES = {"levelname": "level", "name": "logger"}  # also in gunicorn.conf.py
REQUEST_ID = re.compile(r"[\w.:+/=-]{1,128}", re.ASCII)
TRACEPARENT = re.compile(r"00-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}")


def request_id() -> str:
    """Return the id of the current request: from its headers, else a new one."""
    if "request_id" not in g:
        received = request.headers.get("X-Request-ID", "")
        trace = TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
        if not REQUEST_ID.fullmatch(received):
            received = trace[1] if trace else secrets.token_hex(16)
        g.request_id = received
    return str(g.request_id)


def add_to_record(record: logging.LogRecord) -> bool:
    """Add the id to what is logged during a request."""
    if has_request_context():
        record.request_id = request_id()
    return True


def add_to_response(response: Response) -> Response:
    """Add the id to a response, and to JSON that describes an error."""
    response.headers["X-Request-ID"] = request_id()
    if response.status_code >= 400 and str(response.mimetype).endswith("+json"):
        members = {**response.get_json(), "request_id": request_id()}
        response.set_data(json.dumps(members))
    request.environ["route"] = request.url_rule and request.url_rule.rule
    return response


def init_app(app: Flask) -> None:
    """Set up the logs; nothing may use `app.logger` before."""
    app.after_request(add_to_response)
    if app.config["APP_ENV"] == "production":
        form = JsonFormatter([*NAMES, "message"], rename_fields=NAMES, timestamp=True)
        handler = logging.StreamHandler()
        handler.setFormatter(form)
        handler.addFilter(add_to_record)
        logging.basicConfig(handlers=[handler])
        logging.captureWarnings(True)
