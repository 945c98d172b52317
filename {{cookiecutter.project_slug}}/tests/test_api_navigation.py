from flask.testing import FlaskClient


def test_the_first_page_leads_to_the_api(client: FlaskClient) -> None:
    assert 'href="/api/v1/docs"' in client.get("/").text
