"""`flask db`, and what it writes."""

import re
import shutil
import subprocess
import sys

import pytest
from conftest import new_database
from sqlalchemy import Column, Integer, String, Table
from tea_time import create_app
from tea_time.database import Base, commands
from tea_time.database.utc_datetime import UTCDateTime

from .helpers import GUIDES, ROOT


@pytest.fixture
def flask_db():
    """The command `flask db`, on an empty database."""
    with new_database() as url:
        app = create_app({"APP_ENV": "testing", "DATABASE_URL": url})
        runner = app.test_cli_runner(catch_exceptions=False)
        yield lambda *words: runner.invoke(args=["db", *words])


@pytest.fixture
def versions(tmp_path, monkeypatch):
    """A copy of the migrations' folder, to which a test can add; each is clean at its end."""
    folder = tmp_path / "100 % tea"
    shutil.copytree(ROOT / "migrations", folder / "migrations")
    shutil.copy(ROOT / "pyproject.toml", folder)
    monkeypatch.setattr(commands, "MIGRATIONS", folder / "migrations")
    yield folder / "migrations" / "versions"
    for tool in ["format", "--check"], ["check"]:
        result = subprocess.run(
            [sys.executable, "-m", "ruff", *tool, "--no-cache"],
            cwd=folder,
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        assert result.returncode == 0, result.stdout


@pytest.fixture
def new_model():
    """A model that has no migration."""
    number = Column("number", Integer, index=True, server_default="7")
    name = Column("name", String(50), unique=True, nullable=False)
    key = Column("id", Integer, primary_key=True)
    table = Table("numbers", Base.metadata, key, number, name, Column("at", UTCDateTime))
    yield table
    Base.metadata.remove(table)


def fill_in(path, statement):
    """Have a migration that was written by hand execute a statement."""
    text = path.read_text(encoding="utf-8")
    assert "    pass" in text
    written = text.replace("    pass", f'    op.execute("{statement}")', 1)
    path.write_text(written, encoding="utf-8")


def test_without_an_argument_it_explains_itself(flask_db):
    for words in [], ["--help"]:
        result = flask_db(*words)
        assert result.exit_code == 0
        assert result.output.startswith("usage: flask db")
        listed = set(re.findall(r"\w+", result.output))
        assert {"upgrade", "downgrade", "revision", "merge"} <= listed
    said = re.search("own command line: (.+?) and the rest", GUIDES["database"])[1]
    assert set(re.findall(r"\w+", said)) <= listed


def test_the_help_says_what_it_does(app):
    listed = app.test_cli_runner().invoke(args=["--help"], terminal_width=120).output
    does = "Migrate the database: upgrade, downgrade, migrate -m MESSAGE, --help for all."
    assert re.search(rf"^ +db +{re.escape(does)}$", listed, re.MULTILINE)


def test_upgrade_and_downgrade_have_a_default(flask_db):
    heads = flask_db("heads").output
    assert flask_db("upgrade").exit_code == 0
    assert flask_db("current").output == heads
    assert flask_db("downgrade").exit_code == 0
    assert flask_db("current").output != heads
    assert flask_db("upgrade", "+1").exit_code == 0
    assert flask_db("current").output == heads
    assert flask_db("downgrade", "-1").exit_code == 0
    assert flask_db("current").output != heads
    assert flask_db("downgrade", "base").exit_code == 0
    assert flask_db("current").output == ""


def test_sql_is_shown_and_not_run(flask_db):
    output = flask_db("upgrade", "--sql").output
    assert "CREATE TABLE alembic_version" in output
    assert "INSERT INTO alembic_version" in output
    assert flask_db("current").output == ""


def test_a_migration_is_made_from_the_models(flask_db, versions, new_model, monkeypatch):
    flask_db("upgrade")
    result = flask_db("check")
    assert result.exit_code == 1
    assert result.output.splitlines()[-1].startswith("Error: New upgrade operations detected")
    assert flask_db("migrate", "-m", "Add numbers").exit_code == 0
    [path] = versions.glob("*_add_numbers.py")
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""Add numbers\n')
    assert "ix_numbers_number" in text
    assert "uq_numbers_name" in text
    assert "pk_numbers" in text
    assert "sa.DateTime(timezone=True)" in text
    assert "UTCDateTime" not in text
    assert flask_db("upgrade").exit_code == 0
    assert flask_db("check").exit_code == 0
    monkeypatch.setattr(new_model.c.number, "server_default", None)
    assert flask_db("check").exit_code == 1
    assert flask_db("migrate", "-m", "Drop the default").exit_code == 0
    assert flask_db("upgrade").exit_code == 0
    assert flask_db("check").exit_code == 0
    assert flask_db("downgrade", "-2").exit_code == 0


def test_a_column_that_is_added_changes_the_table(flask_db, versions, new_model):
    flask_db("upgrade")
    flask_db("migrate", "-m", "Add numbers")
    flask_db("upgrade")
    new_model.append_column(Column("colour", String(9), server_default="red", index=True))
    assert flask_db("migrate", "-m", "Add a colour").exit_code == 0
    for words in ["upgrade"], ["check"], ["downgrade"], ["upgrade"]:
        assert flask_db(*words).exit_code == 0


@pytest.mark.parametrize("with_value", [False, True])
def test_a_column_that_may_not_be_empty_needs_a_value(flask_db, versions, new_model, with_value):
    flask_db("upgrade")
    flask_db("migrate", "-m", "Add numbers")
    flask_db("revision", "-m", "Fill in a number")
    [path] = versions.glob("*_fill_in_a_number.py")
    fill_in(path, "INSERT INTO numbers (id, name) VALUES (1, 'one')")
    flask_db("upgrade")
    value = re.search('server_default="(.+?)"', GUIDES["database"])[1] if with_value else None
    new_model.append_column(Column("cups", Integer, nullable=False, server_default=value))
    assert flask_db("migrate", "-m", "Add cups").exit_code == 0
    assert (flask_db("upgrade").exit_code == 0) is with_value


def test_no_migration_is_written_without_a_change(flask_db, versions):
    before = sorted(versions.glob("*.py"))
    flask_db("upgrade")
    result = flask_db("migrate", "-m", "Nothing")
    assert result.exit_code == 0
    said = result.output.splitlines()
    assert "The models have not changed, or their module is not imported." in said
    assert sorted(versions.glob("*.py")) == before


@pytest.mark.parametrize(
    "message",
    ["Fill in names", '"""Fill\\in names"""', "Noël {% x %} %s ${y}", "'quoted'", "x" * 200],
)
def test_a_migration_can_be_written_by_hand(flask_db, versions, message):
    before = set(versions.iterdir())
    assert flask_db("revision", "-m", message).exit_code == 0
    [path] = set(versions.glob("*.py")) - before
    fill_in(path, "SELECT 1")
    for words in ["upgrade"], ["downgrade"]:
        assert flask_db(*words).exit_code == 0


def test_a_migration_can_begin_a_branch(flask_db, versions):
    head = flask_db("heads").output.split()[0]
    more = ("--head", "base", "--branch-label", "tea", "--depends-on", head)
    assert flask_db("revision", "-m", "Begin", *more).exit_code == 0
    [path] = versions.glob("*_begin.py")
    text = path.read_text(encoding="utf-8")
    assert re.search(r'^branch_labels = [(\[]"tea"', text, re.MULTILINE)
    assert f'depends_on = "{head}"\n' in text
    assert flask_db("upgrade", "tea@head").exit_code == 0


def test_sql_holds_the_values_of_rows(flask_db, versions):
    head = flask_db("heads").output.split()[0]
    flask_db("revision", "-m", "Fill in")
    [path] = versions.glob("*_fill_in.py")
    text = path.read_text(encoding="utf-8").replace("  # noqa: F401", "")
    lines = (
        '    numbers = sa.table("numbers", sa.column("number", sa.Integer))\n'
        "    op.execute(numbers.insert().values(number=7))"
    )
    path.write_text(text.replace("    pass", lines, 1), encoding="utf-8")
    result = flask_db("upgrade", f"{head}:head", "--sql")
    assert result.exit_code == 0
    assert "INSERT INTO numbers (number) VALUES (7)" in result.output


def test_the_database_knows_its_revision(flask_db):
    assert "(head)" not in flask_db("current").output
    flask_db("upgrade")
    assert "(head)" in flask_db("current").output
    assert "(head)" in flask_db("history").output
    assert flask_db("history", "--indicate-current").output.count("(current)") == 1


def test_heads_are_merged(flask_db, versions):
    head = flask_db("heads").output.split()[0]
    for name in ("one", "two"):
        assert flask_db("revision", "-m", name, "--head", head, "--splice").exit_code == 0
    result = flask_db("upgrade")
    assert result.exit_code == 1
    assert result.output.startswith("Error: Multiple head revisions are present")
    assert len(result.output.splitlines()) == 1
    assert len(flask_db("heads").output.splitlines()) == 2
    assert flask_db("merge", "-m", "Both", "heads").exit_code == 0
    assert len(flask_db("heads").output.splitlines()) == 1
    assert flask_db("upgrade").exit_code == 0


def test_a_database_can_be_stamped(flask_db):
    assert flask_db("stamp", "head").exit_code == 0
    assert "(head)" in flask_db("current").output


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["upgrade", "nowhere"], "Error: Can't locate revision identified by 'nowhere'"),
        (["downgrade"], "Error: Relative revision -1 didn't produce 1 migrations"),
        (["check"], "Error: Target database is not up to date."),
    ],
)
def test_an_error_is_one_line(flask_db, words, error):
    result = flask_db(*words)
    assert result.exit_code == 1
    assert result.output == f"{error}\n"


def test_an_unknown_command_is_told(flask_db):
    result = flask_db("upgarde")
    assert result.exit_code == 2
    assert "invalid choice: 'upgarde'" in result.output
    assert "Traceback" not in result.output


def test_an_error_of_the_database_is_no_traceback(flask_db, versions):
    flask_db("revision", "-m", "Break it")
    [path] = versions.glob("*_break_it.py")
    fill_in(path, "nonsense")
    result = flask_db("upgrade")
    assert result.exit_code == 1
    assert result.output.splitlines()[0].startswith("Error: ")
    assert "syntax error" in result.output
    assert "Traceback" not in result.output
    # All of them, or none.
    assert flask_db("current").output == ""
