"""What is wrong with the template's sources, and with each text that they can become."""

import ast
import itertools
import re
import tomllib
from collections import defaultdict

import yaml
from jinja2 import Environment, TemplateSyntaxError

from .template import NAMED, PACKAGE, TEXTS, options_of, options_of_rows

TAG = re.compile(r"\{[%#{]")
TAGS = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
# Where tags may be for the generated project's own Jinja.
FLASKS_OWN = re.compile(r"\.(html|js|txt)$|^(tests|docs)/")
RAW = re.compile(r"\{% raw -?%\}.*?\{%-? endraw %\}", re.DOTALL)
# Ways to an answer that NAMED does not see, and what is not the same twice.
HIDDEN = re.compile(r"cookiecutter *[\[|]|= *cookiecutter\b")
CHANGING = re.compile(r"\{%-? now|random|shuffle|uuid4|lipsum|strftime\('")


def sources(template):
    """What is wrong with the template itself."""
    yield from useless_rows(template)
    yield from misplaced_tests(template)
    yield from unknown_names(template)
    yield from tags_beside_text(template)
    yield from conditional_answers(template)
    yield from raw_answers(template)


def texts(template, renderings):
    """What is wrong with each of the texts; what the same text has is found once."""
    known = {}
    for rendering in renderings:
        where = f"{rendering.path} {rendering.effective}"
        key = (rendering.path, rendering.text)
        if key not in known:
            known[key] = [*scars(rendering), *syntax_errors(rendering)]
        for fault in (
            *known[key],
            *foreign_words(template, rendering),
            *absent_files(template, rendering),
        ):
            yield f"{where}: {fault}"


def contradictions(template):
    """Implications that go round in circles."""
    for rule in template.implications:
        try:
            template.combinations(sorted(options_of(rule)))
        except ValueError as error:
            yield str(error)


def useless_rows(template):
    """Rows with a term that never holds, and rows that always hold."""
    for path, row in template.table.items():
        options = sorted(options_of_rows([row]) & set(template.options))
        combinations = template.combinations(options)
        for term in itertools.chain(*row):
            known = term.partition("=")[0] in options
            if not known or not any(template.holds([[term]], values) for values in combinations):
                yield f"{path}: {term} never holds"
                break
        else:
            if all(template.holds(row, values) for values in combinations):
                yield f"{path} is in every project, and needs no row"


def misplaced_tests(template):
    """Tests that are not there under the same answers as what they are named after.

    `test_api.py` is named after `api/` or `api.py`, `test_notes_api.py` after `notes/api.py`,
    `test_errors_html.py` after an answer.
    """
    for path in template.sources:
        found = re.fullmatch(r"tests/test_([a-z]+)(?:_(\w+))?\.py", path)
        owner = found and owner_of_test(template, *found.groups())
        if not owner:
            continue
        options = options_of_rows([template.row(path) or [], owner])
        for values in template.combinations(sorted(options)):
            if template.stays(path, values) != template.holds(owner, values):
                yield f"{path} is not there where it has something to test, or is elsewhere"
                break


def owner_of_test(template, part, of_part):
    """The alternatives under which there is what a test is named after; none if that is unknown."""
    if of_part in template.options.get(part, {}):
        return [[f"{part}={of_part}"]]
    names = [f"{part}/{of_part}.py", f"{part}_{of_part}.py", f"{part}/__init__.py", f"{part}.py"]
    paths = (f"{PACKAGE}/{name}" for name in names)
    return next((template.row(path) for path in paths if path in template.sources), None)


def unknown_names(template):
    """What a file reads although the projection does not vary it: the premise, tested."""
    answers = {*TEXTS, "project_slug"}
    known = {*answers, *(f"__{option}" for option in template.options)}
    for path, text in template.texts.items():
        for name in sorted(template.names(path) - known):
            yield f"{path} reads cookiecutter.{name}"
        yield from unforeseen(path, "".join(TAGS.findall(text)))
    # What is included may read nothing that the file that includes it does not name.
    for path in sorted(template.root.glob("templates/**/*")):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for name in sorted(set(NAMED.findall(text)) - answers):
            yield f"{path.name} reads cookiecutter.{name}"
        yield from unforeseen(path.name, "".join(TAGS.findall(text)))


def unforeseen(path, tags):
    for tag in CHANGING.findall(tags):
        yield f"{path} would not be the same twice: {tag}"
    for tag in HIDDEN.findall(tags):
        yield f"{path} reads an answer in a way that is not seen: {tag}"


def tags_beside_text(template):
    """Blocks that do not stand alone on their line: with `trim_blocks` they eat its end."""
    for path, text in template.texts.items():
        if path in template.binary or path.endswith((".html", ".js", ".txt")):
            continue
        for line in RAW.sub("", text).splitlines():
            if "{%" in line and not re.fullmatch(r" *\{% [^%]* %\}", line):
                yield f"{path}: a tag beside text: {line.strip()}"


def conditional_answers(template):
    """Conditions on a text: the projection renders each text once, and would not see the rest."""
    answers = "|".join((*TEXTS, "project_slug"))
    pattern = re.compile(
        rf"\{{[{{%][^%}}]*\bif [^%}}]*cookiecutter\.(?:{answers})\b[^%}}]*[%}}]\}}"
    )
    for path, text in template.texts.items():
        for tag in pattern.findall(text) if path not in template.binary else []:
            yield f"{path}: a condition on a text: {tag}"


def raw_answers(template):
    """A text that is not written as its language needs: by a macro of `templates/literals`."""
    pattern = re.compile(rf"\{{\{{ *cookiecutter\.(?:{'|'.join(TEXTS)})\b")
    for path, text in template.texts.items():
        for tag in pattern.findall(text) if path not in template.binary else []:
            yield f"{path}: an answer as it was typed: {tag} }}}}"


def strange_mirrors(template):
    """What Cookiecutter would render as effective values, against what the hooks demand."""
    environment = template.environment
    for option in template.options:
        names = [name for name in template.options if name in template.connected([option])]
        mirrors = {
            f"__{name}": environment.from_string(template.json[f"__{name}"]) for name in names
        }
        for values in template.combinations_asked(names):
            answers = {**template.json, **values}
            for key, mirror in mirrors.items():
                answers[key] = mirror.render(cookiecutter=answers)
            for name, value in template.settle(values).items():
                if answers[f"__{name}"] != value:
                    yield f"__{name} is {answers[f'__{name}']!r} for {values}"


# What a guide says of an option or of its file only where it has something to say about it.
SOMETIMES = {
    ("README.md", "schemathesis"),
    ("docs/deploy.md", "database.md"),
    ("docs/deploy.md", "postgres"),
}


def silent_guides(template, renderings):
    """What a guide says of a choice anywhere it says wherever that was chosen.

    A block under a wrong or too narrow condition is missed so: by a word of the choice, or by
    the name of a file that only the choice brings.
    """
    guides = defaultdict(list)
    for each in renderings:
        if each.path.endswith(".md"):
            guides[each.path].append(each)
    for path, texts in guides.items():
        own = template.own_options(path)
        for option, value in ((name, each) for name in own for each in template.options[name]):
            chosen = [each for each in texts if each.effective[option] == value]
            words = template.options[option][value]
            # A choice of another kind, such as a licence, changes nothing that a guide explains.
            if path == "README.md" and value and (words or value == "yes"):
                for each in chosen:
                    if not any(mentions(each, word) for word in words):
                        yield f"README.md {each.effective}: says nothing of {option}={value}"
            for word in words if value else ():
                yield from said_sometimes(
                    path, word, [(each, mentions(each, word)) for each in chosen]
                )
        for file, name in template.distinctive_names.items():
            row = template.row(file)
            there = [each for each in texts if template.may_have(row, each)]
            yield from said_sometimes(path, name, [(each, mentions(each, name)) for each in there])


def said_sometimes(path, word, texts):
    """The first text that lacks what others say, of those that could say it."""
    silent = [each for each, says in texts if not says]
    if silent and len(silent) < len(texts) and (path, word) not in SOMETIMES:
        yield f"{path} {silent[0].effective}: says nothing of {word}, and others do"


def unused_words(template, renderings):
    """Choices that leave a trace nobody looks for, and words that no choice brings."""
    for option, values in template.options.items():
        before = template.json["_options"][option]["before"]
        for value, words in values.items():
            if value not in ("", "none", before) and not words:
                yield f"{option}={value} has no distinctive words"
            brought = [each for each in renderings if each.effective.get(option) == value]
            for word in words:
                if not any(mentions(each, word) for each in brought):
                    yield f"{option}={value or 'no'}: nothing says {word}"


def foreign_words(template, rendering):
    """The words in a rendering that only something brings which some project of it lacks."""
    if rendering.path == "LICENSE":
        return []  # Its words are not ours.
    possible = {option: template.possible(option, rendering.values) for option in template.options}
    return foreign_words_in(template.options, possible, rendering.said)


def foreign_words_in(options, possible, text):
    """The words in a text, in lower case, of values that are not certain."""
    for option, values in options.items():
        for value, words in values.items():
            if possible[option] == {value}:
                continue
            for word in words:
                if mentioned(text, word) and not is_certain(word, options, possible):
                    yield f"{option}={value or 'no'}: {word}"


def is_certain(word, options, possible):
    """Whether a word is one of the words of some option, whichever of its values it has."""
    return any(
        all(word in options[option].get(value, ()) for value in values)
        for option, values in possible.items()
    )


def mentions(rendering, word):
    """Whether a rendering has the word, or its plural."""
    return mentioned(rendering.said, word)


def mentioned(text, word):
    """Whether a text in lower case has the word, or its plural."""
    word = word.lower()
    # Not in a longer word, nor in one of Python's own, such as `__notes__`.
    return word in text and re.search(
        rf"(?<![a-z0-9.])(?<!__){re.escape(word)}s?(?![a-z0-9])", text
    )


def absent_files(template, rendering):
    """The files that a text names although some project that holds the text lacks them."""
    for path, name in template.distinctive_names.items():
        if name.lower() not in rendering.said or path == rendering.path:
            continue
        # `.gitlab-ci.yml` is no `ci.yml`.
        named = mentioned(rendering.text.lower().replace(f"-{name.lower()}", ""), name)
        if named and template.may_lack([template.row(path)], rendering):
            yield f"names {name}, which may not be there"
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
    if rendering.path.endswith(".md") and re.search(r"\n\n[a-z]", text):
        yield "an empty line in a sentence"
    if re.search(r"```\w+\n\n", rendering.text):
        yield "an empty line at the beginning of a block"
    if "cookiecutter" in text:
        yield "an unrendered tag"
    if TAG.search(text) and not FLASKS_OWN.search(rendering.path):
        yield "a tag that is not for Flask"


def syntax_errors(rendering):
    """Whether Python, TOML, YAML or Jinja can read the text."""
    try:
        if rendering.path.endswith(".py"):
            ast.parse(rendering.text, rendering.path)
        if rendering.path.endswith(".toml"):
            tomllib.loads(rendering.text)
        if rendering.path.endswith((".json", ".yaml", ".yml")):
            yaml.safe_load(rendering.text)  # JSON is YAML.
        if rendering.path.endswith(".html"):
            Environment(autoescape=True).parse(rendering.text)
    except (SyntaxError, tomllib.TOMLDecodeError, TemplateSyntaxError, yaml.YAMLError) as error:
        yield str(error)
