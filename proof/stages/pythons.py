"""What only some Python refuses: the largest projects and the smallest on each that is here."""

import json
import os
import subprocess
from pathlib import Path

from uv import find_uv_bin

from ..runner import Stage, largest, nothing_ran, own_version, smallest, the_template
from .running import run_all


def run(folder):
    template = the_template()
    found = installed_pythons()
    versions = list(template.options["python_version"])
    asked = [name.strip() for name in os.environ.get("PROOF_PYTHONS", "").split(",")]
    wanted = [name for name in asked if name] or [name for name in versions if name in found]
    ran = [version for version in versions if version in wanted and version in found]
    stage = Stage("pythons", " ".join(versions))
    most = [{**largest(template), "database": name} for name in ("sqlite", "postgresql")]
    ends = (*most, smallest(template))
    projects = 0
    # The Python that runs the proof ran all of the stages before this one.
    for version in ran:
        if version == own_version():
            continue
        rows = [template.settle({**values, "python_version": version}) for values in ends]
        projects += len(rows)
        # The tests of the machinery run on the newest alone.
        stage = run_all(stage, rows, version, found[version], whole=version == ran[-1])
    for version in wanted:
        if version not in ran:
            stage.failures.append(nothing_ran(f"Python {version}"))
    if not ran:
        stage.failures.append(nothing_ran(stage.name))
    for version in versions:
        if version not in ran:
            stage.not_run[f"Python {version}"] = (
                "not asked for" if version in found else "not installed"
            )
    stage.done = f"{projects} projects on {' '.join(ran) or 'none'}, {own_version()} above"
    return stage


def installed_pythons():
    """The interpreters that uv and pyenv know of, by version."""
    command = [find_uv_bin(), "python", "list", "--only-installed", "--output-format", "json"]
    listing = subprocess.run(command, check=True, capture_output=True)
    found = {}
    for each in json.loads(listing.stdout):
        parts = each["version_parts"]
        found.setdefault(f"{parts['major']}.{parts['minor']}", each["path"])
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for path in sorted(root.glob("versions/*/bin/python3"), reverse=True):
        found.setdefault(".".join(path.parts[-3].split(".")[:2]), str(path))
    return found
