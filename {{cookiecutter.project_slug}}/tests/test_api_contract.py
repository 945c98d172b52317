from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings

from {{ cookiecutter.project_slug }} import create_app

URL = "/api/v1/openapi.json"
FEW = settings(
    max_examples=20,
    stateful_step_count=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

document = schemathesis.openapi.from_wsgi(URL, create_app({"APP_ENV": "testing"}))


@document.parametrize()
@FEW
def test_each_operation_does_what_is_documented(
    case: schemathesis.Case[Any], app: Flask
) -> None:
    case.call_and_validate(app=app)


def test_operations_in_a_row_do_what_is_documented(app: Flask) -> None:
    document = schemathesis.openapi.from_wsgi(URL, app)
    document.as_state_machine().run(settings=FEW)
