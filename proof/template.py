"""The template as a model: its files, its options, and what each file is under each answer.

`projection.py` says why rendering each file under its own options is enough.
"""

import importlib.util
import itertools
import json
import math
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from binaryornot.check import is_binary
from cookiecutter.environment import StrictEnvironment
from jinja2 import FileSystemLoader

NAMED = re.compile(r"cookiecutter\.(\w+)")
# Where a file branches, `elif` and `else` apart.
CONDITIONAL = re.compile(r"\{%-? *if ([^%]*)%\}")
PACKAGE = "{{cookiecutter.project_slug}}"
# Not among the files that are predicted: a hook writes it, and only where a commit is known.
RECORD = ".flask-factory.toml"
TEXTS = {
    "project_name": "Tea Time",
    "description": "Serves tea.",
    "author_name": "Ada Lovelace",
}
# A file of more combinations than this is looked at under a cover of them.
LIMIT = 1000
MOST = 20_000  # answers to settle, with those that implications bring in
SLUGS = ("a", "a_slug_of_forty_characters_no_shorter_ok")


@dataclass(frozen=True)
class Rendering:
    """One file under one combination of the options that it depends on."""

    path: str
    values: tuple
    text: str
    slug: str

    @property
    def effective(self):
        return dict(self.values)

    @cached_property
    def said(self):
        """All that it says, in lower case: to look for a word is quicker than for a pattern."""
        return f"{self.path}\n{self.text}".lower()


class Template:
    """The template's files, and what decides about each of them."""

    def __init__(self, root, rules):
        self.root = Path(root)
        self.rules = rules
        self.json = json.loads((self.root / "cookiecutter.json").read_text(encoding="utf-8"))
        self.options = {name: each["values"] for name, each in self.json["_options"].items()}
        self.table = self.json["_files"]
        self.implications = self.json["_implications"]
        self.known_connected = {}
        self.known_settled = {}
        self.known_combinations = {}
        self.known_answers = {}
        self.known_rows = {}
        self.known_possible = {}
        [self.folder] = self.root.glob("{{*")
        self.sources = {
            path.relative_to(self.folder).as_posix(): path
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }

    def row(self, path):
        """The alternatives under which a file stays; `None` where it always does.

        Its own row and those of its folders must all hold.
        """
        if path not in self.known_rows:
            own = path.replace(PACKAGE, "{slug}")
            rows = [row for each, row in self.table.items() if self.rules.covers(each, own)]
            joined = [sum(terms, []) for terms in itertools.product(*rows)]
            self.known_rows[path] = joined if rows else None
        return self.known_rows[path]

    def holds(self, row, values):
        """Whether one of the alternatives of a row holds."""
        return self.rules.holds(row, values)

    @cached_property
    def texts(self):
        """The source of each file; of one that is no text, its bytes in the guise of text."""
        return {path: as_text(each.read_bytes()) for path, each in self.sources.items()}

    @cached_property
    def binary(self):
        """The files that Cookiecutter copies as they are."""
        return {path for path, each in self.sources.items() if is_binary(str(each))}

    def names(self, path):
        """Everything of the answers that the source reads."""
        return set() if path in self.binary else set(NAMED.findall(self.texts[path]))

    def own_options(self, path):
        """The options that decide what the file holds, and whether it is there."""
        in_row = options_of_rows([self.row(path) or []])
        in_source = {name[2:] for name in self.names(path) if name[2:] in self.options}
        return sorted(in_row | in_source)

    @cached_property
    def distinctive_names(self):
        """What a text can call each file that not every project has: by its name or its end."""
        owned = [path for path in self.sources if self.row(path)]
        ends = [path.rpartition("/")[2] for path in owned]
        return {
            path: end if ends.count(end) == 1 else "/".join(path.split("/")[-2:])
            for path, end in zip(owned, ends, strict=True)
            if end not in ("LICENSE", "__init__.py")
        }

    @cached_property
    def owned_folders(self):
        """The rows of each folder that no project has for certain."""
        folders = defaultdict(list)
        for path in self.sources:
            for parent in Path(path).parents[:-1]:
                folders[parent.as_posix().replace(PACKAGE, "{slug}")].append(self.row(path))
        return {folder: rows for folder, rows in folders.items() if None not in rows}

    def may_lack(self, rows, rendering):
        """Whether a project that holds a rendering can be without all files of some rows."""
        return self.may(rendering, rows, False)

    def may_have(self, row, rendering):
        """Whether a project that holds a rendering can have a file of this row."""
        return self.may(rendering, [row], True)

    def may(self, rendering, rows, held):
        """Whether some project that holds a rendering has the files of all rows, or of none."""
        options = options_of_rows(rows)
        # An option that no implication connects with the rows can't change the answer.
        about = options | (set(self.connected(options)) & set(rendering.effective))
        names = tuple(name for name, _ in rendering.values if name in about)
        key = (repr(rows), names, held)
        if key not in self.known_answers:
            self.known_answers[key] = {
                tuple(each[name] for name in names)
                for each in self.combinations(about)
                if all(self.holds(row, each) == held for row in rows)
            }
        return tuple(rendering.effective[name] for name in names) in self.known_answers[key]

    def possible(self, option, values):
        """The values of an option in the projects that hold a rendering of these values."""
        about = self.connected([option])
        known = tuple(item for item in values if item[0] in about)
        key = (option, known)
        if key not in self.known_possible:
            self.known_possible[key] = {
                each[option]
                for each in self.combinations(about)
                if dict(known).items() <= each.items()
            }
        return self.known_possible[key]

    def stays(self, path, values):
        row = self.row(path)
        return row is None or self.holds(row, values)

    def combinations_asked(self, options):
        """Every combination of answers to some options."""
        values = [self.options[name] for name in options]
        return [dict(zip(options, chosen, strict=True)) for chosen in itertools.product(*values)]

    def connected(self, options):
        """These options and all that implications connect with them."""
        key = frozenset(options)
        if key not in self.known_connected:
            connected = set(options)
            for _ in self.implications:
                for rule in self.implications:
                    names = options_of(rule)
                    if names & connected:
                        connected |= names
            self.known_connected[key] = sorted(connected)
        return self.known_connected[key]

    def combinations(self, options):
        """Every legal combination of the effective values of some options."""
        names = tuple(sorted(options))
        if names not in self.known_combinations:
            found = {
                tuple((name, values[name]) for name in names): None
                for values in self.settled(tuple(self.connected(names)))
            }
            self.known_combinations[names] = [dict(key) for key in found]
        return self.known_combinations[names]

    def settled(self, options):
        """What each combination of answers to some options settles at."""
        if options not in self.known_settled:
            asked = self.combinations_asked(options)
            self.known_settled[options] = [self.settle(values) for values in asked]
        return self.known_settled[options]

    def enough_combinations(self, path, limit=LIMIT):
        """Every combination of a file's own options; where those are too many, a cover.

        The cover holds all legal combinations of any four options, and of the options of any
        two blocks that follow each other, the others being all on and all off.
        """
        options = self.own_options(path)
        if self.is_exhausted(path, limit):
            return self.combinations(options)
        from .covering import rows  # It needs this module.

        without = set(self.options) - set(self.connected(options))
        chosen = rows(self, 4, without)
        blocks = self.blocks(path)
        ends = [
            {name: list(self.options[name])[end] for name in self.connected(options)}
            for end in (0, -1)
        ]
        for one, other in itertools.pairwise([set(), *blocks, set()]):
            for values in self.combinations(sorted(one | other)):
                chosen += [self.settle({**end, **values}) for end in ends]
        found = {tuple((name, row[name]) for name in options): None for row in chosen}
        return [dict(key) for key in found]

    def is_exhausted(self, path, limit=LIMIT):
        """Whether all combinations of a file's options are few enough to look at each."""
        options = self.own_options(path)
        return self.number_of(options) <= limit and self.number_of(self.connected(options)) <= MOST

    def number_of(self, options):
        """How many combinations of answers there are."""
        return math.prod(len(self.options[name]) for name in options)

    def blocks(self, path):
        """The options that each block of a file names, in order: blocks do not nest."""
        found = re.findall(r"\{% if .*?\{% endif %\}", self.texts[path], re.DOTALL)
        tags = ["".join(re.findall(r"\{%.*?%\}", block)) for block in found]
        return [{name for name in self.options if f"__{name}" in tag} for tag in tags]

    def conditionals(self):
        """The path of each condition, with the options that it names."""
        for path, text in self.texts.items():
            for condition in CONDITIONAL.findall(text):
                names = {name for name in self.options if f"__{name}" in condition}
                if names:
                    yield path, names

    def settle(self, values):
        """The values once the implications among them have been followed."""
        rules = [rule for rule in self.implications if options_of(rule) <= set(values)]
        options = {name: self.json["_options"][name] for name in values}
        words = self.json["_words"]
        answers = {"_words": words, "_options": options, "_implications": rules, **values}
        answers.update({k: v or "no" for k, v in values.items() if "yes" in self.options[k]})
        return self.rules.effective(answers)

    @cached_property
    def environment(self):
        """Cookiecutter's own Jinja, which compiles each file once."""
        environment = StrictEnvironment(
            context={"cookiecutter": {}},
            keep_trailing_newline=True,
            **self.json["_jinja2_env_vars"],
        )
        environment.loader = FileSystemLoader([self.folder, self.root / "templates"])
        return environment

    def context(self, values, slug, texts=TEXTS):
        """What Cookiecutter gives a template that names these options."""
        mirrors = {f"__{name}": value for name, value in values.items()}
        return {"cookiecutter": {**texts, "project_slug": slug, **mirrors}}

    @cached_property
    def path_templates(self):
        return {path: self.environment.from_string(path) for path in self.sources}

    def render(self, path, values, slug, texts=TEXTS):
        """The path and the text of one file, which its own options decide alone."""
        own = {name: values[name] for name in self.own_options(path)}
        context = self.context(own, slug, texts)
        name = self.path_templates[path].render(**context)
        if path in self.binary:
            return name, self.texts[path]
        return name, self.environment.get_template(path).render(**context)

    def renderings(self, slug):
        """Every text of every file, for one slug."""
        for path in self.sources:
            for values in self.enough_combinations(path):
                if self.stays(path, values):
                    name, text = self.render(path, values, slug)
                    yield Rendering(name, tuple(values.items()), text, slug)

    def project(self, values, slug, texts=TEXTS):
        """All files of the project that these effective values make, as predicted."""
        return dict(
            self.render(path, values, slug, texts)
            for path in self.sources
            if self.stays(path, values)
        )


def as_text(content):
    """Bytes as text that `as_bytes` turns back, whatever they are."""
    return content.decode("utf-8", errors="surrogateescape")


def as_bytes(text):
    return text.encode("utf-8", errors="surrogateescape")


def options_of_rows(rows):
    """The options that rows of the table name."""
    terms = itertools.chain(*itertools.chain(*rows))
    return {term.partition("=")[0] for term in terms}


def options_of(rule):
    """The options that an implication names."""
    return {term.partition("=")[0] for term in (rule["then"], *itertools.chain(*rule["if"]))}


def load_rules(root):
    """The rules of the first hook, as a module."""
    path = Path(root, "hooks", "pre_gen_project.py")
    spec = importlib.util.spec_from_file_location("rules", path)
    rules = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rules)
    return rules
