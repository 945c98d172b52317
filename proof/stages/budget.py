"""Weight: files, lines, tests, conditionals and time above what was allowed."""

import time

from .. import budget
from ..runner import Stage, the_template


def run(folder):
    start = time.monotonic()
    stage = Stage("budget", f"{len(budget.LIMITS)} limits")
    rows = budget.measured(the_template(), folder)
    print("", *budget.lines(rows), sep="\n")
    for excess in budget.excesses(rows):
        stage.failures.append({"message": excess, "command": "python -m proof budget"})
    stage.done = f"{len(rows)} measured, above"
    stage.seconds = time.monotonic() - start
    return stage
