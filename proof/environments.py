"""An environment with all that any project imports, for the tools that look and do not run."""

import os
import sys
import tomllib

from . import programs
from .runner import largest, the_template

VARIABLE = "PROOF_EVERYTHING"


def environment_of_everything(folder):
    """Its interpreter: made once, and told to the processes that this one starts."""
    if VARIABLE not in os.environ:
        venv = folder / "everything"
        python = venv / ("Scripts" if os.name == "nt" else "bin") / "python"
        programs.uv(folder, "venv", "--quiet", "--python", sys.executable, str(venv))
        install = ["pip", "install", "--quiet", "--python", str(python)]
        programs.uv(folder, *install, *sorted(requirements()))
        os.environ[VARIABLE] = str(python)
    return os.environ[VARIABLE]


def requirements():
    """What some project depends on, or is developed with."""
    template = the_template()
    most = largest(template)
    needed = set()
    for option, values in template.options.items():
        for value in values:
            effective = template.settle({**most, option: value})
            metadata = tomllib.loads(template.project(effective, "a")["pyproject.toml"])
            needed.update(metadata["project"]["dependencies"], metadata["dependency-groups"]["dev"])
    return needed
