from io import BytesIO

import pytest
from flask import request
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }} import create_app

FORWARDED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}


def show_client() -> str:
    return f"{request.scheme} {request.remote_addr}"


def echo() -> bytes:
    return request.get_data()


@pytest.mark.parametrize(
    ("proxies", "shown"), [(0, "http 127.0.0.1"), (1, "https 203.0.113.7")]
)
def test_forwarded_headers_count_behind_a_trusted_proxy(
    proxies: int, shown: str
) -> None:
    app = create_app({"APP_ENV": "testing", "TRUSTED_PROXIES": proxies})
    app.add_url_rule("/client", view_func=show_client)
    assert app.test_client().get("/client", headers=FORWARDED).text == shown


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"CONTENT_LENGTH": "5"}, 200),
        ({"CONTENT_LENGTH": "6"}, 400),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
    ],
)
def test_a_request_body_is_read_whole_or_refused(
    client: FlaskClient, environ: dict[str, str], status: int
) -> None:
    client.application.add_url_rule("/echo", view_func=echo, methods=["POST"])
    response = client.post(
        "/echo",
        input_stream=BytesIO(b"whole"),
        environ_overrides={"wsgi.input_terminated": True, **environ},
    )
    assert response.status_code == status
