"""How Alembic runs the migrations, or prints them as SQL."""

import logging
from typing import Any
from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from {{ cookiecutter.project_slug }}.database import Base
from {{ cookiecutter.project_slug }}.database.{{ cookiecutter.__database }} import make_engine
from {{ cookiecutter.project_slug }}.database.utc_datetime import UTCDateTime

logging.basicConfig(format="%(message)s")
for name in ("alembic.autogenerate", "alembic.runtime.migration"):
    logging.getLogger(name).setLevel(logging.INFO)


def run(connection: Connection | None = None) -> None:
    """Run the migrations that the command has chosen: all of them, or none."""
    context.configure(
        connection=connection,
        url=engine.url,
        target_metadata=Base.metadata,
        compare_server_default=True,
        literal_binds=context.is_offline_mode(),
        process_revision_directives=drop_empty,
        render_item=render,
        {% if cookiecutter.__database == 'sqlite' %}
        render_as_batch=True,  # SQLite alters most of a table by replacing it
        {% endif %}
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def drop_empty(_context: object, _revision: object, scripts: list[Any]) -> None:
    """Write no migration where the models have not changed."""
    options = context.config.cmd_opts
    if getattr(options, "autogenerate", False) and scripts[0].upgrade_ops.is_empty():
        scripts.clear()
        print("The models have not changed, or their module is not imported.")


def render(_kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own type as the one that it is in the database."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UTCDateTime) else False


engine = make_engine(current_app, migrating=True)
try:
    if context.is_offline_mode():
        run()
    else:
        with engine.connect() as connection:
            run(connection)
finally:
    engine.dispose()
