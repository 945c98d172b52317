import pytest
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response


def fail():
    raise ValueError("a password, perhaps")


def limit():
    raise TooManyRequests(response=Response("Slowly, please.", 429))


@pytest.mark.parametrize("path", ["/fail", "/api/v1/fail"])
@pytest.mark.parametrize("accept", ["text/html", "application/json", "image/png", ""])
def test_only_the_log_tells_what_went_wrong(app, caplog, path, accept):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule(path, view_func=fail)
    response = app.test_client().get(path, headers={"Accept": accept})
    assert response.status_code == 500
    assert "password" not in response.text
    assert "a password, perhaps" in caplog.text


@pytest.mark.parametrize("path", ["/", "/api/v1/tea"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_error_keeps_its_headers(app, path, accept):
    app.add_url_rule("/api/v1/tea", view_func=str)
    response = app.test_client().post(path, headers={"Accept": accept})
    assert response.status_code == 405
    assert {"GET", "HEAD", "OPTIONS"} == set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", ["/limit", "/api/v1/limit"])
def test_an_error_can_bring_its_own_response(app, path):
    app.add_url_rule(path, view_func=limit)
    response = app.test_client().get(path)
    assert (response.status_code, response.text) == (429, "Slowly, please.")


def test_a_redirect_to_a_slash_is_no_error(app):
    app.add_url_rule("/folder/", view_func=str)
    response = app.test_client().get("/folder")
    assert (response.status_code, response.location) == (308, "http://localhost/folder/")
