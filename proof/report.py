"""What each option costs: the files and lines that it changes, and where the template branches.

Usage: python -m proof.report
"""

import difflib
import re
from pathlib import Path

from .projection import Template, load_rules

# The files that more than one part may have a line in.
SHARED = {
    ".env.example",
    "LICENSE",
    "README.md",
    "pyproject.toml",
    "tests/conftest.py",
    "{{cookiecutter.project_slug}}/__init__.py",
}
CONDITIONAL = re.compile(r"\{%-? *(?:el)?if ([^%]*)%\}")


def changes(template, values, other):
    """The files that differ between two projects, each with its changed lines."""
    before = template.project(values, "a")
    after = template.project(other, "a")
    for path in sorted(before.keys() | after.keys()):
        old, new = (each.get(path, "").splitlines() for each in (before, after))
        if old != new:
            diff = difflib.ndiff(old, new)
            yield path, sum(1 for line in diff if line[0] in "+-")


def conditionals(template):
    """Each file's conditions, with the options that each of them names."""
    for path, text in template.texts.items():
        for condition in CONDITIONAL.findall(text):
            names = {name for name in template.options if f"__{name}" in condition}
            if names:
                yield path, names


def smeared(template):
    """Options named in files that are neither theirs nor shared."""
    for path in template.sources:
        row = template.row(path) or []
        owners = {term.partition("=")[0] for alternative in row for term in alternative}
        named = {name[2:] for name in template.names(path)} & set(template.options)
        # The example uses all that was chosen: that is what it is for.
        if path not in SHARED and "example" not in owners:
            for option in sorted(named - owners):
                yield path, option


def lines(template):
    """The report."""
    default = {option: next(iter(values)) for option, values in template.options.items()}
    branches = list(conditionals(template))
    yield f"{'option':16} {'value':18} {'files':>6} {'lines':>6} {'conditionals':>13} {'in files':>9}"
    for option, values in template.options.items():
        named = [path for path, names in branches if option in names]
        for value in list(values)[1:]:
            found = list(changes(template, default, template.settle({**default, option: value})))
            total = sum(count for _, count in found)
            yield (
                f"{option:16} {value or 'no':18} {len(found):6} {total:6} "
                f"{len(named):13} {len(set(named)):9}"
            )
    yield ""
    yield f"{'conditionals':>13}  file"
    counts = {}
    for path, _ in branches:
        counts[path] = counts.get(path, 0) + 1
    for path, count in sorted(counts.items(), key=lambda item: -item[1]):
        yield f"{count:13}  {path}"


def main():
    root = Path(__file__).resolve().parents[1]
    print(*lines(Template(root, load_rules(root))), sep="\n")


if __name__ == "__main__":
    main()
