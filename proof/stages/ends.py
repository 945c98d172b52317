"""The default project and the smallest, without being installed: most faults, in seconds."""

from ..runner import Stage, defaults, smallest, the_template
from .static import check_all


def run(folder):
    template = the_template()
    rows = [defaults(template), smallest(template)]
    return check_all(Stage("ends", "default and smallest"), rows, folder)
