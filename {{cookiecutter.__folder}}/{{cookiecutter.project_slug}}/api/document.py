"""The OpenAPI document, made from the routes and from what their views declare."""

import re
from collections.abc import Callable
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


class Schemas(dict[str, Json]):
    """The models of the document, by name."""

    def add(self, model: type[BaseModel], mode: JsonSchemaMode) -> Json:
        """Add the model and those that it holds; a reference to it."""
        references, schema = models_json_schema([(model, mode)], ref_template=COMPONENT)
        for name, each in schema["$defs"].items():
            if self.setdefault(name, each) != each:
                raise TypeError(f"Two models of the API are called {name}.")
        return references[model, mode]


def document(app: Flask) -> Json:
    """The document of every route under `/api/v1`, made once."""
    if "openapi" not in app.extensions:
        app.extensions["openapi"] = _document(app)
    made: Json = app.extensions["openapi"]
    return made


def _document(app: Flask) -> Json:
    schemas = Schemas()
    paths: dict[str, Json] = {}
    for rule in app.url_map.iter_rules():
        if f"{rule.rule}/".startswith("/api/v1/"):
            path = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule)
            view = app.view_functions[rule.endpoint]
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            for method in methods:
                described = _operation(rule.endpoint, view, schemas)
                if len(methods) > 1:
                    described["operationId"] += f"_{method.lower()}"
                paths.setdefault(path, {})[method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": app.config["APP_TITLE"], "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(endpoint: str, view: Callable[..., object], schemas: Schemas) -> Json:
    operation: Operation = vars(view).get("operation", UNDECLARED)
    names = [part for part in endpoint.split(".") if part != "api"]
    summary, _, description = (getdoc(view) or "").partition("\n\n")
    described: Json = {
        "operationId": "_".join(names),
        "tags": names[:-1],
        "summary": summary,
        "description": description,
        "parameters": [],
        "responses": _answers(operation, schemas) | _errors(operation, schemas),
    }
    for model in operation.inputs:
        if model.place == "body":
            schema = schemas.add(model, "validation")
            content = {"application/json": {"schema": schema}}
            described["requestBody"] = {"required": True, "content": content}
        else:
            described["parameters"] += _parameters(model, schemas)
    return described


def _parameters(model: type[Input], schemas: Schemas) -> list[Json]:
    schema = model.model_json_schema(ref_template=COMPONENT)
    schemas.update(schema.get("$defs", {}))
    return [
        {
            "name": name,
            "in": model.place,
            "required": name in schema.get("required", ()),
            "description": each.pop("description", ""),
            "schema": each,
        }
        for name, each in schema["properties"].items()
    ]


def _answers(operation: Operation, schemas: Schemas) -> Json:
    headers = {name: HEADER for name in operation.headers}
    answers = {}
    for status, answer in operation.answers.items():
        content: Json = {}
        if isinstance(answer, str):
            content = {answer: {}}
        elif answer:
            schema = schemas.add(answer, "serialization")
            content = {"application/json": {"schema": schema}}
        answers[str(status)] = _response(HTTP_STATUS_CODES[status], headers, content)
    return answers


def _errors(operation: Operation, schemas: Schemas) -> Json:
    # Flask answers 405 itself; 5XX is a fault of the server or of what it needs.
    codes = {405, *operation.errors}.union(*(each.errors for each in operation.inputs))
    names = {str(code): HTTP_STATUS_CODES[code] for code in sorted(codes)}
    errors = {}
    for status, name in {**names, "5XX": "Server Error"}.items():
        model = InvalidRequest if status == "422" else Problem
        schema = schemas.add(model, "serialization")
        headers = {"Allow": HEADER} if status == "405" else {}
        content = {"application/problem+json": {"schema": schema}}
        errors[status] = _response(name, headers, content)
    return errors


def _response(description: str, headers: Json, content: Json) -> Json:
    return {"description": description, "headers": headers, "content": content}
