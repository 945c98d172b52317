"""Lower bounds that are too low: the largest projects with the oldest libraries they allow."""

import sys
from functools import partial

from .. import postgresql, projects
from ..runner import Stage, largest, the_template, try_all


def run(folder):
    template = the_template()
    rows = [
        template.settle({**largest(template), "database": database})
        for database in template.options["database"]
        if database != "none"
    ]
    postgresql.start()
    resolution = "lowest-direct"
    check = partial(projects.check_running, python=sys.executable, resolution=resolution)
    stage = Stage("oldest_libraries", "each lower bound")
    return try_all(stage, check, rows, ("running", resolution))
