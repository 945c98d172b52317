"""What a request brings: its path, its query and its body, read and validated."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated
from typing import ClassVar
from typing import Self
from typing import get_args
from typing import get_origin

from flask import request
from pydantic import BaseModel
from pydantic import BeforeValidator
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest
from werkzeug.exceptions import UnprocessableEntity
from werkzeug.exceptions import UnsupportedMediaType

MAX_ERRORS = 100
MAX_FIELD_LENGTH = 200


class Part(BaseModel, extra="forbid", strict=True):
    """A model inside a `Body`: "1" is no integer, and no other field is accepted."""


class Input(BaseModel, extra="forbid"):
    """A part of the request: a subclass declares the fields."""

    # In OpenAPI's words, and the errors that reading it can end in.
    request_part: ClassVar[str]
    request_media_type: ClassVar[str] = "application/json"
    request_errors: ClassVar[tuple[int, ...]] = (422,)

    @classmethod
    @abstractmethod
    def from_request(cls) -> Self:
        """Read this part of the current request; an HTTP error where it is invalid."""

    @classmethod
    def validated(cls, values: Mapping[str, object]) -> Self:
        """Validate the values; 422 where one is invalid."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise InvalidInput(cls.request_part, error) from None


class Path(Input):
    """The variables of a path: `operation` makes it from a function's arguments."""

    request_part = "path"

    @classmethod
    def from_request(cls) -> Self:
        """Read the variables of the current request's path."""
        return cls.validated(request.view_args or {})


class Query(Input):
    """A query."""

    request_part = "query"

    @classmethod
    def from_request(cls) -> Self:
        """Read the query; 422 where a field is unknown, or given twice."""
        lists = {
            str(field.validation_alias or name)
            for name, field in cls.model_fields.items()
            if _is_list(field.annotation)
        }
        return cls.validated(
            {
                name: values if len(values) > 1 or name in lists else values[0]
                for name, values in request.args.lists()
            }
        )


def _is_list(kind: object) -> bool:
    """Return whether a type is a list or the like, or one of its alternatives is."""
    return get_origin(kind) in (frozenset, list, set, tuple) or any(
        map(_is_list, get_args(kind))
    )


class Body(Input, Part):
    """A JSON body."""

    request_part = "body"
    request_errors = (400, 411, 413, 415, 422)

    @classmethod
    def from_request(cls) -> Self:
        """Read the body; 415 for another media type, 400 where it is not JSON."""
        if request.mimetype != cls.request_media_type:
            raise UnsupportedMediaType("The request body must be application/json.")
        text = request.get_data()
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            if error.error_count() == 1 and error.errors()[0]["type"] == "json_invalid":
                raise BadRequest("The request body is not JSON.") from None
            raise InvalidInput(cls.request_part, error) from None


def _to_int(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# An integer in a body. JSON has one kind of number: 50.0 is an integer there.
Integer = Annotated[int, BeforeValidator(_to_int)]


class InvalidInput(UnprocessableEntity):
    """A part of the request that can be read, but is not valid."""

    def __init__(self, part: str, error: ValidationError) -> None:
        super().__init__(f"The request's {part} is not valid.")
        self.problem_members = {"errors": _errors(error)}


def _errors(error: ValidationError) -> list[dict[str, str]]:
    if error.error_count() > MAX_ERRORS:
        return [{"field": "", "message": f"There are more than {MAX_ERRORS} errors."}]
    return [
        {
            "field": ".".join(map(str, each["loc"]))[:MAX_FIELD_LENGTH],
            "message": each["msg"],
        }
        for each in error.errors(
            include_url=False, include_context=False, include_input=False
        )
    ]
