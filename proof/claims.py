"""Whether each sentence of a guide is listed, with what shows that it is so: `claims.md`.

A sentence that was changed, moved or put under another condition is not the one that was shown.
"""

import itertools
import re
from typing import NamedTuple

LIST = "proof/claims.md"
NOTHING = "no claim"
# What shows the sentences below, and the answers under which they are there.
SHOWN = re.compile(r"`(?P<by>[^`]+)`(?: if (?P<row>.+))?:")
# Where one sentence ends and another begins.
SENTENCE = re.compile(r"(?<=[A-Za-z`)/>][.?]) (?=[A-Z`<\[])|(?<=\d\d\.) ")


class Claim(NamedTuple):
    """A sentence, the test or check that shows it, and its row: `None` where it is always there."""

    sentence: str
    by: str
    row: list | None


def faults(template, renderings):
    """What the guides say and the list does not, or the other way round, one line each."""
    claims = listed(template.root)
    for each in renderings:
        path, values = each.path, each.effective
        if path.endswith(".md") or path == ".env.example":
            expected = [
                claim.sentence.replace("{slug}", each.slug)
                for claim in claims.get(path, [])
                if not claim.row or template.holds(claim.row, values)
            ]
            yield from differences(f"{path} {values}", sentences(path, each.text), expected)
    for path in (template.root / "README.md", *template.root.glob("docs/*.md")):
        name = f"The template's {path.relative_to(template.root).as_posix()}"
        expected = [claim.sentence for claim in claims.get(name, [])]
        said = sentences(name, path.read_text(encoding="utf-8"))
        yield from differences(name, said, expected)


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
    for claim in itertools.chain(*listed(root).values()):
        module, _, name = claim.by.partition(": ")
        if claim.by == NOTHING:
            if re.search(r"[`\d]", claim.sentence):
                yield f"{LIST}: nothing shows '{claim.sentence}'"
        elif not is_defined(root, module, name):
            yield f"{LIST}: there is no {claim.by}"


def is_defined(root, module, name):
    """Whether a check or a test is there; the names of tests are without their `test_`."""
    definition = re.compile(rf"^def (?:test_)?{name}\(", re.MULTILINE)
    files = [*root.glob(f"proof/**/{module}.py"), *root.glob(f"**/tests/{module}.py")]
    return any(definition.search(each.read_text(encoding="utf-8")) for each in files)


def sentences(path, text):
    """The sentences of a guide, or of the comments of `.env.example`, without line breaks."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    if path == ".env.example":
        text = re.sub(r"^# ", "", text, flags=re.MULTILINE)
        text = re.sub(r"^(?=#?[A-Z_]+=)", "\n", text, flags=re.MULTILINE)
    for block in re.split(r"\n(?=\n|[|#] |- |\d+\. )", text):
        flat = re.sub(r"^(- |\| (?=\|)|[| -]+$)", "", " ".join(block.split()))
        yield from filter(None, SENTENCE.split(flat))
