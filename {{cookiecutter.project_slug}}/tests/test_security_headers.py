import re

import pytest
from flask import Flask
from flask import render_template_string
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }} import create_app


def html() -> str:
    return render_template_string("<script nonce='{% raw %}{{ csp_nonce() }}{% endraw %}'></script>")


def client_of(app: Flask) -> FlaskClient:
    app.add_url_rule("/html", view_func=html)
    app.add_url_rule("/json", view_func=dict)
    return app.test_client()


def test_html_may_run_only_its_own_scripts(app: Flask) -> None:
    client = client_of(app)
    policies = set()
    for _ in range(2):
        response = client.get("/html")
        policy = response.headers["Content-Security-Policy"]
        [nonce] = re.findall("nonce='(.+)'", response.text)
        assert f"script-src 'self' 'nonce-{nonce}'" in policy
        policies.add(policy)
    assert len(policies) == 2


def test_json_needs_no_policy(app: Flask) -> None:
    response = client_of(app).get("/json")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in response.headers


@pytest.mark.parametrize(
    ("url", "header"),
    [("https://localhost/json", "max-age=31536000"), ("http://localhost/json", None)],
)
def test_production_stays_on_https(url: str, header: str | None) -> None:
    key = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"
    app = create_app({"APP_ENV": "production", "SECRET_KEY": key})
    response = client_of(app).get(url)
    assert response.headers.get("Strict-Transport-Security") == header
