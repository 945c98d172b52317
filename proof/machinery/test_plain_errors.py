def test_an_error_outside_the_api_is_flasks_own(client):
    response = client.get("/nothing", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert response.text.startswith("<!doctype html>")
