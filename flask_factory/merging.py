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

    def file(self, place, target, before, mine, now):
        """Merge one file's text, and move it where the template has."""
        versions = (before, mine, now)
        content, is_merged, is_read = texts.merge(*(each.content for each in versions))
        file = File(mine.mode if now.mode == before.mode else now.mode, content)
        if target != place:
            self.changes[place] = None
        if target != place or file != mine or not is_merged:
            self.changes[target] = file
        if not is_merged:
            self.conflicts[target] = versions
        elif is_read:
            self.read.append(target)


def merge(ours, base, theirs, moved=()):
    """The merge of each file; `moved` says where the template has moved some of its own."""
    moved = dict(moved)
    gone = {path: file for path, file in base.items() if path not in ours}
    own_moves = moves(gone, {path: file for path, file in ours.items() if path not in base})
    merge = Merge()
    for path, before in base.items():
        place = own_moves.get(path, path)
        target = moved.get(path, path)
        mine, now = ours.get(place), theirs.get(target)
        if mine is None:  # What was deleted stays so.
            merge.spared += [path] if now and now != before else []
        elif now:
            merge.file(place, target if place == path else place, before, mine, now)
        elif place != path:
            merge.spared.append(place)
        elif mine.content.splitlines() == before.content.splitlines():
            merge.changes[path] = None
        else:
            merge.changes[path] = mine
            merge.conflicts[path] = (before, mine, None)
    for path in sorted({*theirs} - {*base} - {*moved.values()}):
        now = theirs[path]
        if goes_nowhere(path, base, ours):
            merge.spared.append(path)
        elif path in ours:
            merge.file(path, path, File(now.mode, b""), ours[path], now)
        else:
            merge.changes[path] = now
    return merge


def goes_nowhere(path, base, ours):
    """Whether a new file belongs into a folder that its owner has deleted or moved."""
    folders = [f"{parent}/" for parent in PurePosixPath(path).parents[:-1]]
    known = [[each for each in base if each.startswith(folder)] for folder in folders]
    return any(len(each) > 1 and not ours.keys() & each for each in known)


def moves(gone, new):
    """Which of the new files are those that are gone, judged by their lines."""
    pairs = []
    for old, before in gone.items():
        for path, file in new.items():
            one, other = PurePosixPath(old), PurePosixPath(path)
            if one.suffix == other.suffix and (ratio := similarity(before, file)) >= SIMILAR:
                pairs.append((ratio + (one.name == other.name), old, path))
    found = {}
    for _, old, path in sorted(pairs, reverse=True):
        if old not in found and path not in found.values():
            found[old] = path
    return found


def similarity(one, other):
    """The part of the lines that two files have in common."""
    mine, theirs = (Counter(file.content.splitlines()) for file in (one, other))
    return 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())
