"""What a project does: its own tests, its migrations, every route of a real server."""

import sys
from functools import partial

from .. import postgresql, projects
from ..runner import Stage, array, own_version, try_all
from . import machinery

# How many options at a time, in every legal combination.
STRENGTH = 3


def run(folder):
    """Those that the stage `machinery` runs are left to it: it runs the same and more."""
    rows, missed = array(STRENGTH)
    more, _ = machinery.rows()
    rows = [row for row in rows if row not in more]
    version = own_version()
    stage = Stage("running", f"every legal {STRENGTH}-tuple", failures=missed)
    stage = run_all(stage, rows, version, whole=False)
    stage.done += f" and the above, on Python {version}"
    return stage


def run_all(stage, rows, version, python=sys.executable, whole=True):
    """Install rows on one Python and run them."""
    postgresql.start()
    check = partial(projects.check_running, python=python, whole=whole)
    return try_all(stage, check, rows, ("running", version, "highest", whole))
