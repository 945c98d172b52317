"""Merge what a template has changed into a project whose owner has changed it, too.

`base` is the project as it was made, `theirs` what would be made now, `ours` what is
committed: the files of each by their path.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from . import texts
from .git import File

SIMILAR = 0.6


@dataclass
class Merge:
    """What is to be written, `None` being a file to delete, and what is to be said."""

    changes: dict = field(default_factory=dict)
    conflicts: dict = field(default_factory=dict)
    read: list = field(default_factory=list)
    spared: list = field(default_factory=list)


def merge(project, base, theirs, moved=None, ours_first=False):
    """The merge of each file; `moved` says where the template has moved some of its own."""
    moved = moved or {}
    ours = project.read({*base, *theirs})
    own_moves = moves_of_owner(project, base, ours)
    ours |= project.read(own_moves.values())
    merge = Merge()
    for path, before in base.items():
        now = theirs.get(moved.get(path, path))
        place = own_moves.get(path, path)
        mine = ours.get(place)
        if mine is None:  # It was deleted, or is a link now.
            merge.spared += [path] if now and now != before else []
        elif now is None:
            drop(merge, path, place, before, mine)
        else:
            target = moved.get(path, path) if place == path else place
            merge_file(merge, place, target, before, mine, now, ours_first)
    came = {*theirs} - {*base} - {*moved.values()}
    for path in sorted(came):
        place = place_of_new(path, base, ours, own_moves)
        mine = project.read([place]).get(place) if place in project.entries else None
        if not place:
            merge.spared.append(path)
        elif mine is None and place not in project.entries:
            merge.changes[place] = theirs[path]
        elif mine is None or mine.content != theirs[path].content:
            before = File(theirs[path].mode, b"")
            merge_file(merge, place, place, before, mine or before, theirs[path], ours_first)
    return merge


def drop(merge, path, place, before, mine):
    """Delete what the template no longer has, unless its owner has changed or renamed it."""
    if place != path:
        merge.spared.append(place)
    elif lines(mine) == lines(before):
        merge.changes[place] = None
    else:
        merge.changes[place] = mine
        merge.conflicts[place] = (before, mine, None)


def merge_file(merge, place, target, before, mine, now, ours_first):
    """Merge one file's text, and move it where the template has."""
    content, is_merged, is_read = texts.merge(before.content, mine.content, now.content, ours_first)
    mode = mine.mode if now.mode == before.mode else now.mode
    if target != place:
        merge.changes[place] = None
    if (target, mode, content) != (place, mine.mode, mine.content):
        merge.changes[target] = File(mode, content)
    if not is_merged:
        merge.changes[target] = File(mode, content)
        merge.conflicts[target] = (before, mine, now)
    elif is_read:
        merge.read.append(target)


def place_of_new(path, base, ours, own_moves):
    """Where a new file goes: not into a folder that its owner deleted, and along if it moved."""
    for parent in PurePosixPath(path).parents[:-1]:
        folder = f"{parent}/"
        known = [each for each in base if each.startswith(folder)]
        if len(known) > 1 and not any(each in ours and each not in own_moves for each in known):
            ends = {
                own_moves[each].removesuffix(each.removeprefix(folder))
                for each in known
                if each in own_moves
            }
            return ends.pop() + path.removeprefix(folder) if len(ends) == 1 else None
    return path


def moves_of_owner(project, base, ours):
    """Where the owner has moved files of the template: old path to new."""
    gone = {path: file for path, file in base.items() if path not in ours}
    size = max([len(file.content) for file in gone.values()], default=0)
    entries = project.entries.items()
    near = [path for path, entry in entries if path not in base and entry[2] <= 2 * size]
    return moves(gone, project.read(near) if gone else {})


def moves(gone, new):
    """Which of the new files are those that are gone, judged by their lines."""
    pairs = []
    for old, before in gone.items():
        for path, file in new.items():
            same = PurePosixPath(old).name == PurePosixPath(path).name
            ratio = similarity(before, file)
            if PurePosixPath(old).suffix == PurePosixPath(path).suffix and ratio >= SIMILAR:
                pairs.append((ratio + same, old, path))
    found = {}
    for _, old, path in sorted(pairs, reverse=True):
        if old not in found and path not in found.values():
            found[old] = path
    return found


def similarity(one, other):
    """The part of the lines that two files have in common."""
    mine, theirs = Counter(lines(one)), Counter(lines(other))
    return 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())


def lines(file):
    return file.content.splitlines() if b"\0" not in file.content else [file.content]
