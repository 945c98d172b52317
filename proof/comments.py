"""Whether comments and docstrings name what is there: settings, names, statuses of HTTP, numbers."""

import ast
import io
import re
import tokenize
from functools import cache
from http import HTTPStatus

# In code that is spoken of: a name in backticks, a setting or another constant, a module.
NAME = re.compile(r"`([^`]+)`|\b([A-Z]+(?:_[A-Z]+)+)\b|\b(\w+(?:/|\.py))(?!\w)")
# A status, or the exception of one.
STATUS = re.compile(r"\b[1-5]\d\d\b|\braise (?!from)|abort")
NUMBER = re.compile(r"(?<![\w.-])(\d+)(?:\.\d+)?(?![\w-])")
DOCUMENTED = (ast.ClassDef, ast.FunctionDef, ast.Module)
# Numbers that are not ours: of a standard, of an example, of what OWASP's parameters cost.
OTHERS = {"9457", "1", "20", "50"}
# What a library responds with, for us.
OF_LIBRARIES = {("conditional.py", "304"), ("__init__.py", "400")}
# Names of HTTP, of another program's options, and of what a reader may add.
ELSEWHERE = set("allow authorization bearer deprecated logfile none securityschemes".split())


def faults(files):
    """What is named and is not there, one line each; `files` are texts by path."""
    modules = {path: read(text) for path, text in files.items() if path.endswith(".py")}
    texts = [*files, *(code for code, _ in modules.values()), files[".env.example"]]
    known = set(re.findall(r"[a-z]\w*", " ".join(texts).lower())) | ELSEWHERE
    for path, (_, remarks) in modules.items():
        folder, _, file = path.rpartition("/")
        beside = "".join(
            code for each, (code, _) in modules.items() if each.rpartition("/")[0] == folder
        )
        for said, around in remarks:
            for words in NAME.findall(said):
                for word in re.findall(r"[A-Za-z]\w+", " ".join(words)):
                    if word.lower() not in known:
                        yield f"{path}: nothing is called {word}, of '{said}'"
            for number in set(NUMBER.findall(said)) - OTHERS:
                place = around if len(number) == 3 and around else beside
                if (file, number) not in OF_LIBRARIES and not is_in(number, place):
                    yield f"{path}: no code has the {number} of '{said}'"


@cache
def read(text):
    """The code of a module without its remarks, and these: each with the code that it is about."""
    tree = ast.parse(text)
    return bare(tree), list(remarks_of(text, tree))


def remarks_of(text, tree):
    """Docstrings and comments; those of a function or a class with its code, if that has a status."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED):
            said = ast.get_docstring(node)
            if said and "Revision ID" not in said:
                around = bare(node)
                around += "".join(bare(each) for each in classes if each.name in around)
                yield " ".join(said.split()), around if STATUS.search(around) else ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and not re.match("# (?:noqa|type)", token.string):
            yield token.string, ""


def bare(tree):
    """The code of a module, a class or a function, without docstrings and comments."""
    copy = ast.parse(ast.unparse(tree))
    for node in ast.walk(copy):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(copy)


def is_in(number, code):
    """Whether code has a number, or an exception of this status."""
    if re.search(rf"(?<![\w.]){number}(?![\w.])", code):
        return True
    known = {status.value: status.phrase.replace(" ", "") for status in HTTPStatus}
    return known.get(int(number), "?") in code
