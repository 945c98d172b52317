import re

import pytest
from auth_fixtures import EMAIL
from auth_fixtures import PASSWORD
from auth_fixtures import WRONG
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


def last_mail(client: FlaskClient) -> str:
    return str(client.application.extensions["outbox"][-1])


def last_link(client: FlaskClient) -> str:
    """Return the path of the link in the last mail."""
    found = re.search(r"https://www\.example\.com(/\S+)", last_mail(client))
    assert found
    return found[1]


def test_an_account_is_created_by_a_link(client: FlaskClient) -> None:
    submit(client, "/account/signup", email="Ada@example.com")
    link = last_link(client)
    assert submit(client, link, password=PASSWORD).location == "/account"
    assert EMAIL in client.get("/account").text
    assert client.get(link).status_code == 410


def test_a_password_is_reset_by_a_link(client: FlaskClient, user: User) -> None:
    submit(client, "/account/reset", email=EMAIL)
    link = last_link(client)
    assert submit(client, link, password=WRONG).status_code == 422
    assert submit(client, link, password=NEW_PASSWORD).status_code == 303
    assert log_in(client).status_code == 422
    assert log_in(client, NEW_PASSWORD).status_code == 303


def test_no_response_tells_who_has_an_account(client: FlaskClient, user: User) -> None:
    for email in (EMAIL, "nobody@example.com"):
        for path in ("/account/signup", "/account/reset"):
            response = submit(client, path, email=email)
            assert (response.status_code, response.location) == (303, "/account/login")
        response = submit(client, "/account/login", email=email, password=WRONG)
        assert response.status_code == 422
        assert "The address or the password is wrong." in response.text
        assert f'value="{email}"' in response.text


def test_guessing_does_not_keep_the_owner_out(client: FlaskClient, user: User) -> None:
    log_in(client)
    stranger = client.application.test_client()
    statuses = [log_in(stranger, WRONG).status_code for _ in range(11)]
    assert statuses[-2:] == [422, 429]
    assert log_in(client).status_code == 303


@pytest.mark.usefixtures("logged_in")
def test_logging_out_ends_the_session(client: FlaskClient) -> None:
    assert client.post("/account/logout").status_code == 400
    cookie = client.get_cookie("session")
    assert cookie
    response = submit(client, "/account", "/account/logout")
    assert response.location == "/account/login"
    client.set_cookie("session", cookie.value)
    assert client.get("/account").status_code == 303


def test_a_new_password_ends_the_other_sessions(
    client: FlaskClient, user: User
) -> None:
    other = client.application.test_client()
    for each in (other, client):
        log_in(each)
    submit(client, "/account/password", password=NEW_PASSWORD)
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert "password of your account was changed" in last_mail(client)


@pytest.mark.usefixtures("logged_in")
def test_the_address_is_changed_by_a_link(client: FlaskClient) -> None:
    submit(client, "/account/address", email="grace@example.com")
    link = last_link(client)
    stranger = client.application.test_client()
    assert stranger.get(link).location == "/account/login"
    assert submit(client, link).location == "/account"
    assert f"To: {EMAIL}" in last_mail(client)
    assert "grace@example.com" in client.get("/account").text
    assert client.get(link).status_code == 410


@pytest.mark.usefixtures("logged_in")
def test_an_account_is_deleted(client: FlaskClient) -> None:
    assert submit(client, "/account/delete").location == "/"
    assert log_in(client).status_code == 422
