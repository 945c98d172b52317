"""Reads of what is new, and writes that overwrite only what was seen, by `ETag`."""

from hashlib import sha256
from typing import Self

from flask import Response
from flask import request
from pydantic import Field
from werkzeug.exceptions import PreconditionFailed
from werkzeug.exceptions import PreconditionRequired
from werkzeug.http import parse_etags

from .answer import Answer
from .inputs import Input


class Versioned(Answer):
    """An answer with an `ETag`: a digest of all that it holds."""

    @property
    def etag(self) -> str:
        """What changes when any field does."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:32]

    def respond(self, status: int = 200, **headers: str) -> Response:
        """The response that carries it."""
        response = super().respond(status, **headers)
        response.set_etag(self.etag)
        return response


class IfNoneMatch(Input):
    """The version that a reader has already."""

    request_part = "header"
    request_errors = ()

    if_none_match: str = Field(
        default="", alias="If-None-Match", description="The ETag of what is known."
    )

    @classmethod
    def from_request(cls) -> Self:
        """The header of this request."""
        known = request.headers.get("If-None-Match", "")
        return cls.validated({"If-None-Match": known})

    def respond(self, current: Versioned) -> Response:
        """The response that carries the current version; 304 where it is known."""
        response = current.respond()
        if parse_etags(self.if_none_match).contains_weak(current.etag):
            response.status_code = 304
        return response


class IfMatch(Input):
    """The version that a write is meant for."""

    request_part = "header"
    request_errors = (412, 428)

    if_match: str = Field(
        alias="If-Match", description="The ETag of what was read, or * for any."
    )

    @classmethod
    def from_request(cls) -> Self:
        """The header of this request; 428 where there is none."""
        if "If-Match" not in request.headers:
            raise PreconditionRequired("Send the ETag of what was read as If-Match.")
        return cls.validated({"If-Match": request.headers["If-Match"]})

    def check(self, current: Versioned) -> None:
        """412 where the current version is another."""
        if not parse_etags(self.if_match).contains(current.etag):
            raise PreconditionFailed("It has changed since it was read.")
