"""The record of a project: the template's commit, read without git, and the answers."""

import os
import shutil
import sys
import tomllib
from pathlib import Path
from unittest import mock

import pytest
from cookiecutter.generate import generate_context, generate_files
from cookiecutter.prompt import prompt_for_config
from updating import commit, git

from flask_factory.template import RECORD
from proof import budget
from proof.projects import faults_of_record
from proof.runner import defaults
from proof.template import TEXTS, Template

QUOTED = 'Zoë "the \\ best" 🎉'


@pytest.fixture
def repository(template, tmp_path):
    """The template as somebody has cloned it."""
    folder = shutil.copytree(template, tmp_path / "cookiecutter-flask-factory")
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    return folder


def detached(folder):
    git(folder, "checkout", "--quiet", "--detach")
    return folder


def packed(folder):
    git(folder, "tag", "--annotate", "--message", "One", "v1")
    git(folder, "pack-refs", "--all")
    return folder


def worktree(folder):
    git(folder, "worktree", "add", "--quiet", "-b", "other", "../other")
    return folder.with_name("other")


def of_longer_names(folder):
    shutil.rmtree(folder / ".git")
    git(folder, "init", "--quiet", "--object-format=sha256")
    commit(folder)
    return folder


@pytest.mark.parametrize(
    "arrange", [lambda folder: folder, detached, packed, worktree, of_longer_names]
)
def test_the_commit_is_read_from_the_templates_own_files(command, repository, arrange):
    """Nor is git needed for it, nor an absolute path."""
    folder = arrange(repository)
    path = os.path.relpath(folder, command.output)
    done = command(f"author_name={QUOTED}", "example=yes", "database=none", template=path)
    assert done.returncode == 0, done.stderr
    text = (command.output / "my_flask_app" / RECORD).read_text(encoding="utf-8")
    assert text.startswith("# What made this project: flask-factory updates it by this.\ncommit = ")
    record = tomllib.loads(text)
    assert record["commit"] == git(folder, "rev-parse", "HEAD").strip()
    answers = record["answers"]
    assert (answers["author_name"], answers["database"]) == (QUOTED, "none")
    assert (answers["example"], answers["pages"]) == ("no", "yes")
    assert set(record) == {"commit", "answers"}


def test_what_is_counted_is_all_that_a_user_sees(command, repository, whole):
    assert command(template=str(repository)).returncode == 0
    files = [path for path in (command.output / "my_flask_app").rglob("*") if path.is_file()]
    found = dict(budget.static(whole))
    assert len(files) == found["default project: files"]
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    assert lines == found["default project: lines"]


def as_cruft(template, folder, **private):
    """Generate as cruft does, with keys of its own and without some of Cookiecutter's."""
    context = generate_context(str(template / "cookiecutter.json"))
    with mock.patch.object(sys, "path", [*sys.path, str(template)]):
        context["cookiecutter"].update(prompt_for_config(context, no_input=True))
        context["cookiecutter"].update(private)
        return Path(generate_files(str(template), context, output_dir=str(folder)))


def test_cruft_says_the_commit_itself(template, tmp_path):
    private = {"_commit": "a" * 40, "_template": "https://example.com/template"}
    record = (as_cruft(template, tmp_path, **private) / RECORD).read_text(encoding="utf-8")
    assert record.splitlines()[1] == f'commit = "{"a" * 40}"'
    assert "example.com" not in record


@pytest.mark.parametrize("commit_id", ["", 'a"\n[answers]', "main"])
def test_without_a_commit_there_is_no_record(template, tmp_path, commit_id):
    assert not (as_cruft(template, tmp_path, _commit=commit_id) / RECORD).exists()


def test_a_project_that_is_kept_keeps_its_record(command, repository):
    assert command(template=repository).returncode == 0
    path = command.output / "my_flask_app" / RECORD
    before = path.read_bytes()
    assert command("-f", "-s", "pages=no", template=repository).returncode == 0
    assert path.read_bytes() == before
    assert command("-f", "pages=no", template=repository).returncode == 0
    assert b'pages = "no"' in path.read_bytes()


def test_a_broken_history_is_none(command, repository):
    """Whatever stands there, the project is made."""
    (repository / ".git/HEAD").write_bytes(b"\xff\xfe ref")
    done = command(template=repository)
    assert done.returncode == 0, done.stderr
    assert not (command.output / "my_flask_app" / RECORD).exists()


def test_the_proof_sees_a_wrong_record(whole, repository, rules):
    """One that is missing, one that nobody asked for, and one of other answers."""
    values = defaults(whole)
    recorded = Template(repository, rules)
    answers = {**TEXTS, "project_slug": "tea_time", **{k: v or "no" for k, v in values.items()}}
    lines = [f'{key} = "{value}"\n' for key, value in answers.items()]
    record = "".join(["[answers]\n", *lines])
    assert list(faults_of_record(whole, values, None)) == []
    assert list(faults_of_record(recorded, values, record)) == []
    assert list(faults_of_record(recorded, values, None))
    assert list(faults_of_record(whole, values, record))
    assert list(faults_of_record(recorded, values, record.replace("yes", "no")))
