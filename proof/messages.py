"""Whether each text that a project says to somebody is in a test: of its own, or of the template.

One that was reworded is noticed so, and one that nobody has looked at. That a test has it where
it belongs, so that no two can be exchanged, is for who writes the test.
"""

import ast
import contextlib
import re
from html.parser import HTMLParser

from .template import TEXTS

# What has the form of a text, and nobody reads.
NO_TEXTS = {
    "a password of nobody",  # It is hashed.
    "format --quiet REVISION_SCRIPT_FILENAME",  # Alembic passes it to ruff.
    "import wsgi",  # It is run.
    *TEXTS.values(),  # They are answers.
}
# SQL, and the paths of routes.
OTHER_LANGUAGES = re.compile(r"(BEGIN|PRAGMA|SELECT|SET) |/")
WORDS = re.compile(r"[A-Za-z]\S*\s+\S*[A-Za-z]")
# Where a value comes in: in what `literals` returns, in a format, and in what is logged.
VALUE = re.compile(r"\0|\{\w+\}|%[a-z]")
# The docstring of such a function is shown: by `--help`, or by the API's document.
SHOWN = re.compile(r"\b(command|operation)\(")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
READ_OUT = ("alt", "aria-label", "placeholder", "title")
# It has texts only to change them.
NO_TESTS = ("test_mutation.py",)


def faults(template, renderings):
    """The texts that are in no test, one line each."""
    tests = [*template.root.glob("proof/machinery/*.py"), *template.root.glob("tests/*.py")]
    sources = [each.read_text(encoding="utf-8") for each in tests if each.name not in NO_TESTS]
    sources += {each.text for each in renderings if re.match(r"tests/.*\.py$", each.path)}
    asserted = "\n".join(flat(text) for source in sources for text in literals(source))
    asserted = re.sub(r"\\([^\w\s])", r"\1", asserted)  # As in a pattern.
    # A word alone is easily part of something else: it must be a literal, or an element's text.
    wholes = re.findall(r'(?:^|[>"])([^<>"\n]+)(?=[<"\n])', asserted, re.MULTILINE)
    wholes = set(map(flat, wholes))
    for path, text in dict.fromkeys((each.path, each.text) for each in renderings):
        for said in said_by(path, text):
            parts = [flat(part) for part in VALUE.split(said)]
            alone = len(parts) == 1 and " " not in parts[0]
            for part in parts:
                if part not in (wholes if alone else asserted):
                    yield f"{path}: no test says '{part}'"


def said_by(path, text):
    """All that a file of a project says to somebody."""
    if "/templates/" in path:
        return filter(re.compile("[A-Za-z]").search, texts_of_template(path, text))
    if path.endswith(".py") and not path.startswith(("tests/", "migrations/versions/")):
        return filter(is_text, literals(text))
    return []


def is_text(literal):
    """Whether it is said to somebody: it has two words, and is not for a machine."""
    return WORDS.search(literal) and not OTHER_LANGUAGES.match(literal) and literal not in NO_TEXTS


def literals(source, patterns="re.compile"):
    """Each literal that is no pattern, and no docstring but one that is shown.

    A value in it is a NUL.
    """
    nodes = []
    with contextlib.suppress(SyntaxError):  # `checks.py` names it.
        nodes.append(ast.parse(source))
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.JoinedStr):
            values = [each for each in node.values if isinstance(each, ast.FormattedValue)]
            yield "".join("\0" if each in values else each.value for each in node.values)
            nodes += values
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.FunctionDef) and SHOWN.search(decorators(node)):
            yield ast.get_docstring(node) or ""
            nodes += node.decorator_list + node.body
        elif not is_docstring(node) and not is_pattern(node, patterns):
            nodes += ast.iter_child_nodes(node)


def decorators(function):
    return " ".join(map(ast.unparse, function.decorator_list))


def is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_pattern(node, functions="re.compile"):
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith(functions)


def flat(text):
    """A text without line breaks, as a page shows it, and without what separates it from others."""
    return " ".join(text.split()).strip(" ·")


class Texts(HTMLParser):
    """What a page shows, and what is read out of it."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.tag = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tag = tag
        self.texts += [value for name, value in attributes if name in READ_OUT and value]

    def handle_data(self, data):
        if self.tag not in ("script", "style"):
            self.texts.append(data)


def texts_of_template(path, text):
    """What a template says, and what may be said of its tags: what begins with a capital letter."""
    shown = TAG.sub("\0", text)
    texts = Texts(shown).texts if path.endswith(".html") else [shown]
    return map(flat, texts + re.findall(r'"([A-Z][a-z][^"]*)"', "".join(TAG.findall(text))))
