from flask.testing import FlaskClient


def test_the_root_names_the_application(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.json == {"name": client.application.config["APP_TITLE"]}
