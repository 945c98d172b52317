"""The pipelines of projects, and this repository's own: what linters say, and what they run."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from conftest import ROOT, lint
from updating import git
from uv import find_uv_bin

from proof import changelog, projects, runner
from proof.programs import environment, uv
from proof.services import faults_of_steps

GITHUB = ".github/workflows/ci.yml"
GITLAB = ".gitlab-ci.yml"
SCHEMAS = {
    GITHUB: "github-workflows",
    ".github/dependabot.yml": "dependabot",
    GITLAB: "gitlab-ci",
    "compose.yaml": "compose-spec",
    "renovate.json": "renovate",
}
YAMLLINT = """
extends: default
rules:
  comments: {min-spaces-from-content: 1}
  document-start: disable
  line-length: disable
  truthy: {check-keys: false}
"""
# What is run here, not in a project.
OWN_WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
OWN = "uv run coverage report --format=markdown"


@pytest.fixture(scope="module")
def packed(whole, tmp_path_factory):
    """Each distinct text of these files, in folders of its own."""
    root = tmp_path_factory.mktemp("pipelines")
    texts = {
        (rendering.path, rendering.text)
        for rendering in whole.renderings("tea_time")
        if rendering.path in (*SCHEMAS, "Dockerfile")
    }
    for number, (path, text) in enumerate(sorted(texts)):
        file = root / str(number) / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return root


@pytest.mark.parametrize("path", SCHEMAS)
def test_each_text_meets_its_schema(packed, path):
    files = sorted(packed.glob(f"*/{path}"))
    assert files
    lint("check-jsonschema", "--builtin-schema", f"vendor.{SCHEMAS[path]}", *files)


def test_linters_find_nothing(packed):
    lint("yamllint", "--strict", "--config-data", YAMLLINT, *packed.rglob("*.y*ml"))
    lint("zizmor", "--offline", "--quiet", *packed.glob("*/.github"))


def test_hadolint_finds_nothing(packed):
    if sys.platform == "win32":
        pytest.skip("hadolint: it is not built for Windows")
    lint("hadolint", *packed.glob("*/Dockerfile"))


def commands_of(text):
    """What a pipeline runs, installing apart."""
    pipeline = yaml.safe_load(text)
    if "jobs" in pipeline:
        steps = [
            step["run"]
            for job in pipeline["jobs"].values()
            for step in job["steps"][1:]
            if "run" in step
        ]
    else:
        jobs = [job for job in pipeline.values() if isinstance(job, dict) and "script" in job]
        steps = [command for job in jobs for command in job["script"]]
    return steps


@pytest.mark.parametrize("ci", ["github", "gitlab"])
@pytest.mark.parametrize("docker", ["", "yes"])
def test_it_runs_what_the_readme_says(whole, ci, docker):
    values = {**runner.defaults(whole), "ci": ci, "docker": docker}
    files = whole.project(values, "tea_time")
    section = files["README.md"].partition("## Test")[2]
    said = section.split("```")[1].strip().splitlines()
    steps = commands_of(files[GITHUB if ci == "github" else GITLAB])
    shown = [step for step in steps if step.startswith(OWN)]
    assert len(shown) == (ci == "github")
    image = ["docker build ."] if docker else []
    assert [step for step in steps if step not in shown] == said + image
    named = re.findall(r"`([\w./-]+\.(?:json|yml))`", section.partition("\n## ")[0])
    assert named and set(named) <= set(files)
    assert (".github/dependabot.yml" in files) == (ci == "github")
    if ci == "gitlab":
        assert json.loads(files["renovate.json"])["extends"] == ["config:recommended"]


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_it_tests_at_the_oldest_python(whole, ci):
    for version in whole.options["python_version"]:
        values = {**runner.defaults(whole), "ci": ci, "python_version": version}
        text = whole.project(values, "tea_time")[GITHUB if ci == "github" else GITLAB]
        assert re.search(rf'python-version: "{version}"$|image: python:{version}$', text, re.M)


def test_one_uv_is_enough(whole):
    """The one that is asked for here is what images and pipelines install."""
    texts = [*whole.texts.values(), (ROOT / "pyproject.toml").read_text(encoding="utf-8")]
    bounds = [bound for text in texts for bound in re.findall(r'"uv(\W[^"]+)"', text)]
    assert len(bounds) >= 3
    assert len(set(bounds)) == 1
    installed = r'^(?:RUN| +-) pip install (?:--no-cache-dir )?"uv\W'
    assert sum(len(re.findall(installed, text, re.MULTILINE)) for text in texts) == len(bounds) - 1


def test_pipelines_of_projects_run_where_ours_do_and_end_as_soon_as_each_other(whole):
    """Another runner may not exist, and then nothing is run, nor said to have failed."""
    ours = yaml.safe_load((ROOT / GITHUB).read_text(encoding="utf-8"))["jobs"]["proof"]["runs-on"]
    ends = set()
    for ci in ("github", "gitlab"):
        values = {**runner.defaults(whole), "ci": ci, "docker": "yes"}
        files = whole.project(values, "tea_time")
        pipeline = yaml.safe_load(files[GITHUB if ci == "github" else GITLAB])
        for job in pipeline.get("jobs", pipeline).values():
            if "timeout-minutes" in job:
                assert job["runs-on"] == ours
                ends.add(job["timeout-minutes"])
            elif "script" in job:
                ends.add(int(job["timeout"].removesuffix(" minutes")))
    assert len(ends) == 1


def test_updates_are_proposed_for_what_is_locked(whole):
    """In `uv.lock`, which pip's updates leave as it is, and in the pipeline itself."""
    for text in {each.text for each in whole.renderings("tea_time") if "dependabot" in each.path}:
        ecosystems = [each["package-ecosystem"] for each in yaml.safe_load(text)["updates"]]
        assert sorted(ecosystems) == ["github-actions", "uv"]


def test_actions_are_pinned_by_hashes(whole):
    """And to one release each: where an update of ours is taken, projects get it too."""
    texts = [each.text for each in whole.renderings("tea_time") if each.path == GITHUB]
    pins = set()
    for text in (*texts, *(path.read_text(encoding="utf-8") for path in OWN_WORKFLOWS)):
        used = re.findall(r"uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$", text, re.MULTILINE)
        assert len(used) == text.count("uses:")
        pins.update(used)
    names, hashes, _ = zip(*pins, strict=True)
    assert len(set(names)) == len(set(hashes)) == len(pins)


def test_linters_find_nothing_here():
    lint("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *OWN_WORKFLOWS)
    updates = ROOT / ".github" / "dependabot.yml"
    lint("check-jsonschema", "--builtin-schema", "vendor.dependabot", updates)
    lint("yamllint", "--strict", "--config-data", YAMLLINT, ROOT / ".github")
    lint("zizmor", "--offline", "--quiet", ROOT / ".github")


def jobs_of(path):
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))["jobs"]


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def test_what_this_repository_runs_where(whole):
    """The README's commands on each system, at the oldest Python and the newest; the proof at all."""
    jobs = jobs_of(GITHUB)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Test this template")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```\n(.+?)^```", section, re.MULTILINE | re.DOTALL)
    [windows] = [each.splitlines() for each in blocks if "pytest" in each]
    # With the Python that was asked for, where `py` would take the newest.
    windows = [command.replace("py -m", "python -m", 1) for command in windows]
    # Of this age pip knows `--group`.
    [pip] = re.findall(r'"pip\W.+?"', (ROOT / "Makefile").read_text(encoding="utf-8"))
    upgrade, *rest, last = commands(jobs["windows"])
    assert upgrade == f"python -m pip install --upgrade {pip}"
    assert rest == windows
    assert last == "python -m pytest tests/test_windows.py"
    assert jobs["windows"]["runs-on"] == "windows-latest"
    matrix = jobs["test"]["strategy"]["matrix"]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest"]
    assert jobs["test"]["runs-on"] == "${{ matrix.os }}"
    assert commands(jobs["test"]) == ["make test"]
    versions = sorted(whole.options["python_version"], key=lambda each: int(each[2:]))
    for job in ("test", "windows"):
        strategy = jobs[job]["strategy"]
        assert strategy["matrix"]["python"] == [versions[0], versions[-1]]
        assert strategy["fail-fast"] is False  # Else one failure would hide another.
    assert commands(jobs["proof"]) == [
        f"pipx run uv python install {' '.join(versions[1:])}",
        ".ci/run",
    ]
    assert jobs["proof"]["env"] == {"PROOF_NOT_RUN": ""}
    for name in ("nightly", "weekly"):
        assert commands(jobs[name]) == [f"make {name}"]


def test_each_pipeline_of_this_repository_is_given_what_it_needs_and_no_more(whole):
    # For one of another name a job waits a day, and is then called off.
    runners = {"ubuntu-latest", "windows-latest", "${{ matrix.os }}"}
    for path in OWN_WORKFLOWS:
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        jobs = workflow["jobs"]
        for name, job in jobs.items():
            assert job["timeout-minutes"] > 0, (path, name)
            assert job["runs-on"] in runners, (path, name)
            assert list(faults_of_steps(job["steps"])) == [], (path, name)
            assert "checkout@" in job["steps"][0]["uses"], (path, name)
            for step in job["steps"]:
                if "actions/setup-python" in step.get("uses", ""):
                    asked = (
                        "${{ matrix.python }}"
                        if "strategy" in job
                        else min(whole.options["python_version"], key=lambda each: int(each[2:]))
                    )
                    assert step["with"] == {"python-version": asked}, (path, name)
        may = [workflow["permissions"], *(job.get("permissions") for job in jobs.values())]
        written = {key for each in may if each for key, value in each.items() if value != "read"}
        # Only what makes a release, or publishes the page, writes anything.
        assert written == {"release": {"contents"}, "web": {"id-token", "pages"}}.get(
            path.stem, set()
        )


def test_when_this_repository_runs_what():
    """What is proposed or taken, tests and proof; each night the proof and more; once a week all else."""
    workflow = yaml.safe_load((ROOT / GITHUB).read_text(encoding="utf-8"))
    events = workflow[True]  # YAML 1.1 reads `on` as true.
    assert events.keys() == {"push", "pull_request", "schedule"}
    assert events["push"] == {"branches": ["main"]} and events["pull_request"] is None
    crons = [each["cron"] for each in events["schedule"]]
    [night] = [each for each in crons if re.fullmatch(r"\d+ \d+ \* \* \*", each)]
    [week] = [each for each in crons if re.fullmatch(r"\d+ \d+ \* \* \d", each)]
    assert len(crons) == 2

    def run(name, cron=None):
        """The jobs whose condition is met."""
        known = {"github.event_name": repr(name), "github.event.schedule": repr(cron)}
        met = set()
        for job, each in workflow["jobs"].items():
            left, how, right = re.fullmatch(
                r"(\S+) ([!=]=) ('.+')", each.get("if", "'' == ''")
            ).groups()
            if (known.get(left, left) == right) == (how == "=="):
                met.add(job)
        return met

    assert run("push") == run("pull_request") == {"test", "windows", "proof"}
    assert run("schedule", night) == {"proof", "nightly"}
    assert run("schedule", week) == {"weekly"}


def test_a_release_is_made_of_what_was_tested_and_of_the_words_of_the_changelog():
    path = ".github/workflows/release.yml"
    workflow = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    assert workflow[True] == {"push": {"tags": ["v*"]}}
    jobs = workflow["jobs"]
    assert commands(jobs["test"]) == ["make test"]
    assert jobs["release"]["needs"] == "test"
    notes, release = commands(jobs["release"])
    [module, file] = re.fullmatch(
        r'python3 -m (\S+) "\$GITHUB_REF_NAME" > "(\$RUNNER_TEMP/\S+)"', notes
    ).groups()
    assert module == changelog.__name__
    assert f'--notes-file "{file}"' in release
    assert release.startswith('gh release create "$GITHUB_REF_NAME" --verify-tag ')
    # Without it, the program may do nothing.
    assert jobs["release"]["steps"][-1]["env"] == {"GH_TOKEN": "${{ github.token }}"}


def test_the_page_is_published_from_where_it_is_made():
    workflow = yaml.safe_load((ROOT / ".github/workflows/web.yml").read_text(encoding="utf-8"))
    assert workflow[True] == {"push": {"branches": ["main"]}}
    assert workflow["concurrency"] == {"group": "web", "cancel-in-progress": True}
    _, made, packed, deployed = workflow["jobs"]["publish"]["steps"]
    assert packed["with"] == {"path": made["run"].removeprefix("make ")}
    assert f"steps.{deployed['id']}." in workflow["jobs"]["publish"]["environment"]["url"]
    address = made["env"]["REPOSITORY_URL"]
    assert address == "${{ github.server_url }}/${{ github.repository }}"


def test_updates_are_proposed_for_what_is_pinned_here():
    """Of actions, and of what Node has locked; a week after they were published."""
    path = ROOT / ".github" / "dependabot.yml"
    updates = yaml.safe_load(path.read_text(encoding="utf-8"))["updates"]
    looked = {each["package-ecosystem"]: each["directory"] for each in updates}
    [locked] = ROOT.glob("*/package-lock.json")
    assert looked == {"github-actions": "/", "npm": f"/{locked.parent.name}"}
    for each in updates:
        assert each["schedule"] == {"interval": "weekly"}
        assert each["cooldown"] == {"default-days": 7}


def test_git_keeps_what_is_made_out_of_this_repository(tmp_path):
    """What tools and targets leave; and lines end everywhere as the template's must."""
    made = """
        .hypothesis/x .mypy_cache/x .pytest_cache/x .ruff_cache/x .venv/x build/x web/node_modules/x
        proof/__pycache__/x.py proof/x.pyc
    """.split()
    shutil.copy(ROOT / ".gitignore", tmp_path)
    git(tmp_path, "init", "--quiet")
    assert git(tmp_path, "check-ignore", *made).split() == made
    assert (ROOT / ".gitattributes").read_text(encoding="utf-8") == "* text=auto eol=lf\n"


def test_a_release_has_the_words_of_the_changelog():
    text = "# Changelog\n\n## Unreleased\n\n- Two\n\n## 1.0.0\n\n- One\n  line.\n"
    assert changelog.notes(text, "v1.0.0") == "- One\n  line."
    assert changelog.notes(text, "v2.0.0") == ""
    assert changelog.notes(changelog.CHANGELOG.read_text(encoding="utf-8"), "Unreleased")


def test_a_version_without_words_is_not_released():
    result = subprocess.run(
        [sys.executable, "-m", "proof.changelog", "v0.0.0"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "CHANGELOG.md says nothing under '## 0.0.0'.\n"


@pytest.mark.proof
@pytest.mark.parametrize(
    ("ci", "database"),
    [
        ("github", "postgresql"),
        ("gitlab", "sqlite"),
        pytest.param("github", "sqlite", marks=pytest.mark.nightly),
        pytest.param("gitlab", "postgresql", marks=pytest.mark.nightly),
    ],
)
def test_the_steps_run_as_written(tmp_path, whole, ci, database):
    """In a fresh checkout, with uv alone: the tests start the database that they need."""
    values = whole.settle({**runner.defaults(whole), "ci": ci, "database": database})
    project, _ = projects.generate(whole, values, tmp_path, slug="tea_time")
    text = (project / (GITHUB if ci == "github" else GITLAB)).read_text(encoding="utf-8")
    pipeline = yaml.safe_load(text)
    job = pipeline["jobs"]["test"]["env"] if ci == "github" else pipeline["test"]["variables"]
    summary = tmp_path / "summary"
    settings = environment(GITHUB_STEP_SUMMARY=str(summary), **job)
    # Not pytest's folder, which is closed to the user that PostgreSQL becomes.
    settings["PYTEST_DEBUG_TEMPROOT"] = str(tmp_path)
    settings["PATH"] = os.pathsep.join([os.path.dirname(find_uv_bin()), "/usr/bin", "/bin"])

    def execute(step):
        return subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step],
            cwd=project,
            env=settings,
            check=False,
            capture_output=True,
            encoding="utf-8",
        )

    steps = commands_of(text)
    forgotten = execute(steps[0])
    assert forgotten.returncode
    assert "Unable to find lockfile at `uv.lock`" in forgotten.stderr
    uv(project, "lock", "--quiet")
    for step in steps:
        result = execute(step)
        assert result.returncode == 0, f"{step}\n{result.stdout}{result.stderr}"
        if "--cov" in step and ci == "gitlab":
            pattern = yaml.safe_load(text)["test"]["coverage"].strip("/")
            assert int(re.findall(pattern, result.stdout, re.MULTILINE)[-1]) >= 90
    if ci == "github":
        assert "**TOTAL**" in summary.read_text(encoding="utf-8")
