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

MANY = (frozenset, list, set, tuple)
MOST_ERRORS = 100
LONGEST_FIELD = 200


class Input(BaseModel, extra="forbid"):
    """A part of the request: a subclass names the fields."""

    # Where it is, in OpenAPI's words, and the errors that reading it can end in.
    request_part: ClassVar[str]
    request_errors: ClassVar[tuple[int, ...]] = (422,)

    @classmethod
    @abstractmethod
    def from_request(cls) -> Self:
        """This part of the current request; an HTTP error where it does not fit."""

    @classmethod
    def validated(cls, values: Mapping[str, object]) -> Self:
        """The values, validated."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise InvalidInput(cls.request_part, error) from None


class Path(Input):
    """The variable parts of a path."""

    request_part = "path"

    @classmethod
    def from_request(cls) -> Self:
        """The variables of this request's path; 422 where one does not fit."""
        return cls.validated(request.view_args or {})


class Query(Input):
    """A query."""

    request_part = "query"

    @classmethod
    def from_request(cls) -> Self:
        """The query of this request; 422 where a field is unknown, or given twice."""
        lists = {
            str(field.validation_alias or name)
            for name, field in cls.model_fields.items()
            if _takes_many(field.annotation)
        }
        return cls.validated(
            {
                name: texts if len(texts) > 1 or name in lists else texts[0]
                for name, texts in request.args.lists()
            }
        )


def _takes_many(kind: object) -> bool:
    """Whether a type is a list or the like, or one of its alternatives is."""
    return get_origin(kind) in MANY or any(map(_takes_many, get_args(kind)))


class Body(Input, strict=True):
    """A JSON body, validated strictly: "1" is not an integer. See `Integer`."""

    request_part = "body"
    request_errors = (400, 411, 413, 415, 422)

    @classmethod
    def from_request(cls) -> Self:
        """The body of this request; an HTTP error where it can't be used."""
        if request.mimetype != "application/json":
            raise UnsupportedMediaType("The request body must be application/json.")
        text = request.get_data()
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            if error.error_count() == 1 and error.errors()[0]["type"] == "json_invalid":
                raise BadRequest("The request body is not JSON.") from None
            raise InvalidInput(cls.request_part, error) from None


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# An integer in a body. JSON has one kind of number: 50.0 is an integer there.
Integer = Annotated[int, BeforeValidator(_whole)]


class InvalidInput(UnprocessableEntity):
    """A part of the request can be read, but is not what was asked for."""

    def __init__(self, part: str, error: ValidationError) -> None:
        super().__init__(f"The request's {part} is not valid.")
        errors = error.errors(
            include_url=False, include_context=False, include_input=False
        )
        self.problem_members = {
            "errors": [
                {"field": _name(each["loc"]), "message": each["msg"]}
                for each in errors[:MOST_ERRORS]
            ]
        }


def _name(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location))[:LONGEST_FIELD]
