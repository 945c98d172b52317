"""Request bodies, read and validated."""

from typing import Self

from flask import request
from pydantic import BaseModel
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest
from werkzeug.exceptions import UnprocessableEntity
from werkzeug.exceptions import UnsupportedMediaType


class Body(BaseModel, extra="forbid"):
    """What a request's body must hold: a subclass names the fields."""

    @classmethod
    def read(cls) -> Self:
        """The body of this request; 400, 415 or 422 where it can't be read."""
        if not request.is_json:
            raise UnsupportedMediaType("The request body must be application/json.")
        try:
            return cls.model_validate_json(request.get_data())
        except ValidationError as error:
            if any(each["type"] == "json_invalid" for each in error.errors()):
                raise BadRequest("The request body is not JSON.") from None
            raise InvalidBody(error) from None


class InvalidBody(UnprocessableEntity):
    """The body is JSON, but not what was asked for."""

    description = "The request body is not valid."

    def __init__(self, error: ValidationError) -> None:
        super().__init__()
        self.problem_members = {
            "errors": [
                {"field": ".".join(map(str, each["loc"])), "message": each["msg"]}
                for each in error.errors(include_url=False)
            ]
        }
