"""What the tests of updates share: a template with a history, projects of it, and their edits."""

import contextlib
import hashlib
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from unittest import mock

from flask_factory import cli
from flask_factory.template import RECORD, Template
from proof.mutations import Mutant
from proof.template import PACKAGE

SLUG = "tea_time"
TEXTS = {
    "project_name": "Tea Time",
    "project_slug": SLUG,
    "description": "Serves tea.",
    "author_name": "Ada Lovelace",
}


def git(folder, *arguments):
    """Run git as a user with a name; what it prints."""
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    # The same commits on every worker: what they render is shared.
    date = "2026-01-01T00:00:00Z"
    environment = {**os.environ, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    command = ["git", *identity, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return done.stdout.decode()


def is_as_it_was(project):
    return git(project, "status", "--porcelain") == ""


def commit(project):
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "More")


class History:
    """A repository of the template: `first`, and a tag for each change of it."""

    def __init__(self, template, folder, cache):
        self.folder = shutil.copytree(template, folder / "history")
        self.scratch = folder
        self.cache = cache
        self.clones = {}
        git(self.folder, "init", "--quiet", "--initial-branch=main")
        self.commit("first")

    def commit(self, name):
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--message", name)
        git(self.folder, "tag", name)

    def add(self, name, change):
        """A commit that changes the first one, on a branch of its own."""
        git(self.folder, "checkout", "--quiet", "-b", f"with-{name}", "first")
        change(self.folder)
        self.commit(name)
        git(self.folder, "checkout", "--quiet", "main")

    def render(self, template, *wanted):
        """Each project once, whichever test needs it; the real command makes it."""
        found = []
        for commit, answers in wanted:
            key = hashlib.sha256(repr((commit, sorted(answers.items()))).encode()).hexdigest()
            path = self.cache / key
            if not path.exists():
                [files] = RENDER(template, (commit, answers))
                partial = path.with_name(f"{key}-{os.getpid()}")
                partial.write_bytes(pickle.dumps(files))
                partial.replace(path)
            found.append(pickle.loads(path.read_bytes()))  # noqa: S301
        return found

    def open(self, _folder, _address, revision):
        """One clone for each revision, instead of one for each run."""
        if revision not in self.clones:
            folder = self.scratch / f"clone-{len(self.clones)}"
            folder.mkdir()
            self.clones[revision] = Template(folder, str(self.folder), revision)
        return self.clones[revision]

    def fresh(self, tag, answers):
        """The files of a new project."""
        template = self.open(None, None, tag)
        return self.render(template, (template.commit, {**TEXTS, **answers}))[0]

    def project(self, folder, answers=(), edits=(), tag="first"):
        """A project in a repository of its own, as somebody has changed it."""
        write(folder, self.fresh(tag, dict(answers)))
        for edit in edits:
            edit(folder)
        git(folder, "init", "--quiet")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", "As changed")
        return folder

    def run(self, folder, command, *words, text=""):
        """Run a command of the program in this process: its exit code, and what it says."""
        said = io.StringIO()
        words = [*words, "--template", str(self.folder)]
        if command != "add" and "--to" not in words:
            words += ["--to", "first"]
        with (
            contextlib.chdir(folder),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            mock.patch.object(sys, "stdin", io.StringIO(text)),
            mock.patch.object(cli, "Template", self.open),
            mock.patch.object(Template, "render", lambda *each: self.render(*each)),
        ):
            return cli.main([command, *words]), said.getvalue()


def run(folder, *words, template=None, code=None, **environment):
    """Run the program as a user does: what it prints."""
    command = [sys.executable, "-c", code or PROGRAM, *words]
    command += ["--template", str(template)] if template else []
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1]), **environment},
        check=False,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )


RENDER = Template.render
PROGRAM = "import sys; from flask_factory.cli import main; sys.exit(main())"


def write(folder, files):
    for path, file in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file)


def contents(folder):
    """What is in a project's folder, git's own apart."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def answers_of(files):
    """What the record among a project's files holds."""
    return tomllib.loads(files[RECORD].decode())["answers"]


def staged(project):
    """What an update has done, by git's letters."""
    listed = git(project, "diff", "--cached", "--name-status", "--no-renames").splitlines()
    return {path: letter for letter, path in (each.split("\t") for each in listed)}


# What the owner of a project does to it.


def change(folder, path, old, new, count=None):
    """Replace a text that a file has once, or its first."""
    place = folder / path
    text = place.read_text(encoding="utf-8")
    assert old in text if count else text.count(old) == 1, (path, old)
    place.write_text(text.replace(old, new, count or 1), encoding="utf-8", newline="\n")


def remove_lines(folder, path, pattern):
    lines = (folder / path).read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not re.search(pattern, line))
    (folder / path).write_text(text, encoding="utf-8", newline="\n")


def rename_all(folder, old, new):
    """A word in all texts and in all names."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if ".git" not in path.relative_to(folder).parts:
            if path.is_file():
                for one, other in ((old, new), (old.title(), new.title())):
                    content = path.read_bytes().replace(one.encode(), other.encode())
                    path.write_bytes(content)
            path.rename(path.with_name(path.name.replace(old, new)))


def remove_repository(folder):
    shutil.rmtree(folder / ".git")


def add_text(folder, path, text):
    with (folder / path).open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def blueprint(folder):
    """As the README says."""
    part = folder / SLUG / "greetings" / "__init__.py"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    source, test = re.findall("```python\n(.*?)```", readme, re.DOTALL)
    part.parent.mkdir()
    part.write_text(source, encoding="utf-8", newline="\n")
    (folder / "tests/test_greetings.py").write_text(test, encoding="utf-8", newline="\n")
    factory = folder / SLUG / "__init__.py"
    text = factory.read_text(encoding="utf-8")
    names = re.findall(r"^from \. import (\w+)$", text, re.MULTILINE)
    after = max(name for name in names if name < "greetings")
    line = f"from . import {after}\n"
    text = text.replace(line, f"{line}from . import greetings\n")
    text = text.replace("    return app\n", "    greetings.init_app(app)\n    return app\n")
    factory.write_text(text, encoding="utf-8", newline="\n")


def dependencies(folder, change):
    path = folder / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    before, opening, rest = text.partition("\ndependencies = [\n")
    items, closing, after = rest.partition("]\n")
    lines = change(items.splitlines(keepends=True))
    text = before + opening + "".join(lines) + closing + after
    path.write_text(text, encoding="utf-8", newline="\n")


def sorted_dependencies(folder):
    """By their names, as a formatter does."""
    added = '    "click>=8,<9",\n'
    dependencies(folder, lambda lines: sorted([*lines, added], key=lambda line: line.split(">")))


def last_dependency(folder):
    dependencies(folder, lambda lines: [*lines, '    "click>=8,<9",\n'])


def readme(folder):
    change(folder, "README.md", "# Tea Time\n", "# Tea Time, at five\n")
    change(folder, "README.md", "## Deploy\n", "## Brew\n\nThree minutes.\n\n## Deploy\n")
    add_text(folder, "README.md", "\n## Credits\n\nTo all.\n")


def setting(folder):
    """As the README says, at the end of the class or the list."""
    path = f"{SLUG}/config.py"
    text = (folder / path).read_text(encoding="utf-8")
    if "class Config:" in text:
        [after] = re.findall(r"^class Config:\n(?:.+\n|\n(?=    ))*", text, re.MULTILINE)
        new = after + '    GREETING: str = "Hello"\n'
    else:
        after = re.findall(r"^ +[A-Z_]+=read\(.*\),\n", text, re.MULTILINE)[-1]
        new = after + '        GREETING=read("GREETING", "Hello"),\n'
    change(folder, path, after, new)
    add_text(folder, ".env.example", "\n# What is said first.\nGREETING=Hello\n")


def no_example(folder):
    """As the README says, with the words about it."""
    if not has_example(folder):
        return
    shutil.rmtree(folder / SLUG / "notes")
    for path in (
        *folder.glob("tests/test_notes_*.py"),
        *folder.glob("migrations/versions/*note*.py"),
        folder / SLUG / "api/conditional.py",
        folder / SLUG / "api/pagination.py",
        folder / "schemathesis.toml",
    ):
        path.unlink(missing_ok=True)
    for path in folder.glob("migrations/versions/*.py"):
        text = path.read_text(encoding="utf-8").replace("Revises: notes\n", "Revises: initial\n")
        text = text.replace('down_revision = "notes"', 'down_revision = "initial"')
        path.write_text(text, encoding="utf-8", newline="\n")
    change(folder, f"{SLUG}/__init__.py", "from . import notes\n", "")
    change(folder, f"{SLUG}/__init__.py", "    notes.init_app(app)\n", "")
    text = (folder / "README.md").read_text(encoding="utf-8")
    [section] = re.findall("^## Delete the example\n.*?^(?=## )", text, re.DOTALL | re.MULTILINE)
    change(folder, "README.md", section, "")


def has_example(folder):
    return (folder / SLUG / "notes").exists()


def a_test(folder):
    change(folder, "tests/test_config.py", "\n\n\ndef test_", "\n\nTEA = 5\n\n\ndef test_", 1)
    add_text(folder, "tests/test_factory.py", "\n\ndef test_tea() -> None:\n    assert 5 == 5\n")


def moved(folder):
    """A guide goes into a folder, whatever the template calls it."""
    [guide] = [*folder.glob("docs/deploy.md"), *folder.glob("docs/production.md")]
    (folder / "docs/guides").mkdir()
    guide.rename(folder / "docs/guides/deploy.md")


def tables(folder):
    add_text(folder, "pyproject.toml", '\n[tool.deptry]\nextend_exclude = ["tests"]\n')


# What somebody can have done at once, and what is looked at alone.
TOGETHER = [blueprint, last_dependency, readme, a_test, moved, tables]
GROUPS = [TOGETHER, [sorted_dependencies], [setting], [no_example]]


def switches(questions):
    """Each option from the default to each other value, and back: the answers before and now."""
    for option, each in questions["_options"].items():
        asked = questions[option]
        first = asked[0] if isinstance(asked, list) else "yes" if asked else "no"
        for value in each["values"]:
            if (value or "no") != first:
                yield {}, {option: value or "no"}
                yield {option: value or "no"}, {option: first}


# What the template's own maintainers do to it.


def line(template):
    """Words, a dependency, a setting's explanation."""
    [folder] = template.glob("{{*")
    change(folder, "README.md", "and shows tracebacks in the browser.", "and shows tracebacks.")
    change(folder, "pyproject.toml", '"gunicorn>=27,<28"', '"gunicorn>=27,<29"')
    change(folder, ".env.example", "# The number of its processes.", "# How many processes.")
    change(folder, "{{cookiecutter.project_slug}}/__init__.py", "Build the app", "Make the app")


def moved_file(template):
    """A guide under another name, and what it says."""
    [folder] = template.glob("{{*")
    (folder / "docs/deploy.md").rename(folder / "docs/production.md")
    add_text(folder, "docs/production.md", "\n## Last\n\nDrink it.\n")
    for name in ("README.md", ".env.example", "docs/database.md"):
        text = (folder / name).read_text(encoding="utf-8").replace("deploy.md", "production.md")
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def question(template):
    """One more switch, on by default, which older projects never heard of."""
    mutant = Mutant(template, "question", None)
    mutant.write(f"{PACKAGE}/feeds/__init__.py", '"""Feeds."""\n\n\ndef init_app(app): ...\n')
    mutant.name_in_the_factory("feeds")
    mutant.add_switch("feeds", ["{slug}/feeds/"])


RENAMED = {"health": "probes"}


def renamed(template):
    """A question under another name."""
    for path in template.rglob("*"):
        if path.is_file() and ".git" not in path.relative_to(template).parts:
            content = path.read_bytes()
            path.write_bytes(content.replace(b"cookiecutter.__health", b"cookiecutter.__probes"))
    path = template / "cookiecutter.json"
    text = path.read_text(encoding="utf-8")
    text = re.sub('"(__)?health"', r'"\1probes"', text).replace(
        "cookiecutter.health", "cookiecutter.probes"
    )
    questions = json.loads(text)
    questions["_options"]["probes"]["formerly"] = ["health"]
    path.write_text(json.dumps(questions), encoding="utf-8", newline="\n")


def private(template):
    """A private table, which the rules of the first commit do not know."""
    path = template / "cookiecutter.json"
    questions = json.loads(path.read_text(encoding="utf-8"))
    text = json.dumps({"_brewing": {"minutes": 3}, **questions})
    path.write_text(text, encoding="utf-8", newline="\n")
    change(
        template, "hooks/pre_gen_project.py", 'RAW = ("_reserved"', 'RAW = ("_brewing", "_reserved"'
    )
    [folder] = template.glob("{{*")
    add_text(folder, "docs/deploy.md", "\nWait {{ cookiecutter._brewing.minutes }} minutes.\n")


CHANGES = {
    "line": line,
    "moved": moved_file,
    "question": question,
    "renamed": renamed,
    "private": private,
}
