"""Runs the mutants of one project, with the project's own interpreter and in its folder.

Reads JSON: the modules, by path. Prints JSON: the survivors, and what each of the project's
own tests noticed. The libraries are imported once; each mutant is a fork of this process, in
which one module is another.
"""

import importlib
import importlib.abc
import importlib.util
import json
import os
import re
import resource
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path

import coverage
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from mutants import mutants  # It lies beside this file, which is run by its path.

# Of the processor, and of the clock: a mutant may wait for ever.
CPU_SECONDS = 90
SECONDS = 300
# They start processes, or try many requests: not for each of a thousand mutants.
SLOW = ("test_each_operation", "machinery/test_server", "test_notes_concurrency")
LIBRARIES = "alembic.command alembic.autogenerate flask sqlalchemy.orm pydantic hypothesis schemathesis flask_wtf psycopg"
QUIET = ["-q", "-p", "no:cacheprovider", "-p", "no:pytest_cov", "--assert=plain"]


def record():
    """The tests that reach each line, by module: from one whole run."""
    slow = " or ".join(name.rpartition("/")[2] for name in SLOW)
    options = ["-q", "-p", "no:cacheprovider", "--cov", "--cov-context=test", "--cov-report="]
    if run([*options, "--cov-fail-under=0", "-k", f"not ({slow})"])[0] != 0:
        sys.exit("The tests fail without any change.")
    data = coverage.CoverageData()
    data.read()
    reached = {}
    for path in data.measured_files():
        lines = defaultdict(set)
        for line, contexts in data.contexts_by_lineno(path).items():
            # Its phase is behind a bar: a fixture's counts too.
            lines[line] = {name.partition("|")[0] for name in contexts if name}
        reached[str(Path(path).relative_to(Path.cwd()))] = lines
    return reached


class Failed:
    """Notes which tests failed."""

    def __init__(self):
        self.names = []

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.names.append(report.nodeid)

    def pytest_collectreport(self, report):
        if report.failed:
            self.names.append("collection")


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from other code."""

    def __init__(self, path, code):
        self.path, self.code = path, code
        name = path.removesuffix(".py").removesuffix("/__init__")
        self.name = name.replace("/", ".")

    def find_spec(self, name, path, target=None):
        if name != self.name:
            return None
        is_package = self.path.endswith("/__init__.py")
        spec = importlib.util.spec_from_loader(
            name, self, origin=os.path.abspath(self.path), is_package=is_package
        )
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [os.path.dirname(os.path.abspath(self.path))]
        return spec

    def exec_module(self, module):
        exec(compile(self.code, self.path, "exec"), module.__dict__)  # noqa: S102


def run(arguments, changed=None):
    """pytest in a process of its own: its exit code, and the tests that failed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        failed = Failed()
        if changed:
            sys.meta_path.insert(0, changed)
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        code = 3
        try:
            code = int(pytest.main(arguments, plugins=[failed]))
        finally:
            os.write(writing, json.dumps(failed.names[:500]).encode()[:60000])
            os._exit(code)
    os.close(writing)
    end = time.monotonic() + (SECONDS if changed else 1800)
    status = None
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            break
        time.sleep(0.01)
    else:
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(reading)
        return 9, ["timeout"]
    with open(reading, encoding="utf-8") as file:
        said = file.read()
    return os.waitstatus_to_exitcode(status), json.loads(said or '["crash"]')


def tests_for(lines, line):
    """The tests that reach a line; of one that runs at import, those that reach its module."""
    found = lines.get(line) or set().union(*lines.values())
    return sorted(found)


def judge(path, line, code, lines):
    """What notices a mutant: the project's own tests, all that do; else the first of others."""
    changed = Changed(path, code)
    tests = tests_for(lines, line)
    own = [name for name in tests if "/machinery/" not in name]
    for chosen, options in ((own, []), ([name for name in tests if name not in own], ["-x"])):
        if chosen:
            status, failed = run([*QUIET, *options, *chosen], changed)
            if status:
                return failed or ["error"]
    return [] if tests else ["no test"]


def work(jobs, number, count, reached, out):
    """Every `count`-th mutant, one line each."""
    with open(out, "w", encoding="utf-8") as file:
        for path, line, said, code in jobs[number::count]:
            noticed = judge(path, line, code, reached.get(path, {}))
            file.write(json.dumps([path, line, said, noticed]) + "\n")
            file.flush()


def main(paths):
    reached = record()
    for name in LIBRARIES.split():
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    jobs = []
    for path in paths:
        source = Path(path).read_text(encoding="utf-8")
        # Else every mutant would seem to be noticed.
        if noticed := judge(path, 0, source, reached.get(path, {})):
            sys.exit(f"{path} is not changed, and yet fail: {', '.join(noticed)}")
        for line, said, code in mutants(source):
            jobs.append((path, line, said, code))
    count = os.cpu_count() or 1
    children = []
    for number in range(count):
        pid = os.fork()
        if not pid:
            work(jobs, number, count, reached, f".survivors-{number}")
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    noticed = defaultdict(int)
    survivors = []
    for number in range(count):
        for text in Path(f".survivors-{number}").read_text(encoding="utf-8").splitlines():
            path, line, said, names = json.loads(text)
            if not names:
                survivors.append([path, line, said])
            for name in names:
                noticed[name] += 1
    own = {
        name
        for lines in reached.values()
        for names in lines.values()
        for name in names
        if "/machinery/" not in name
    }
    idle = sorted(re.sub(r"\[.*", "", name) for name in own if not noticed[name])
    print(json.dumps({"mutants": len(jobs), "survivors": sorted(survivors), "idle": idle}))


main(sys.argv[1:])
