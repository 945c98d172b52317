"""What only some Python refuses: the largest projects and the smallest on each that is here."""

import json
import os
import subprocess
from pathlib import Path

from uv import find_uv_bin

from ..runner import Stage, defaults, nothing_ran, smallest, the_template
from .running import run_all


def run(folder):
    template = the_template()
    found = installed_pythons()
    versions = list(template.options["python_version"])
    asked = [name.strip() for name in os.environ.get("PROOF_PYTHONS", "").split(",")]
    wanted = [name for name in asked if name] or [name for name in versions if name in found]
    ran = [version for version in versions if version in wanted and version in found]
    stage = Stage("pythons", " ".join(versions))
    projects = 0
    for version in ran:
        largest = defaults(template)
        rows = [
            template.settle({**values, "python_version": version})
            for values in (
                largest,
                {**largest, "database": "postgresql"},
                smallest(template),
            )
        ]
        projects += len(rows)
        stage = run_all(stage, rows, version, found[version])
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
    stage.done = f"{projects} projects on {' '.join(ran) or 'none'}"
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
