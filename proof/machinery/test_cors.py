import pytest
from tea_time import create_app
from tea_time.config import ConfigurationError

ORIGIN = "https://www.example.com"
ALLOW_ORIGIN = "Access-Control-Allow-Origin"
URL = "/api/v1/openapi.json"


@pytest.fixture
def client():
    app = create_app({"APP_ENV": "testing", "CORS_ORIGINS": (ORIGIN,)})
    app.add_url_rule("/api/v1/cups", view_func=dict, methods=["POST"])
    return app.test_client()


@pytest.mark.parametrize("path", [URL, "/api/v1/nothing", "/api/v1", "/api"])
def test_a_configured_origin_may_read(client, path):
    response = client.get(path, headers={"Origin": ORIGIN})
    assert response.headers[ALLOW_ORIGIN] == ORIGIN
    assert response.headers["Access-Control-Expose-Headers"] == "*"
    assert response.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Access-Control-Allow-Methods" not in response.headers


@pytest.mark.parametrize(
    "origin", ["http://www.example.com", f"{ORIGIN}.org", f"{ORIGIN}/", "null", "*"]
)
def test_any_other_origin_may_not(client, origin):
    response = client.get(URL, headers={"Origin": origin})
    assert ALLOW_ORIGIN not in response.headers
    assert response.headers["Vary"] == "Origin"


def test_a_request_without_an_origin_varies_too(client):
    response = client.get(URL)
    assert ALLOW_ORIGIN not in response.headers
    assert response.headers["Vary"] == "Origin"


def test_a_browser_may_ask_first(client):
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    response = client.options("/api/v1/cups", headers=headers)
    assert response.status_code == 200
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "*, Authorization"
    assert response.headers["Access-Control-Max-Age"] == "600"


@pytest.mark.parametrize("path", ["/", "/apish"])
def test_only_the_api_is_opened(client, path):
    response = client.get(path, headers={"Origin": ORIGIN})
    assert ALLOW_ORIGIN not in response.headers
    assert "Origin" not in response.headers.get("Vary", "")


def test_no_origin_is_allowed_by_default():
    client = create_app({"APP_ENV": "testing"}).test_client()
    response = client.get(URL, headers={"Origin": ORIGIN})
    assert ALLOW_ORIGIN not in response.headers
    assert "Vary" not in response.headers


def test_origins_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("CORS_ORIGINS", f"{ORIGIN}, http://localhost:3000")
    client = create_app({"APP_ENV": "testing"}).test_client()
    response = client.get(URL, headers={"Origin": "http://localhost:3000"})
    assert response.headers[ALLOW_ORIGIN] == "http://localhost:3000"
    monkeypatch.setenv("CORS_ORIGINS", "")
    client = create_app({"APP_ENV": "testing"}).test_client()
    assert ALLOW_ORIGIN not in client.get(URL, headers={"Origin": ORIGIN}).headers


@pytest.mark.parametrize(
    "origin",
    ["*", f"{ORIGIN}/", f"{ORIGIN}?", f"{ORIGIN}\n", "www.example.com", "HTTPS://A.example"],
)
def test_what_no_browser_sends_is_refused(origin):
    with pytest.raises(ConfigurationError) as error:
        create_app({"APP_ENV": "testing", "CORS_ORIGINS": (ORIGIN, origin)})
    assert str(error.value) == (
        f'CORS_ORIGINS holds "{origin}": it must be as browsers send it, '
        "such as https://www.example.com."
    )
