"""`python -m proof.survivors [PATH ...]`: mutate the modules of generated code, list what lives."""

import json
import sys
import tempfile
from pathlib import Path

from .. import postgresql, projects
from ..programs import uv
from ..runner import largest, smallest, the_template

WORKER = Path(__file__).with_name("worker.py")
SLUG = "tea_time"


def rows(template):
    """Projects that together have every module."""
    for database in ("sqlite", "postgresql"):
        yield template.settle({**largest(template), "database": database})
    yield smallest(template)


def main(wanted):
    template = the_template()
    seen = set()
    found = []
    for values in rows(template):
        modules = {
            path: text
            for path, text in template.project(values, SLUG).items()
            if path.startswith(f"{SLUG}/") and path.endswith(".py") and text not in seen
        }
        seen.update(modules.values())
        paths = [path for path in modules if not wanted or any(each in path for each in wanted)]
        if paths:
            found.append(survivors(template, values, sorted(paths)))
    mutants = sum(each["mutants"] for each in found)
    lines = [
        f"{path.partition('/')[2]}:{line}: {said}"
        for each in found
        for path, line, said in each["survivors"]
    ]
    print(*lines, sep="\n")
    print(f"{mutants} mutants, {len(lines)} survived")
    if not wanted:
        # A test that notices something in one project is not idle in another.
        idle = set.intersection(*(set(each["idle"]) for each in found[:2]))
        print(*(f"{name} noticed nothing" for name in sorted(idle)), sep="\n")


def survivors(template, values, paths):
    """What the worker says of one project."""
    if values["database"] == "postgresql":
        postgresql.start()
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        project, _ = projects.generate(template, values, folder, slug=SLUG)
        uv(project, "sync", "--quiet")
        projects.add_machinery(project, values)
        with projects.database(values) as settings:
            said = uv(project, "run", "--no-sync", "python", str(WORKER), *paths, **settings)
    return json.loads(said.splitlines()[-1])


main(sys.argv[1:])
