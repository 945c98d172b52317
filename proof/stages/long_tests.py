"""Use: a browser, a generated client, load, the README's commands; and the proof's own eyes."""

import os
import re
import time

from .. import postgresql
from ..environments import environment_of_everything
from ..runner import Stage, run_tests


def run(folder):
    stage = Stage("long_tests", "all")
    start = time.monotonic()
    postgresql.start()
    environment_of_everything(folder)
    # One more than there are cores: a test waits for its servers.
    workers = str(os.cpu_count() + 1)
    said = run_tests(stage, "-n", workers, "-m", "proof and not nightly")
    stage.done = said[-1].strip(" =\n") if said else "none"
    for line in said:
        skipped = re.match(r"SKIPPED \[\d+\] \S+: (.+)", line)
        if skipped:
            name, _, reason = skipped[1].partition(": ")
            stage.not_run[name] = reason
    stage.seconds = time.monotonic() - start
    return stage
