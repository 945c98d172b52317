"""The page that makes tokens, against an attacker."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from auth_fixtures import EMAIL, PASSWORD
from sqlalchemy import update
from tea_time.auth import tokens
from tea_time.database import db_session
from test_auth_pages import submit

URL = "/account/tokens"
pytestmark = pytest.mark.usefixtures("logged_in")


def made_by(client, access):
    made = submit(client, URL, name="laptop", access=access)
    shown = r"<p>Copy this token now, it is not shown again: (tea_time_[\w-]{43})</p>"
    return re.search(shown, made.text)[1]


@pytest.mark.parametrize("access", ["read", "write"])
def test_a_token_is_shown_once_and_works_until_it_is_ended(client, caplog, access):
    caplog.set_level("INFO")
    form = client.get(URL).text
    assert "<h1>New token</h1>" in form
    assert "<p>A token lets a program use the API as you.</p>" in form
    assert "<button>Make a token</button>" in form
    assert re.findall('<option[^>]* value="([a-z]+)"', form) == ["read", "write"]
    secret = made_by(client, access)
    assert "Account: token made: user" in caplog.text
    assert secret not in caplog.text + client.get(URL).text + client.get("/account").text
    with client.application.app_context():
        id = tokens.find(secret, access).id
    submit(client, "/account", f"/account/logout/{id}")
    assert "Account: access ended: user" in caplog.text
    assert "Access ended." in client.get("/account").text
    with client.application.app_context():
        assert tokens.find(secret, access) is None
    credentials = {"email": EMAIL, "password": PASSWORD}
    assert client.post("/api/v1/tokens", json=credentials).status_code == 201


def test_a_token_asks_for_the_password_again(client):
    with client.application.app_context():
        then = datetime.now(UTC) - timedelta(minutes=16)
        db_session.execute(update(tokens.Token).values(created=then))
        db_session.commit()
    for response in (client.get(URL), client.post(URL)):
        assert response.location == "/account/login"


@pytest.mark.parametrize(
    "fields",
    [
        {"access": "session"},
        {"access": "admin"},
        {"name": ""},
        {"name": "x" * 101},
        {"name": "a\0b"},
    ],
)
def test_an_invalid_token_is_explained_and_not_made(client, fields):
    response = submit(client, URL, **{"name": "laptop", "access": "read", **fields})
    assert response.status_code == 422
    assert f'id="{next(iter(fields))}-errors"' in response.text
    assert "tea_time_" not in response.text


def test_a_page_of_tokens_is_kept_by_no_browser(client):
    assert "no-store" in client.get(URL).headers["Cache-Control"]
