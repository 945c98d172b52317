"""A project is updated as if its owner's changes had been made on a new project: to the byte."""

import json
import re
import signal
from types import SimpleNamespace

import pytest
import updating
from conftest import ROOT
from updating import (
    GROUPS,
    SLUG,
    TOGETHER,
    answers_of,
    change,
    commit,
    contents,
    git,
    is_as_it_was,
    no_example,
    write,
)

from flask_factory import answers, migrations, slices
from flask_factory import template as made_by
from flask_factory.git import Project, Stop
from flask_factory.template import RECORD
from proof.programs import CHECKS, uv

OPTIONS = json.loads((ROOT / "cookiecutter.json").read_bytes())
SWITCHES = list(updating.switches(OPTIONS))


def check(history, folder, answers, edits, now, tag="first"):
    """Update a project: `None` where it is as it must be, else what its owner is told.

    A file that is not as on a new project with the same edits must be in a conflict that is told.
    """
    project = history.project(folder / "project", answers, edits)
    words = [f"{key}={value}" for key, value in now.items()]
    status, said = history.run(project, "update", *words, "--to", tag, "--migrations", "drop")
    known = answers_of(history.fresh("first", answers))
    if tag == "renamed":
        known = {updating.RENAMED.get(key, key): value for key, value in known.items()}
    if tag == "question":
        known["feeds"] = "no"
    fresh = history.fresh(tag, {**known, **now})
    if no_example in edits and known["example"] == "yes":
        fresh[RECORD] = history.fresh(tag, {**known, "example": "no", **now})[RECORD]
    write(folder / "fresh", fresh)
    for edit in edits:
        if edit is not no_example or known["example"] == "yes":
            edit(folder / "fresh")
    got, expected = contents(project), contents(folder / "fresh")
    different = sorted(p for p in {*got, *expected} if got.get(p) != expected.get(p))
    told = re.search(r"^In conflict: (.+)\.$", said, re.MULTILINE)
    assert status == (1 if told else 0), said
    assert {*different} <= {*(told[1].split(", ") if told else [])}, (answers, now, different)
    return f"{answers} {now}: {told[0]}" if told else None


def check_all(history, folder, rows, at_most):
    """At least 95 of 100 scenarios are exact, and the others conflicts that are told."""
    told = [check(history, folder / str(n), *row) for n, row in enumerate(rows)]
    conflicts = [each for each in told if each]
    assert len(conflicts) <= at_most, conflicts


def groups(by_day=GROUPS):
    """Changes that many make at once; the others, and each alone, where there is the time."""
    by_night = [each for each in GROUPS if each not in by_day] + [[each] for each in TOGETHER]
    marked = [pytest.param(each, marks=pytest.mark.nightly) for each in by_night]
    return pytest.mark.parametrize("edits", [*by_day, *marked], ids=name_of)


def name_of(edits):
    return "all" if edits is TOGETHER else edits[0].__name__


@pytest.mark.proof
@groups(by_day=[TOGETHER, [no_example]])
def test_each_option_is_switched(history, tmp_path, edits):
    """Off, on and over: a setting in a class is one place with the class, which then goes."""
    rows = [(before, edits, now) for before, now in SWITCHES]
    check_all(history, tmp_path, rows, 2 if updating.setting in edits else 0)


@pytest.mark.proof
@groups()
def test_a_newer_template_is_taken(history, tmp_path, edits):
    choices = [(answers, tag) for answers in ({}, {"pages": "no"}) for tag in updating.CHANGES]
    check_all(history, tmp_path, [(answers, edits, {}, tag) for answers, tag in choices], 0)


@pytest.mark.proof
@groups(by_day=[TOGETHER])
def test_a_newer_template_and_other_answers_are_taken_at_once(history, tmp_path, edits):
    answers = [{"api": "no"}, {"database": "postgresql"}, {"errors": "html"}, {"pages": "no"}]
    choices = [(now, tag) for now in answers for tag in updating.CHANGES]
    choices.append(({"feeds": "yes"}, "question"))
    check_all(history, tmp_path, [({}, edits, now, tag) for now, tag in choices], 0)


ALL = [*TOGETHER, updating.setting]


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """One environment for all projects, and what mypy knows of it, as variables."""
    folder = tmp_path_factory.mktemp("shared")
    names = {"UV_PROJECT_ENVIRONMENT": "environment", "MYPY_CACHE_DIR": "mypy"}
    return {name: str(folder / place) for name, place in names.items()}


BY_NIGHT = [
    ({"api": "no"}, ALL, ["update api=yes errors=html"]),
    ({"pages": "no"}, [updating.sorted_dependencies], ["update pages=yes --to line"]),
    ({}, [no_example, updating.blueprint], ["update errors=none", "add orders order"]),
    ({"example": "no"}, ALL, ["add orders order", "update example=yes errors=html"]),
]


@pytest.mark.proof
@pytest.mark.parametrize(
    ("answers", "edits", "commands"),
    [
        ({}, TOGETHER, ["update health=no config=no"]),
        ({"database": "none"}, ALL, ["update database=sqlite example=yes", "add boxes box"]),
        *(pytest.param(*each, marks=pytest.mark.nightly) for each in BY_NIGHT),
    ],
)
def test_the_projects_own_checks_are_green(history, shared, tmp_path, answers, edits, commands):
    """Its database is migrated before, where it has one, and again after each command."""
    project = history.project(tmp_path / "project", answers, edits)
    for number, words in enumerate(["", *commands]):
        if words:
            status, said = history.run(project, *words.split())
            assert status == 0, said
        uv(project, "sync", "--quiet", **shared)
        ours = [*(CHECKS.values() if number == len(commands) else ())]
        if (project / "migrations").exists():
            ours += ["flask db upgrade", "flask db check"]
        for command in ("ruff format --quiet", *ours):
            uv(project, "run", "--no-sync", *command.split(), **shared)
        commit(project)


def update(history, project, *words, tag="first"):
    """Update without a conflict; what is said."""
    status, said = history.run(project, "update", *words, "--to", tag)
    assert status == 0, said
    return said


def test_the_program_itself_updates(history, tmp_path):
    """A file that its owner made a program stays one."""
    project = history.project(tmp_path / "project")
    factory = f"{SLUG}/__init__.py"
    git(project, "update-index", "--chmod=+x", factory)
    git(project, "commit", "--quiet", "--message", "It can be run")
    git(project, "reset", "--hard", "--quiet")
    git(history.folder, "checkout", "--quiet", "line")
    done = updating.run(project, "update", "health=no", template=history.folder)
    git(history.folder, "checkout", "--quiet", "main")
    assert done.returncode == 0, done.stderr
    assert contents(project) == history.fresh("line", {"health": "no"})
    assert factory in updating.staged(project)
    assert git(project, "ls-files", "--stage", factory).startswith("100755 ")


def test_an_option_is_switched_and_undone(history, tmp_path):
    """All is staged, nothing is committed, and the command that is printed undoes it."""
    project = history.project(tmp_path / "project", {"health": "no"}, [updating.blueprint])
    before = contents(project)
    said = update(history, project, "health=yes", "pages=no")
    fresh = history.fresh("first", {"health": "yes", "pages": "no"})
    write(tmp_path / "fresh", fresh)
    updating.blueprint(tmp_path / "fresh")
    assert contents(project) == contents(tmp_path / "fresh")
    assert git(project, "diff") == ""
    assert git(project, "log", "--format=%s").split("\n")[0] == "As changed"
    commit_id = git(history.folder, "rev-parse", "--short=7", "first").strip()
    assert said == (
        f"The template is taken as of {commit_id}.\n"
        f"Read this, since you and the template changed the same place: {SLUG}/__init__.py.\n"
        f"Staged, and not committed: {len(updating.staged(project))} files.\n\n"
        "    git diff --staged\n"
        "    git restore --source=HEAD --staged --worktree -- .     (to undo all of it)\n"
    )
    [undo] = re.findall(r"^    git (restore.*?)  ", said, re.MULTILINE)
    git(project, *undo.split())
    assert is_as_it_was(project)
    assert contents(project) == before


def test_diff_shows_it_and_changes_nothing(history, tmp_path, capfd):
    project = history.project(tmp_path / "project")
    objects = git(project, "count-objects")
    status, said = history.run(project, "diff", "health=no")
    assert status == 0, said
    assert "-from . import health\n" in capfd.readouterr().out
    assert is_as_it_was(project)
    assert git(project, "count-objects") == objects
    assert history.run(project, "diff") == (0, "Nothing changes.\n")
    change(project, "README.md", "## Deploy", "## Ship")  # It is not committed, nor in the way.
    status, said = history.run(project, "diff", "health=no")
    assert status == 0, said


def test_a_conflict_is_told_and_keeps_both(history, tmp_path):
    """It is git's: three stages, marks in the file, and exit code 1."""
    project = history.project(tmp_path / "project")
    change(project, "pyproject.toml", '"gunicorn>=27,<28"', '"gunicorn>=27.1,<28"')
    change(project, "tests/test_health.py", "def test_", "def test_our_", 1)
    commit(project)
    status, said = history.run(project, "update", "health=no", "--to", "line")
    assert status == 1
    assert said.endswith("In conflict: pyproject.toml, tests/test_health.py.\n")
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    assert '<<<<<<< yours\n    "gunicorn>=27.1,<28",\n' in text
    assert '=======\n    "gunicorn>=27,<29",\n>>>>>>> template\n' in text
    assert "test_our_" in (project / "tests/test_health.py").read_text(encoding="utf-8")
    short = git(project, "status", "--short").splitlines()
    assert {"UU pyproject.toml", "UD tests/test_health.py"} <= {*short}
    git(project, *"restore --source=HEAD --staged --worktree -- .".split())
    assert is_as_it_was(project)


def test_what_was_deleted_stays_deleted(history, tmp_path):
    """A file, a folder in which the template has something new, and lines."""
    project = history.project(tmp_path / "project", {"api": "no"})
    updating.remove_lines(project, "README.md", "127.0.0.1:5000|shows tracebacks")
    git(project, "rm", "-r", "--quiet", "docs", f"{SLUG}/errors")
    commit(project)
    said = update(history, project, "errors=json", tag="line")
    words = "^Read this, since you and the template changed the same place: (.*)"
    assert "README.md" in re.search(words, said, re.MULTILINE)[1]
    assert "tracebacks" not in (project / "README.md").read_text(encoding="utf-8")
    assert not (project / "docs").exists()
    assert not (project / SLUG / "errors").exists()
    before = history.fresh("first", {"api": "no"})
    after = history.fresh("line", {"api": "no", "errors": "json"})
    new = [path for path, file in after.items() if file != before.get(path)]
    spared = sorted(path for path in new if path.startswith(("docs/", f"{SLUG}/errors/")))
    assert f"\nLeft as you have it (renamed or deleted): {', '.join(spared)}.\n" in said


def test_what_was_renamed_outlives_its_option(history, tmp_path):
    project = history.project(tmp_path / "project")
    git(project, "mv", "tests/test_health.py", "tests/test_probes.py")
    commit(project)
    said = update(history, project, "health=no")
    assert "\nLeft as you have it (renamed or deleted): tests/test_probes.py.\n" in said
    assert (project / "tests/test_probes.py").exists()


def test_a_package_that_was_renamed_by_hand_is_followed(history, tmp_path):
    project = history.project(tmp_path / "project")
    updating.rename_all(project, SLUG, "shop")
    change(project, RECORD, 'project_slug = "shop"', f'project_slug = "{SLUG}"')  # As it was.
    commit(project)
    update(history, project, "health=no")
    expected = updating.TEXTS | {"project_slug": "shop"}
    write(tmp_path / "fresh", history.fresh("first", {**expected, "health": "no"}))
    assert contents(project) == contents(tmp_path / "fresh")


def test_an_example_that_became_a_part_of_ones_own_is_left_alone(history, tmp_path):
    project = history.project(tmp_path / "project")
    updating.rename_all(project, "notes", "orders")
    commit(project)
    before = contents(project)
    said = update(history, project, "health=no", tag="line")
    assert "from now on the record says example = no" in said
    after = contents(project)
    own = {path for path in before if "orders" in path} | {f"{SLUG}/api/conditional.py"}
    assert {path: after[path] for path in own} == {path: before[path] for path in own}
    assert b"from . import orders" in after[f"{SLUG}/__init__.py"]
    assert b"import health" not in after[f"{SLUG}/__init__.py"]
    assert b'example = "no"' in after[RECORD]


def test_what_is_no_project_of_the_template_is_refused(history, tmp_path):
    """It has neither a record nor the package, or is not to be told from others."""
    project = tmp_path / "project"
    write(project, {"mine.txt": b"mine"})
    git(project, "init", "--quiet")
    commit(project)
    refused = (
        "Error: neither a record nor files of the template are here: KeyError('pyproject.toml').\n"
    )
    assert history.run(project, "update") == (1, refused)
    project = history.project(tmp_path / "renamed")
    updating.rename_all(project, SLUG, "shop")
    change(project, "shop/__init__.py", "def create_app", "def make_app")
    change(project, RECORD, 'project_slug = "shop"', f'project_slug = "{SLUG}"')
    commit(project)
    refused = f"Error: the package {SLUG} is gone: put its name into {RECORD} as project_slug.\n"
    assert history.run(project, "update") == (1, refused)
    assert is_as_it_was(project)


def test_an_interrupted_update_leaves_the_project(history, tmp_path, monkeypatch):
    project = history.project(tmp_path / "project")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(history, "render", interrupted)
    refused = "Error: interrupted; the project is as it was.\n"
    assert history.run(project, "update", "health=no") == (1, refused)
    assert is_as_it_was(project)


def test_what_is_being_staged_is_not_interrupted(history, tmp_path, monkeypatch):
    """All or nothing, and what git does not know is left alone; Ctrl-C counts again afterwards."""
    project = history.project(tmp_path / "project")
    (project / "mine.txt").write_bytes(b"mine")
    stage = Project.stage

    def interrupted(*given):
        signal.raise_signal(signal.SIGINT)
        stage(*given)

    monkeypatch.setattr(Project, "stage", interrupted)
    # A shell has what it runs in the background ignore Ctrl-C.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        update(history, project, "health=no")
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, handler)
    fresh = history.fresh("first", {"health": "no"})
    assert contents(project) == {**fresh, "mine.txt": b"mine"}


@pytest.mark.parametrize(
    "names",
    """a:tea a:unit a:user a:university a:union a:euro a:one a:once a:house a:useful
    an:order an:umbrella an:uncle an:onion an:ounce an:hour an:heir an:honour an:honor an:honest""".split(),
)
def test_a_slice_has_the_article_of_its_name(names):
    article, name = names.split(":")
    said = "A note, a new note, a note_form, Note, NOTES, two notes, a keynote, noted"
    assert slices.renamed(said, f"{name}s", name) == (
        f"{article.title()} {name}, a new {name}, {article} {name}_form, {name.title()}, "
        f"{name.upper()}S, two {name}s, a keynote, noted"
    )


def test_a_program_that_was_installed_from_an_archive_asks_for_the_template(tmp_path, monkeypatch):
    """Of a clone or a URL its own metadata know the address and the commit."""
    known = {"url": "https://example.com/t", "vcs_info": {"commit_id": "1a"}}
    found = SimpleNamespace(read_text={"direct_url.json": json.dumps(known)}.get)
    monkeypatch.setattr(made_by, "__file__", str(tmp_path / "flask_factory" / "template.py"))
    monkeypatch.setattr(made_by.metadata, "distribution", lambda _: found)
    assert made_by.origin() == ("https://example.com/t", "1a")
    found.read_text = {}.get
    with pytest.raises(Stop, match="^where is the template\\? Add --template with its address$"):
        made_by.origin()


def test_an_option_that_is_new_is_what_was_before(history):
    """Not its default; and one under another name keeps its answer."""
    given, before = answers_of(history.fresh("first", {"health": "no"})), {"feeds": "no"}
    template = history.open(None, None, "question")
    assert answers.wanted(template, given, {}) == {**given, **before}
    assert answers.wanted(template, given, {"feeds": "yes"}) == {**given, "feeds": "yes"}
    template = history.open(None, None, "renamed")
    found = answers.wanted(template, given, {})
    assert found == {updating.RENAMED.get(key, key): value for key, value in given.items()}


MIGRATION = '''"""Orders.

Revision ID: abc123
Revises: notes
Create Date: 2026-11-27
"""

import sqlalchemy as sa
from alembic import op

revision = "abc123"
down_revision = "notes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("orders", sa.Column("id", sa.Integer(), nullable=False))


def downgrade() -> None:
    op.drop_table("orders")
'''


def test_migrations_stay_where_the_project_has_its_own(history, tmp_path):
    project = history.project(tmp_path / "project")
    (project / "migrations/versions/abc123.py").write_text(MIGRATION, encoding="utf-8")
    commit(project)
    assert "Migrations stay as they are" in update(history, project, "example=no")
    assert not (project / SLUG / "notes").exists()
    names = sorted(path.name for path in (project / "migrations/versions").glob("*.py"))
    assert names == ["abc123.py", "initial.py", "notes.py"]


def test_a_new_migration_follows_the_projects_last(history, tmp_path):
    project = history.project(tmp_path / "project", {"example": "no"})
    text = MIGRATION.replace("notes", "initial")
    (project / "migrations/versions/abc123.py").write_text(text, encoding="utf-8")
    commit(project)
    update(history, project, "example=yes")
    text = (project / "migrations/versions/notes.py").read_text(encoding="utf-8")
    assert "\nRevises: abc123\n" in text
    assert '\ndown_revision = "abc123"\n' in text


def test_a_revision_that_a_database_may_have_does_not_vanish_unasked(history, tmp_path):
    project = history.project(tmp_path / "project")
    status, said = history.run(project, "update", "example=no")
    assert status == 1
    assert "flask db downgrade initial; then add --migrations drop" in said
    assert is_as_it_was(project)
    update(history, project, "example=no", "--migrations", "keep")
    assert (project / "migrations/versions/notes.py").exists()
    git(project, "reset", "--hard", "--quiet")
    update(history, project, "example=no", "--migrations", "drop")
    assert not (project / "migrations/versions/notes.py").exists()


def test_the_first_of_all_migrations_is_taken_back_to_nothing():
    path = f"{migrations.FOLDER}initial.py"
    made = b'revision = "initial"\ndown_revision = None\n'
    with pytest.raises(Stop, match="type there first: flask db downgrade base; then add"):
        migrations.settle({path: made}, {path: made}, {path: made + b"# More\n"}, None)


def test_a_list_that_both_have_changed_is_to_be_read(history, tmp_path):
    """Although nothing is in conflict."""
    project = history.project(tmp_path / "project", edits=[updating.sorted_dependencies])
    said = update(history, project, tag="line")
    assert "the template changed the same place: pyproject.toml.\n" in said


def test_another_database_is_empty_and_says_so(history, tmp_path):
    project = history.project(tmp_path / "project")
    assert "The new database is empty" in update(history, project, "database=postgresql")


def test_the_lock_file_is_left_alone(history, tmp_path):
    project = history.project(tmp_path / "project")
    (project / "uv.lock").write_text("mine", encoding="utf-8")
    commit(project)
    said = update(history, project, "health=no")  # It is in no list of dependencies.
    assert "pyproject.toml" not in updating.staged(project) and "uv lock" not in said
    git(project, "reset", "--hard", "--quiet")
    assert "\n    uv lock\n" in update(
        history, project, "api=no", "example=no", "--migrations=drop"
    )
    assert (project / "uv.lock").read_text(encoding="utf-8") == "mine"


def test_a_project_can_be_below_the_root_of_its_repository(history, tmp_path):
    """And the clone can be shallow, and what is beside it be changed."""
    whole = tmp_path / "whole"
    history.project(whole / "services" / "tea", edits=[updating.blueprint])
    project = whole / "services" / "tea"
    updating.remove_repository(project)
    git(whole, "init", "--quiet")
    commit(whole)
    (whole / "beside.txt").write_text("mine", encoding="utf-8")
    commit(whole)
    git(tmp_path, "clone", "--quiet", "--depth=1", whole.as_uri(), "shallow")
    shallow = tmp_path / "shallow"
    (shallow / "beside.txt").write_text("changed", encoding="utf-8")
    update(history, shallow / "services/tea", "health=no")
    write(tmp_path / "fresh", history.fresh("first", {"health": "no"}))
    updating.blueprint(tmp_path / "fresh")
    assert contents(shallow / "services/tea") == contents(tmp_path / "fresh")
    assert {path.partition("/")[0] for path in updating.staged(shallow)} == {"services"}
    git(shallow / "services/tea", *"restore --source=HEAD --staged --worktree -- .".split())
    assert git(shallow, "status", "--short") == " M beside.txt\n"


def test_line_ends_of_windows_stay(history, tmp_path):
    project = history.project(tmp_path / "project")
    (project / ".gitattributes").unlink()
    commit(project)
    change(project, "README.md", "## Deploy\n", "## Brew\n\nTea.\n\n## Deploy\n")
    for path in ("README.md", f"{SLUG}/__init__.py", "tests/test_health.py"):
        content = (project / path).read_bytes()
        (project / path).write_bytes(content.replace(b"\n", b"\r\n"))
    commit(project)
    update(history, project, "health=no", tag="line")
    fresh = history.fresh("line", {"health": "no"})
    expected = fresh["README.md"].replace(b"## Deploy\n", b"## Brew\n\nTea.\n\n## Deploy\n")
    assert (project / "README.md").read_bytes() == expected.replace(b"\n", b"\r\n")
    factory = fresh[f"{SLUG}/__init__.py"]
    assert (project / SLUG / "__init__.py").read_bytes() == factory.replace(b"\n", b"\r\n")
    assert not (project / "tests/test_health.py").exists()
