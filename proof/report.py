"""What each option costs: the files and lines that it changes, and where the template branches.

Beside it the budget, as far as nothing has to be installed for it.

Usage: python -m proof.report
"""

from . import budget
from .runner import defaults, the_template
from .template import PACKAGE

# The files that more than one part may have a line in.
SHARED = {
    ".dockerignore",
    ".env.example",
    ".github/workflows/ci.yml",
    ".gitlab-ci.yml",
    "Dockerfile",
    "LICENSE",
    "README.md",
    "compose.yaml",
    "docs/deploy.md",
    "gunicorn.conf.py",
    "pyproject.toml",
    "tests/conftest.py",
    f"{PACKAGE}/__init__.py",
    f"{PACKAGE}/config.py",
}


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


def option_lines(template):
    """What each value costs that is not the default, and where the template branches."""
    default = defaults(template)
    branches = list(template.conditionals())
    yield f"{'option':16} {'value':18} {'files':>6} {'lines':>6} {'conditionals':>13} {'in files':>9}"
    for option, values in template.options.items():
        named = [path for path, names in branches if option in names]
        for value in values:
            if value == default[option]:
                continue
            found = list(
                budget.changes(template, default, template.settle({**default, option: value}))
            )
            total = sum(added + removed for _, added, removed in found)
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


def lines(template):
    """The report: what needs no installed project."""
    yield from option_lines(template)
    yield ""
    yield from budget.lines(budget.measured(template))


def main():
    print(*lines(the_template()), sep="\n")


if __name__ == "__main__":
    main()
