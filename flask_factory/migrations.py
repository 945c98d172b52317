"""Migrations: those that a database may have stay, and new ones go after them."""

import re

from .git import Stop

FOLDER = "migrations/versions/"
REVISION = re.compile(rb"^revision(?:: [^=]+)? = [\"'](\w+)", re.MULTILINE)
DOWN = re.compile(rb"^(down_revision(?:: [^=]+)?) = (.*)$", re.MULTILINE)


def select(files):
    """The migrations among some files."""
    return {k: v for k, v in files.items() if k.startswith(FOLDER) and k.endswith(".py")}


def settle(base, ours, theirs, choice):
    """All files of the template, with the migrations that the project is to get, and whether
    any are kept: where the project has its own, or its owner wants it, those that it has are.
    """
    old, own, now = select(base), select(ours), select(theirs)
    changed = {path: own[path] for path in old if path in own and now.get(path) != old[path]}
    if own and (choice == "keep" or {*own} - {*old}):
        others = {path: file for path, file in theirs.items() if path not in now}
        came = {path: file for path, file in now.items() if path not in old}
        return {**others, **old, **after(own, came)}, bool(changed)
    if changed and now and choice != "drop":
        first = changed[first_of(changed)]
        raise Stop(
            f"a database that has the migration {revision(first)} could not be migrated any more. "
            "Where there is one, type there first: flask db downgrade "
            f"{min(down(first), default='base')}; then add --migrations drop. "
            "Or add --migrations keep: they stay, and new ones go after them"
        )
    return theirs, False


def after(ours, came):
    """New migrations, each revising the one before, the first the project's last."""
    revised = set().union(*map(down, ours.values()))
    last = max({*map(revision, ours.values())} - revised, default="")
    left, placed = dict(came), {}
    while last and left:
        path = first_of(left)
        file = left.pop(path)
        new = DOWN.sub(rb'\1 = "%b"' % last.encode(), file, count=1)
        placed[path] = re.sub(b"\nRevises:.*", b"\nRevises: " + last.encode(), new, count=1)
        last = revision(file)
    return {**placed, **left}


def first_of(files):
    """The path of a migration that follows none of the others."""
    names = {revision(file) for file in files.values()}
    return next((path for path, file in files.items() if not down(file) & names), min(files))


def revision(file):
    found = REVISION.search(file)
    return found[1].decode() if found else ""


def down(file):
    """The revisions that a migration follows."""
    found = DOWN.search(file)
    return {*re.findall(r"[\"'](\w+)[\"']", found[2].decode())} if found else set()
