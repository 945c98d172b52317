"""Print the files of the default project as the README shows them.

Usage: python -m proof.tree
"""

import textwrap

from .runner import defaults, the_template
from .template import RECORD

SLUG = "tea_time"


def lines(paths):
    """One line for each file at the root and each folder, with the names of what is in it."""
    folders = {}
    for path in sorted(paths):
        parts = path.split("/")
        depth = 2 if parts[0] == SLUG and len(parts) > 2 else 1
        folders.setdefault("/".join(parts[:depth]) if len(parts) > 1 else "", []).append(
            "/".join(parts[depth:]) if len(parts) > 1 else path
        )
    for folder, names in sorted(folders.items(), key=lambda each: (each[0] == "", each[0])):
        shown = sorted({name.partition("/")[0] + ("/" if "/" in name else "") for name in names})
        first = f"{folder}/" if folder else "."
        wrapped = textwrap.wrap("  ".join(shown), 70, break_on_hyphens=False)
        for number, line in enumerate(wrapped):
            yield f"{'' if number else first:20} {line}"


def paths(template):
    """All that somebody gets who answers nothing."""
    return [*template.project(defaults(template), SLUG), RECORD]


def main():
    print(*lines(paths(the_template())), sep="\n")


if __name__ == "__main__":
    main()
