from flask.testing import FlaskClient


def test_the_first_page_is_shown(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "<h1>" in response.text


def test_browsers_keep_a_static_file(client: FlaskClient) -> None:
    app = client.application
    with app.test_request_context():
        url = app.url_for("pages.static", filename="site.css")
    assert client.get(url, buffered=True).cache_control.immutable
    assert not client.get("/static/site.css", buffered=True).cache_control.immutable
