"""Prove that every project is whole, and say what was proven.

Usage: python -m proof [--json FILE]

PROOF_PYTHONS names the Pythons to run projects on, between commas (`3.11,3.13`); unset, the ones
that uv finds on this machine. PROOF_POSTGRESQL is the URL of a PostgreSQL server that may be used;
unset, one is started.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from uv import find_uv_bin

from . import covering, postgresql, programs, projects, report
from .projection import SLUGS, Template, load_rules

ROOT = Path(__file__).resolve().parents[1]


# Shrinking takes as long as checking, several times.
MOST_SHRUNK = 3


@dataclass
class Stage:
    """One row of the table."""

    name: str
    claimed: str
    done: str = ""
    seconds: float = 0.0
    failures: list = field(default_factory=list)


def the_template():
    return Template(ROOT, load_rules(ROOT))


def command(values, template):
    """What makes a project again, from the repository's root."""
    answers = [
        f"{option}={value or 'no'}"
        for option, value in values.items()
        if value != default(option, template)
    ]
    return " ".join(["cookiecutter --no-input --default-config .", *answers])


def default(option, template):
    value = template.json[option]
    return value[0] if isinstance(value, list) else "yes" if value else ""


def attempt(check, values):
    """Check one project: `None`, or what is wrong with it."""
    try:
        check(the_template(), values)
    except programs.Fault as fault:
        return str(fault)
    except Exception:
        return traceback.format_exc()
    return None


def shrink(check, values, message, template):
    """The smallest set of answers that fails in the same way, the others at their defaults."""
    defaults = {option: default(option, template) for option in values}
    changed = [option for option in values if values[option] != defaults[option]]

    def fails(options):
        chosen = template.settle({**defaults, **{option: values[option] for option in options}})
        said = attempt(check, chosen)
        return chosen if said and way(said) == way(message) else None

    for few in ([], *([option] for option in changed)):
        found = fails(few)
        if found:
            return found
    # None alone: leave out what is not needed, one by one.
    for option in list(changed):
        without = [other for other in changed if other != option]
        if fails(without):
            changed = without
    return template.settle({**defaults, **{option: values[option] for option in changed}})


def way(message):
    """The line of a message that tells one failure from another: a traceback's is its last."""
    lines = message.strip().splitlines()
    return lines[-1 if lines[0].startswith("Traceback") else 0]


def try_all(stage, check, rows):
    """Check rows on all cores, showing how far it is; shrink what fails first."""
    template = the_template()
    start = time.monotonic()
    failures = [] if rows else [nothing_ran(stage.name)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(attempt, check, row): row for row in rows}
        for number, future in enumerate(as_completed(running), 1):
            message = future.result()
            if message:
                failures.append({"values": running[future], "message": message})
            progress(f"{stage.name}: {number} of {len(rows)}, {len(failures)} failed")
    for number, failure in enumerate(failures, 1):
        if "values" not in failure:
            continue
        if number <= MOST_SHRUNK:
            progress(f"{stage.name}: looking for the smallest like failure {number}")
            failure["values"] = shrink(check, failure["values"], failure["message"], template)
        failure["command"] = command(failure["values"], template)
    stage.failures += failures
    stage.done = f"{len(rows)} projects"
    stage.seconds = time.monotonic() - start
    return stage


def nothing_ran(what):
    """The failure of a check that had nothing to look at."""
    return {"message": f"{what}: nothing was run", "command": "python -m proof"}


def progress(text):
    """One line that is overwritten on a terminal, else one line each."""
    if sys.stdout.isatty():
        print(f"\033[K{text}", end="\r", flush=True)
    else:
        print(text, flush=True)


def arrays(strength, without=()):
    """A covering array, and an independent look at whether it covers."""
    template = the_template()
    rows = covering.rows(template, strength, without)
    missed = covering.missed(template, rows, strength, without)
    rest = {option: default(option, template) for option in without}
    full = [template.settle({**rest, **row}) for row in rows]
    return full, [{"values": dict(each), "message": "not covered"} for each in missed]


def projection():
    """Rendered and checked in `make test`; counted here."""
    template = the_template()
    start = time.monotonic()
    total = len(template.combinations(list(template.options)))
    stage = Stage("projection", f"{total} projects")
    run_tests(stage, "tests/test_projection.py")
    texts = sum(1 for slug in SLUGS for _ in template.renderings(slug))
    stage.done = f"{texts} texts of {len(template.sources)} files"
    partly = [path for path in template.sources if not template.is_exhausted(path)]
    if partly:
        stage.done += f"; by a cover: {' '.join(partly)}"
    stage.seconds = time.monotonic() - start
    return stage


def run_tests(stage, *arguments):
    """Run tests, showing each; a failure of the stage where one fails. What pytest said."""
    tests = [sys.executable, "-m", "pytest", "-v", "-rs", *arguments]
    said = []
    with subprocess.Popen(
        tests, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as running:
        for line in running.stdout:
            said.append(line)
            if re.search(r"(PASSED|FAILED|ERROR|SKIPPED)", line):
                progress(f"{stage.name}: {line.strip()}")
    if running.returncode:
        message = "".join(said)[-6000:]
        stage.failures.append({"message": message, "command": shlex.join(tests)})
    return said


def triples(folder):
    """All legal triples, generated and checked without being installed."""
    rows, missed = arrays(3)
    python = environment_of_everything(folder)
    check = partial(projects.check_statically, python=python, cache=str(folder / "mypy"))
    stage = Stage("triples, checked", "every legal triple", failures=missed)
    return try_all(stage, check, rows)


def pairs():
    """All legal pairs, installed and run."""
    rows, missed = arrays(2, without=["python_version"])
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    stage = Stage("pairs, run", f"every pair, on {version}", failures=missed)
    check = partial(projects.check_running, python=sys.executable)
    return try_all(stage, check, rows)


def environment_of_everything(folder):
    """The interpreter of an environment with all that any project imports."""
    template = the_template()
    needed = set()
    for option, values in template.options.items():
        for value in values:
            everything = {
                o: "yes" if "yes" in v else default(o, template)
                for o, v in template.options.items()
            }
            effective = template.settle({**everything, option: value})
            metadata = tomllib.loads(template.project(effective, "a")["pyproject.toml"])
            needed.update(metadata["project"]["dependencies"], metadata["dependency-groups"]["dev"])
    venv = folder / "everything"
    python = venv / ("Scripts" if os.name == "nt" else "bin") / "python"
    programs.uv(folder, "venv", "--quiet", "--python", sys.executable, str(venv))
    programs.uv(folder, "pip", "install", "--quiet", "--python", str(python), *sorted(needed))
    return str(python)


def pythons():
    """The largest projects and the smallest on every Python that the machine has."""
    template = the_template()
    found = installed_pythons()
    versions = list(template.options["python_version"])
    asked = [name.strip() for name in os.environ.get("PROOF_PYTHONS", "").split(",")]
    wanted = [name for name in asked if name] or [name for name in versions if name in found]
    largest = {option: default(option, template) for option in template.options}
    smallest = {option: list(values)[-1] for option, values in template.options.items()}
    ran = [version for version in versions if version in wanted and version in found]
    rows = [
        template.settle({**values, "python_version": version})
        for version in ran
        for values in (largest, {**largest, "database": "postgresql"}, smallest)
    ]
    stage = try_all(Stage("Pythons", " ".join(versions)), partial(check_on, found), rows)
    for version in wanted:
        if version not in ran:
            stage.failures.append(nothing_ran(f"Python {version}"))
    left = [version for version in versions if version not in ran]
    stage.done += f" on {' '.join(ran) or 'none'}; NOT RUN: {' '.join(left) or 'none'}"
    return stage


def check_on(found, template, values):
    """Run a project on the oldest Python that it supports."""
    projects.check_running(template, values, python=found[values["python_version"]])


def oldest_libraries():
    """The largest projects with the oldest libraries that they say are enough."""
    template = the_template()
    largest = {option: default(option, template) for option in template.options}
    rows = [
        template.settle({**largest, "database": database})
        for database in template.options["database"]
    ]
    check = partial(projects.check_running, python=sys.executable, resolution="lowest-direct")
    return try_all(Stage("oldest libraries", "each lower bound"), check, rows)


def installed_pythons():
    """The interpreters that uv and pyenv know of, by version."""
    command = [find_uv_bin(), "python", "list", "--only-installed", "--output-format", "json"]
    listing = subprocess.run(command, check=True, capture_output=True)
    found = {}
    for each in json.loads(listing.stdout):
        parts = each["version_parts"]
        found.setdefault(f"{parts['major']}.{parts['minor']}", each["path"])
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for path in sorted(root.glob("versions/*/bin/python3"), reverse=True):
        found.setdefault(".".join(path.parts[-3].split(".")[:2]), str(path))
    return found


def long_tests():
    """The tests that need minutes, a browser or a server."""
    stage = Stage("long tests", "all")
    start = time.monotonic()
    said = run_tests(stage, "-n", "2", "-m", "proof")
    stage.done = said[-1].strip(" =\n") if said else "none"
    skipped = [line.strip() for line in said if line.startswith("SKIPPED")]
    if skipped:
        stage.done += "; NOT RUN: " + "; ".join(skipped)
    stage.seconds = time.monotonic() - start
    return stage


def whatever_happens(stage):
    """Run a stage; one that can't be run has failed, and the others go on."""
    try:
        return stage()
    except (Exception, SystemExit):
        name = getattr(stage, "func", stage).__name__
        failure = {"message": traceback.format_exc(), "command": "python -m proof"}
        return Stage(name, "all", done="it could not be run", failures=[failure])


def servers():
    """The PostgreSQL server of all that follows."""
    start = time.monotonic()
    os.environ["PROOF_POSTGRESQL"] = postgresql.start()
    return Stage("servers", "PostgreSQL", "started or given", time.monotonic() - start)


def costs():
    """What each option costs."""
    start = time.monotonic()
    lines = list(report.lines(the_template()))
    print("", *lines, sep="\n")
    return Stage("costs", "each option", f"{len(lines)} lines, above", time.monotonic() - start)


def show(stages):
    print(f"\n{'what':18} {'claimed':22} {'seconds':>8} {'failed':>7}  done")
    for stage in stages:
        print(
            f"{stage.name:18} {stage.claimed:22} {stage.seconds:8.0f} {len(stage.failures):7}"
            f"  {stage.done}"
        )
    for stage in stages:
        for failure in stage.failures:
            print(f"\n{stage.name} FAILED: {failure.get('command', failure.get('values'))}")
            print(failure["message"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", default=str(ROOT / "build" / "proof.json"))
    target = Path(parser.parse_args().json)
    with tempfile.TemporaryDirectory(prefix="proof-") as name:
        stages = [
            whatever_happens(stage)
            for stage in (
                servers,
                projection,
                partial(triples, Path(name)),
                pairs,
                pythons,
                oldest_libraries,
                long_tests,
                costs,
            )
        ]
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(stage) for stage in stages], indent=2)
    target.write_text(text + "\n", encoding="utf-8")
    show(stages)
    failed = sum(len(stage.failures) for stage in stages)
    checked = len(stages) - sum(1 for stage in stages if stage.failures)
    print(f"\n{checked} passed, {len(stages) - checked} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
