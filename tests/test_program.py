"""The program `flask-factory` as a process of its own: what goes wrong, and what is left then."""

import json
import re
import shutil
import signal

import pytest
import updating
from conftest import ROOT
from updating import SLUG, answers_of, change, commit, contents, git, is_as_it_was, run

from flask_factory.template import RECORD
from proof.programs import uv

pytestmark = pytest.mark.proof


@pytest.fixture
def project(history, tmp_path):  # noqa: F811
    return history.project(tmp_path / "project")


def is_refused(project, done, words):
    """One line, exit code 1, and the project as it was."""
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(f"Error: {words}.*\\.\n", done.stderr), done.stderr
    assert is_as_it_was(project)
    return True


def test_what_is_in_the_way_is_said(history, project):  # noqa: F811
    template = history.folder
    change(project, "README.md", "## Deploy", "## Ship")
    for words in (["update", "health=no"], ["add", "orders", "order"]):
        done = run(project, *words, template=template)
        assert done.stderr == (
            "Error: README.md has changes that are not committed: commit or stash them first.\n"
        )
    git(project, "restore", "README.md")
    assert is_refused(project, run(project, "update", "health", template=template), "health is no")
    done = run(project, "update", "helth=no", template=template)
    assert is_refused(project, done, 'There is no option "helth": did you mean "health"')
    done = run(project, "update", "errors=xml", template=template)
    assert is_refused(project, done, "ValueError: xml provided for choice variable errors")
    done = run(project, "update", "project_slug=shop", template=template)
    assert is_refused(project, done, "project_slug: rename the package by hand")
    done = run(project, "update", "description={{ 7 * 7 }}", template=template)
    assert is_refused(project, done, "description: ")


def test_a_diff_is_for_git_apply(history, project):
    """Whatever is said beside it."""
    done = run(project, "diff", "health=no", template=history.folder)
    assert "The template is taken as of" in done.stderr
    patch = project.with_name("patch")
    patch.write_text(done.stdout, encoding="utf-8", newline="\n")
    git(project, "apply", str(patch))
    assert contents(project) == history.fresh("first", {"health": "no"})


@pytest.mark.parametrize("ignored", ["", "health\n"])
def test_an_untracked_file_is_not_overwritten(history, tmp_path, ignored):  # noqa: F811
    """git itself would overwrite one that it ignores."""
    project = history.project(tmp_path / "project", {"health": "no"})
    (project / ".git" / "info" / "exclude").write_text(ignored, encoding="utf-8")
    place = project / SLUG / "health"
    for make in (lambda: place.write_text("mine", encoding="utf-8"), lambda: mine(place)):
        make()
        before = contents(project)
        done = run(project, "update", "health=yes", template=history.folder)
        assert done.returncode == 1
        assert re.search(f"{SLUG}/health.* (is in the way|would be overwritten)", done.stderr)
        assert contents(project) == before
        shutil.rmtree(place) if place.is_dir() else place.unlink()


def mine(folder):
    folder.mkdir()
    (folder / "__init__.py").write_text("mine", encoding="utf-8")


def test_no_git_and_no_template(history, project, tmp_path):  # noqa: F811
    done = run(project, "update", template=history.folder, PATH="")
    assert is_refused(project, done, "git is not installed")
    done = run(project, "update", template=tmp_path / "nowhere")
    assert is_refused(project, done, "the template can't be cloned: fatal: ")
    done = run(project, "update", template="https://127.0.0.1:9/nothing.git")
    assert is_refused(project, done, "the template can't be cloned: fatal: unable to access")
    bare = tmp_path / "bare"
    bare.mkdir()
    assert "nothing is committed here" in run(bare, "update", template=history.folder).stderr


def test_a_commit_that_is_gone(history, project):  # noqa: F811
    """Nor one that no branch or tag reaches, which somebody may have slipped in."""
    record = (project / RECORD).read_text(encoding="utf-8")
    [commit_id] = re.findall('^commit = "(.*)"', record, re.MULTILINE)
    tree = git(history.folder, "rev-parse", "HEAD^{tree}").strip()
    loose = git(history.folder, "commit-tree", "-p", "HEAD", "-m", "Slipped in", tree).strip()
    for name in ("0" * 40, loose):
        change(project, RECORD, commit_id, name)
        commit(project)
        done = run(project, "update", "health=no", template=history.folder)
        assert is_refused(project, done, f"the template has no commit {name} on a branch")
        commit_id = name


def test_an_older_program_takes_nothing_back(history, tmp_path):  # noqa: F811
    project = history.project(tmp_path / "project", tag="line")
    done = run(project, "update", template=history.folder)
    assert is_refused(project, done, "this flask-factory is older ")
    first = git(history.folder, "rev-parse", "HEAD").strip()
    done = run(project, "update", "--to", first, template=history.folder)
    assert (done.returncode, "older" in done.stderr) == (0, False), done.stderr
    assert f'commit = "{first}"' in (project / ".flask-factory.toml").read_text(encoding="utf-8")


def test_uvx_knows_where_the_program_came_from(history, project):  # noqa: F811
    """Its address and its commit are the template's, and of an installed folder its last one."""
    address = history.folder.as_uri()
    for source, expected in ((f"git+{address}@line", "line"), (str(history.folder), "first")):
        uv(project, "tool", "run", "--from", source, *"flask-factory update health=no".split())
        fresh = history.fresh(expected, {"health": "no"})
        assert contents(project) == fresh
        git(project, "reset", "--hard", "--quiet")


def test_the_newest_is_taken_where_it_is_asked_for(history, project, tmp_path):  # noqa: F811
    """By uv's own option: without, it has the program that it had."""
    moving = tmp_path / "moving"
    git(tmp_path, "clone", "--quiet", str(history.folder), str(moving))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    option = re.search("`(--[a-z]+)` after `uvx` takes the newest", " ".join(readme.split()))[1]
    for options, expected in (([], "first"), ([option], "line")):
        git(moving, "checkout", "--quiet", expected)
        source = f"git+{moving.as_uri()}"
        command = [
            "tool",
            "run",
            *options,
            "--from",
            source,
            "flask-factory",
            "update",
            "health=no",
        ]
        uv(project, *command)
        assert contents(project) == history.fresh(expected, {"health": "no"})
        git(project, "reset", "--hard", "--quiet")


KILLED = """
import os, sys
from flask_factory import cli, git, template
def killed(original, at, change=""):
    def replaced(*arguments, **more):
        if at is None or at.split() == [*arguments][: len(at.split())]:
            if change:
                os.unlink("tea_time/api/__init__.py")
                os.mkdir("tea_time/health")
                open("tea_time/health/__init__.py", "w").close()
            os.kill(os.getpid(), 9)
        return original(*arguments, **more)
    return replaced
{patch}
cli.main(sys.argv[1:])
"""


@pytest.mark.parametrize(
    "patch",
    [
        "template.Template.make = killed(template.Template.make, None)",
        "git.git = killed(git.git, 'read-tree -m -u --dry-run')",
        "git.git = killed(git.git, 'read-tree -m -u HEAD')",
        "git.git = killed(git.git, 'read-tree -m -u HEAD', 'half of the folder')",
    ],
    ids=["rendering", "before the index", "after the index", "while writing"],
)
def test_a_process_that_is_killed(history, tmp_path, patch):  # noqa: F811
    """The project is as it was, or is so again after the command that undoes an update."""
    project = history.project(tmp_path / "project", {"health": "no"})
    before = contents(project)
    words = ["update", "health=yes", "api=no"]
    done = run(project, *words, template=history.folder, code=KILLED.format(patch=patch))
    assert done.returncode == -signal.SIGKILL
    if "HEAD" in patch:
        assert not is_as_it_was(project)
        git(project, *"restore --source=HEAD --staged --worktree -- .".split())
    assert is_as_it_was(project)
    assert contents(project) == before


def test_a_slice_is_added(history, project):  # noqa: F811
    done = run(project, "add", "orders", "order", template=history.folder)
    assert done.returncode == 0, done.stderr
    after = contents(project)
    assert RECORD not in updating.staged(project)
    factory = after[f"{SLUG}/__init__.py"].decode()
    assert "from . import notes\nfrom . import orders\nfrom . import pages\n" in factory
    assert "    orders.init_app(app)\n    notes.init_app(app)\n" in factory
    migration = after["migrations/versions/orders.py"].decode()
    assert 'revision = "orders"\ndown_revision = "notes"\n' in migration
    words = b"".join(after[path] for path in after if "order" in path)
    assert b"a order" not in words and b"an order" in words and b"example" not in words
    assert b"note" not in words.replace(b"Revises: notes", b"").replace(b'= "notes"', b"").lower()
    assert b"Delete the example" in after["README.md"]
    commit(project)
    done = run(project, "add", "orders", "order", template=history.folder)
    assert is_refused(project, done, f"{SLUG}/orders is there already")


def test_a_slice_leaves_the_migrations_of_accounts_alone(history, tmp_path):
    """Those are others where there is an example; the slice's own come last, one after another."""
    project = history.project(tmp_path / "project", {"auth": "password"})
    done = run(project, "add", "orders", "order", template=history.folder)
    assert done.returncode == 0, done.stderr
    files = {path for path in updating.staged(project) if path.startswith("migrations/")}
    assert files == {"migrations/versions/orders.py", "migrations/versions/orders_owner.py"}
    owner = contents(project)["migrations/versions/orders_owner.py"]
    assert b'\ndown_revision = "orders"\n' in owner


@pytest.mark.parametrize(
    ("answers", "names", "words"),
    [
        ({"database": "none"}, ["orders", "order"], "the example needs a database"),
        ({}, ["Orders", "order"], "type the plural and the singular"),
        ({}, ["orders"], "type the plural and the singular"),
        ({}, ["sheep", "sheep"], "type the plural and the singular"),
        ({}, ["pages", "page"], "tea_time/pages is there already"),
        ({"pages": "no"}, ["pages", "page"], "tea_time/pages is there already, or a part"),
    ],
)
def test_a_slice_is_refused(history, tmp_path, answers, names, words):  # noqa: F811
    project = history.project(tmp_path / "project", answers)
    assert is_refused(project, run(project, "add", *names, template=history.folder), words)


def test_a_project_without_a_record_is_adopted(history, tmp_path):  # noqa: F811
    answers = {"pages": "no", "errors": "json", "license": "none", "python_version": "3.12"}
    project = history.project(tmp_path / "project", answers, [updating.blueprint])
    (project / RECORD).unlink()
    commit(project)
    status, said = history.run(project, "update")
    assert status == 1
    assert "write what is right" in said
    status, said = history.run(project, "update", text=" Y\n")
    assert status == 0, said
    assert updating.staged(project) == {RECORD: "A"}
    assert contents(project)[RECORD] == history.fresh("first", answers)[RECORD]


def test_a_slice_keeps_what_it_needs_when_the_example_goes(history, project):  # noqa: F811
    assert run(project, "add", "orders", "order", template=history.folder).returncode == 0
    commit(project)
    done = run(project, "update", "example=no", template=history.folder)
    assert done.returncode == 0, done.stderr
    assert not (project / SLUG / "notes").exists()
    for path in ("schemathesis.toml", f"{SLUG}/api/conditional.py", "migrations/versions/notes.py"):
        assert (project / path).exists()
    assert b"from . import orders\n" in contents(project)[f"{SLUG}/__init__.py"]


def test_the_record_of_cruft_is_understood(history, project):  # noqa: F811
    """Its commit and its answers, of whatever type; not its address."""
    commit_id = git(history.folder, "rev-parse", "first").strip()
    answers = answers_of(history.fresh("first", {}))
    context = {**answers, "_template": "https://example.com/other.git", "pages": True}
    record = {"commit": commit_id, "context": {"cookiecutter": context}}
    (project / ".cruft.json").write_text(json.dumps(record), encoding="utf-8")
    (project / RECORD).unlink()
    commit(project)
    done = run(project, "update", "health=no", template=history.folder)
    assert done.returncode == 0, done.stderr
    assert contents(project)[RECORD] == history.fresh("first", {"health": "no"})[RECORD]
