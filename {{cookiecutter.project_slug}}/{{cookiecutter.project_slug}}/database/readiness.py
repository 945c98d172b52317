"""Whether the database answers, and has the migrations that this release needs."""

import ast
from functools import cache
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy import text
from sqlalchemy.orm import Session

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


def check(session: Session) -> None:
    """Raise an exception unless the database is ready.

    A database at a revision that is unknown here is ahead, not behind: the next
    release has migrated it, and this one serves until it is replaced.
    """
    revisions, last = known(VERSIONS)
    if not revisions:
        raise RuntimeError(f"There are no migrations in {VERSIONS}.")
    applied = _applied(session)
    if applied <= revisions and not last <= applied:
        raise RuntimeError("The database is behind its migrations: flask db upgrade")


def _applied(session: Session) -> set[str]:
    if not inspect(session.connection()).has_table("alembic_version"):
        return set()
    return set(session.scalars(text("SELECT version_num FROM alembic_version")))


@cache
def known(folder: Path) -> tuple[set[str], set[str]]:
    """The revisions in a folder, and those of them that no other follows.

    The files are read, not run: that takes Alembic, which only commands import.
    """
    revisions: set[str] = set()
    followed: set[str] = set()
    for path in folder.glob("*.py"):
        for statement in ast.parse(path.read_bytes()).body:
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                names, texts = _names_and_texts(statement)
                if "revision" in names:
                    revisions |= texts
                if names & {"depends_on", "down_revision"}:
                    followed |= texts
    return revisions, revisions - followed


def _names_and_texts(statement: ast.stmt) -> tuple[set[str], set[str]]:
    parts = list(ast.walk(statement))
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    constants = {part.value for part in parts if isinstance(part, ast.Constant)}
    return names, {value for value in constants if isinstance(value, str)}
