from flask.testing import FlaskClient

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_an_unknown_url_is_a_problem_document(client: FlaskClient) -> None:
    response = client.get("/nothing", headers={"Accept": BROWSER})
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["type"] == "about:blank"
    assert response.get_json()["title"] == "Not Found"
    assert response.get_json()["status"] == 404
    assert response.get_json()["detail"]


def test_headers_of_the_error_are_kept(client: FlaskClient) -> None:
    response = client.post("/")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
