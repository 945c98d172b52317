import ast
import shutil
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from database_{{ cookiecutter.__database }} import new_database
from sqlalchemy import Column
from sqlalchemy import Integer
from sqlalchemy import Table

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.database import Base
from {{ cookiecutter.project_slug }}.database import commands
from {{ cookiecutter.project_slug }}.database.utc_datetime import UTCDateTime

FlaskDb = Callable[..., Result]


@pytest.fixture
def flask_db() -> Iterator[FlaskDb]:
    """The command `flask db`, on an empty database."""
    with new_database() as url:
        app = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
        runner = app.test_cli_runner(catch_exceptions=False)
        yield lambda *words: runner.invoke(args=["db", *words])


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations' folder, to which a test can add."""
    shutil.copy(commands.ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(commands.ROOT / "migrations", tmp_path / "migrations")
    monkeypatch.setattr(commands, "ROOT", tmp_path)
    return tmp_path / "migrations" / "versions"


@pytest.fixture
def new_model() -> Iterator[None]:
    """A model that has no migration."""
    number = Column("number", Integer, index=True, server_default="7")
    table = Table("numbers", Base.metadata, number, Column("at", UTCDateTime))
    yield
    Base.metadata.remove(table)


def test_every_migration_can_be_reverted(flask_db: FlaskDb) -> None:
    for words in ["upgrade"], ["check"], ["downgrade", "base"], ["upgrade"]:
        result = flask_db(*words)
        assert result.exit_code == 0, result.output


def test_a_migration_is_made_from_the_models(
    flask_db: FlaskDb,
    versions: Path,
    new_model: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flask_db("upgrade")
    assert flask_db("check").exit_code == 1
    flask_db("migrate", "-m", "Add numbers")
    [path] = versions.glob("*_add_numbers.py")
    text = path.read_text(encoding="utf-8")
    assert "ix_numbers_number" in text
    assert "sa.DateTime(timezone=True)" in text
    assert flask_db("upgrade").exit_code == 0
    assert flask_db("check").exit_code == 0
    number = Base.metadata.tables["numbers"].c.number
    monkeypatch.setattr(number, "server_default", None)
    assert flask_db("check").exit_code == 1
    assert flask_db("downgrade").exit_code == 0


def test_no_migration_is_made_from_nothing(flask_db: FlaskDb, versions: Path) -> None:
    before = sorted(versions.glob("*.py"))
    flask_db("upgrade")
    assert "have not changed" in flask_db("migrate", "-m", "Nothing").output
    assert sorted(versions.glob("*.py")) == before


def test_a_migration_can_be_written_by_hand(flask_db: FlaskDb, versions: Path) -> None:
    flask_db("migrate", "--empty", "-m", '"""Fill\\in names"""')
    [path] = versions.glob("*_fill_in_names*.py")
    text = path.read_text(encoding="utf-8")
    assert ast.parse(text)
    assert "from alembic import op" in text


def test_the_database_says_where_it_is(flask_db: FlaskDb) -> None:
    assert "(head)" not in flask_db("current").output
    flask_db("upgrade")
    assert "(head)" in flask_db("current").output
    assert "(current)" in flask_db("history").output


def test_heads_are_merged(flask_db: FlaskDb, versions: Path) -> None:
    flask_db("migrate", "--empty", "-m", "One")
    [one] = versions.glob("*_one.py")
    other = one.read_text(encoding="utf-8").replace(one.name.split("_")[0], "other")
    (versions / "other.py").write_text(other, encoding="utf-8")
    assert flask_db("upgrade").exit_code == 1
    assert len(flask_db("heads").output.splitlines()) == 2
    assert flask_db("merge", "-m", "Both").exit_code == 0
    assert len(flask_db("heads").output.splitlines()) == 1
    assert flask_db("upgrade").exit_code == 0


def test_a_database_can_be_said_to_be_up_to_date(flask_db: FlaskDb) -> None:
    assert flask_db("stamp").exit_code == 0
    assert "(head)" in flask_db("current").output


def test_sql_is_shown_and_not_run(flask_db: FlaskDb) -> None:
    assert "CREATE TABLE alembic_version" in flask_db("upgrade", "--sql").output
    assert flask_db("current").output == ""


def test_a_mistake_is_one_line(flask_db: FlaskDb) -> None:
    result = flask_db("upgrade", "nowhere")
    assert result.exit_code == 1
    assert result.output == "Error: Can't locate revision identified by 'nowhere'\n"


def test_what_the_database_refuses_is_no_traceback(
    flask_db: FlaskDb, versions: Path
) -> None:
    flask_db("upgrade")
    flask_db("migrate", "--empty", "-m", "Break it")
    [path] = versions.glob("*_break_it.py")
    text = path.read_text(encoding="utf-8")
    broken = text.replace("    pass", '    op.execute("nonsense")', 1)
    path.write_text(broken, encoding="utf-8")
    flask_db("downgrade", "base")
    result = flask_db("upgrade")
    assert result.exit_code == 1
    assert "Applied" not in result.output
    assert "Traceback" not in result.output
    assert "syntax error" in result.output


def test_the_web_process_does_not_import_alembic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("APP_ENV", "testing")
    code = (
        "import sys, wsgi;"
        "wsgi.app.test_client().get('/');"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=commands.ROOT, check=True)  # noqa: S603
