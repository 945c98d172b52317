import pytest
from flask import Flask
from flask import url_for
from flask.testing import FlaskClient


def url_of(app: Flask, filename: str) -> str:
    with app.test_request_context():
        return url_for("pages.static", filename=filename)


def test_a_file_is_kept_under_the_url_of_its_content(client: FlaskClient) -> None:
    response = client.get(url_of(client.application, "site.css"), buffered=True)
    assert response.status_code == 200
    assert response.cache_control.immutable
    assert response.cache_control.max_age == 31536000
    assert not response.cache_control.no_cache


@pytest.mark.parametrize("query", ["", "?v=another"])
def test_a_file_is_asked_for_again_under_any_other_url(
    client: FlaskClient, query: str
) -> None:
    response = client.get(f"/static/site.css{query}", buffered=True)
    assert response.status_code == 200
    assert response.cache_control.no_cache
    assert not response.cache_control.immutable


def test_a_file_that_is_not_there_has_no_version(client: FlaskClient) -> None:
    url = url_of(client.application, "nothing.css")
    assert url == "/static/nothing.css"
    assert client.get(f"{url}?v=1").status_code == 404


@pytest.mark.parametrize("path", ["../" * 9 + "etc/passwd", "%2e%2e/secret", "a" * 300])
def test_only_what_is_served_is_looked_at(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}?v=1").status_code == 404
