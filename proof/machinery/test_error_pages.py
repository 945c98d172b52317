from functools import partial

import pytest
from flask import abort

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def fail():
    raise ValueError("a fault of the view")


def fail_in_template():
    raise ValueError("a fault of the page")


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/fail", 500)])
def test_a_page_that_fails_is_werkzeugs_own(app, caplog, path, status):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/fail", view_func=fail)
    app.context_processor(fail_in_template)
    response = app.test_client().get(path, headers=BROWSER)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    assert response.text.startswith("<!doctype html>")
    assert "fault of" not in response.text
    assert "The error page failed: ValueError('a fault of the page')" in caplog.messages
    assert ("a fault of the view" in caplog.text) == (status == 500)


def test_an_error_page_says_what_it_is_and_leads_back(client):
    page = client.get("/nothing", headers=BROWSER).text
    assert "<p>404</p>" in page
    assert "<h1>Not Found</h1>" in page
    assert "<p>The requested URL was not found on the server." in page
    assert "<title>Not Found · " in page
    assert '<p><a href="/">Back to the start</a></p>' in page


def test_an_error_page_escapes_what_is_said(client):
    for path, said in {"/escaped": "<i>no</i> tea", "/silent": ""}.items():
        client.application.add_url_rule(path, path, partial(abort, 404, said))
    page = client.get("/escaped", headers=BROWSER).text
    assert "<p>&lt;i&gt;no&lt;/i&gt; tea</p>" in page
    assert "<p></p>" not in client.get("/silent", headers=BROWSER).text


def test_a_host_that_is_not_trusted_is_no_line_in_the_log(client, caplog):
    client.application.config["TRUSTED_HOSTS"] = ["good.example"]
    response = client.get("/", base_url="http://bad.example", headers=BROWSER)
    assert response.status_code == 400
    assert response.mimetype == "text/html"
    assert caplog.text == ""


def test_an_error_page_is_as_safe_as_any_other(client):
    response = client.get("/<script>alert(1)</script>", headers=BROWSER)
    assert response.status_code == 404
    assert "<script>" not in response.text
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
