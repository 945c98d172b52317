"""Merge what a template has changed into a project whose owner has changed it, too.

`base` is the project as it was made, `theirs` what would be made now, `ours` what is
committed: the files of each by their path.
"""

from collections import namedtuple
from difflib import SequenceMatcher
from itertools import product
from pathlib import PurePosixPath

from . import texts

SIMILAR = 0.6
# What is to be written, `None` being a file to delete, and what is to be said.
Merge = namedtuple("Merge", ["changes", "conflicts", "read", "spared"])


def merge(ours, base, theirs, moved):
    """The merge of each file; `moved` says where the template has moved some of its own."""
    gone = {path: file for path, file in base.items() if path not in ours}
    own_moves = moves(gone, {path: file for path, file in ours.items() if path not in base})
    merge = Merge({}, {}, [], [])
    for path, before in base.items():
        place, target = own_moves.get(path, path), moved.get(path, path)
        mine, now = ours.get(place), theirs.get(target)
        if mine is None:  # What was deleted stays so.
            merge.spared.extend([path] if now not in (None, before) else [])
        elif now is not None:
            merge_file(merge, place, target if place == path else place, before, mine, now)
        elif place != path:
            merge.spared.append(place)
        elif mine.splitlines() == before.splitlines():
            merge.changes[path] = None
        else:
            merge.changes[path] = mine
            merge.conflicts[path] = (before, mine, None)
    for path in sorted({*theirs} - {*base} - {*moved.values()}):
        if goes_nowhere(path, base, ours):
            merge.spared.append(path)
        elif path in ours:
            merge_file(merge, path, path, b"", ours[path], theirs[path])
        else:
            merge.changes[path] = theirs[path]
    return merge


def merge_file(merge, place, target, before, mine, now):
    """Merge one file's text, and move it where the template has."""
    text, is_merged, is_read = texts.merge(before, mine, now)
    if target != place:
        merge.changes[place] = None
    if (target, text) != (place, mine) or not is_merged:
        merge.changes[target] = text
    if not is_merged:
        merge.conflicts[target] = (before, mine, now)
    elif is_read:
        merge.read.append(target)


def goes_nowhere(path, base, ours):
    """Whether a new file belongs into a folder that its owner has deleted or moved."""
    folders = [f"{parent}/" for parent in PurePosixPath(path).parents[:-1]]
    known = [[each for each in base if each.startswith(folder)] for folder in folders]
    return any(len(each) > 1 and not ours.keys() & each for each in known)


def moves(gone, new):
    """Which of the new files are those that are gone, judged by their lines."""
    pairs = []
    for old, path in product(gone, new):
        one, other = PurePosixPath(old), PurePosixPath(path)
        if gone[old] and one.suffix == other.suffix:
            lines = gone[old].splitlines(), new[path].splitlines()
            ratio = SequenceMatcher(None, *lines).quick_ratio()
            if ratio >= SIMILAR:
                pairs.append((ratio + (one.name == other.name), old, path))
    found = {}
    for _, old, path in sorted(pairs, reverse=True):
        if old not in found and path not in found.values():
            found[old] = path
    return found
