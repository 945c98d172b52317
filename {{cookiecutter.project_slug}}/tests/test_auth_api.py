from auth_fixtures import EMAIL
from auth_fixtures import PASSWORD
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }}.auth.users import User

URL = "/api/v1/tokens"


def test_a_token_is_made_and_revoked(client: FlaskClient, user: User) -> None:
    made = client.post(URL, json={"email": EMAIL, "password": PASSWORD})
    assert made.status_code == 201
    headers = {"Authorization": f"Bearer {made.get_json()['token']}"}
    for status in (204, 401):
        response = client.delete(f"{URL}/current", headers=headers)
        assert response.status_code == status


def test_a_wrong_password_makes_no_token(client: FlaskClient, user: User) -> None:
    response = client.post(URL, json={"email": EMAIL, "password": "tea"})
    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"
    assert response.headers["WWW-Authenticate"] == "Bearer"
