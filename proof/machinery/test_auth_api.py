"""Tokens of the API against an attacker."""

import re
import time

import pytest
import schemathesis
from auth_fixtures import EMAIL, PASSWORD
from hypothesis import HealthCheck, settings
from tea_time import create_app
from tea_time.api import V1
from tea_time.api.operation import operation
from tea_time.auth import protect, tokens
from tea_time.auth.api import require_token
from tea_time.auth.users import current_user

URL = "/api/v1/tokens"
WRONG = "tea"
PROBLEM = "application/problem+json"
document = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json", create_app({"APP_ENV": "testing"})
)


@pytest.fixture
def client(app):
    """A client of an API with an operation that needs a token."""

    @operation({200: None}, errors=(404,), tags=["cups"])
    def cups() -> str:
        return ""

    for methods in (["GET"], ["POST"], ["PUT"], ["PATCH"], ["DELETE"]):
        app.add_url_rule(f"{V1}/cups", methods[0], require_token(cups), methods=methods)
    return app.test_client()


def issue(client, user, kind):
    with client.application.app_context():
        return tokens.issue(user, kind, "x")


def bearer(secret, scheme="Bearer"):
    return {"Authorization": f"{scheme} {secret}"}


@document.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_operation_does_with_a_token_what_is_documented(case, app, token):
    case.call_and_validate(app=app, headers=bearer(token))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_token_allows_a_method_or_not(client, user, method):
    for kind, allowed in {"read": method == "GET", "write": True, "session": None}.items():
        response = client.open(
            f"{V1}/cups", method=method, headers=bearer(issue(client, user, kind))
        )
        expected = 401 if allowed is None else 200 if allowed else 403
        assert response.status_code == expected
        if expected != 200:
            assert response.mimetype == PROBLEM
            details = {401: "Send a valid token.", 403: "This token may only read."}
            assert response.get_json()["detail"] == details[expected]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        bearer("tea_time_wrong"),
        bearer("\xe9"),
        bearer("{token}", scheme="Basic"),
        bearer("{token}", scheme="Token"),
        bearer("{token}x"),
        {"X-Authorization": "Bearer {token}"},
        {"Cookie": "token={token}"},
    ],
)
def test_without_a_valid_token_there_is_nothing(client, user, headers):
    secret = issue(client, user, "write")
    sent = {name: value.replace("{token}", secret) for name, value in headers.items()}
    response = client.get(f"{V1}/cups", headers=sent)
    assert response.status_code == 401
    assert response.mimetype == PROBLEM
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.get_json()["detail"] == "Send a valid token."
    assert client.get(f"{V1}/cups", headers=bearer(secret, "bEARER")).status_code == 200


def test_a_token_in_a_url_or_a_session_is_none(client, user):
    secret = issue(client, user, "write")
    for name in ("token", "access_token", "Authorization"):
        assert client.get(f"{V1}/cups?{name}={secret}").status_code == 401
    for each in (secret, issue(client, user, "session")):
        with client.session_transaction() as session:
            session.update(secret=each, seen=int(time.time()))
        assert client.get(f"{V1}/cups").status_code == 401


@pytest.mark.parametrize("kind", ["read", "write"])
def test_a_token_revokes_itself_and_no_other(client, user, kind):
    secret, other = issue(client, user, kind), issue(client, user, kind)
    for status in (204, 401):
        assert client.delete(f"{URL}/current", headers=bearer(secret)).status_code == status
    assert client.get(f"{V1}/cups", headers=bearer(secret)).status_code == 401
    assert client.get(f"{V1}/cups", headers=bearer(other)).status_code == 200


def test_a_token_of_a_deleted_user_is_none(client, user):
    secret = issue(client, user, "write")
    with client.application.app_context():
        tokens.db_session.delete(tokens.db_session.get(tokens.User, user.id))
        tokens.db_session.commit()
    assert client.get(f"{V1}/cups", headers=bearer(secret)).status_code == 401


def test_nobody_needs_a_token_to_ask_what_is_allowed(client):
    assert client.options(f"{V1}/cups").status_code == 200


def test_a_view_that_needs_no_token_reads_nothing(client, monkeypatch):
    monkeypatch.setattr(tokens, "find", None)
    assert client.get("/api/v1/openapi.json", headers=bearer("x")).status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, WRONG), (EMAIL, "x" * 128), ("nobody@example.com", PASSWORD)],
)
def test_no_error_tells_who_has_an_account(client, user, email, password):
    response = client.post(URL, json={"email": email, "password": password})
    assert response.status_code == 401
    assert response.get_json()["detail"] == "The password is wrong."


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "x" * 129},
        {"password": 1},
        {"email": "ada"},
        {"email": "\u212aate@example.com"},
        {"email": f"{'a' * 250}@example.com"},
        {"access": "session"},
        {"access": "admin"},
        {"name": "x" * 101},
        {"name": "a\0b"},
        {"user_id": 1},
    ],
)
def test_invalid_credentials_are_named_and_not_repeated(client, user, fields):
    body = {"email": EMAIL, "password": PASSWORD, **fields}
    response = client.post(URL, json=body)
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["field"] == next(iter(fields))
    assert PASSWORD not in response.text
    assert "xxx" not in response.text


def test_guessing_is_a_429(client, user):
    client.application.config["THROTTLE_ACCOUNT"] = 2
    for email, status in ((EMAIL, 401), (EMAIL.upper(), 401), ("Ada@example.com", 429)):
        response = client.post(URL, json={"email": email, "password": WRONG})
        assert response.status_code == status
    assert response.mimetype == PROBLEM
    minutes = int(response.headers["Retry-After"]) // 60
    said = f"There were too many attempts. Please wait {minutes} min."
    assert response.get_json()["detail"] == said


def test_a_token_is_made_for_the_address_in_any_case(client, user):
    made = client.post(URL, json={"email": "ADA@example.com", "password": PASSWORD})
    assert made.status_code == 201
    sent = bearer(made.get_json()["token"])
    assert client.get(f"{V1}/cups", headers=sent).status_code == 200
    assert client.post(f"{V1}/cups", headers=sent).status_code == 403  # None asked for more.


def test_the_document_says_which_operations_need_a_token(client):
    found = client.get("/api/v1/openapi.json").get_json()
    scheme = found["components"]["securitySchemes"]["token"]
    assert scheme == {"type": "http", "scheme": "bearer"}
    needy = found["paths"][f"{V1}/cups"]["get"]
    assert needy["security"] == [{"token": []}]
    assert needy["tags"] == ["cups"]
    assert {"401", "403", "404"} <= set(needy["responses"])
    open_ = found["paths"][URL]["post"]
    assert "security" not in open_
    assert {"201", "401", "422", "429"} <= set(open_["responses"])
    made = "Make a token, to be sent with other requests as `Authorization: Bearer`."
    assert open_["summary"] == made
    revoke = found["paths"][f"{URL}/current"]["delete"]
    assert revoke["summary"] == "Revoke the token that is sent."
    schemas = found["components"]["schemas"]
    assert schemas["Credentials"]["description"] == "Whose token, and for what."
    assert schemas["NewToken"]["description"] == "A token, which is shown only once."
    assert "403" not in open_["responses"]


# A part's views are in modules of its package, or in its `__init__.py`, as the guides show.
@pytest.mark.parametrize("module", ["tea_time.mugs", "tea_time.mugs.api"])
def test_a_part_is_protected_as_a_whole(app, user, module):
    shown = []

    @operation({200: None})
    def mugs() -> str:
        shown.append(current_user().email)
        return ""

    mugs.__module__ = module
    app.add_url_rule(f"{V1}/mugs", "mugs", mugs)
    app.add_url_rule(f"{V1}/more", "more", operation({200: None})(lambda: ""))
    protect(app, "tea_time.mugs")
    client = app.test_client()
    assert client.get(f"{V1}/mugs").status_code == 401
    assert client.get(f"{V1}/more").status_code == 200
    secret = issue(client, user, "read")
    assert client.get(f"{V1}/mugs", headers=bearer(secret)).status_code == 200
    assert shown == [EMAIL]


def test_a_command_makes_a_token(client, user):
    run = client.application.test_cli_runner().invoke
    for options, status in ([], 403), (["--write", "--name", "cron"], 200):
        secret = run(args=["auth", "token", EMAIL, *options]).output.strip()
        response = client.post(f"{V1}/cups", headers=bearer(secret))
        assert response.status_code == status
    described = run(args=["auth", "token", "--help"]).output
    assert "Make a token, and print it.\n" in described
    assert re.search(r"--name TEXT +What it is for\.\n", described)
    assert re.search(r"--write +Allow changes, too\.\n", described)


def test_what_happens_to_a_token_is_logged_without_it(client, user, caplog):
    caplog.set_level("DEBUG")
    made = client.post(URL, json={"email": EMAIL, "password": PASSWORD}).get_json()["token"]
    client.delete(f"{URL}/current", headers=bearer(made))
    printed = client.application.test_cli_runner().invoke(args=["auth", "token", EMAIL]).output
    events = re.findall(r"Account: ([a-z ]+): user \d+ from (127|the command)", caplog.text)
    assert events == [
        ("token made", "127"),
        ("token revoked", "127"),
        ("token made", "the command"),
    ]
    for secret in (made, printed.strip(), PASSWORD):
        assert secret not in caplog.text
