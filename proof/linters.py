"""Every text that any project can hold, formatted and linted at every Python: a few runs of Ruff."""

import subprocess
import sys
from collections import defaultdict


def pack(renderings, folder):
    """Lay the distinct texts out as one project, each beside its other versions.

    Ruff reads file by file; of other files it asks only whether a module of a name exists.
    """
    versions = defaultdict(dict)
    for rendering in renderings:
        if rendering.path == "pyproject.toml" or rendering.path.endswith(".py"):
            versions[rendering.path][rendering.text] = None
    for path, texts in versions.items():
        for number, text in enumerate(texts):
            file = folder / path
            if number:
                file = file.with_name(f"{file.stem}_{number}{file.suffix}")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")


# What a careful engineer asks for, whatever a project asks of itself; and Pallets' own style.
STYLE = (
    "--extend-select=B,E4,E7,E9,F,I,PLE,PLW,PT,S,UP,W",
    "--config=lint.isort.force-single-line=true",
)


def complaints(folder, target):
    """What the formatter would change and the linter complains of, at one Python."""
    for command in (["format", "--check"], ["check", *STYLE]):
        ruff = [sys.executable, "-m", "ruff", *command, "--quiet", "--no-cache"]
        result = subprocess.run(
            [*ruff, "--target-version", target, "."],
            cwd=folder,
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        if result.returncode:
            yield f"ruff {command[0]} {target}: {result.stdout[-2000:]}{result.stderr}"
