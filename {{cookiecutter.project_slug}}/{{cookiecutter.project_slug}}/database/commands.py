"""`flask db`: Alembic's command line, on the application's database."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from ..config import ConfigurationError

MIGRATIONS = Path(__file__).parents[2] / "migrations"
ALIASES = {"migrate": ["revision", "--autogenerate"]}
DEFAULTS = {"downgrade": "-1", "upgrade": "head"}
FORMATTER = {
    "hooks": "ruff",
    "ruff.type": "module",
    "ruff.module": "ruff",
    "ruff.options": "format --quiet REVISION_SCRIPT_FILENAME",
}


@click.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_appcontext
def db(arguments: tuple[str, ...]) -> None:
    """Migrate the database: upgrade, downgrade, migrate -m MESSAGE, --help for all."""
    # Imported here, because the web process has no use for it.
    from alembic.config import CommandLine
    from alembic.config import Config
    from alembic.util import CommandError

    name, *rest = arguments or ("--help",)
    if name in DEFAULTS and all(word.startswith("--") for word in rest):
        rest.append(DEFAULTS[name])
    command_line = CommandLine("flask db")
    options = command_line.parser.parse_args([*ALIASES.get(name, [name]), *rest])
    options.raiseerr = True
    config = Config(stdout=sys.stdout, cmd_opts=options)
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    for option, value in FORMATTER.items():
        config.set_section_option("post_write_hooks", option, value)
    try:
        command_line.run_cmd(config, options)
    except (CommandError, ConfigurationError, SQLAlchemyError) as error:
        raise click.ClickException(str(getattr(error, "orig", error))) from error
