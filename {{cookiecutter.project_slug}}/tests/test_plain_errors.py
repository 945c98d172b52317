from flask.testing import FlaskClient


def test_an_error_outside_the_api_is_flasks_own(client: FlaskClient) -> None:
    response = client.get("/nothing")
    assert response.status_code == 404
    assert response.mimetype == "text/html"
