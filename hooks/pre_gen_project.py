"""Refuse answers that can't make a whole project, and decide what the others leave out.

A note in the new folder tells `post_gen_project.py` what to remove. The Jinja extension at the
template's root loads this file for the same rules, so that most refusals come before the first
folder is made; this hook also sees the answers that skip every prompt, as a replay file's do.
"""

import sys

if __name__ == "__main__":
    # The folder of a rendered hook is for everybody's temporary files: import nothing from it.
    sys.path.pop(0)

import json
import os
import re
import unicodedata

MAX_TEXT = 300
SLUG = re.compile(r"(?!.{41})[a-z][a-z0-9]*(_[a-z0-9]+)*")
# A brace that would open a template tag.
TAG = re.compile(r"\{[%#{]")
WITHOUT_TAGS = "write it without a brace before another brace, % or #"
TEXTS = ("project_name", "project_slug", "description", "author_name")
NOTE = ".cookiecutter-note.json"

# The raw keys of this template, and those that Cookiecutter and cruft keep beside the answers.
RAW = ("_reserved", "_words", "_options", "_implications", "_files")
PRIVATE = """
    _checkout _commit _extensions _jinja2_env_vars _new_lines _output_dir _repo_dir _template
""".split()
EXTENSIONS = ["flask_factory_needs_cookiecutter_2_7.Answers"]

# Invisible characters that turn the direction of the text around them.
BIDIRECTIONAL = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def fault(answers):
    """What is wrong with all the answers, in one line; `None` where nothing is."""
    needed = (*TEXTS, *RAW, *answers.get("_options", {}))
    missing = [key for key in needed if key not in answers]
    if missing:
        return f"{', '.join(missing)}: not answered; pass answers as key=value"
    for key in TEXTS:
        message = fault_in_text(key, answers[key], answers["_reserved"])
        if message:
            return message
    for option in answers["_options"]:
        values = answers["_options"][option]["values"]
        if value_of(answers, option) not in values:
            words = " or ".join(["yes", "no"] if "yes" in values else values)
            return f"{option}: {shown(answers[option])} is not an answer; it must be {words}"
    return fault_in_private(answers)


def fault_in_text(key, value, reserved):
    """What is wrong with the answer to a question that takes any text."""
    if not isinstance(value, str) or not value.strip():
        return f"{key}: {shown(value)} says nothing; type some text"
    if key == "project_slug":
        return fault_in_slug(value, reserved)
    if value != value.strip():
        return f"{key}: {shown(value)} begins or ends with a space; remove it"
    if len(value) > MAX_TEXT:
        return f"{key}: {len(value)} characters are too many; {MAX_TEXT} is the most"
    if TAG.search(value):
        return f"{key}: {shown(value)} holds a template tag; {WITHOUT_TAGS}"
    for character in value:
        kind = unicodedata.category(character)
        if kind == "Cs":
            return f"{key}: {shown(value)} is not valid text here; use a UTF-8 locale"
        if kind in ("Cc", "Zl", "Zp") or character in BIDIRECTIONAL:
            name = f"U+{ord(character):04X}"
            return f"{key}: {shown(value)} holds the control character {name}; remove it"
    return None


def fault_in_slug(slug, reserved):
    """What is wrong with the name of the folder and the package."""
    if not SLUG.fullmatch(slug):
        name = slug.lower().replace("-", "_")
        hint = "a name such as my_app"
        if name != slug and fault_in_slug(name, reserved) is None:
            hint = f"{name} (a repository can be cloned under that name: git clone URL {name})"
        return (
            f"project_slug: {shown(slug)} must begin with a letter a-z and go on with a-z, 0-9 "
            f"and single underscores, 40 at most; type {hint}"
        )
    for reason, names in reserved.items():
        if slug in names:
            return f'project_slug: "{slug}" is {reason}; type another, such as {slug}_app'
    return None


def fault_in_private(answers):
    """What is wrong with the keys that no question is about."""
    for key, value in answers.items():
        raw = key.startswith("_") and not key.startswith("__")
        if raw and key not in (*RAW, *PRIVATE) or key == "_extensions" and value != EXTENSIONS:
            return f"{shown(key)} is not for answers; leave out what begins with _"
    for option, value in effective(answers).items():
        if answers.get(f"__{option}") != value:
            return f"__{option}: it must follow from the answers; leave out what begins with _"
    for path in answers["_files"]:
        parts = path.replace("{slug}", "package").removesuffix("/").split("/")
        if not all(re.fullmatch(r"(?!\.+$)[\w.-]+", part) for part in parts):
            return f"_files: {shown(path)} is not a path inside the project"
    folder = str(answers.get("_output_dir", ""))
    if TAG.search(folder) or "\r" in folder or "\n" in folder:
        return f"the output folder {shown(folder)} can't be used; {WITHOUT_TAGS}"
    return None


def effective(answers):
    """The value of each option once the implications have been followed."""
    values = {option: value_of(answers, option) for option in answers["_options"]}
    rules = answers["_implications"]
    for _ in range(len(rules) + 1):
        terms = [rule["then"] for rule in rules if holds(rule["if"], values)]
        if not (broken := [term for term in terms if not term_holds(term, values)]):
            return values
        values.update(map(parsed, broken))
    raise ValueError("the implications contradict each other")


def implied(answers):
    """A line for each implication that changed an answer."""
    values = effective(answers)
    for rule in answers["_implications"]:
        option, value = parsed(rule["then"])
        asked = {**values, option: value_of(answers, option)}
        if asked[option] != value and holds(rule["if"], asked):
            yield f"{option} is {value or 'no'}: {rule['because']}."


def holds(alternatives, values):
    """Whether all terms of one alternative are true."""
    return any(all(term_holds(term, values) for term in terms) for terms in alternatives)


def term_holds(term, values):
    """Whether one term is true: `api`, `api=no`, `errors=html`; `errors` is any but none."""
    option, value = parsed(term)
    return values[option] == value if "=" in term else values[option] not in ("", "none")


def parsed(term):
    """The option and the value that a term names."""
    option, _, value = term.partition("=")
    return option, "" if value == "no" else value or "yes"


def value_of(answers, option):
    """One answer, whatever type it came as: a switch is `"yes"` or `""`."""
    text = str(answers[option]).strip()
    if "yes" in answers["_options"][option]["values"]:
        yes, no = (text.lower() in answers["_words"][word] for word in ("yes", "no"))
        return "yes" if yes else "" if no else text or "nothing"
    return text


def shown(value):
    """A value as one short line of ASCII, whatever it holds."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f'{text[:56]}..."'


def existing_paths(rows):
    """What is in the project's folder before the run, and when it was last written."""
    found = {}
    for folder, folders, files in os.walk("."):
        if folder == ".":  # Leave out .git, .venv and the like, where no option writes.
            written = {row.partition("/")[0] for row in rows}
            folders[:] = [name for name in folders if name[0] != "." or name in written]
        for name in (*folders, *files):
            path = os.path.join(folder, name)[2:].replace(os.sep, "/")
            found[path] = os.lstat(path).st_mtime_ns
    return found


def covers(row, path):
    """Whether a row of the table is a path's own, or that of a folder above."""
    return path == row or row.endswith("/") and path.startswith(row)


def fault_in_folder(rows, existing):
    """What is in the way in a folder that is not empty."""
    if NOTE in existing:
        return f"{NOTE} is in the way; move it elsewhere"
    folders = {row.partition("/")[0] for row in rows}
    for path in existing:
        is_above = any(row.startswith(f"{path}/") for row in rows)
        if os.path.islink(path) and path.partition("/")[0] in (path, *folders):
            return f"{path} is a link, and would be written through; move it elsewhere"
        if os.path.isdir(path) if path in rows else is_above and not os.path.isdir(path):
            kind = "folder" if is_above else "file"
            return f"{path} is in the way of a {kind}; move it elsewhere"
    return None


def note(answers, rows, existing):
    """What the second hook is to remove, to leave alone and to say."""
    values = effective(answers)
    removed = [row for row, alternatives in rows.items() if not holds(alternatives, values)]
    files = [path for path in existing if not path.endswith(".pyc") and not os.path.isdir(path)]
    leftovers = [path for path in files if any(covers(row, path) for row in removed)]
    return {
        "remove": [row.rstrip("/") for row in removed],
        "existing": [path.casefold() for path in existing],
        "leftovers": leftovers,
        "others": {path: existing[path] for path in files if path not in leftovers},
        "implied": list(implied(answers)),
    }


def main():
    answers = json.loads(r"""{{ cookiecutter | tojson }}""")
    os.unlink(__file__)
    message = fault(answers)
    if not message:
        slug, files = answers["project_slug"], answers["_files"]
        rows = {path.replace("{slug}", slug): alternatives for path, alternatives in files.items()}
        existing = existing_paths(rows)
        message = fault_in_folder(rows, existing)
    if message:
        sys.exit(f"Error: {message}.")
    with open(NOTE, "x", encoding="utf-8") as file:
        json.dump(note(answers, rows, existing), file)


if __name__ == "__main__":
    main()
