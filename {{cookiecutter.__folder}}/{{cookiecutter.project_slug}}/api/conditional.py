"""Writes that don't overwrite what their author has not seen: `ETag` and `If-Match`."""

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
        """The response that carries it; 304 to a reader who has it already."""
        response = super().respond(status, **headers)
        response.set_etag(self.etag)
        reads = request.method in ("GET", "HEAD")
        if reads and request.if_none_match.contains_weak(self.etag):
            response.status_code = 304
        return response


class IfMatch(Input):
    """The version that a write is meant for."""

    place = "header"
    errors = (412, 428)

    if_match: str = Field(
        alias="If-Match", description="The ETag of what was read, or * for any."
    )

    @classmethod
    def read(cls) -> Self:
        """The header of this request; 428 where there is none."""
        if "If-Match" not in request.headers:
            raise PreconditionRequired("Send the ETag of what was read as If-Match.")
        return cls.of({"If-Match": request.headers["If-Match"]})

    def check(self, current: Versioned) -> None:
        """412 where the current version is another."""
        if not parse_etags(self.if_match).contains(current.etag):
            raise PreconditionFailed("It has changed since it was read.")
