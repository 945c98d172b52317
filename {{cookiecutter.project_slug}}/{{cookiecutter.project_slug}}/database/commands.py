"""`flask db`: migrations, made and applied by Alembic."""

import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from ..environment import ConfigurationError
from .{{ cookiecutter.__database }} import make_engine

ROOT = Path(__file__).parents[2]

db = AppGroup("db", help="Migrate the database.")
sql_option = click.option("--sql", is_flag=True, help="Print the SQL, and run nothing.")


@db.command()
@click.option("-m", "--message", required=True, help="What it does, in a few words.")
@click.option("--empty", is_flag=True, help="Write one for you to fill in.")
def migrate(message: str, empty: bool) -> None:
    """Make a migration from the changes of the models."""
    if empty:
        _alembic("revision", message)
    else:
        _alembic(
            "revision",
            message,
            autogenerate=True,
            process_revision_directives=_drop_empty,
        )


@db.command()
@click.argument("revision", default="head")
@sql_option
def upgrade(revision: str, sql: bool) -> None:
    """Apply migrations, up to REVISION or all of them."""
    _alembic("upgrade", revision, sql=sql)


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("revision", default="-1")
@sql_option
def downgrade(revision: str, sql: bool) -> None:
    """Revert migrations, down to REVISION or only the last."""
    _alembic("downgrade", revision, sql=sql)


@db.command()
def current() -> None:
    """Show the revision that the database is at."""
    _alembic("current")


@db.command()
def history() -> None:
    """List the revisions, the last one first."""
    _alembic("history", indicate_current=True)


@db.command()
def heads() -> None:
    """Show the revisions that no other follows."""
    _alembic("heads")


@db.command()
@click.option("-m", "--message", required=True, help="What it joins, in a few words.")
def merge(message: str) -> None:
    """Write a migration that joins all heads."""
    _alembic("merge", "heads", message=message)


@db.command()
@click.argument("revision", default="head")
def stamp(revision: str) -> None:
    """Say that the database is at REVISION, and run nothing."""
    _alembic("stamp", revision)


@db.command()
def check() -> None:
    """Fail if the models have changed without a migration."""
    _alembic("check")


def _alembic(name: str, *arguments: str, **options: object) -> None:
    # Imported here, because the web process has no use for it.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    engine = make_engine(current_app, migrating=True)
    config = Config(
        toml_file=ROOT / "pyproject.toml",
        stdout=sys.stdout,
        attributes={"engine": engine},
    )
    try:
        getattr(command, name)(config, *arguments, **options)
    except (CommandError, ConfigurationError, SQLAlchemyError) as error:
        raise click.ClickException(str(getattr(error, "orig", error))) from error
    finally:
        engine.dispose()


def _drop_empty(_context: object, _revision: object, scripts: list[Any]) -> None:
    if scripts[0].upgrade_ops.is_empty():
        scripts.clear()
        click.echo("The models have not changed.")
