"""Operations: views that say what they take and what they answer."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter
from inspect import signature
from typing import Any

from flask.typing import ResponseReturnValue
from pydantic import create_model

from .answer import Answer
from .inputs import Input
from .inputs import Path

View = Callable[..., ResponseReturnValue]
Answers = Mapping[int, type[Answer] | str | None]


@dataclass(frozen=True)
class Operation:
    """What the document says of a view, beside its docstring."""

    inputs: tuple[type[Input], ...]
    answers: Answers
    headers: tuple[str, ...] = ()
    errors: tuple[int, ...] = ()


def operation(
    answers: Answers,
    *,
    headers: tuple[str, ...] = (),
    errors: tuple[int, ...] = (),
) -> Callable[[View], View]:
    """Make a function a view that reads its arguments from the request.

    An argument whose type is an `Input` is that part of the request. Any other is a
    variable of the path, and its type says what fits there.

    `answers` are the statuses of success, each with what it carries: a model, a media
    type, or nothing. All of them have the `headers`. `errors` are those that the
    function raises itself; the ones of its inputs are known.
    """

    def declare(function: View) -> View:
        inputs: dict[str, type[Input]] = {}
        variables: dict[str, Any] = {}
        for name, argument in signature(function, eval_str=True).parameters.items():
            if argument.default is not Parameter.empty:
                raise TypeError(f"{name} can't have a default here: a `Query` can.")
            kind = argument.annotation
            if isinstance(kind, type) and issubclass(kind, Input):
                inputs[name] = kind
            else:
                variables[name] = (kind, ...)
        path = create_model("Path", __base__=Path, **variables)

        @wraps(function)
        def view(**_variables: object) -> ResponseReturnValue:
            arguments = dict(path.from_request())
            for name, each in inputs.items():
                arguments[name] = each.from_request()
            return function(**arguments)

        models = tuple(inputs.values())
        if variables:
            models = (path, *models)
        vars(view)["operation"] = Operation(models, answers, headers, errors)
        return view

    return declare
