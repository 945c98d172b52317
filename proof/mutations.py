"""A copy of the template that is broken on purpose, at places found by what they mean."""

import json
import re

from .template import PACKAGE, Template

FACTORY = f"{PACKAGE}/__init__.py"
HEALTH = f"{PACKAGE}/health/__init__.py"


class NoPlace(Exception):
    """The template has no place for a mutation; it must be sought elsewhere."""


class Mutant:
    """A copy of the template, and the name of what is done to it."""

    def __init__(self, root, name, rules):
        self.root = root
        self.name = name
        self.rules = rules
        [self.folder] = root.glob("{{*")

    def template(self):
        return Template(self.root, self.rules)

    def no_place(self, where):
        return NoPlace(f"mutation {self.name}: no place for it in {where}")

    def path(self, name):
        """A file of the project, or of the template beside it."""
        for folder in (self.folder, self.root):
            if (folder / name).is_file():
                return folder / name
        raise self.no_place(name)

    def edit(self, name, pattern, replacement):
        """Replace what matches first."""
        path = self.path(name)
        text, count = re.subn(
            pattern, replacement, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE
        )
        if not count:
            raise self.no_place(f"{name} ({pattern})")
        path.write_text(text, encoding="utf-8")

    def edit_any(self, glob, pattern, replacement):
        """Replace what matches first in the first file that has it."""
        for path in sorted(self.folder.rglob(glob)):
            if re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE):
                return self.edit(path.relative_to(self.folder), pattern, replacement)
        raise self.no_place(f"{glob} ({pattern})")

    def append(self, name, text):
        """Add to the end of a file."""
        path = self.path(name)
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def write(self, name, text):
        """Add a file to the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def before_the_end_of_the_factory(self, lines):
        self.edit(FACTORY, r"^    return app$", lambda found: f"{lines}{found[0]}")

    def questions(self, change):
        """Let a function change what `cookiecutter.json` says."""
        path = self.root / "cookiecutter.json"
        questions = json.loads(path.read_text(encoding="utf-8"))
        change(questions)
        path.write_text(json.dumps(questions), encoding="utf-8")

    def words(self, option, value, words):
        """Say that a value is told by other words."""
        self.questions(
            lambda questions: questions["_options"][option]["values"].update({value: words})
        )

    def row(self, found):
        """The first path of the table for which a function of path and row is true."""
        for path, row in self.template().table.items():
            if found(path, row):
                return path
        raise self.no_place("_files")

    def add_switch(self, name, paths):
        """One more option, asked for and said to own some paths: steps 3 and 4 of CONTRIBUTING."""

        def add(questions):
            questions["_options"][name] = json.loads(
                json.dumps(questions["_options"]["health"]).replace("health", name)
            )
            questions["_options"][name]["values"] = {"yes": [name], "": []}
            questions["_files"].update({path: [[name]] for path in paths})
            questions["__prompts__"][name] = f"Whether to have {name}"
            mirror = questions["__health"].replace("health", name)
            # Each in its place: the last question, and the last mirror.
            items = list(questions.items())
            for key, value, is_like in (
                (name, True, lambda key: key[0] != "_"),
                (f"__{name}", mirror, lambda key: key.startswith("__")),
            ):
                last = max(number for number, (each, _) in enumerate(items) if is_like(each))
                items.insert(last + 1, (key, value))
            questions.clear()
            questions.update(items)

        self.questions(add)

    def name_in_the_factory(self, name):
        """Two lines, each under its condition: the import in its place, the call at the end."""
        wrapped = "{{% if cookiecutter.__{} %}}\n{}{{% endif %}}\n"
        line = wrapped.format(name, f"from . import {name}\n")
        text = self.path(FACTORY).read_text(encoding="utf-8")
        for found in re.finditer(r"^(?:\{% if .*\n)?from \. import (\w+)$", text, re.MULTILINE):
            if found[1] > name:
                self.edit(FACTORY, re.escape(found[0]), lambda found: line + found[0])
                break
        else:
            raise self.no_place(f"{FACTORY} (an import after {name})")
        call = wrapped.format(name, f"    {name}.init_app(app)\n    ")
        self.before_the_end_of_the_factory(f"    {call}")
