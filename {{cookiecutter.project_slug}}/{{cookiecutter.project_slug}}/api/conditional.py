"""Conditional requests: reads of what is new, writes that replace only what was seen."""

from typing import Self

from flask import Response
from flask import request
from pydantic import BaseModel
from pydantic import Field
from werkzeug.exceptions import PreconditionFailed
from werkzeug.exceptions import PreconditionRequired
from werkzeug.http import generate_etag
from werkzeug.http import parse_etags

from .schemas import Input

IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of what is known: 304 where it is still the same.",
    "schema": {"type": "string"},
}


def add_etag(response: Response) -> Response:
    """Send an `ETag`, a digest of the content; 304 to a client that knows it."""
    if response.status_code in (200, 201):
        response.add_etag()
    response.make_conditional(request)
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
        """Read the header; 428 where there is none."""
        if "If-Match" not in request.headers:
            raise PreconditionRequired("Send the ETag of what was read as If-Match.")
        return cls.validated({"If-Match": request.headers["If-Match"]})

    def check(self, current: BaseModel) -> None:
        """Raise 412 where the current version is another."""
        etag = generate_etag(current.model_dump_json(by_alias=True).encode())
        if not parse_etags(self.if_match).contains(etag):
            raise PreconditionFailed("It has changed since it was read.")
