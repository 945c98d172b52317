"""The example under another name, as a slice of one's own."""

import re
from datetime import date
from difflib import SequenceMatcher

from . import migrations
from .answers import EXAMPLE
from .git import File, Stop
from .template import RECORD, answers_of

WORD = re.compile(r"(?:(?<![A-Za-z])([Aa]n?)([ _]))?((?<![a-z])note|Note|NOTE)([sS]?)(?![a-z])")
# Where the sound is not what the letter says.
VOWEL = re.compile(r"(?!eu|on[ec]|u[bfknst][aeiou]|uni)[aeiou]|hour|heir|honou?r|honest")


def slice_of(project, template, commit, answers, plural, singular):
    """The files without the example, and with it under the new name after the last migration."""
    slug = answers["project_slug"]
    for name in (plural, singular):
        if not re.fullmatch("[a-z][a-z0-9]{0,30}", name):
            raise Stop(f"{name} is no name: type a word of a-z and 0-9, such as orders order")
    if plural == singular:
        raise Stop("the plural and the singular are the same: type two, such as orders order")
    choices = [{**answers, "example": value} for value in ("no", "yes")]
    base, full = template.render(*((commit, choice) for choice in choices))
    if answers_of(full)["example"] != "yes":
        raise Stop("the example needs a database, and pages or an API: update with these first")
    del base[RECORD], full[RECORD]
    taken = template.sources(commit, slug)
    if f"{slug}/{plural}" in taken or f"{slug}/{plural}.py" in taken:
        raise Stop(f"{plural} is a part of the template's: choose another name")
    new = dict(base)
    for path, file in full.items():
        if path not in base and EXAMPLE in path:
            new[renamed(path, plural, singular)] = renamed_file(file, plural, singular)
        elif path not in base and path not in project.entries:
            new[path] = file
        elif path in base and not path.endswith(".md") and not path.startswith(migrations.FOLDER):
            new[path] = with_renamed_lines(base[path], file, plural, singular)
    came = {path: file for path, file in migrations.select(new).items() if path not in base}
    return base, {**new, **migrations.after(migrations.of(project), came)}


def renamed_file(file, plural, singular):
    text = re.sub("[,:] (a|the) worked example[^.]*", "", file.content.decode(), count=1)
    text = re.sub("^Create Date: .*", f"Create Date: {date.today()}", text, flags=re.MULTILINE)
    return File(file.mode, renamed(text, plural, singular).encode())


def with_renamed_lines(base, full, plural, singular):
    """A file with the lines that the example brings, under the new name."""
    before, after = (file.content.decode().splitlines(keepends=True) for file in (base, full))
    lines = []
    for kind, _, _, start, end in SequenceMatcher(None, before, after, False).get_opcodes():
        some = after[start:end]
        lines += some if kind == "equal" else [renamed(line, plural, singular) for line in some]
    return File(full.mode, "".join(lines).encode())


def renamed(text, plural, singular):
    """A text about the new things, in the case and with the article that each needs."""

    def replace(match):
        article, space, word, s = match.groups()
        name = plural if s else singular
        name = name.upper() if word.isupper() else name.title() if word[0] == "N" else name
        if not article:
            return name
        vowel = VOWEL.match(name.lower())
        return f"{article[0]}{'n' if vowel else ''}{space}{name}"

    return WORD.sub(replace, text)
