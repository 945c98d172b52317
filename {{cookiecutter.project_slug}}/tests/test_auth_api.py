from auth_fixtures import EMAIL
from auth_fixtures import PASSWORD
from auth_fixtures import WRONG
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }}.auth.users import User

URL = "/api/v1/tokens"
CURRENT = f"{URL}/current"


def test_a_token_is_made_and_revoked(client: FlaskClient, user: User) -> None:
    credentials = {"email": EMAIL, "password": PASSWORD}
    for access, statuses in {"read": [403, 403], "write": [204, 401]}.items():
        made = client.post(URL, json={**credentials, "access": access})
        assert made.status_code == 201
        headers = {"Authorization": f"Bearer {made.get_json()['token']}"}
        for status in statuses:
            assert client.delete(CURRENT, headers=headers).status_code == status


def test_a_wrong_password_makes_no_token(client: FlaskClient, user: User) -> None:
    response = client.post(URL, json={"email": EMAIL, "password": WRONG})
    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_is_sent_in_a_header_alone(client: FlaskClient, token: str) -> None:
    del client.environ_base["HTTP_AUTHORIZATION"]
    assert client.delete(f"{CURRENT}?token={token}").status_code == 401
