"""What the template and its projects may weigh: the limits, here alone, and what is measured.

`python -m proof.report` prints what can be measured without installing anything, `python -m
proof budget` all of it, and fails where a limit is exceeded.
"""

import ast
import difflib
import re
import statistics
from pathlib import Path

from . import projects
from .programs import uv
from .runner import defaults, smallest

LIMITS = {
    # All that a user sees: the pipeline, the guide to deploy and the record, too.
    "default project: files": 74,
    "default project: lines": 3900,
    "its tests: cases": 120,
    "its tests: CPU time / importing the app": 8,
    # It has no pipeline, and what each project has, the guide to deploy and the record, is apart.
    "smallest project, guide and record apart: files": 14,
    "smallest project, guide and record apart: lines": 560,
    # Their tests included, under the database and the pipeline that make most of it.
    "pipeline, image, JSON logs, telemetry: lines": 450,
    # Forty of them write the record: a hook must find the template's commit without git.
    "hooks and extension: lines, reserved names apart": 540,
    # Whoever signs them off reads them all, tests included.
    "accounts: lines added, common passwords apart": 1500,
    # What is run beside Cookiecutter, and only by those who update. Two keep a file that git ignores.
    "flask-factory: lines": 752,
    # A pipeline and an image are six files that stand alone; then the parts `logs/` and `telemetry/`.
    # Accounts have 14: their parts differ by what was chosen.
    "rows of _files": 66,
    # Accounts have 11 in shared files, and 14 in their own, which differ by what was chosen.
    "conditionals per option": 6.4,
    # Each part has templates to compile; half of the cost is Cookiecutter's own.
    "generating everything / an empty template": 2.2,
}

# A ratio of times is over only where no busy machine can explain it.
NOISE = 1.2
GUIDE = "docs/deploy.md"


def measured(template, folder=None):
    """What each row of the table measures today; with a folder, also what must be installed."""
    found = dict(static(template))
    if folder:
        found |= dict(installed(template, folder))
        found |= dict(generation(folder))
    return {name: found[name] for name in LIMITS if name in found}


def excesses(found):
    """The rows that are over their limit."""
    for name, value in found.items():
        if value > LIMITS[name] * (NOISE if " / " in name else 1):
            yield f"{name}: {number(value)}, and {number(LIMITS[name])} is the limit"


def lines(found):
    """The table."""
    yield f"{'budget':50} {'today':>8} {'at most':>8}"
    for name, value in found.items():
        over = "  over" if value > LIMITS[name] else ""
        yield f"{name:50} {number(value):>8} {number(LIMITS[name]):>8}{over}"


def number(value):
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def static(template):
    """What can be counted in the template itself."""
    files, lines = weight(template, defaults(template))
    yield "default project: files", files + 1
    yield "default project: lines", lines + lines_of_record(template)
    files, lines = weight(template, smallest(template), GUIDE)
    yield "smallest project, guide and record apart: files", files
    yield "smallest project, guide and record apart: lines", lines
    yield "pipeline, image, JSON logs, telemetry: lines", max(lines_of_operation(template))
    yield "accounts: lines added, common passwords apart", added_by_accounts(template)
    extensions = {each.partition(".")[0] for each in template.json["_extensions"]}
    programs = [
        *sorted(template.root.glob("hooks/*.py")),
        *(template.root / f"{name}.py" for name in sorted(extensions)),
    ]
    total = sum(counted(path.read_text(encoding="utf-8")) for path in programs)
    yield "hooks and extension: lines, reserved names apart", total
    sources = [
        path.read_text(encoding="utf-8") for path in template.root.glob("flask_factory/*.py")
    ]
    yield "flask-factory: lines", sum(len(source.splitlines()) for source in sources)
    yield "rows of _files", len(template.table)
    yield "conditionals per option", len(list(template.conditionals())) / len(template.options)


def weight(template, values, *apart):
    """The files of a project and their lines, without some and without the record."""
    files = template.project(values, "my_flask_app")
    texts = [text for path, text in files.items() if path not in apart]
    return len(texts), sum(len(text.splitlines()) for text in texts)


def lines_of_record(template):
    """Those above the answers, and one for each question."""
    return 4 + sum(not key.startswith("_") for key in template.json)


def lines_of_operation(template):
    """What the four options for production add together, whatever else was chosen."""
    for database in template.options["database"]:
        base = {**defaults(template), "database": database, "ci": "none"}
        for ci in ("github", "gitlab"):
            chosen = {**base, "ci": ci, "docker": "yes", "logs": "json", "telemetry": "yes"}
            before, after = (template.settle(values) for values in (base, chosen))
            yield sum(
                added + removed
                for path, added, removed in changes(template, before, after)
                if path != GUIDE
            )


def changes(template, values, other):
    """The files that differ between two projects, each with the lines that came and that went."""
    before = template.project(values, "a")
    after = template.project(other, "a")
    for path in sorted(before.keys() | after.keys()):
        old, new = (each.get(path, "").splitlines() for each in (before, after))
        if old != new:
            same = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
            kept = sum(block.size for block in same)
            yield path, len(new) - kept, len(old) - kept


def added_by_accounts(template):
    """The lines that the default project has with accounts, and not without."""
    without = defaults(template)
    return sum(
        added
        for path, added, _ in changes(template, without, {**without, "auth": "password"})
        if not path.endswith("common_passwords.txt")
    )


def counted(source):
    """The lines of a program without those of its list of reserved names."""
    lists = [
        node.end_lineno - node.lineno + 1
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and any("reserved" in ast.unparse(target).lower() for target in node.targets)
    ]
    return len(source.splitlines()) - sum(lists)


def installed(template, folder):
    """The tests of the default project: how many, and how long for what the app is."""
    project, _ = projects.generate(template, defaults(template), folder, slug="budget")
    uv(project, "sync", "--quiet")
    app = cpu_seconds(project, "python", "-c", "import wsgi")
    tests = cpu_seconds(project, "pytest", "--quiet", rounds=1)
    yield "its tests: CPU time / importing the app", tests / app
    # The last, because it leaves bytecode.
    listing = uv(project, *"run --no-sync pytest --collect-only --quiet".split())
    yield "its tests: cases", int(re.search(r"(\d+) tests? collected", listing)[1])


def cpu_seconds(project, *command, rounds=5):
    """What a command uses in a project of which nothing is compiled yet, uv's own part apart."""

    import resource  # Windows has none, and imports this module.

    def once(*words):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        uv(project, "run", "--no-sync", *words, PYTHONDONTWRITEBYTECODE="1")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    floor = statistics.median(once("true") for _ in range(rounds))
    return statistics.median(once(*command) for _ in range(rounds)) - floor


def generation(folder):
    """What generating everything costs, against an empty template."""
    import bench  # It stands beside this package, and needs it.

    ours, empty = bench.generation(Path(folder))
    yield "generating everything / an empty template", ours / empty
