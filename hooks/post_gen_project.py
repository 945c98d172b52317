"""Remove what was not chosen, and say what to do next.

Nothing here may fail: Cookiecutter would delete the finished project.
"""

import sys

# The folder of a rendered hook is for everybody's temporary files: import nothing from it.
sys.path.pop(0)

import contextlib
import json
import os

YES = ("1", "true", "t", "yes", "y", "on")
NO = ("0", "false", "f", "no", "n", "off")
NOBODY = "Your Name"
# What pre_gen found in a folder that was not empty.
NOTE = ".cookiecutter-existing.json"


def remove_what_was_not_chosen(answers):
    """Remove files by their exact path, then the folders that this left empty."""
    existing = read_note()
    folders = set()
    for path, alternatives in answers["_files"].items():
        path = path.replace("{slug}", answers["project_slug"])
        if path not in existing and not holds(alternatives, answers):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            parts = path.split("/")
            folders.update("/".join(parts[:count]) for count in range(1, len(parts)))
    for folder in sorted(folders - existing, reverse=True):
        with contextlib.suppress(OSError):  # It is not empty, or was never there.
            os.rmdir(folder)


def read_note():
    """The owned paths and folders that were there before the run."""
    try:
        with open(NOTE, encoding="utf-8") as note:
            existing = json.load(note)
    except FileNotFoundError:
        return set()
    os.unlink(NOTE)
    return set(existing)


def holds(alternatives, answers):
    """Whether all terms of one alternative are true: `auth`, `auth=no`, `errors=html`."""
    return any(all(term_holds(term, answers) for term in terms) for terms in alternatives)


def term_holds(term, answers):
    option, _, value = term.partition("=")
    return answers[f"__{option}"] == ("" if value == "no" else value or "yes")


def implied(answers):
    """A line for each implication that changed an answer."""
    for rule in answers["_implications"]:
        option, _, value = rule["then"].partition("=")
        value = value or "yes"
        asked = str(answers[option]).strip().lower()
        asked = "yes" if asked in YES else "no" if asked in NO else asked
        if holds(rule["if"], answers) and asked != value:
            yield f"{option} is {value}: {rule['because']}."


def next_steps(answers):
    """The commands that run the project, each as it can be typed."""
    has_database = answers["__database"] != "none"
    yield f"cd {quoted(where_to_go())}"
    programs = (
        os.path.join(folder, uv) for folder in os.get_exec_path() for uv in ("uv", "uv.exe")
    )
    if any(map(os.path.isfile, programs)):
        yield "uv sync"
        yield "uv run pytest"
        if has_database:
            yield "uv run flask db upgrade"
        yield "uv run flask run --debug"
    else:
        python = ".venv\\Scripts\\python" if os.name == "nt" else ".venv/bin/python"
        yield f"{'py' if os.name == 'nt' else 'python3'} -m venv .venv"
        yield f'{python} -m pip install "pip>=25.1"'
        yield f"{python} -m pip install --editable . --group dev"
        yield f"{python} -m pytest"
        if has_database:
            yield f"{python} -m flask db upgrade"
        yield f"{python} -m flask run --debug"


def where_to_go():
    """The project's folder: its name alone for somebody whose shell is beside it."""
    folder = os.getcwd()
    parent, name = os.path.split(folder)
    return name if os.environ.get("PWD") == parent else folder


def quoted(path):
    """A path as a shell takes it."""
    if all(character.isalnum() or character in "/\\:._-+@" for character in path):
        return path
    return f'"{path}"' if os.name == "nt" else "'" + path.replace("'", "'\"'\"'") + "'"


def last_words(answers):
    yield from implied(answers)
    yield "Your project is ready. What next:"
    yield ""
    for step in next_steps(answers):
        yield f"    {step}"
    files = [path for path in ("LICENSE", "pyproject.toml") if names_nobody(path)]
    if files:
        yield ""
        yield f'The author is still "{NOBODY}": put yours in {" and ".join(files)}.'


def names_nobody(path):
    """Whether a file has the author that nobody answered."""
    try:
        with open(path, "rb") as file:
            return NOBODY.encode() in file.read()
    except OSError:
        return False


def main():
    answers = json.loads(r"""{{ cookiecutter | tojson }}""")
    remove_what_was_not_chosen(answers)
    with contextlib.suppress(OSError):
        os.unlink(__file__)
    with contextlib.suppress(AttributeError, OSError, ValueError):
        sys.stdout.reconfigure(errors="backslashreplace")
        print("", *last_words(answers), sep="\n", flush=True)


if __name__ == "__main__":
    main()
