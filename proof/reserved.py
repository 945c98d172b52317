"""The names that a project's package can't have, found rather than remembered.

`_reserved` in `cookiecutter.json` must hold at least these. To see what it lacks, give the
interpreters of projects with everything on, one for each database:

    python -m proof.reserved PROJECT/.venv/bin/python ...
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What an interpreter can import, and what it can't read as a name.
NAMES = """
import keyword, sys
from importlib.metadata import packages_distributions
print(*sys.stdlib_module_names, *keyword.kwlist, *keyword.softkwlist)
print(*(name for name, sources in packages_distributions().items() if {*sources} - {OWN}))
"""


def of_python(python=sys.executable, own=""):
    """The words and modules of an interpreter, and the names of the packages it has."""
    script = NAMES.replace("OWN", repr(own))
    command = [str(python), "-c", script]
    result = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    return [set(line.split()) for line in result.stdout.splitlines()]


def of_template(root=ROOT):
    """What lies at a project's root and in its tests: pytest imports it from there."""
    [folder] = Path(root).glob("{{*")
    paths = [*folder.iterdir(), *folder.glob("tests/*.py")]
    return {path.name.removesuffix(".py").lower() for path in paths if path.name[0] not in "{."}


def missing(names, rules, reserved):
    """Those of some names that are legal, but for the list, and not in it."""
    return sorted(
        name for name in names if rules.fault_in_text("project_slug", name, reserved) is None
    )


def main(pythons):
    from .template import load_rules

    reserved = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))["_reserved"]
    names = of_template()
    for python in map(Path, pythons):
        names.update(*of_python(python, own=python.absolute().parents[2].name))
    print(*missing(names, load_rules(ROOT), reserved), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:] or [sys.executable])
