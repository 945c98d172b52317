import pytest
from flask.testing import FlaskClient

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (BROWSER, "text/html"),
        ("text/html", "text/html"),
        ("application/json", PROBLEM),
        ("*/*", PROBLEM),
        ("", PROBLEM),
    ],
)
def test_the_client_decides(client: FlaskClient, accept: str, mimetype: str) -> None:
    response = client.get("/nothing", headers={"Accept": accept})
    assert response.status_code == 404
    assert response.mimetype == mimetype
    assert response.headers["Vary"] == "Accept"


@pytest.mark.parametrize("accept", [BROWSER, "application/json"])
def test_headers_of_the_error_are_kept(client: FlaskClient, accept: str) -> None:
    response = client.post("/", headers={"Accept": accept})
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
