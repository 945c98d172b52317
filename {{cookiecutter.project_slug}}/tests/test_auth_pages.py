import re

import pytest
from auth_fixtures import EMAIL
from auth_fixtures import PASSWORD
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from {{ cookiecutter.project_slug }}.auth.users import User

HIDDEN = re.compile('name="([a-z_]+)" type="hidden" value="([^"]*)"')
NEW_PASSWORD = "a pot of black coffee"


def submit(client: FlaskClient, url: str, to: str = "", **fields: str) -> TestResponse:
    """Open the page at the URL, fill in its form, and send it, there or elsewhere."""
    hidden = dict(HIDDEN.findall(client.get(url).text))
    return client.post(to or url, data=hidden | fields)


def log_in(client: FlaskClient, password: str = PASSWORD) -> TestResponse:
    return submit(client, "/account/login", email=EMAIL, password=password)


def last_link(client: FlaskClient) -> str:
    """Return the path of the link in the last mail."""
    mail = str(client.application.extensions["outbox"][-1])
    return mail.partition("https://www.example.com")[2].split()[0]


def test_an_account_is_created_by_a_link(client: FlaskClient) -> None:
    submit(client, "/account/signup", email=EMAIL)
    link = last_link(client)
    assert submit(client, link, password=PASSWORD).location == "/account"
    assert EMAIL in client.get("/account").text
    assert client.get(link).status_code == 410


def test_a_password_is_reset_by_a_link(client: FlaskClient, user: User) -> None:
    submit(client, "/account/reset", email=EMAIL)
    link = last_link(client)
    assert submit(client, link, password=EMAIL).status_code == 422
    assert submit(client, link, password=NEW_PASSWORD).status_code == 303
    assert log_in(client).status_code == 422
    assert log_in(client, NEW_PASSWORD).status_code == 303


def test_guessing_has_a_limit(client: FlaskClient, user: User) -> None:
    statuses = [log_in(client, EMAIL).status_code for _ in range(11)]
    assert statuses[-2:] == [422, 429]


@pytest.mark.usefixtures("logged_in")
def test_logging_out_ends_the_session(client: FlaskClient) -> None:
    response = submit(client, "/account", "/account/logout")
    assert response.location == "/account/login"
    assert client.get("/account").location == "/account/login"


def test_a_new_password_ends_other_sessions(client: FlaskClient, user: User) -> None:
    other = client.application.test_client()
    for each in (other, client):
        log_in(each)
    submit(client, "/account/password", password=NEW_PASSWORD)
    assert client.get("/account").status_code == 200
    assert other.get("/account").location == "/account/login"


@pytest.mark.usefixtures("logged_in")
def test_the_address_is_changed_by_a_link(client: FlaskClient) -> None:
    submit(client, "/account/address", email="grace@example.com")
    assert submit(client, last_link(client)).location == "/account"
    assert "grace@example.com" in client.get("/account").text


@pytest.mark.usefixtures("logged_in")
def test_an_account_is_deleted(client: FlaskClient) -> None:
    assert submit(client, "/account/delete").location == "/"
    assert log_in(client).status_code == 422
