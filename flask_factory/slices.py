"""The example under another name, as a slice of one's own."""

import re
from functools import partial

from . import migrations
from .git import Stop
from .template import EXAMPLE, RECORD
from .texts import edits

WORD = re.compile(r"(?:(?<![A-Za-z])([Aa]n?)([ _]))?((?<![a-z])note|Note|NOTE)([sS]?)(?![a-z])")
# Where the sound is not what the letter says.
VOWEL = re.compile(r"(?!eu|on[ec]|u[bfknst][aeiou]|uni)[aeiou]|hour|heir|honou?r|honest")


def slice_of(project, template, commit, answers, names):
    """The files without the example, and with it under the new name after the last migration."""
    if len({*names}) != 2 or not all(re.fullmatch("[a-z][a-z0-9]{0,30}", each) for each in names):
        raise Stop("type the plural and the singular, of a-z and 0-9, such as: add orders order")
    plural, singular = names
    place = f"{answers['project_slug']}/{plural}"
    taken = {*project.files} | template.sources(commit, answers["project_slug"])
    if any(path == f"{place}.py" or f"{path}/".startswith(f"{place}/") for path in taken):
        raise Stop(f"{place} is there already, or a part of the template's: choose another name")
    choices = [{**answers, "example": value} for value in ("no", "yes")]
    base, full = template.render(*((commit, choice) for choice in choices))
    if base.keys() == full.keys():
        raise Stop("the example needs a database, and pages or an API: update with these first")
    del base[RECORD], full[RECORD]
    rename = partial(renamed, plural=plural, singular=singular)
    new = dict(base)
    for path, file in full.items():
        if path not in base and EXAMPLE in path:
            new[rename(path)] = with_renamed_lines(b"", file, rename)
        elif path not in base:
            new[path] = project.files.get(path, file)
        elif not path.endswith(".md") and not path.startswith(migrations.FOLDER):
            new[path] = with_renamed_lines(base[path], file, rename)
    came = {path: file for path, file in migrations.select(new).items() if path not in base}
    return base, new | migrations.after(migrations.select(project.files), came)


def with_renamed_lines(base, full, rename):
    """A file with the lines that the example brings, under the new name."""
    before, after = (file.decode().splitlines(keepends=True) for file in (base, full))
    text, at = "", 0
    for start, end, lines in edits(before, after):
        new = re.sub("[,:] (a|the) worked example[^.]*", "", "".join(lines), count=1)
        text += "".join(before[at:start]) + rename(new)
        at = end
    return (text + "".join(before[at:])).encode()


def renamed(text, plural, singular):
    """A text about the new things, in the case and with the article that each needs."""

    def replace(match):
        article, space, word, s = match.groups()
        name = plural if s else singular
        name = name.upper() if word.isupper() else name.title() if word[0] == "N" else name
        if not article:
            return name
        return f"{article[0]}{'n' if VOWEL.match(name.lower()) else ''}{space}{name}"

    return WORD.sub(replace, text)
