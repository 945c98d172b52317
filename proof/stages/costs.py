"""What each option costs: files, lines and conditionals; for the reader, nothing fails."""

import time

from .. import report
from ..runner import Stage, the_template


def run(folder):
    start = time.monotonic()
    lines = list(report.lines(the_template()))
    print("", *lines, sep="\n")
    return Stage("costs", "each option", f"{len(lines)} lines, above", time.monotonic() - start)
