"""Tests of what every project relies on and no user edits: they run beside the project's own.

Each file of `proof/machinery` is copied into the tests of the projects that it is for. Its first
line may say which: `# needs: api, errors=html` (both must hold; the terms are those of `_files`),
with `;` between alternatives. Both sets of tests together must cover every line and branch.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "machinery"
NEEDS = re.compile(r"# needs: (.+)")


def copy_into(project, template, values):
    """Add those that a project of these effective values is for."""
    for path in sorted(FOLDER.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if template.holds(needed(text), values):
            target = project / "tests" / path.name
            if target.exists():
                raise FileExistsError(f"{path.name}: the project has a test of that name")
            target.write_text(text.replace("SLUG", project.name), encoding="utf-8")


def needed(text):
    """The alternatives that the first line of a file names, as in the table of files."""
    found = NEEDS.match(text)
    alternatives = found[1].split(";") if found else [""]
    return [[term.strip() for term in each.split(",") if term.strip()] for each in alternatives]
