"""Whether each sentence that explains is listed, with what shows that it is so: `claims.md`.

They are in guides, docstrings, prompts, comments that are not Python's, and what the template's own
programs say; commands count, too. A sentence that was changed, moved or put under another condition
is not the one that was shown.
"""

import ast
import contextlib
import itertools
import re
from typing import NamedTuple

from . import messages
from .comments import DOCUMENTED
from .template import options_of_rows

LIST = "proof/claims.md"
NOTHING = "no claim"
# What shows the sentences below, and the answers under which they are there.
SHOWN = re.compile(r"`(?P<by>[^`]+)`(?: if (?P<row>.+))?:")
# Where one sentence ends and another begins.
SENTENCE = re.compile(r"(?<=[A-Za-z`)/>][.?]) (?=[A-Z`<\[])|(?<=\d\d\.) ")
# A block without a language is commands; tests run the others.
FENCED = re.compile(r"^```(?:\n(?P<commands>.*?)|\w+\n.*?)^```$", re.MULTILINE | re.DOTALL)
# Lines that begin with # and are below each other are one.
COMMENT = re.compile(
    r"/\*(.+?)\*/|\{#-?(.+?)-?#\}|(?:^|(?<= ))((?:# [^\n]+\n *)+)", re.MULTILINE | re.DOTALL
)


class Claim(NamedTuple):
    """A sentence, the test or check that shows it, and its row: `None` where it is always there."""

    sentence: str
    by: str
    row: list | None


def faults(template, renderings):
    """What the guides say and the list does not, or the other way round, one line each."""
    claims = listed(template.root)
    unused = set(claims)
    for each in renderings:
        path, values = re.sub(f"^{each.slug}/", "{slug}/", each.path), each.effective
        unused.discard(path)
        expected = [
            claim.sentence.replace("{slug}", each.slug).replace("{user}", each.slug[:32])
            for claim in claims.get(path, [])
            if not claim.row or is_there(template, claim.row, values)
        ]
        yield from differences(f"{path} {values}", said_by(path, each.text), expected)
    own = {"The prompts": prompts(template.json["__prompts__"])}
    for file in (*template.root.glob("*.md"), *template.root.glob("docs/*.md")):
        if file.name != "CONTRIBUTING.md":  # It is for those who read the proof.
            path = file.relative_to(template.root).as_posix()
            own[f"The template's {path}"] = sentences(file.read_text(encoding="utf-8"))
    for file in (*template.root.glob("flask_factory/*.py"), *template.root.glob("hooks/*.py")):
        own[f"The template's {file.name}"] = said_by_program(file)
    for file in template.root.glob("flask_factory_*.py"):
        own["The template's extension"] = said_by_program(file)
    yield from (f"{LIST}: there is no {name}" for name in sorted(unused - set(own)))
    for name, said in own.items():
        yield from differences(name, said, [claim.sentence for claim in claims.get(name, [])])


def is_there(template, row, values):
    """Whether a row holds; it does not where the file depends on other options than it names."""
    return options_of_rows([row]) <= set(values) and template.holds(row, values)


def differences(where, said, expected):
    """The first sentence that is another."""
    for one, other in itertools.zip_longest(said, expected):
        if one != other:
            yield f"{where}: says '{one}', where {LIST} has '{other}'"
            return


def listed(root):
    """The claims of each file, in their order."""
    claims = {}
    for line in (root / LIST).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            own = claims.setdefault(line[3:], [])
        elif found := SHOWN.fullmatch(line):
            by, row = found["by"], found["row"]
            row = row and [each.split(", ") for each in row.split(" or ")]
        elif line.startswith("- "):
            own.append(Claim(line[2:], by, row))
    return claims


def missing_evidence(root):
    """What is said to show something and is not there; what nothing shows."""
    defined = checks_and_tests(root)
    for claim in itertools.chain(*listed(root).values()):
        if claim.by == NOTHING:
            if re.search(r"[`\d]", claim.sentence):
                yield f"{LIST}: nothing shows '{claim.sentence}'"
        elif claim.by not in defined:
            yield f"{LIST}: there is no {claim.by}"


def checks_and_tests(root):
    """Each check and test as `module: name`; the names of tests are without their `test_`."""
    return {
        f"{path.stem}: {name}"
        for path in (*root.glob("proof/**/*.py"), *root.glob("**/tests/*.py"))
        for name in re.findall(r"^def (?:test_)?(\w+)\(", path.read_text(encoding="utf-8"), re.M)
    }


def said_by(path, text):
    """The sentences of a file of a project: of a guide, of `.env.example`, of docstrings."""
    if path.endswith(".md"):
        return sentences(text)
    if path == ".env.example":
        text = re.sub(r"^# ", "", text, flags=re.MULTILINE)
        return sentences(re.sub(r"^(?=#?[A-Z_]+=)", "\n", text, flags=re.MULTILINE))
    if path.endswith(".py") and not path.startswith(("tests/", "migrations/versions/")):
        return docstrings(text)
    return [] if path.endswith((".py", ".js", ".txt", "LICENSE")) else comments(text)


def sentences(text):
    """The sentences of a text, and its commands, without line breaks."""
    text = FENCED.sub(lambda found: (found["commands"] or "").replace("\n", "\n\n"), text)
    for block in re.split(r"\n(?=\n|[|#] |- |\d+\. )", text):
        flat = re.sub(r"^(- |\| (?=\|)|[| -]+$)", "", " ".join(block.split()))
        yield from filter(None, SENTENCE.split(flat))


def docstrings(source):
    """The sentences of those that have more than one."""
    with contextlib.suppress(SyntaxError):  # `checks.py` names it.
        nodes = [each for each in ast.walk(ast.parse(source)) if isinstance(each, DOCUMENTED)]
        for node in sorted(nodes, key=lambda node: getattr(node, "lineno", 0)):
            said = list(sentences(ast.get_docstring(node) or ""))
            yield from said if len(said) > 1 else []


def comments(text):
    """The comments of a file that is not Python; lines below each other are one."""
    for found in COMMENT.finditer(text):
        said = re.sub(r"\n *# ", " ", "".join(filter(None, found.groups())).removeprefix("# "))
        if not re.match(r"noqa|v\d", said):  # For tools.
            yield from sentences(said)


def said_by_program(path):
    """What a program of the template's own says; a value in it is `…`."""
    texts = reversed([*messages.literals(path.read_text(encoding="utf-8"), patterns="re.")])
    for text in filter(messages.is_text, texts):
        yield messages.flat(text.replace("\0", "…"))


def prompts(questions):
    """What is asked, and what each choice is called."""
    for name, asked in questions.items():
        if isinstance(asked, str):
            yield f"{name}: {asked}"
        else:
            yield from (f"{name}={choice}: {label}" for choice, label in asked.items())
