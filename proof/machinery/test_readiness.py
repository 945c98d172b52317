import pytest
from sqlalchemy import text
from tea_time.database import db_session


@pytest.mark.parametrize("statement", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
def test_it_is_not_ready_before_its_migrations(app, client, caplog, statement):
    assert client.get("/readyz").json["checks"]["database"] == "up"
    with app.app_context():
        db_session.execute(text(statement))
        db_session.commit()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json["status"] == "not ready"
    assert response.json["checks"]["database"] == "down"
    [record] = caplog.records
    assert record.getMessage().startswith("Not ready: database: ")
    assert len(record.getMessage().splitlines()) == 1
    assert client.get("/healthz").status_code == 200


def test_it_is_ready_after_the_migrations_of_a_later_release(app, client):
    with app.app_context():
        db_session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        db_session.commit()
    assert client.get("/readyz").status_code == 200


def test_it_is_ready_on_two_branches_of_migrations(app, client):
    with app.app_context():
        db_session.execute(text("INSERT INTO alembic_version VALUES ('other')"))
        db_session.commit()
    assert client.get("/readyz").status_code == 200


def test_a_check_leaves_no_transaction_behind(app):
    with app.test_request_context():
        app.extensions["readiness"]["database"]()
        session = db_session._get_current_object()
    assert not session.in_transaction()
