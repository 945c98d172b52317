"""What the tests share: the template as git has it, and two ways to generate from it."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import updating
from playwright.sync_api import sync_playwright

from proof import honesty, postgresql
from proof.environments import environment_of_everything
from proof.mutations import Mutant
from proof.template import Template, load_rules

ROOT = Path(__file__).resolve().parents[1]

ALL_ON = {}
ALL_OFF = {
    option: each["before"]
    for option, each in json.loads((ROOT / "cookiecutter.json").read_bytes())["_options"].items()
    if option != "python_version"
}


def tracked_files():
    """The paths that git tracks or would, as the working tree has them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S607
    paths = [Path(os.fsdecode(name)) for name in listing.stdout.split(b"\0") if name]
    return sorted(path for path in paths if (ROOT / path).is_file())


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A copy of the template with nothing that git does not track."""
    folder = tmp_path_factory.mktemp("template") / "cookiecutter-flask-factory"
    for path in tracked_files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path)
    return folder


@pytest.fixture(scope="session")
def questions(template):
    """The whole of `cookiecutter.json`."""
    return json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def rules(template):
    """The rules of the first hook, as a module."""
    return load_rules(template)


@pytest.fixture(scope="session")
def whole(template, rules):
    """The model of the template."""
    return Template(template, rules)


@pytest.fixture
def mutant(template, rules, tmp_path, request):
    """A copy of the template that a test may break; it is named after what is done to it."""
    copy = shutil.copytree(template, tmp_path / "cookiecutter-flask-factory")
    mutate = getattr(request.node, "callspec", None) and request.node.callspec.params.get("mutate")
    return Mutant(copy, mutate.__name__ if mutate else request.node.name, rules)


@pytest.fixture(scope="session")
def everything(tmp_path_factory):
    """An interpreter with all that a project can import."""
    return environment_of_everything(tmp_path_factory.mktemp("everything"))


@pytest.fixture(scope="session")
def browser():
    """A real one."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("browser: there is no Chromium on this machine")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        running = playwright.chromium.launch(executable_path=program, args=options)
        yield running
        running.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In a pipeline a test that is skipped has failed, unless PROOF_NOT_RUN announces it."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(call.excinfo.value)
        if honesty.must_run(reason.partition(":")[0]):
            report.outcome = "failed"
            report.longrepr = f"not run: {reason}"
    return report


@pytest.fixture
def project(cookies, template, monkeypatch):
    """Generate in this process, through the API: `project(api="no")` is the folder."""

    def generate(**answers):
        # Cookiecutter's API imports extensions from the path, which pytest-cookies leaves as it is.
        monkeypatch.setattr(sys, "path", [*sys.path, str(template)])
        result = cookies.bake(template=str(template), extra_context=answers)
        if result.exception:
            raise result.exception
        assert result.exit_code == 0
        return result.project_path

    return generate


@pytest.fixture(scope="session")
def postgresql_server():
    """The URL of a real server."""
    return postgresql.start()


class Command:
    """The real `cookiecutter` command, with a home folder of its own."""

    def __init__(self, template, folder):
        self.template = template
        self.home = folder / "home"
        self.output = folder / "output"
        self.home.mkdir()
        self.output.mkdir()

    def __call__(self, *arguments, template=None, no_input=True, text="", env=None, **options):
        """Run it in the output folder; answers and options are as on a command line."""
        command = [sys.executable, "-m", "cookiecutter", str(template or self.template)]
        if no_input:
            command += ["--no-input"]
        home = {"HOME": str(self.home), "USERPROFILE": str(self.home), "PWD": str(self.output)}
        kept = {k: v for k, v in os.environ.items() if k != "COOKIECUTTER_CONFIG"}
        return subprocess.run(
            [*command, *arguments],
            cwd=self.output,
            env={**kept, **home, **(env or {})},
            input=text,
            check=False,
            capture_output=True,
            encoding="utf-8",
            **options,
        )

    def left(self):
        """What is in the output folder."""
        return sorted(path.name for path in self.output.iterdir())


@pytest.fixture
def command(template, tmp_path):
    """The real command; what it generates lands in `command.output`."""
    return Command(template, tmp_path)


def files_below(folder):
    """The relative paths of all files, and of all folders that are empty."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() or not any(path.iterdir())
    )


def bytes_below(folder):
    """Each file's relative path and content."""
    paths = [folder / name for name in files_below(folder)]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths if p.is_file()}


@pytest.fixture(scope="session")
def history(template, tmp_path_factory):
    """The template with a history; what it renders is shared by all workers."""
    folder = tmp_path_factory.mktemp("history")
    cache = tmp_path_factory.getbasetemp().parent / "renders"
    cache.mkdir(exist_ok=True)
    found = updating.History(template, folder, cache)
    for name, change_template in updating.CHANGES.items():
        found.add(name, change_template)
    return found


def lint(name, *arguments):
    """Run a program that was installed beside this Python; it may find nothing."""
    program = shutil.which(name, path=sysconfig.get_path("scripts"))
    result = subprocess.run(
        [program, *map(str, arguments)], check=False, capture_output=True, encoding="utf-8"
    )
    assert result.returncode == 0, result.stdout + result.stderr
