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
SLOW = ("test_each_operation", "test_server", "test_commands", "test_notes_concurrency")
LIBRARIES = "alembic.command alembic.autogenerate flask sqlalchemy.orm pydantic hypothesis schemathesis flask_wtf psycopg"
QUIET = ["-q", "-p", "no:cacheprovider", "-p", "no:pytest_cov", "--assert=plain"]


def record():
    """The tests that reach each line, by module, and how long each takes: from one whole run."""
    slow = " or ".join(SLOW)
    options = ["-q", "-p", "no:cacheprovider", "--cov", "--cov-context=test", "--cov-report="]
    status, seconds = run([*options, "--cov-fail-under=0", "-k", f"not ({slow})"], Timed())
    if status:
        sys.exit("The tests fail without any change.")
    data = coverage.CoverageData()
    data.read()
    reached = {}
    for path in data.measured_files():
        lines = defaultdict(lambda: (set(), set()))
        for line, contexts in data.contexts_by_lineno(path).items():
            # The test's phase is behind a bar: every test sets the application up.
            for name, _, phase in (each.partition("|") for each in contexts if each):
                lines[line][phase != "run"].add(name)
        reached[str(Path(path).relative_to(Path.cwd()))] = dict(lines)
    return reached, dict(seconds)


class Timed:
    """Notes how long each test takes."""

    def __init__(self):
        self.said = []
        self.seconds = defaultdict(float)

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] += report.duration
        self.said = list(self.seconds.items())


class Failed:
    """Notes which tests failed."""

    def __init__(self):
        self.said = []

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.said.append(report.nodeid)

    def pytest_collectreport(self, report):
        if report.failed:
            self.said.append("collection")


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


def run(arguments, plugin, changed=None):
    """pytest in a process of its own: its exit code, and what a plugin of ours has noted."""
    notes = Path(f".survivors-{os.getpid()}.json")
    notes.unlink(missing_ok=True)
    pid = os.fork()
    if not pid:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        if changed:
            sys.meta_path.insert(0, changed)
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        code = 3
        try:
            code = int(pytest.main(arguments, plugins=[plugin]))
        finally:
            notes.write_text(json.dumps(plugin.said), encoding="utf-8")
            os._exit(code)
    end = time.monotonic() + (SECONDS if changed else 3600)
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            break
        time.sleep(0.01)
    else:
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return 9, ["timeout"]
    said = json.loads(notes.read_text(encoding="utf-8")) if notes.exists() else ["crash"]
    return os.waitstatus_to_exitcode(status), said


def judge(path, line, code, lines, seconds):
    """The tests that notice a mutant: of the project's own that run it, all; else one.

    What only a test's set-up runs, or the import, those try that reach it or its module: first
    those that are named after the module, then the quickest.
    """
    running, setting_up = lines.get(line, (set(), set()))
    module = [set().union(*each) for each in zip(*lines.values(), strict=True)]
    reaching = setting_up or next(filter(None, module), set())
    own = {name for name in running if "/machinery/" not in name}
    rest = running - own
    changed = Changed(path, code)
    near = nearest(reaching, path, seconds)
    for tests, options in (own, []), (rest, ["-x"]), (near, ["-x"]):
        chosen = sorted(tests, key=lambda name: seconds.get(name, 0))
        if chosen:
            status, failed = run([*QUIET, *options, *chosen], Failed(), changed)
            if status:
                return failed or ["error"]
    return []


def nearest(tests, path, seconds, limit=20):
    """As many of the tests of a module as fit in some seconds, and then of others."""
    about = f"test_{Path(path.removesuffix('/__init__.py')).stem}."
    total = 0
    for name in sorted(tests, key=lambda name: (about not in name, seconds.get(name, 0))):
        total += seconds.get(name, 0)
        if total > limit:
            return
        yield name


def work(jobs, number, count, reached, seconds):
    """Every `count`-th mutant, one line each."""
    with open(f".survivors-{number}", "w", encoding="utf-8") as file:
        for path, line, said, code in jobs[number::count]:
            noticed = judge(path, line, code, reached.get(path, {}), seconds)
            file.write(json.dumps([path, line, said, noticed]) + "\n")
            file.flush()


def main(paths):
    reached, seconds = record()
    for name in LIBRARIES.split():
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    jobs = []
    for path in paths:
        source = Path(path).read_text(encoding="utf-8")
        # Else every mutant would seem to be noticed.
        if noticed := judge(path, 0, source, reached.get(path, {}), seconds):
            sys.exit(f"{path} is not changed, and yet fail: {', '.join(noticed)}")
        for line, said, code in mutants(source):
            jobs.append((path, line, said, code))
    count = os.cpu_count() or 1
    children = []
    for number in range(count):
        pid = os.fork()
        if not pid:
            work(jobs, number, count, reached, seconds)
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
        for running, _ in lines.values()
        for name in running
        if "/machinery/" not in name
    }
    idle = sorted(re.sub(r"\[.*", "", name) for name in own if not noticed[name])
    print(json.dumps({"mutants": len(jobs), "survivors": sorted(survivors), "idle": idle}))


main(sys.argv[1:])
