import pytest
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.environment import ConfigurationError

ORIGIN = "https://www.example.com"
ALLOW_ORIGIN = "Access-Control-Allow-Origin"
URL = "/api/v1/durations/1"


@pytest.fixture
def client() -> FlaskClient:
    """A client of an application that lets one origin in."""
    return create_app({"APP_ENV": "testing", "CORS_ORIGINS": (ORIGIN,)}).test_client()


@pytest.mark.parametrize("path", [URL, "/api/v1/durations/x", "/api/v1"])
def test_a_configured_origin_may_read(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Origin": ORIGIN})
    assert response.headers[ALLOW_ORIGIN] == ORIGIN
    assert response.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", ["http://www.example.com", f"{ORIGIN}.org", "null"])
def test_any_other_origin_may_not(client: FlaskClient, origin: str) -> None:
    response = client.get(URL, headers={"Origin": origin})
    assert ALLOW_ORIGIN not in response.headers
    assert response.headers["Vary"] == "Origin"


def test_a_browser_may_ask_first(client: FlaskClient) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    response = client.options("/api/v1/durations", headers=asked)
    assert response.status_code == 200
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]


def test_only_the_api_is_opened(client: FlaskClient) -> None:
    response = client.get("/", headers={"Origin": ORIGIN})
    assert ALLOW_ORIGIN not in response.headers


def test_nobody_is_let_in_by_default() -> None:
    client = create_app({"APP_ENV": "testing"}).test_client()
    response = client.get(URL, headers={"Origin": ORIGIN})
    assert ALLOW_ORIGIN not in response.headers
    assert "Vary" not in response.headers


def test_origins_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", f"{ORIGIN}, http://localhost:3000")
    client = create_app({"APP_ENV": "testing"}).test_client()
    response = client.get(URL, headers={"Origin": "http://localhost:3000"})
    assert response.headers[ALLOW_ORIGIN] == "http://localhost:3000"


@pytest.mark.parametrize("origin", ["*", f"{ORIGIN}/", f"{ORIGIN}?", "www.example.com"])
def test_what_no_browser_sends_is_refused(origin: str) -> None:
    with pytest.raises(ConfigurationError, match="CORS_ORIGINS"):
        create_app({"APP_ENV": "testing", "CORS_ORIGINS": (origin,)})
