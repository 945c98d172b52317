"""What the template wrote and no user tests: `proof/machinery`, and every line and branch covered."""

from ..runner import Stage, array, own_version

# How many options at a time, in every legal combination.
STRENGTH = 2


def run(folder):
    from .running import run_all  # It asks this stage which rows it runs.

    found, missed = rows()
    stage = Stage("machinery", f"every legal {STRENGTH}-tuple", failures=missed)
    return run_all(stage, found, own_version())


def rows():
    """The projects in which these tests run, and the tuples that none of them has."""
    found, missed = array(STRENGTH)
    return list(found), missed
