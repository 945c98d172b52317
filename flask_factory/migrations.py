"""Migrations: those that a database may have stay, and new ones go after them."""

import re

from .git import File, Stop

FOLDER = "migrations/versions/"
REVISION = re.compile(r"^revision(?:: [^=]+)? = ([\"'])(\w+)\1", re.MULTILINE)
DOWN = re.compile(r"^(down_revision(?:: [^=]+)?) = (.*)$", re.MULTILINE)
REVISES = re.compile(r"^Revises:.*$", re.MULTILINE)


def select(files):
    """The migrations among some files."""
    return {k: v for k, v in files.items() if k.startswith(FOLDER) and k.endswith(".py")}


def of(project):
    """The migrations that a project has."""
    return select(project.read([path for path in project.entries if path.startswith(FOLDER)]))


def settle(base, own, theirs, choice):
    """All files of the template, with the migrations that the project is to get, and whether
    any are kept: where the project has its own, or its owner wants it, those that it has are.
    """
    old, now = select(base), select(theirs)
    changed = [path for path in old if path in own and now.get(path) != old[path]]
    if own and (choice == "keep" or any(path not in old for path in own)):
        others = {path: file for path, file in theirs.items() if path not in now}
        came = {path: file for path, file in now.items() if path not in old}
        return {**others, **old, **after(own, came)}, bool(changed)
    if changed and now and choice != "drop":
        raise Stop(refusal(own, changed))
    return theirs, False


def refusal(own, changed):
    """What to type first where a database could no longer be migrated."""
    names = {revision(own[path]) for path in changed}
    downs = {path: down(own[path]) for path in changed}
    [first, *_] = [path for path in changed if not downs[path] & names]
    target = next(iter(downs[first]), "base")
    return (
        f"a database that has the migration {revision(own[first])} could not be migrated any "
        f"more. Where there is one, type there first: flask db downgrade {target}; then add "
        "--migrations drop. Or add --migrations keep: they stay, and new ones go after them"
    )


def after(own, came):
    """New migrations, each revising the one before, the first the project's last."""
    last = head(own)
    placed = {}
    while came and last:
        names = {revision(file) for file in came.values()}
        path = next((path for path in came if not down(came[path]) & names), min(came))
        placed[path] = revising(came[path], last)
        last = revision(came.pop(path))
    return {**placed, **came}


def head(files):
    """The last revision; nothing where there is none."""
    downs = set().union(*(down(file) for file in files.values()))
    heads = sorted({revision(file) for file in files.values()} - downs - {""})
    if len(heads) > 1:
        raise Stop(f"the migrations end in {' and '.join(heads)}: flask db merge heads first")
    return heads[0] if heads else ""


def revising(file, last):
    """A migration that follows another."""
    text = file.content.decode()
    text = DOWN.sub(rf'\1 = "{last}"', text, count=1)
    return File(file.mode, REVISES.sub(f"Revises: {last}", text, count=1).encode())


def revision(file):
    found = REVISION.search(text_of(file))
    return found[2] if found else ""


def down(file):
    """The revisions that a migration follows."""
    found = DOWN.search(text_of(file))
    return {*re.findall(r"[\"'](\w+)[\"']", found[2])} if found else set()


def text_of(file):
    return file.content.decode(errors="replace").replace("\r\n", "\n")
