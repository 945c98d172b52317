"""Remove what `pre_gen_project.py` noted, and say what to do next.

Nothing here may fail on a finished project: Cookiecutter would delete it.
"""

import sys

# The folder of a rendered hook is for everybody's temporary files: import nothing from it.
sys.path.pop(0)

import contextlib
import json
import os
import re
import shlex
import shutil

NOBODY = "Your Name"
NOTE = ".cookiecutter-note.json"
RECORD = ".flask-factory.toml"
MAX_LISTED = 6


def remove(owned, existing):
    """Remove files and folders that were not there before, and folders that this leaves empty."""
    paths = set()
    for path in owned:
        paths.update(path[:end] for end, letter in enumerate(f"{path}/") if letter == "/")
        for folder, folders, files in os.walk(path):
            paths.update(f"{folder}/{name}".replace(os.sep, "/") for name in folders + files)
    # Some file systems take upper for lower case: there, License is LICENSE.
    new = [path for path in paths if path.casefold() not in existing]
    for path in sorted(new, reverse=True):
        with contextlib.suppress(OSError):  # It is not empty, or was never there.
            os.rmdir(path) if os.path.isdir(path) else os.unlink(path)


def write_record(answers, kept):
    """Keep the template's commit and the answers, where the commit is known."""
    # A relative path begins where Cookiecutter was started.
    start = os.environ.get("PWD") or answers.get("_output_dir", "")
    root = os.path.join(start, str(answers.get("_repo_dir")))
    commit = answers.get("_commit") or read(root, "cookiecutter.json") and head_of(root)
    if "pyproject.toml" in kept or not re.fullmatch("[0-9a-f]{40,64}", str(commit)):
        return
    with open(RECORD, "w", encoding="utf-8", newline="\n") as file:
        print("# What made this project: flask-factory updates it by this.", file=file)
        print(f'commit = "{commit}"\n\n[answers]', file=file)
        for key in answers:
            if not key.startswith("_"):
                value = answers[f"__{key}" if key in answers["_options"] else key] or "no"
                print(key, "=", json.dumps(value, ensure_ascii=False), file=file)


def head_of(root):
    """The commit that is checked out in a folder; git itself may not be there to ask."""
    # A worktree of git's says in a file where its own folder is.
    git = os.path.join(root, read(root, ".git").removeprefix("gitdir: ") or ".git")
    head = read(git, "HEAD")
    if not head.startswith("ref: "):
        return head
    ref, shared = head.removeprefix("ref: "), os.path.join(git, read(git, "commondir"))
    packed = re.search(f"^(\\w+) {re.escape(ref)}$", read(shared, "packed-refs"), re.MULTILINE)
    return read(shared, ref) or packed and packed[1]


def read(*path):
    """The text of a file, and nothing where there is none."""
    with contextlib.suppress(OSError), open(os.path.join(*path), encoding="utf-8") as file:
        return file.read().strip()
    return ""


def next_steps(answers):
    """The commands that run the project, each as it can be typed."""
    folder = os.getcwd()
    parent, name = os.path.split(folder)
    if os.environ.get("PWD") == parent:  # The shell is beside the project.
        folder = name
    yield "cd " + (f'"{folder}"' if os.name == "nt" else shlex.quote(folder))
    if shutil.which("uv"):
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


def last_words(answers, note, kept):
    """What to know, and the commands to type."""
    yield from note["implied"]
    yield from listed("Kept as they were", kept)
    yield from listed("Left over from other answers", note["leftovers"])
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
    try:
        with open(NOTE, encoding="utf-8") as file:
            note = json.load(file)
    except OSError:  # Every file of every option is still there, which nobody asked for.
        sys.exit(f"Error: {NOTE} is missing, so nothing was removed; generate the project again.")
    remove([NOTE, *note["remove"]], note["existing"])
    others = note["others"].items()
    kept = [path for path, time in others if os.lstat(path).st_mtime_ns == time]
    with contextlib.suppress(OSError, ValueError):
        write_record(answers, kept)
    with contextlib.suppress(AttributeError, OSError, ValueError):
        sys.stdout.reconfigure(errors="backslashreplace")
        print("", *last_words(answers, note, kept), sep="\n", flush=True)


if __name__ == "__main__":
    main()
