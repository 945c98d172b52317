"""A database that can't be used now; real outages are the template's own tests."""

import pytest
from sqlalchemy.exc import OperationalError, TimeoutError
from tea_time.database import db_session


def refuse():
    raise OperationalError("SELECT", {}, Exception("nobody listens\non that port"))


def wait():
    raise TimeoutError("no connection came free")


def use():
    return str(db_session.connection().exec_driver_sql("SELECT 1").scalar_one())


@pytest.mark.parametrize(
    ("view", "cause"), [(refuse, "nobody listens"), (wait, "no connection came free")]
)
def test_it_is_a_503_and_one_line_in_the_log(app, caplog, view, cause):
    app.add_url_rule("/view", view_func=view)
    response = app.test_client().get("/view")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    [record] = caplog.records
    assert record.getMessage() == f"The database is unavailable: {cause}"
    assert not record.exc_info


def test_nobody_waits_for_a_while_after_one_has_waited_in_vain(app, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("tea_time.database.monotonic", lambda: now[0])
    app.add_url_rule("/wait", view_func=wait)
    app.add_url_rule("/use", view_func=use)
    client = app.test_client()
    assert client.get("/use").text == "1"
    assert client.get("/wait").status_code == 503
    now[0] += 0.9
    response = client.get("/use")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    now[0] += 0.2
    assert client.get("/use").text == "1"
