"""Print the files of the default project as the README shows them.

Usage: python -m proof.tree
"""

import textwrap

from .runner import defaults, the_template

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


def main():
    template = the_template()
    print(*lines(template.project(defaults(template), SLUG)), sep="\n")


if __name__ == "__main__":
    main()
