"""Remove what `pre_gen_project.py` noted, and say what to do next.

Nothing here may fail: Cookiecutter would delete the finished project.
"""

import sys

# The folder of a rendered hook is for everybody's temporary files: import nothing from it.
sys.path.pop(0)

import contextlib
import json
import os

NOBODY = "Your Name"
NOTE = ".cookiecutter-note.json"
MAX_LISTED = 6


def read_note():
    """What the first hook decided."""
    try:
        with open(NOTE, encoding="utf-8") as file:
            note = json.load(file)
    except OSError:
        # Everything is still there, which is not what was asked for: no finished project.
        sys.exit(f"Error: {NOTE} has gone, so nothing was removed; generate the project again.")
    with contextlib.suppress(OSError):
        os.unlink(NOTE)
    return note


def remove(rows, existing):
    """Remove files and folders that were not there before, and folders that this leaves empty."""
    paths = set()
    for row in rows:
        paths.update(row[:end] for end, letter in enumerate(f"{row}/") if letter == "/")
        for folder, folders, files in os.walk(row.rstrip("/")):
            paths.update(f"{folder}/{name}".replace(os.sep, "/") for name in folders + files)
    for path in sorted(paths.difference(existing), reverse=True):
        with contextlib.suppress(OSError):  # It is not empty, or was never there.
            os.rmdir(path) if os.path.isdir(path) else os.unlink(path)


def next_steps(answers):
    """The commands that run the project, each as it can be typed."""
    programs = (
        os.path.join(folder, uv) for folder in os.get_exec_path() for uv in ("uv", "uv.exe")
    )
    yield f"cd {quoted(where_to_go())}"
    if any(map(os.path.isfile, programs)):
        run = "uv run"
        yield "uv sync"
    else:
        python = ".venv\\Scripts\\python" if os.name == "nt" else ".venv/bin/python"
        run = f"{python} -m"
        yield f"{'py' if os.name == 'nt' else 'python3'} -m venv .venv"
        yield f'{run} pip install "pip>=25.1"'
        yield f"{run} pip install --editable . --group dev"
    if answers["__database"] != "none":
        yield f"{run} flask db upgrade"
    yield f"{run} flask run --debug"
    yield f"{run} pytest"


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


def last_words(answers, note):
    """What to know, and the commands to type."""
    yield from note["implied"]
    files = {path: time for path, time in note["existing"].items() if os.path.isfile(path)}
    kept = [path for path, time in files.items() if os.stat(path).st_mtime_ns == time]
    yield from listed("Kept as they were", set(kept).difference(note["leftovers"]))
    yield from listed("Left over, from answers that are now different", note["leftovers"])
    yield "Your project is ready. What next:"
    yield ""
    for step in next_steps(answers):
        yield f"    {step}"
    files = [path for path in ("LICENSE", "pyproject.toml") if names_nobody(path)]
    if files:
        yield ""
        yield f'The author is still "{NOBODY}": put yours in {" and ".join(files)}.'


def listed(words, paths):
    """A line with the first of some paths, where there are any."""
    if paths:
        rest = f" and {len(paths) - MAX_LISTED} more" if len(paths) > MAX_LISTED else ""
        yield f"{words}: {', '.join(sorted(paths)[:MAX_LISTED])}{rest}."


def names_nobody(path):
    """Whether a file has the author that nobody answered."""
    with contextlib.suppress(OSError), open(path, "rb") as file:
        return NOBODY.encode() in file.read()


def main():
    answers = json.loads(r"""{{ cookiecutter | tojson }}""")
    with contextlib.suppress(OSError):
        os.unlink(__file__)
    note = read_note()
    remove(note["remove"], note["existing"])
    with contextlib.suppress(AttributeError, OSError, ValueError):
        sys.stdout.reconfigure(errors="backslashreplace")
        print("", *last_words(answers, note), sep="\n", flush=True)


if __name__ == "__main__":
    main()
