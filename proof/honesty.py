"""What was not run is not proven: where nobody looks on, it is a failure, unless it is announced.

PROOF_NOT_RUN announces it, by name and with the reason, between semicolons:
`PROOF_NOT_RUN="Python 3.14: not installed here; browser: needs a desktop"`.
"""

import os


def announced():
    """The reason of each thing that is known not to be run here."""
    entries = [entry.partition(":") for entry in os.environ.get("PROOF_NOT_RUN", "").split(";")]
    return {name.strip(): reason.strip() for name, _, reason in entries if reason.strip()}


def must_run(name):
    """Whether it is a failure that something is not run: in a pipeline it is."""
    return bool(os.environ.get("CI")) and name not in announced()
