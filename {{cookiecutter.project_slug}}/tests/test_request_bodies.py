from io import BytesIO

import pytest
from flask import Flask
from flask import request
from flask.testing import FlaskClient

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of an application that says what it was sent."""
    app.add_url_rule("/data", view_func=data, methods=["POST"])
    app.add_url_rule("/form", view_func=form, methods=["POST"])
    return app.test_client()


def data() -> str:
    return request.get_data(as_text=True)


def form() -> str:
    return request.form["text"]


def send(client: FlaskClient, path: str, **environ: str) -> tuple[int, str]:
    """Send `text=whole` as a server does that has read up to the end."""
    response = client.post(
        path,
        input_stream=BytesIO(b"text=whole"),
        content_type=FORM,
        environ_overrides={"wsgi.input_terminated": True, **environ},
    )
    return response.status_code, response.text


def test_a_whole_body_is_read(client: FlaskClient) -> None:
    assert send(client, "/data", CONTENT_LENGTH="10") == (200, "text=whole")
    assert send(client, "/form", CONTENT_LENGTH="10") == (200, "whole")


@pytest.mark.parametrize("path", ["/data", "/form"])
def test_a_body_that_was_cut_off_is_refused(client: FlaskClient, path: str) -> None:
    status, _ = send(client, path, CONTENT_LENGTH="11")
    assert status == 400


@pytest.mark.parametrize("path", ["/data", "/form"])
def test_a_body_of_no_stated_length_is_refused(client: FlaskClient, path: str) -> None:
    status, _ = send(client, path, HTTP_TRANSFER_ENCODING="chunked")
    assert status == 411
