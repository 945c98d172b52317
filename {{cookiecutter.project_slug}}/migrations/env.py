"""How Alembic runs the migrations, or prints them as SQL."""

from typing import Literal

from alembic import context
from alembic.runtime.migration import MigrationContext
from alembic.runtime.migration import MigrationInfo
from sqlalchemy import Connection

from {{ cookiecutter.project_slug }}.database import Base
from {{ cookiecutter.project_slug }}.database.utc_datetime import UTCDateTime

engine = context.config.attributes["engine"]
done: list[str] = []


def run(connection: Connection | None = None) -> None:
    """Run the migrations that the command has chosen: all of them, or none."""
    context.configure(
        connection=connection,
        url=engine.url,
        target_metadata=Base.metadata,
        compare_server_default=True,
        literal_binds=context.is_offline_mode(),
        on_version_apply=tell,
        render_item=render,
        {% if cookiecutter.__database == 'sqlite' %}
        render_as_batch=True,  # SQLite alters most of a table by replacing it
        {% endif %}
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    print(*done, sep="\n", end="\n" if done else "")


def render(_kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own type as the one that it is in the database."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UTCDateTime) else False


def tell(
    ctx: MigrationContext, step: MigrationInfo, heads: object, run_args: object
) -> None:
    """Remember what to say once it is certain; SQL that is printed says so itself."""
    if not (ctx.as_sql or step.is_stamp):
        word = "Applied" if step.is_upgrade else "Reverted"
        done.append(f"{word} {step.up_revision_id}")


if context.is_offline_mode():
    run()
else:
    with engine.connect() as connection:
        run(connection)
