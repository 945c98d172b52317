import pytest
from flask.testing import FlaskClient

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROBLEM = "application/problem+json"


def fail() -> str:
    raise ValueError("a password, perhaps")


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (BROWSER, "text/html"),
        ("application/json", PROBLEM),
        ("*/*", PROBLEM),
    ],
)
def test_the_client_decides(client: FlaskClient, accept: str, mimetype: str) -> None:
    response = client.get("/nothing", headers={"Accept": accept})
    assert response.status_code == 404
    assert response.mimetype == mimetype
    assert response.headers["Vary"] == "Accept"


def test_only_the_log_tells_what_went_wrong(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    client.application.add_url_rule("/fail", view_func=fail)
    response = client.get("/fail", headers={"Accept": BROWSER})
    assert response.status_code == 500
    assert "password" not in response.text
    assert "a password, perhaps" in caplog.text
