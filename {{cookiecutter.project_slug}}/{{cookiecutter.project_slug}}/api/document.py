"""The OpenAPI document, made from the routes and from what their views declare."""

import re
from collections import Counter
from collections.abc import Iterable
from inspect import getdoc
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.routing import Rule

from .operation import Operation
from .schemas import Input

Json = dict[str, Any]

HEADER = {"required": True, "schema": {"type": "string"}}


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
    """An error that names each field that is not valid."""

    errors: list[InvalidField]


UNDECLARED = Operation((), frozenset(), {200: "*/*"}, (), (), {})
ERRORS = Operation((), frozenset(), {0: Problem, 422: InvalidRequest}, (), (), {})


class Schemas:
    """The schemas of all operations, made together so that each name is used once."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        kinds: dict[tuple[int, JsonSchemaMode], Any] = {}
        for each in (ERRORS, *operations):
            kinds |= {(id(model), "validation"): model for model in each.inputs}
            kinds |= {
                (id(kind), "serialization"): kind
                for kind in each.responses.values()
                if kind and not isinstance(kind, str)
            }
        self.schemas, definitions = TypeAdapter.json_schemas(
            [(key, mode, TypeAdapter(kind)) for (key, mode), kind in kinds.items()],
            ref_template="#/components/schemas/{model}",
        )
        self.components: Json = definitions.get("$defs", {})
        self.parameters = {
            id(model): self.components[self.body(model)["$ref"].rpartition("/")[2]]
            for model in kinds.values()
            if isinstance(model, type)
            and issubclass(model, Input)
            and model.request_part != "body"
        }
        inlined = list(map(id, self.parameters.values()))
        for name in [n for n, each in self.components.items() if id(each) in inlined]:
            del self.components[name]

    def body(self, model: type[Input]) -> Json:
        """Return the schema of a body."""
        return self.schemas[id(model), "validation"]

    def response(self, kind: object) -> Json:
        """Return the schema of what a response carries."""
        return self.schemas[id(kind), "serialization"]


def document(app: Flask, prefix: str) -> Json:
    """Return the document of every route below a prefix, such as `/api/v1`.

    The setting OPENAPI_COMPONENTS adds to its components, such as `securitySchemes`.
    """
    documents: dict[str, Json] = app.extensions.setdefault("openapi", {})
    if prefix not in documents:
        documents[prefix] = _document(app, prefix)
    return documents[prefix]


def _document(app: Flask, prefix: str) -> Json:
    rules = [
        rule for rule in app.url_map.iter_rules() if f"{rule}/".startswith(f"{prefix}/")
    ]
    schemas = Schemas(_operation(app, rule) for rule in rules)
    paths: dict[str, Json] = {}
    used: Counter[str] = Counter()
    for rule in rules:
        path = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            names = [part for part in rule.endpoint.split(".") if part != "api"]
            used[rule.endpoint] += 1
            if used[rule.endpoint] > 1:
                names[-1] += f"_{used[rule.endpoint]}"
            doc = getdoc(app.view_functions[rule.endpoint]) or ""
            summary, _, description = doc.partition("\n\n")
            paths.setdefault(path, {})[method.lower()] = {
                "operationId": "_".join(names),
                "tags": names[:-1],
                "summary": summary,
                "description": description,
                **_describe(path, _operation(app, rule), schemas),
            }
    version = prefix.rpartition("v")[2]
    extra = app.config.get("OPENAPI_COMPONENTS", {})
    extra = {**extra, "schemas": schemas.components | extra.get("schemas", {})}
    return {
        "openapi": "3.1.0",
        "info": {"title": app.config["APP_TITLE"], "version": version},
        "paths": paths,
        "components": extra,
    }


def _operation(app: Flask, rule: Rule) -> Operation:
    view = app.view_functions[rule.endpoint]
    operation: Operation = getattr(view, "operation", UNDECLARED)
    return operation


def _describe(path: str, operation: Operation, schemas: Schemas) -> Json:
    details = dict(operation.details)
    parameters = _parameters(path, operation, schemas)
    described: Json = {
        "parameters": parameters + details.pop("parameters", []),
        "responses": _responses(operation, schemas)
        | _errors(operation, schemas)
        | details.pop("responses", {}),
    }
    for model in operation.inputs:
        if model.request_part == "body":
            content = {model.request_media_type: {"schema": schemas.body(model)}}
            described["requestBody"] = {"required": True, "content": content}
    return described | details


def _parameters(path: str, operation: Operation, schemas: Schemas) -> list[Json]:
    variables = re.findall(r"{(\w+)}", path)
    found = {("path", name): _parameter("path", name, True, {}) for name in variables}
    for model in operation.inputs:
        schema = schemas.parameters.get(id(model), {})
        for name, each in schema.get("properties", {}).items():
            key = (model.request_part, name)
            if key in found or model.request_part != "path":
                required = name in schema.get("required", ())
                found[key] = _parameter(*key, required, each)
    return list(found.values())


def _parameter(part: str, name: str, required: bool, schema: Json) -> Json:
    return {
        "name": name,
        "in": part,
        "required": required,
        "description": schema.get("description", ""),
        "schema": {key: each for key, each in schema.items() if key != "description"},
    }


def _responses(operation: Operation, schemas: Schemas) -> Json:
    headers = {name: HEADER for name in operation.headers}
    responses = {}
    for status, kind in operation.responses.items():
        content: Json = {}
        if isinstance(kind, str):
            content = {kind: {}}
        elif kind:
            content = {"application/json": {"schema": schemas.response(kind)}}
        responses[str(status)] = _response(HTTP_STATUS_CODES[status], headers, content)
    return responses


def _errors(operation: Operation, schemas: Schemas) -> Json:
    # Flask responds with 400 to a host that is not trusted, and with 405; 5XX is a
    # fault of the server or of what it needs.
    statuses = {400, 405, *operation.errors}
    for each in operation.inputs:
        statuses.update(each.request_errors)
    names = {str(status): HTTP_STATUS_CODES[status] for status in sorted(statuses)}
    errors = {}
    for status, name in {**names, "5XX": "Server Error"}.items():
        schema = schemas.response(InvalidRequest if status == "422" else Problem)
        headers = {"Allow": HEADER} if status == "405" else {}
        content = {"application/problem+json": {"schema": schema}}
        errors[status] = _response(name, headers, content)
    return errors


def _response(description: str, headers: Json, content: Json) -> Json:
    return {"description": description, "headers": headers, "content": content}
