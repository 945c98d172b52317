import pytest
from sqlalchemy import text
from tea_time.database import check, db_session


@pytest.mark.parametrize("statement", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
def test_it_is_not_ready_before_its_migrations(app, client, caplog, statement):
    assert client.get("/readyz").json == {"status": "ready", "checks": {"database": "up"}}
    with app.app_context():
        db_session.execute(text(statement))
        db_session.commit()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json == {"status": "not ready", "checks": {"database": "down"}}
    assert "flask db upgrade" in caplog.text
    assert client.get("/healthz").status_code == 200


def test_it_is_ready_after_the_migrations_of_a_later_release(app):
    with app.app_context():
        db_session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        check()


def test_a_check_leaves_no_session_behind(app):
    with app.test_request_context():
        check()
        session = db_session._get_current_object()
    assert not session.in_transaction()
