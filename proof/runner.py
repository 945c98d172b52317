"""Run a check on many projects: on all cores, each project once, and shrink what fails."""

import os
import re
import shlex
import subprocess
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from . import covering, programs
from .template import Template, load_rules

ROOT = Path(__file__).resolve().parents[1]
# Shrinking takes as long as checking, several times.
MAX_SHRUNK = 3
# What changes no line that runs: a project is not run again for another licence.
INERT = ("license", "python_version", "docker", "ci")
# What was found, by kind of check and by the values that matter to it.
verdicts = {}


@dataclass
class Stage:
    """One row of the table."""

    name: str
    claimed: str
    done: str = ""
    seconds: float = 0.0
    failures: list = field(default_factory=list)
    # What could not be looked at here, each with the reason.
    not_run: dict = field(default_factory=dict)


def the_template():
    return Template(ROOT, load_rules(ROOT))


def default(option, template):
    value = template.json[option]
    return value[0] if isinstance(value, list) else "yes" if value else ""


def defaults(template):
    """The project of somebody who answers nothing."""
    return template.settle({option: default(option, template) for option in template.options})


def largest(template):
    """The project of somebody who takes all: of each choice, what adds the most lines."""
    chosen = defaults(template)

    def lines(option, value):
        return lines_of(template, template.settle({**chosen, option: value}))

    for option, values in template.options.items():
        if option not in INERT:
            chosen[option] = max(values, key=partial(lines, option))
    return template.settle(chosen)


def lines_of(template, values):
    """How many lines a project has."""
    return sum(text.count("\n") for text in template.project(values, "a").values() if text)


def smallest(template):
    """The project that never heard of any option, on the usual Python."""
    least = {
        option: each["before"] if each["before"] in each["values"] else ""
        for option, each in template.json["_options"].items()
    }
    return template.settle({**least, "python_version": default("python_version", template)})


def own_version():
    """That of the Python which runs the proof."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def command(values, template):
    """What makes a project again, from the repository's root."""
    answers = [
        f"{option}={value or 'no'}"
        for option, value in values.items()
        if value != default(option, template)
    ]
    return " ".join(["cookiecutter --no-input --default-config .", *answers])


def array(strength):
    """Rows that hold every legal tuple of what behaves, and a failure for each that is missed."""
    template = the_template()
    rows = covering.rows(template, strength, INERT)
    missed = covering.missed(template, rows, strength, INERT)
    return (
        [with_usual_rest(template, row) for row in rows],
        [{"values": dict(each), "message": "not covered"} for each in missed],
    )


def with_usual_rest(template, row):
    """A row with the usual values of what changes nothing that runs."""
    return template.settle({**row, **{option: default(option, template) for option in INERT}})


def attempt(check, values):
    """Check one project: `None`, or what is wrong with it."""
    try:
        check(the_template(), values)
    except programs.Fault as fault:
        return str(fault)
    except Exception:
        return traceback.format_exc()
    return None


def try_all(stage, check, rows, kind):
    """Check rows on all cores, showing how far it is; shrink what fails first.

    A row that an earlier stage has checked in the same way keeps its verdict.
    """
    template = the_template()
    start = time.monotonic()
    keys = {key_of(kind, row): row for row in rows}
    fresh = {key: row for key, row in keys.items() if key not in verdicts}
    if not rows:
        stage.failures.append(nothing_ran(stage.name))
    failed = 0
    # The largest first, so that all cores are busy to the end; and two processes more than there
    # are cores, because a project waits for its servers.
    order = sorted(fresh, key=lambda key: -lines_of(template, fresh[key]))
    with ProcessPoolExecutor(os.cpu_count() + 2) as pool:
        running = {pool.submit(attempt, check, fresh[key]): key for key in order}
        for number, future in enumerate(as_completed(running), 1):
            key = running[future]
            message = verdicts[key] = future.result()
            if message:
                failed += 1
                print(f"\n{command(fresh[key], template)}\n{message}")
            progress(f"{stage.name}: {number} of {len(fresh)}, {failed} failed")
    wrong = [(values, verdicts[key]) for key, values in keys.items() if verdicts[key]]
    for number, (values, message) in enumerate(wrong, 1):
        if number <= MAX_SHRUNK:
            progress(f"{stage.name}: looking for the smallest project like failure {number}")
            if attempt(check, values):
                values = shrink(check, values, message, template)
            else:
                message += "\nIt passes when it is run again."
        said = command(values, template)
        stage.failures.append({"values": values, "message": message, "command": said})
    stage.done = f"{len(rows)} projects"
    if len(fresh) < len(rows):
        stage.done += f", {len(rows) - len(fresh)} of them seen before"
    stage.seconds += time.monotonic() - start
    return stage


def key_of(kind, values):
    """What makes two projects the same to a check."""
    return kind, tuple(item for item in values.items() if item[0] not in INERT)


def shrink(check, values, message, template):
    """The smallest set of answers that fails in the same way, the others at their defaults."""
    base = {option: default(option, template) for option in values}
    changed = [option for option in values if values[option] != base[option]]

    def fails(options):
        chosen = template.settle({**base, **{option: values[option] for option in options}})
        said = attempt(check, chosen)
        return chosen if said and reason(said) == reason(message) else None

    for few in ([], *([option] for option in changed)):
        found = fails(few)
        if found:
            return found
    # None alone: leave out what is not needed, one by one.
    for option in list(changed):
        without = [other for other in changed if other != option]
        if fails(without):
            changed = without
    return template.settle({**base, **{option: values[option] for option in changed}})


def reason(message):
    """The line of a message that tells one failure from another: a traceback's is its last."""
    lines = message.strip().splitlines()
    return lines[-1 if lines[0].startswith("Traceback") else 0]


def nothing_ran(what):
    """The failure of a check that had nothing to look at."""
    return {"message": f"{what}: nothing was run", "command": "python -m proof"}


def progress(text):
    """One line that is overwritten on a terminal, else one line each."""
    if sys.stdout.isatty():
        print(f"\033[K{text}", end="\r", flush=True)
    else:
        print(text, flush=True)


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


def run_stage(stage, folder):
    """Run a stage; one that can't be run has failed, and the others go on."""
    name = stage.__name__.rpartition(".")[2]
    start = time.monotonic()
    try:
        return stage.run(folder)
    except (Exception, SystemExit):
        failure = {"message": traceback.format_exc(), "command": f"python -m proof {name}"}
        seconds = time.monotonic() - start
        return Stage(name, "all", "it could not be run", seconds, [failure])
