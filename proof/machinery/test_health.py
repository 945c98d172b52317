def fail():
    raise ConnectionError("no response")


def test_it_is_ready_when_everything_is_up(app):
    app.extensions["readiness"] = {"disk": lambda: None, "network": lambda: None}
    response = app.test_client().get("/readyz")
    assert response.status_code == 200
    assert response.json == {"status": "ready", "checks": {"disk": "up", "network": "up"}}


def test_one_check_that_fails_is_not_ready(app, caplog):
    app.extensions["readiness"] = {"disk": fail, "network": lambda: None}
    response = app.test_client().get("/readyz")
    assert response.status_code == 503
    assert response.json == {"status": "not ready", "checks": {"disk": "down", "network": "up"}}
    assert app.test_client().get("/healthz").status_code == 200
    assert "Not ready: disk: no response" in caplog.messages
