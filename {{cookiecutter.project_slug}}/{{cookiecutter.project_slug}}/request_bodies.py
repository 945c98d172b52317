"""Request bodies: taken whole, or refused."""

from typing import IO

from flask import Flask
from flask import Request
from werkzeug.exceptions import LengthRequired
from werkzeug.utils import cached_property


class WholeBodyRequest(Request):
    """A request whose body was not cut off on its way.

    A server may say that a body ends where its connection does, and Werkzeug believes
    it. Without that word it compares the body with its length, so one must be stated.
    """

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body: 400 where it is cut off, 411 where its length is not stated."""
        self.environ.pop("wsgi.input_terminated", None)
        if "HTTP_TRANSFER_ENCODING" in self.environ:
            raise LengthRequired("Send the body with its Content-Length.")
        return super().stream


def init_app(app: Flask) -> None:
    """Take requests this way."""
    app.request_class = WholeBodyRequest
