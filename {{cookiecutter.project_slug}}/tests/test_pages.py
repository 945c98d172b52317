import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/", "/about"])
def test_a_page_is_shown(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.mimetype == "text/html"


def test_the_title_is_text_and_not_html(client: FlaskClient) -> None:
    client.application.config["APP_TITLE"] = "<b>Tom & Jerry</b>"
    assert "&lt;b&gt;Tom &amp; Jerry&lt;/b&gt;" in client.get("/").text


def test_a_part_can_add_a_link_to_the_navigation(client: FlaskClient) -> None:
    client.application.extensions["navigation"]["Start"] = "pages.home"
    assert "Start</a>" in client.get("/about").text
