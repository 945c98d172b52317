"""What a project does: its own tests, its migrations, every route of a real server."""

import sys
from functools import partial

from .. import postgresql, projects, recipes
from ..runner import Stage, array, own_version, the_template, try_all, with_usual_rest
from . import machinery

# How many options at a time, in every legal combination.
STRENGTH = 3


def run(folder):
    """Those that the stage `machinery` runs are left to it: it runs the same and more."""
    found, missed = rows()
    more, _ = machinery.rows()
    found = [row for row in found if row not in more]
    version = own_version()
    stage = Stage("running", f"every legal {STRENGTH}-tuple", failures=missed)
    stage = run_all(stage, found, version, whole=False)
    stage.done += f" and the above, on Python {version}"
    return stage


def rows():
    """The projects that are run, those of the README among them, and the tuples that none has."""
    found, missed = array(STRENGTH)
    template = the_template()
    named = [with_usual_rest(template, row) for row in recipes.rows(template)]
    return found + [row for row in named if row not in found], missed


def run_all(stage, rows, version, python=sys.executable, whole=True):
    """Install rows on one Python and run them."""
    postgresql.start()
    check = partial(projects.check_running, python=python, whole=whole)
    return try_all(stage, check, rows, ("running", version, "highest", whole))
