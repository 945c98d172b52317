import re

import pytest
from flask.testing import FlaskClient
from test_auth_pages import submit

from {{ cookiecutter.project_slug }}.auth.tokens import PREFIX

URL = "/account/tokens"


@pytest.mark.usefixtures("logged_in")
def test_a_token_is_made_and_shown_once(client: FlaskClient) -> None:
    made = submit(client, URL, name="laptop", access="write")
    found = re.search(f"{PREFIX}[^< ]+", made.text)
    assert found
    page = client.get("/account").text
    assert "laptop" in page
    assert found[0] not in page
    headers = {"Authorization": f"Bearer {found[0]}"}
    response = client.delete("/api/v1/tokens/current", headers=headers)
    assert response.status_code == 204
