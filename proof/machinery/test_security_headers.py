import re

import pytest
from flask import render_template_string, session
from tea_time import create_app
from tea_time.security_headers import csp_nonce

from .helpers import PRODUCTION

HTML = {
    "Content-Length": "4",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'nonce-…'; style-src 'self' 'nonce-…'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Content-Type": "text/html; charset=utf-8",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
JSON = {
    "Content-Length": "3",
    "Content-Type": "application/json",
    "X-Content-Type-Options": "nosniff",
}
HSTS = {"Strict-Transport-Security": "max-age=31536000"}


def client_of(app):
    app.add_url_rule("/html", "html", lambda: "Page")
    app.add_url_rule("/json", "json", dict)
    app.add_url_rule("/own", "own", own)
    app.add_url_rule("/script", "script", script)
    app.add_url_rule("/count", "count", count)
    return app.test_client()


def own():
    return "", {"Content-Security-Policy": "sandbox", "Referrer-Policy": "no-referrer"}


def script():
    return render_template_string("{{ csp_nonce() }} {{ csp_nonce() }}")


def count():
    session["count"] = session.get("count", 0) + 1
    return {"count": session["count"]}


def headers_of(response):
    headers = dict(response.headers)
    assert len(headers) == len(response.headers)
    headers.pop("X-Request-ID", None)
    if policy := headers.get("Content-Security-Policy"):
        headers["Content-Security-Policy"] = re.sub("nonce-[^']{22}'", "nonce-…'", policy)
    return headers


@pytest.mark.parametrize("settings", [{"APP_ENV": "testing"}, PRODUCTION])
@pytest.mark.parametrize(("path", "headers"), [("/html", HTML), ("/json", JSON)])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_response_has_these_headers_and_no_others(settings, path, headers, scheme):
    client = client_of(create_app(settings))
    response = client.get(path, base_url=f"{scheme}://localhost")
    secure = scheme == "https" and settings is PRODUCTION
    assert headers_of(response) == headers | (HSTS if secure else {})


@pytest.mark.parametrize(
    ("status", "method", "path"),
    [(404, "GET", "/404"), (405, "PUT", "/html"), (500, "GET", "/fail")],
)
def test_an_error_has_them_too(app, status, method, path):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = client_of(app)
    app.add_url_rule("/fail", view_func=lambda: 1 / 0)
    response = client.open(path, method=method, headers={"Accept": "text/html"})
    assert response.status_code == status
    wanted = HTML if response.mimetype == "text/html" else JSON
    for name in wanted.keys() - {"Content-Length", "Content-Type"}:
        assert headers_of(response)[name] == wanted[name]


def test_a_page_can_set_a_header_of_its_own(app):
    headers = client_of(app).get("/own").headers
    assert headers["Content-Security-Policy"] == "sandbox"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_response_has_one_nonce_and_each_another(app):
    client = client_of(app)
    nonces = set()
    for _ in range(2):
        response = client.get("/script")
        first, second = response.text.split()
        assert first == second
        policy = response.headers["Content-Security-Policy"]
        assert set(re.findall("nonce-([^']+)'", policy)) == {first}
        nonces.add(first)
    assert len(nonces) == 2
    with app.test_request_context():
        assert csp_nonce() not in nonces


def test_a_session_is_kept_and_its_responses_are_private(app):
    client = client_of(app)
    for number in (1, 2):
        response = client.get("/count")
        assert response.json == {"count": number}
        assert response.headers["Cache-Control"] == "private"
        assert response.headers["Vary"] == "Cookie"
    assert "HttpOnly; Path=/; SameSite=Lax" in response.headers["Set-Cookie"]


def test_a_response_that_only_reads_a_session_is_private(app):
    app.add_url_rule("/read", view_func=lambda: str(session["count"]))
    client = client_of(app)
    client.get("/count")
    response = client.get("/read")
    assert response.text == "1"
    assert response.headers["Cache-Control"] == "private"
    assert "Set-Cookie" not in response.headers


def test_a_forged_session_is_not_believed(app):
    client = client_of(app)
    client.set_cookie("session", "eyJjb3VudCI6NDF9.aQ.forged")
    assert client.get("/count").json == {"count": 1}


def test_a_permanent_session_is_private_where_nobody_reads_it(app):
    client = client_of(app)
    with client.session_transaction() as kept:
        kept["count"], kept.permanent = 1, True
    app.add_url_rule("/shared", view_func=lambda: ("", {"Cache-Control": "public, max-age=9"}))
    response = client.get("/shared")
    assert "session=" in response.headers["Set-Cookie"]
    assert response.headers["Cache-Control"] == "max-age=9, private"


@pytest.mark.parametrize(
    ("site", "content_type", "status"),
    [
        ("cross-site", "application/x-www-form-urlencoded", 403),
        ("cross-site", "text/plain", 403),
        ("cross-site", "multipart/form-data; boundary=b", 403),
        ("cross-site", "application/json", 200),
        ("same-site", "application/x-www-form-urlencoded", 200),
        ("same-origin", "application/x-www-form-urlencoded", 200),
        ("none", "application/x-www-form-urlencoded", 200),
        (None, "application/x-www-form-urlencoded", 200),
    ],
)
def test_a_form_on_another_site_is_refused(app, site, content_type, status):
    """It comes without the visitor's cookie, and would bring another session."""
    client = client_of(app)
    app.add_url_rule("/write", view_func=count, methods=["POST"])
    headers = {"Content-Type": content_type} | ({"Sec-Fetch-Site": site} if site else {})
    response = client.post("/write", headers=headers, data=b"")
    assert response.status_code == status
    assert ("Set-Cookie" in response.headers) == (status == 200)


def test_a_link_on_another_site_is_followed(app):
    client = client_of(app)
    assert client.get("/count", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_session_that_is_not_used_changes_nothing(app):
    client = client_of(app)
    client.get("/count")
    assert headers_of(client.get("/json")) == JSON
