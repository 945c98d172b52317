"""Operations: views that declare what they take and what they return."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter
from inspect import signature
from typing import Any

from flask import Flask
from flask import Response
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter
from pydantic import create_model

from .schemas import Input
from .schemas import Path

Responses = Mapping[int, Any]


@dataclass(frozen=True)
class Operation:
    """What the OpenAPI document says of a view, beside its docstring."""

    inputs: tuple[type[Input], ...]
    variables: frozenset[str]
    responses: Responses
    headers: tuple[str, ...]
    errors: tuple[int, ...]
    details: Mapping[str, Any]


def operation(
    responses: Responses,
    /,
    *,
    headers: tuple[str, ...] = (),
    errors: tuple[int, ...] = (),
    **details: Any,
) -> Callable[[Callable[..., object]], Callable[..., ResponseReturnValue]]:
    """Make a function a view that reads its arguments from the request.

    An argument whose type is an `Input` is that part of the request. Any other is a
    variable of the path, validated by its type.

    `responses` are the statuses of success, each with what it carries: a type that
    pydantic can serialize, a media type, or `None`. All of them have the `headers`.
    `errors` are the statuses that the function raises itself; those of its inputs are
    known. `details` are added to the operation in the OpenAPI document, such as
    `deprecated=True`.

    The function returns what Flask takes from a view, with an object that has the
    attributes of the declared type as the body. Raises `TypeError` for an argument
    with a default, and pydantic's errors for a type that can't be documented.
    """
    adapters = {
        status: TypeAdapter[Any](kind)
        for status, kind in responses.items()
        if kind and not isinstance(kind, str)
    }
    for adapter in adapters.values():
        adapter.json_schema(mode="serialization")

    def declare(function: Callable[..., object]) -> Callable[..., ResponseReturnValue]:
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
            returned: Any = function(**arguments)
            body, *rest = returned if isinstance(returned, tuple) else (returned,)
            status = rest[0] if rest and isinstance(rest[0], int) else 200
            adapter = adapters.get(status)
            if adapter and not isinstance(body, Response):
                valid = adapter.validate_python(body, from_attributes=True)
                text = adapter.dump_json(valid, by_alias=True)
                body = Response(text, mimetype="application/json")
            return (body, *rest) if rest else body

        models = (path, *inputs.values()) if variables else tuple(inputs.values())
        names = frozenset(variables)
        declared = Operation(models, names, responses, headers, errors, details)
        view.operation = declared  # type: ignore[attr-defined]
        return view

    return declare


def check_variables(app: Flask) -> None:
    """Raise `TypeError` for a view whose arguments are not the variables of its path."""
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], "operation", None)
        if declared and declared.variables != rule.arguments:
            raise TypeError(
                f"{rule.endpoint} takes {sorted(declared.variables)} from the path, "
                f"and {rule} has {sorted(rule.arguments)}."
            )
