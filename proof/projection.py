"""Every text that any project can hold, rendered file by file.

Why this covers every project there can be. A template file is rendered by Cookiecutter
from its source and the answers alone. Of the answers it may read only the texts and the
effective values of options (`cookiecutter.__api`); a test refuses a source that reads
anything else. So two sets of answers that agree on the options that a file names, and on
the texts, give the same file, byte for byte, whatever the other options are. Whether it is
there at all depends on the options that its row in the table names. Rendering each file
under every legal combination of its own options, those of its source and those of its row,
therefore renders every file of every project. The number of renderings is a sum over files
where the number of projects is a product over options.
"""

import ast
import importlib.util
import itertools
import json
import math
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from binaryornot.check import is_binary
from cookiecutter.environment import StrictEnvironment
from jinja2 import Environment, FileSystemLoader, TemplateSyntaxError

TAG = re.compile(r"\{[%#{]")
# Where tags are for the generated project's own Jinja.
FLASKS_OWN = re.compile(r"\.(html|js)$|^tests/test_security_headers\.py$")
NAMED = re.compile(r"cookiecutter\.(\w+)")
# Ways to an answer that NAMED does not see, and what is not the same twice.
HIDDEN = re.compile(r"cookiecutter *[\[|]|= *cookiecutter\b")
CHANGING = re.compile(r"\{%-? now|random|shuffle|uuid4|lipsum|strftime\('")
TEXTS = {
    "project_name": "Tea Time",
    "description": "Serves tea.",
    "author_name": "Ada Lovelace",
}
LIMIT = 5000
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


class Template:
    """The template's files, and what decides about each of them."""

    def __init__(self, root, rules):
        self.root = Path(root)
        self.rules = rules
        self.json = json.loads((self.root / "cookiecutter.json").read_text(encoding="utf-8"))
        self.options = {name: each["values"] for name, each in self.json["_options"].items()}
        self.known_combinations = {}
        [self.folder] = self.root.glob("{{*")
        self.sources = {
            path.relative_to(self.folder).as_posix(): path
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }

    def row(self, path):
        """The alternatives under which the file stays; `None` where it always does."""
        path = path.replace("{{cookiecutter.project_slug}}", "{slug}")
        own = (row for each, row in self.json["_files"].items() if self.rules.covers(each, path))
        rows = [list(itertools.chain(*terms)) for terms in itertools.product(*own)]
        return rows if rows != [[]] else None

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
        terms = {term for alternative in self.row(path) or [] for term in alternative}
        in_row = {term.partition("=")[0] for term in terms}
        in_source = {name[2:] for name in self.names(path) if name[2:] in self.options}
        return sorted(in_row | in_source)

    @cached_property
    def distinctive_names(self):
        """What a text can call each file that not every project has: by its name or its end."""
        paths = [path for path in self.sources if self.row(path)]
        ends = [path.rpartition("/")[2] for path in paths]
        return {
            path: [end] if ends.count(end) == 1 else ["/".join(path.split("/")[-2:])]
            for path, end in zip(paths, ends, strict=True)
            if end not in ("LICENSE", "__init__.py")
        }

    @cached_property
    def owned_folders(self):
        """The rows of each folder that no project has for certain."""
        slug = "{{cookiecutter.project_slug}}"
        folders = defaultdict(list)
        for path in self.sources:
            for parent in Path(path).parents[:-1]:
                folders[parent.as_posix().replace(slug, "{slug}")].append(self.row(path))
        return {folder: rows for folder, rows in folders.items() if None not in rows}

    def may_lack(self, rows, rendering):
        """Whether a project that holds a rendering can be without all files of some rows."""
        terms = itertools.chain(*itertools.chain(*rows))
        options = {term.partition("=")[0] for term in terms} | set(rendering.effective)
        return any(
            rendering.effective.items() <= values.items()
            and not any(self.rules.holds(row, values) for row in rows)
            for values in self.combinations(sorted(options))
        )

    def stays(self, path, values):
        row = self.row(path)
        return row is None or self.rules.holds(row, values)

    def combinations_asked(self, options):
        """Every combination of answers to some options."""
        values = [self.options[name] for name in options]
        return [dict(zip(options, chosen, strict=True)) for chosen in itertools.product(*values)]

    def connected(self, options):
        """These options and all that implications connect with them."""
        connected = set(options)
        for _ in self.json["_implications"]:
            for rule in self.json["_implications"]:
                names = options_of(rule)
                if names & connected:
                    connected |= names
        return sorted(connected)

    def combinations(self, options):
        """Every legal combination of the effective values of some options."""
        names = tuple(sorted(options))
        if names not in self.known_combinations:
            found = {}
            for asked in self.combinations_asked(self.connected(options)):
                values = self.settle(asked)
                found[tuple((name, values[name]) for name in names)] = None
            self.known_combinations[names] = [dict(key) for key in found]
        return self.known_combinations[names]

    def enough_combinations(self, path, limit=LIMIT):
        """Every combination of a file's own options; where those are too many, a cover.

        The cover holds all legal combinations of any four options, and of the options of any
        two blocks that follow each other, the others being all on and all off.
        """
        options = self.own_options(path)
        if self.is_exhausted(path, limit):
            return self.combinations(options)
        from .covering import rows

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
        connected = self.connected(self.own_options(path))
        return math.prod(len(self.options[name]) for name in connected) <= limit

    def blocks(self, path):
        """The options that each block of a file names, in order: blocks do not nest."""
        found = re.findall(r"\{% if .*?\{% endif %\}", self.texts[path], re.DOTALL)
        tags = ["".join(re.findall(r"\{%.*?%\}", block)) for block in found]
        return [{name for name in self.options if f"__{name}" in tag} for tag in tags]

    def settle(self, values):
        """The values once the implications among them have been followed."""
        rules = [rule for rule in self.json["_implications"] if options_of(rule) <= set(values)]
        options = {name: self.json["_options"][name] for name in values}
        words = self.json["_words"]
        answers = {"_words": words, "_options": options, "_implications": rules, **values}
        answers.update({k: v or "no" for k, v in values.items() if "yes" in self.options[k]})
        return self.rules.effective(answers)

    def environment(self):
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

    def render(self, environment, path, values, slug, texts=TEXTS):
        """The path and the text of one file, which its own options decide alone."""
        own = {name: values[name] for name in self.own_options(path)}
        context = self.context(own, slug, texts)
        name = environment.from_string(path).render(**context)
        if path in self.binary:
            return name, self.texts[path]
        return name, environment.get_template(path).render(**context)

    def renderings(self, slug):
        """Every text of every file, for one slug."""
        environment = self.environment()
        for path in self.sources:
            for values in self.enough_combinations(path):
                if self.stays(path, values):
                    name, text = self.render(environment, path, values, slug)
                    yield Rendering(name, tuple(values.items()), text, slug)

    def project(self, values, slug, texts=TEXTS):
        """All files of the project that these effective values make, as predicted."""
        environment = self.environment()
        return dict(
            self.render(environment, path, values, slug, texts)
            for path in self.sources
            if self.stays(path, values)
        )


def as_text(content):
    """Bytes as text that `as_bytes` turns back, whatever they are."""
    return content.decode("utf-8", errors="surrogateescape")


def as_bytes(text):
    return text.encode("utf-8", errors="surrogateescape")


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


def foreign_words(options, rendering):
    """The words in a rendering that belong only to what is off, or may be."""
    if rendering.path == "LICENSE":
        return []  # Its words are not ours.
    text = f"{rendering.path}\n{rendering.text}"
    return list(foreign_words_in(options, rendering.effective, text))


def foreign_words_in(options, effective, text):
    for option, values in options.items():
        for value, words in values.items():
            if effective.get(option) == value:
                continue
            for word in words:
                excused = any(
                    word in options[other].get(chosen, ()) for other, chosen in effective.items()
                )
                if not excused and mentions(text, word):
                    yield f"{option}={value or 'no'}: {word}"


def mentions(text, word):
    """Whether a text has the word, or its plural."""
    return re.search(rf"(?<![a-z0-9.]){re.escape(word)}s?(?![a-z0-9])", text, re.IGNORECASE)


def absent_files(template, rendering):
    """The files that a text names although some project that holds the text lacks them."""
    for path, names in template.distinctive_names.items():
        named = [name for name in names if mentions(rendering.text, name)]
        path, row = path.replace(template.folder.name, rendering.slug), template.row(path)
        if named and path != rendering.path and template.may_lack([row], rendering):
            yield f"names {named[0]}, which may not be there"
    for folder, rows in template.owned_folders.items():
        named = folder.replace("{slug}", rendering.slug) + "/"
        if f"{named}`" in rendering.text and template.may_lack(rows, rendering):
            yield f"names {named}, which may not be there"


def scars(rendering):
    """What shows that something was cut out of a text."""
    text = re.sub(r"```.+?```", "```", rendering.text, flags=re.DOTALL)
    longest = 2 if rendering.path.endswith((".py", ".py.mako")) else 1
    if text and not text.endswith("\n"):
        yield "no newline at the end"
    if re.search(r"[ \t]$", text, re.MULTILINE):
        yield "a space at the end of a line"
    if "\n" * (longest + 2) in text or "\n\n\n\n" in rendering.text:
        yield "too many empty lines"
    if text.endswith("\n\n"):
        yield "an empty line at the end"
    if text.startswith("\n") and rendering.path != "LICENSE":
        yield "an empty line at the beginning"
    if "cookiecutter" in text:
        yield "an unrendered tag"
    if TAG.search(text) and not FLASKS_OWN.search(rendering.path):
        yield "a tag that is not for Flask"


def faults(template):
    """Everything that is wrong with any text of any project, one line each."""
    circles = list(contradictions(template))
    yield from circles
    if circles:
        return  # No combination can be settled.
    yield from rows_that_decide_nothing(template)
    yield from unknown_names(template)
    yield from tags_beside_text(template)
    for slug in SLUGS:
        renderings = list(template.renderings(slug))
        yield from words_of_nothing(template, renderings)
        for rendering in renderings:
            where = f"{rendering.path} {rendering.effective}"
            for fault in (
                *scars(rendering),
                *foreign_words(template.options, rendering),
                *absent_files(template, rendering),
                *syntax_errors(rendering),
            ):
                yield f"{where}: {fault}"
        with tempfile.TemporaryDirectory(prefix="proof-") as folder:
            pack(renderings, Path(folder))
            for version in template.options["python_version"]:
                yield from linted(folder, f"py{version.replace('.', '')}")


def unknown_names(template):
    """What a file reads although the projection does not vary it: the premise, tested."""
    texts = {*TEXTS, "project_slug"}
    known = {*texts, *(f"__{option}" for option in template.options)}
    for path, text in template.texts.items():
        for name in sorted(template.names(path) - known):
            yield f"{path} reads cookiecutter.{name}"
        yield from unforeseen(path, "".join(TAGS.findall(text)))
    # What is included may read nothing that the file that includes it does not name.
    for path in sorted(template.root.glob("templates/**/*")):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for name in sorted(set(NAMED.findall(text)) - texts):
            yield f"{path.name} reads cookiecutter.{name}"
        yield from unforeseen(path.name, "".join(TAGS.findall(text)))


TAGS = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


def unforeseen(path, tags):
    for tag in CHANGING.findall(tags):
        yield f"{path} would not be the same twice: {tag}"
    for tag in HIDDEN.findall(tags):
        yield f"{path} reads an answer in a way that is not seen: {tag}"


def tags_beside_text(template):
    """Blocks that do not stand alone on their line: with `trim_blocks` they eat its end."""
    for path, text in template.texts.items():
        if path in template.binary or FLASKS_OWN.search(path):
            continue
        for line in text.splitlines():
            if "{%" in line and not re.fullmatch(r" *\{% [^%]* %\}", line):
                yield f"{path}: a tag beside text: {line.strip()}"


def contradictions(template):
    """Implications that go round in circles."""
    for rule in template.json["_implications"]:
        try:
            template.combinations(sorted(options_of(rule)))
        except ValueError as error:
            yield str(error)


def rows_that_decide_nothing(template):
    """Rows with a term that never holds, and rows that always hold."""
    for path, row in template.json["_files"].items():
        terms = list(itertools.chain(*row))
        options = sorted({term.partition("=")[0] for term in terms} & set(template.options))
        combinations = template.combinations(options)
        for term in terms:
            known = term.partition("=")[0] in options
            if not known or not any(template.rules.term_holds(term, v) for v in combinations):
                yield f"{path}: {term} never holds"
                break
        else:
            if all(template.rules.holds(row, values) for values in combinations):
                yield f"{path} is in every project, and needs no row"


def words_of_nothing(template, renderings):
    """Choices that leave a trace nobody looks for, and words that no choice brings."""
    for option, values in template.options.items():
        for value, words in values.items():
            if value not in ("", "none") and not words:
                yield f"{option}={value} has no distinctive words"
            texts = [
                f"{each.path}\n{each.text}"
                for each in renderings
                if each.effective.get(option) == value
            ]
            for word in words:
                if not any(mentions(text, word) for text in texts):
                    yield f"{option}={value or 'no'}: nothing says {word}"


def syntax_errors(rendering):
    """Whether Python, TOML or Jinja can read the text."""
    try:
        if rendering.path.endswith(".py"):
            ast.parse(rendering.text, rendering.path)
        if rendering.path.endswith(".toml"):
            tomllib.loads(rendering.text)
        if rendering.path.endswith(".html"):
            Environment(autoescape=True).parse(rendering.text)
    except (SyntaxError, tomllib.TOMLDecodeError, TemplateSyntaxError) as error:
        yield str(error)


def pack(renderings, folder):
    """Lay the distinct texts out as one project, each beside its other versions.

    Ruff reads file by file; of other files it asks only whether a module of a name exists.
    """
    versions = defaultdict(dict)
    for rendering in renderings:
        if rendering.path == "pyproject.toml" or rendering.path.endswith(".py"):
            versions[rendering.path][rendering.text] = None
    for path, texts in versions.items():
        for number, text in enumerate(texts):
            file = folder / path
            if number:
                file = file.with_name(f"{file.stem}_{number}{file.suffix}")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")


def linted(folder, target):
    """What the formatter would change and the linter complains of, at one Python."""
    for command in (["format", "--check"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--quiet", "--no-cache"]
        result = subprocess.run(
            [*ruff, "--target-version", target, "."],
            cwd=folder,
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        if result.returncode:
            yield f"ruff {command[0]} {target}: {result.stdout[-2000:]}{result.stderr}"
