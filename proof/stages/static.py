"""What crosses files: imports, types, dependencies, dead code, what the table leaves behind."""

from functools import partial

from .. import projects, recipes
from ..environments import environment_of_everything
from ..runner import INERT, Stage, array, the_template, try_all

# How many options at a time, in every legal combination.
STRENGTH = 3


def run(folder):
    found, missed = rows()
    stage = Stage("static", f"every legal {STRENGTH}-tuple", failures=missed)
    return check_all(stage, found, folder)


def rows():
    """Every tuple, with values of what changes nothing that runs, and the README's commands."""
    template = the_template()
    found, missed = array(STRENGTH)
    found = [spread(template, row, number) for number, row in enumerate(found)]
    return [*found, *recipes.rows(template)], missed


def spread(template, values, number):
    """A row with values of the options that change nothing that runs, each in its turn."""
    turns = {option: list(template.options[option]) for option in INERT}
    return {**values, **{option: each[number % len(each)] for option, each in turns.items()}}


def check_all(stage, rows, folder):
    python = environment_of_everything(folder)
    check = partial(projects.check_statically, python=python, cache=str(folder / "mypy"))
    return try_all(stage, check, rows, ("static",))
