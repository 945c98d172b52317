from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from {{ cookiecutter.project_slug }}.database import db_session
from {{ cookiecutter.project_slug }}.database import readiness


def move_to(revision: str) -> None:
    """Make the database say that it is at `revision`."""
    db_session.execute(text("DELETE FROM alembic_version"))
    db_session.execute(
        text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision}
    )


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which `b` follows `a`."""
    (tmp_path / "a.py").write_text('revision = "a"\ndown_revision = None\n')
    (tmp_path / "b.py").write_text('revision: str = "b"\ndown_revision: str = "a"\n')
    monkeypatch.setattr(readiness, "VERSIONS", tmp_path)
    return tmp_path


def test_it_is_ready_when_everything_is_applied(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json()["checks"]["database"] == "up"


@pytest.mark.parametrize("empty", [True, False])
def test_it_is_not_ready_before_its_migrations(
    app: Flask, versions: Path, empty: bool
) -> None:
    with app.app_context():
        move_to("a")
        if empty:
            db_session.execute(text("DROP TABLE alembic_version"))
        with pytest.raises(RuntimeError, match="flask db upgrade"):
            readiness.check(db_session)


@pytest.mark.parametrize("revision", ["b", "of the next release"])
def test_it_is_ready_after_its_migrations(
    app: Flask, versions: Path, revision: str
) -> None:
    with app.app_context():
        move_to(revision)
        readiness.check(db_session)


def test_it_is_not_ready_where_its_migrations_are_not(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "VERSIONS", tmp_path)
    with app.app_context(), pytest.raises(RuntimeError, match="no migrations"):
        readiness.check(db_session)


def test_branches_are_followed_to_where_they_merge(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('revision = "a"\ndown_revision = None\n')
    (tmp_path / "b.py").write_text('revision = "b"\ndown_revision = None\n')
    (tmp_path / "c.py").write_text('revision = "c"\ndown_revision = ("a", "b")\n')
    assert readiness.known(tmp_path) == ({"a", "b", "c"}, {"c"})


def test_what_another_depends_on_is_followed_by_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('revision = "a"\ndown_revision = None\n')
    (tmp_path / "b.py").write_text('revision = "b"\ndepends_on = "a"\n')
    assert readiness.known(tmp_path) == ({"a", "b"}, {"b"})
