"""What a project does: its tests, every line of it, its migrations, every route of a real server."""

import sys
from functools import partial

from .. import postgresql, projects, recipes
from ..runner import Stage, array, the_template, try_all

# How many options at a time, in every legal combination.
STRENGTH = 3


def run(folder):
    rows, missed = array(STRENGTH)
    rows = [*recipes.rows(the_template()), *rows]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    stage = Stage("running", f"every legal {STRENGTH}-tuple", failures=missed)
    stage = run_all(stage, rows, version, sys.executable)
    stage.done += f", on Python {version}"
    return stage


def run_all(stage, rows, version, python):
    """Install rows on one Python and run them."""
    postgresql.start()
    check = partial(projects.check_running, python=python)
    return try_all(stage, check, rows, ("running", version, "highest"))
