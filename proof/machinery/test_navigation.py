import pytest

BROWSER = {"Accept": "text/html"}


def fail():
    raise ValueError("a fault of the view")


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/fail", 500)])
def test_a_wrong_endpoint_in_the_navigation_does_not_hide_an_error(app, caplog, path, status):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/fail", view_func=fail)
    app.extensions["navigation"]["Orders"] = "orders.nowhere"
    response = app.test_client().get(path, headers=BROWSER)
    assert response.status_code == status
    assert "orders.nowhere" in caplog.text


def test_an_error_page_wears_the_layout(client):
    response = client.get("/nothing", headers=BROWSER)
    assert 'class="site-nav"' in response.text
    assert 'rel="icon"' in response.text
