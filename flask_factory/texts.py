"""Merge one text that both the template and its owner have changed.

git merges first. Where it can't two rules do: lists are merged by their items, and changes that
touch each other without overlapping are both made.
"""

import re
import subprocess
import tempfile
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

# A relative import, or a string in a list of one item a line: of what it is one, and its name.
ITEM = re.compile(rb'(from \.+[\w.]* import |\s+"(?=.*,(?: *#.*)?$))([\w.-]+)')


def merge(base, ours, theirs):
    """The merged text, and whether nothing is in conflict, and whether it is to be read."""
    if ours == base or theirs == base or ours == theirs:
        return (theirs if ours == base else ours), True, False
    if b"\0" in base + ours + theirs:
        return ours, False, False
    if b"\r\n" in ours and b"\r\n" not in base:
        text, *others = merge(base, ours.replace(b"\r\n", b"\n"), theirs)
        return text.replace(b"\n", b"\r\n"), *others
    versions = [each.split(b"\n") for each in (base, ours, theirs)]
    listed = merge_lists(versions)
    text, is_merged = merge_as_git(*map(b"\n".join, listed))
    if is_merged:
        return text, True, listed != versions
    woven = weave(*listed)
    return (text, False, True) if woven is None else (b"\n".join(woven), True, True)


def merge_as_git(base, ours, theirs):
    """What git makes of it, and whether that is without a conflict."""
    texts = {"yours": ours, "before": base, "template": theirs}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            Path(folder, name).write_bytes(text)
        command = ["git", "merge-file", "-p", "--diff3", *texts]
        done = subprocess.run(command, cwd=folder, check=False, stdout=subprocess.PIPE)
    return (done.stdout if done.returncode < 128 else ours), done.returncode == 0


def weave(base, ours, theirs):
    """Both sides' changes to some lines; `None` where they overlap.

    What its owner has deleted stays deleted, whatever the template has done to it. At one place
    what is inserted comes before what replaces lines, and the template's first.
    """
    mine = edits(base, ours)
    deleted = [(start, end) for start, end, lines in mine if not lines]
    new = [
        (start, end, lines)
        for start, end, lines in edits(base, theirs)
        if not any(s <= start and end <= e and s < end and start < e for s, e in deleted)
    ]
    woven, at = [], 0
    for start, end, lines in sorted(new + mine, key=lambda each: each[:2]):
        if start < at:
            return None
        woven += base[at:start] + lines
        at = end
    return woven + base[at:]


def edits(before, after):
    """Which lines were replaced, and by which."""
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(i, j, after[k:m]) for kind, i, j, k, m in codes if kind != "equal"]


def merge_lists(versions):
    """The three texts with the lists that both sides have changed merged in each of them."""
    for key in lists(versions[0]):
        spans = [lists(lines).get(key) for lines in versions]
        if all(spans):
            items = [lines[start:end] for lines, (start, end) in zip(versions, spans, strict=True)]
            if items[0] not in items[1:] and (merged := merge_items(*items)):
                versions = [
                    lines[:start] + merged + lines[end:]
                    for lines, (start, end) in zip(versions, spans, strict=True)
                ]
    return versions


def lists(lines):
    """Where each list is, by the line before it or what it imports from."""
    found, end = {}, 0
    for kind, run in groupby(lines, lambda line: (item := ITEM.match(line)) and item[1]):
        start, end = end, end + len([*run])
        key = kind if kind and kind.startswith(b"from") else lines[start - 1]
        if kind and key.endswith((b" ", b"[", b"{")):
            # Where two are called the same nobody knows which is which.
            found[key] = None if key in found else (start, end)
    return found


def merge_items(base, ours, theirs):
    """The items of a list that both have changed; `None` where they changed the same one."""
    changed = [{name(item) for item in {*base} ^ {*items}} for items in (ours, theirs)]
    if changed[0] & changed[1] or len({*ours}) < len(ours):
        return None
    merged = [item for item in ours if item in theirs or item not in base]
    for at, item in enumerate(theirs):
        if item not in base:
            before = [merged.index(each) for each in theirs[:at] if each in merged]
            merged.insert(before[-1] + 1 if before else 0, item)
    if is_sorted(ours) and (is_sorted(theirs) or not is_sorted(base)):
        merged.sort(key=name)
    return merged


def name(item):
    return ITEM.match(item)[2].lower()


def is_sorted(items):
    return sorted(items, key=name) == items
