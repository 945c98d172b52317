"""What the tests of updates share: a template with a history, projects of it, and their edits."""

import contextlib
import io
import re
import shutil
import subprocess
from pathlib import Path

from flask_factory import cli
from flask_factory.template import Template, answers_of

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
    command = ["git", *identity, *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return done.stdout.decode()


class History:
    """A repository of the template: `first`, and a tag for each change of it."""

    def __init__(self, template, folder):
        self.folder = shutil.copytree(template, folder / "history")
        git(self.folder, "init", "--quiet", "--initial-branch=main")
        self.commits = {}
        self.commit("first")
        self.known = {}
        self.scratch = folder
        self.clones = {}

    def commit(self, name, change=None):
        """A commit that changes the first one."""
        if name in self.commits:
            return self.commits[name]
        if change:
            git(self.folder, "checkout", "--quiet", self.commits["first"])
            change(self.folder)
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--message", name)
        git(self.folder, "tag", name)
        self.commits[name] = git(self.folder, "rev-parse", "HEAD").strip()
        if change:
            git(self.folder, "checkout", "--quiet", "main")
        return self.commits[name]

    def render(self, template, *wanted):
        """Each project once: what makes them is the real command, in processes."""
        missing = {key_of(*each): each for each in wanted if key_of(*each) not in self.known}
        made = RENDER(template, *missing.values())
        self.known.update(zip(missing, made, strict=True))
        return [dict(self.known[key_of(*each)]) for each in wanted]

    def open(self, _folder, _address, revision):
        """A clone for each revision, instead of one for each run."""
        if revision not in self.clones:
            folder = self.scratch / f"clone-{len(self.clones)}"
            folder.mkdir()
            self.clones[revision] = Template(folder, str(self.folder), revision)
        return self.clones[revision]

    def fresh(self, commit, answers):
        """The files of a new project."""
        wanted = (self.commits[commit], {**TEXTS, **answers})
        return self.render(self.open(None, None, commit), wanted)[0]

    def project(self, folder, commit="first", answers=(), edits=()):
        """A project in a repository of its own, as somebody has changed it."""
        write(folder, self.fresh(commit, dict(answers)))
        git(folder, "init", "--quiet")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", "As made")
        for edit in edits:
            edit(folder)
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--allow-empty", "--message", "As changed")
        return folder

    def run(self, folder, *words):
        """Run the program in a project: its exit code, and what it says."""
        said = io.StringIO()
        command, *rest = words
        rest += ["--template", str(self.folder)]
        if command != "add" and "--to" not in rest:
            rest += ["--to", "first"]
        with contextlib.chdir(folder), contextlib.redirect_stdout(said):
            with contextlib.redirect_stderr(said):
                status = cli.main([command, *rest])
        return status, said.getvalue()


RENDER = Template.render


def key_of(commit, answers):
    return commit, *sorted(answers.items())


def write(folder, files):
    for path, file in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content)


def contents(folder):
    """What is in a project's folder, git's own apart."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


# What the owner of a project does to it.


def change(folder, path, old, new, count=None):
    """Replace a text that a file has once, or its first."""
    place = folder / path
    text = place.read_text(encoding="utf-8")
    assert old in text if count else text.count(old) == 1, (path, old)
    place.write_text(text.replace(old, new, count or 1), encoding="utf-8", newline="\n")


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
    added = '    "humanize>=4,<5",\n'
    dependencies(folder, lambda lines: sorted([*lines, added], key=lambda line: line.split(">")))


def last_dependency(folder):
    dependencies(folder, lambda lines: [*lines, '    "humanize>=4,<5",\n'])


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
    if not (folder / SLUG / "notes").exists():
        return
    shutil.rmtree(folder / SLUG / "notes")
    for path in (
        *folder.glob("tests/test_notes_*.py"),
        folder / "migrations/versions/notes.py",
        folder / SLUG / "api/conditional.py",
        folder / SLUG / "api/pagination.py",
        folder / "schemathesis.toml",
    ):
        path.unlink(missing_ok=True)
    change(folder, f"{SLUG}/__init__.py", "from . import notes\n", "")
    change(folder, f"{SLUG}/__init__.py", "    notes.init_app(app)\n", "")
    text = (folder / "README.md").read_text(encoding="utf-8")
    [section] = re.findall("^## Delete the example\n.*?^(?=## )", text, re.DOTALL | re.MULTILINE)
    change(folder, "README.md", section, "")


def a_test(folder):
    change(folder, "tests/test_config.py", "\n\n\ndef test_", "\n\nTEA = 5\n\n\ndef test_", 1)
    add_text(folder, "tests/test_factory.py", "\n\ndef test_tea() -> None:\n    assert 5 == 5\n")


def moved(folder):
    """A guide goes into a folder, and a module of the package into another."""
    (folder / "docs/guides").mkdir()
    (folder / "docs/deploy.md").rename(folder / "docs/guides/deploy.md")


def tables(folder):
    add_text(folder, "pyproject.toml", '\n[tool.deptry]\nextend_exclude = ["tests"]\n')


EDITS = [
    blueprint,
    sorted_dependencies,
    last_dependency,
    readme,
    setting,
    no_example,
    a_test,
    moved,
    tables,
]


def switches(questions):
    """Each option from the default to each other value, and back: the answers before and now."""
    for option, each in questions["_options"].items():
        asked = questions[option]
        first = asked[0] if isinstance(asked, list) else "yes" if asked else "no"
        for value in each["values"]:
            if (value or "no") != first:
                yield {}, {option: value or "no"}
                yield {option: value or "no"}, {option: first}
