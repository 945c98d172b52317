"""The pipelines: what their linters say, and that they run what the README says."""

import os
import re
import subprocess
import sys

import pytest
import yaml
from uv import find_uv_bin

from proof import projects, runner
from proof.programs import environment

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


def lint(name, *arguments):
    """Run a program that was installed beside this Python; it may find nothing."""
    program = os.path.join(os.path.dirname(sys.executable), name)
    result = subprocess.run(
        [program, *map(str, arguments)], check=False, capture_output=True, encoding="utf-8"
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", SCHEMAS)
def test_each_text_meets_its_schema(packed, path):
    files = sorted(packed.glob(f"*/{path}"))
    assert files
    lint("check-jsonschema", "--builtin-schema", f"vendor.{SCHEMAS[path]}", *files)


def test_linters_find_nothing(packed):
    lint("yamllint", "--strict", "--config-data", YAMLLINT, *packed.rglob("*.y*ml"))
    lint("hadolint", *packed.glob("*/Dockerfile"))
    lint("zizmor", "--offline", "--quiet", *packed.glob("*/.github"))


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


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_it_tests_at_the_oldest_python(whole, ci):
    for version in whole.options["python_version"]:
        values = {**runner.defaults(whole), "ci": ci, "python_version": version}
        text = whole.project(values, "tea_time")[GITHUB if ci == "github" else GITLAB]
        assert re.search(rf'python-version: "{version}"$|image: python:{version}$', text, re.M)


def test_actions_are_pinned_by_hashes(whole):
    for rendering in whole.renderings("tea_time"):
        if rendering.path == GITHUB:
            used = re.findall(r"uses: \S+@(\S+) # (\S+)$", rendering.text, re.MULTILINE)
            assert len(used) == rendering.text.count("uses:")
            for commit, tag in used:
                assert re.fullmatch("[0-9a-f]{40}", commit)
                assert re.fullmatch(r"v\d+\.\d+\.\d+", tag)


@pytest.mark.proof
@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_the_steps_run_as_written(template, tmp_path, whole, ci):
    """In a fresh checkout, with uv alone."""
    values = {**runner.defaults(whole), "ci": ci}
    project, _ = projects.generate(whole, values, tmp_path, slug="tea_time")
    text = (project / (GITHUB if ci == "github" else GITLAB)).read_text(encoding="utf-8")
    summary = tmp_path / "summary"
    settings = environment(GITHUB_STEP_SUMMARY=str(summary))
    settings["PATH"] = os.pathsep.join([os.path.dirname(find_uv_bin()), "/usr/bin", "/bin"])
    for step in commands_of(text):
        result = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step],
            cwd=project,
            env=settings,
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        assert result.returncode == 0, f"{step}\n{result.stdout}{result.stderr}"
        if "--cov" in step and ci == "gitlab":
            pattern = yaml.safe_load(text)["test"]["coverage"].strip("/")
            assert int(re.findall(pattern, result.stdout, re.MULTILINE)[-1]) >= 90
    if ci == "github":
        assert "**TOTAL**" in summary.read_text(encoding="utf-8")
