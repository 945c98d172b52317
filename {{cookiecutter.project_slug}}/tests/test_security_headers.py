from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.security_headers import csp_nonce

KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


def test_a_page_allows_only_its_own_scripts(client: FlaskClient) -> None:
    client.application.add_url_rule("/nonce", view_func=csp_nonce)
    response = client.get("/nonce")
    policy = response.headers["Content-Security-Policy"]
    assert f"script-src 'self' 'nonce-{response.text}'" in policy
    assert client.get("/nonce").text != response.text


def test_every_response_has_a_fixed_type(client: FlaskClient) -> None:
    client.application.add_url_rule("/json", view_func=dict)
    headers = client.get("/json").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in headers


def test_production_stays_on_https() -> None:
    app = create_app({"APP_ENV": "production", "SECRET_KEY": KEY})
    app.add_url_rule("/json", view_func=dict)
    headers = app.test_client().get("/json", base_url="https://localhost").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
