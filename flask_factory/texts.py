"""Merge one text that both the template and its owner have changed.

git merges first. Then two rules take what it leaves: lists are merged by their items, and
changes that touch each other without overlapping are both made.
"""

import re
import subprocess
import tempfile
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

from .git import Stop

SIZE = 30  # of git's marks, so that no line of a text looks like one
IMPORT = re.compile(r"(from \.+[\w.]* import )\w+$")
OPENING = re.compile(r"(\s*)\S.*[\[{]$")
ITEM = re.compile(r"\s+\S.*,(\s*#.*)?$")
NAME = re.compile(r"[\s\"'|`]*(from \.+[\w.]* import )?[\w.-]+")


def merge(base, ours, theirs, ours_first=False):
    """The merged text, and whether nothing is in conflict, and whether it is to be read."""
    if ours == base or theirs == base or ours == theirs:
        return (theirs if ours == base else ours), True, False
    if any(b"\0" in each for each in (base, ours, theirs)):
        return ours, False, False
    windows = b"\r\n" in ours and b"\r\n" not in base
    if windows:
        ours = ours.replace(b"\r\n", b"\n")
    versions = [each.decode(errors="surrogateescape") for each in (base, ours, theirs)]
    listed = merge_lists([text.split("\n") for text in versions])
    lines, is_merged, is_read = weave(*("\n".join(each) for each in listed), ours_first)
    text = "".join(lines).encode(errors="surrogateescape")
    is_read = is_read or listed != [each.split("\n") for each in versions]
    return (text.replace(b"\n", b"\r\n") if windows else text), is_merged, is_read


def weave(base, ours, theirs, ours_first):
    """Merge as git does, and then each region that git leaves in conflict."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("yours", "before", "template")]
        for path, text in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(text.encode(errors="surrogateescape"))
        names = [path.name for path in paths]
        command = ["git", "merge-file", "-p", "--diff3", f"--marker-size={SIZE}", *names]
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True)
    if done.returncode > 127:
        raise Stop(done.stderr.decode(errors="replace").strip())
    said = done.stdout.decode(errors="surrogateescape")
    regions = re.split(f"^(?=[<|=>]{{{SIZE}}}(?: |\n))", said, flags=re.MULTILINE)
    merged, is_merged = [regions[0]], True
    for number in range(1, len(regions), 4):
        parts = [part.splitlines(keepends=True) for part in regions[number : number + 4]]
        (_, *mine), (_, *before), (_, *new), (_, *after) = parts
        woven = weave_region(before, mine, new, ours_first)
        if woven is None:
            is_merged = False
            woven = ["<<<<<<< yours\n", *mine, "||||||| before\n", *before]
            woven += ["=======\n", *new, ">>>>>>> template\n"]
        merged += woven + after
    return merged, is_merged, len(regions) > 1


def weave_region(base, ours, theirs, ours_first):
    """Both sides' changes to some lines; `None` where they overlap.

    What its owner has deleted stays deleted, whatever the template has done to it.
    """
    mine, new = edits(base, ours), edits(base, theirs)
    deleted = [(start, end) for start, end, lines in mine if not lines]
    new = [
        (start, end, lines)
        for start, end, lines in new
        if not any(s <= start and end <= e and s < end and start < e for s, e in deleted)
    ]
    for start, end, _ in mine:
        for s, e, _ in new:
            is_inside = s < start == end < e or start < s == e < end
            if is_inside or max(start, s) < min(end, e):
                return None
    # At one place what is inserted comes before what replaces lines, and the template's first.
    both = [(start, end, ours_first, lines) for start, end, lines in mine]
    both += [(start, end, not ours_first, lines) for start, end, lines in new]
    woven, at = [], 0
    for start, end, _, lines in sorted(both, key=lambda each: (each[0], each[1], not each[2])):
        woven += base[at:start] + lines
        at = end
    return woven + base[at:]


def edits(before, after):
    """Which lines were replaced, and by which."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    codes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return [(i, j, after[k:m]) for _, i, j, k, m in codes]


def merge_lists(versions):
    """The three texts with the lists that both sides have changed merged in each of them."""
    found = [dict(lists(lines)) for lines in versions]
    for key in [key for key in found[0] if all(key in each for each in found)]:
        spans = [dict(lists(lines))[key] for lines in versions]
        items = [lines[slice(*span)] for lines, span in zip(versions, spans, strict=True)]
        merged = merge_items(*items)
        if merged is not None and items[0] not in items[1:]:
            versions = [
                lines[: span[0]] + merged + lines[span[1] :]
                for lines, span in zip(versions, spans, strict=True)
            ]
    return versions


def lists(lines):
    """Each list of one item a line, by what it is known by: brackets, imports, rows of tables."""
    seen = Counter()
    start = 0
    while start < len(lines):
        line, end = lines[start], start + 1
        opening, imported = OPENING.match(line), IMPORT.match(line)
        if opening:
            while end < len(lines) and ITEM.match(lines[end]):
                end += 1
            is_closed = end < len(lines) and re.match(rf"{opening[1]}[\]}}]", lines[end])
            key, span = line, (start + 1, end if is_closed else 0)
        elif imported or line.startswith("|"):
            kind = imported[1] if imported else "|"
            while end < len(lines) and lines[end].startswith(kind):
                end += 1
            key, span = imported[1] if imported else line, (start, end)
        else:
            start = end
            continue
        seen[key] += 1
        if span[1] > span[0]:
            yield (key, seen[key]), span
        start = end


def merge_items(base, ours, theirs):
    """The items of a list that both have changed; `None` where they changed the same one."""
    if any(len({*items}) < len(items) for items in (base, ours, theirs)):
        return None
    dropped, added = minus(base, theirs), minus(theirs, base)
    deleted, own = minus(base, ours), minus(ours, base)
    names = {by_name(item) for item in minus(own, added)}
    if any(by_name(item) in names for item in dropped + added):
        return None
    gone = {by_name(item) for item in deleted}
    added = [item for item in minus(added, own) if by_name(item) not in gone]
    kept = minus(base, dropped + deleted)
    was_moved = [item for item in ours if item in kept] != kept
    for key in (by_name, str.casefold):
        if is_sorted(ours, key) and (was_moved or is_sorted(theirs, key)):
            return sorted(minus(ours, dropped) + added, key=key)
    if was_moved:
        return insert(minus(ours, dropped), added, theirs)
    return insert(minus(theirs, deleted), minus(own, theirs), ours)


def insert(items, more, order):
    """Items with more of them, each after the one that it follows elsewhere; last where last."""
    items = list(items)
    for item in more:
        at = order.index(item)
        if any(each in items for each in order[at:]):
            before = [items.index(each) for each in order[:at] if each in items]
            items.insert(before[-1] + 1 if before else 0, item)
        else:
            items.append(item)
    return items


def minus(items, others):
    return [item for item in items if item not in others]


def by_name(item):
    """What an item is called: of a dependency and an import the name, else all of it."""
    name = NAME.match(item)
    return name[0].casefold() if name else item


def is_sorted(items, key):
    return all(one <= two for one, two in pairwise(map(key, items)))
