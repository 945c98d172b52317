"""The OpenAPI document, made from the routes and from what their views declare."""

import re
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from inspect import getdoc
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode
from pydantic.json_schema import models_json_schema
from werkzeug.http import HTTP_STATUS_CODES

from .inputs import Input
from .operation import Operation

Json = dict[str, Any]
View = Callable[..., object]

COMPONENT = "#/components/schemas/{model}"
HEADER = {"required": True, "schema": {"type": "string"}}
UNDECLARED = Operation(inputs=(), answers={200: "*/*"})


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class InvalidField(BaseModel):
    """What is wrong with one field of the request."""

    field: str
    message: str


class InvalidRequest(Problem):
    """An error that names each field that does not fit."""

    errors: list[InvalidField]


ERRORS = (Problem, InvalidRequest)


class Schemas:
    """The models of all operations, described together, so that each has its name."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        models = dict.fromkeys(each for it in operations for each in _models(it))
        self.references, made = models_json_schema(
            [*models, *((each, "serialization") for each in ERRORS)],
            ref_template=COMPONENT,
        )
        self.components: dict[str, Json] = made["$defs"]
        self.parameters: dict[type[Input], Json] = {}
        for model, mode in models:
            if issubclass(model, Input) and model.request_part != "body":
                name = self.references[model, mode]["$ref"].rpartition("/")[2]
                self.parameters[model] = self.components.pop(name)


def _models(operation: Operation) -> Iterator[tuple[type[BaseModel], JsonSchemaMode]]:
    for model in operation.inputs:
        yield model, "validation"
    for answer in operation.answers.values():
        if isinstance(answer, type):
            yield answer, "serialization"


def document(app: Flask) -> Json:
    """The document of every route under `/api/v1`, made once."""
    if "openapi" not in app.extensions:
        app.extensions["openapi"] = _document(app)
    made: Json = app.extensions["openapi"]
    return made


def _document(app: Flask) -> Json:
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if f"{rule.rule}/".startswith("/api/v1/")
    ]
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in rules}
    schemas = Schemas(_operation(view) for view in views.values())
    paths: dict[str, Json] = {}
    used: Counter[str] = Counter()
    for rule in rules:
        path = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        for method in methods:
            described = _described(path, rule.endpoint, views[rule.endpoint], schemas)
            name = described["operationId"]
            used[name] += 1
            if used[name] > 1:
                described["operationId"] += f"_{used[name]}"
            paths.setdefault(path, {})[method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": app.config["APP_TITLE"], "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas.components},
    }


def _operation(view: View) -> Operation:
    operation: Operation = vars(view).get("operation", UNDECLARED)
    return operation


def _described(path: str, endpoint: str, view: View, schemas: Schemas) -> Json:
    operation = _operation(view)
    names = [part for part in endpoint.split(".") if part != "api"]
    summary, _, description = (getdoc(view) or "").partition("\n\n")
    described: Json = {
        "operationId": "_".join(names),
        "tags": names[:-1],
        "summary": summary,
        "description": description,
        "parameters": _parameters(path, operation, schemas),
        "responses": _answers(operation, schemas) | _errors(operation, schemas),
    }
    for model in operation.inputs:
        if model.request_part == "body":
            schema = schemas.references[model, "validation"]
            content = {"application/json": {"schema": schema}}
            described["requestBody"] = {"required": True, "content": content}
    return described


def _parameters(path: str, operation: Operation, schemas: Schemas) -> list[Json]:
    variables: dict[str, Json] = {name: {} for name in re.findall(r"{(\w+)}", path)}
    others = []
    for model in operation.inputs:
        described = schemas.parameters.get(model, {})
        for name, schema in described.get("properties", {}).items():
            required = name in described.get("required", ())
            if model.request_part != "path":
                others.append(_parameter(model.request_part, name, required, schema))
            elif name in variables:
                variables[name] = schema
    return [
        *(_parameter("path", name, True, each) for name, each in variables.items()),
        *others,
    ]


def _parameter(part: str, name: str, required: bool, schema: Json) -> Json:
    return {
        "name": name,
        "in": part,
        "required": required,
        "description": schema.get("description", ""),
        "schema": {key: each for key, each in schema.items() if key != "description"},
    }


def _answers(operation: Operation, schemas: Schemas) -> Json:
    headers = {name: HEADER for name in operation.headers}
    answers = {}
    for status, answer in operation.answers.items():
        content: Json = {}
        if isinstance(answer, str):
            content = {answer: {}}
        elif answer:
            schema = schemas.references[answer, "serialization"]
            content = {"application/json": {"schema": schema}}
        answers[str(status)] = _response(HTTP_STATUS_CODES[status], headers, content)
    return answers


def _errors(operation: Operation, schemas: Schemas) -> Json:
    # Flask answers 400 to a host that is not trusted, and 405; 5XX is a fault of the
    # server or of what it needs.
    codes = {400, 405, *operation.errors}
    for each in operation.inputs:
        codes.update(each.request_errors)
    names = {str(code): HTTP_STATUS_CODES[code] for code in sorted(codes)}
    errors = {}
    for status, name in {**names, "5XX": "Server Error"}.items():
        model = InvalidRequest if status == "422" else Problem
        schema = schemas.references[model, "serialization"]
        headers = {"Allow": HEADER} if status == "405" else {}
        content = {"application/problem+json": {"schema": schema}}
        errors[status] = _response(name, headers, content)
    return errors


def _response(description: str, headers: Json, content: Json) -> Json:
    return {"description": description, "headers": headers, "content": content}
