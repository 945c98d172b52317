"""Print what the changelog says of a version, for the page of its release.

Usage: python -m proof.changelog v1.2.0
"""

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parents[1] / "CHANGELOG.md"


def notes(text, tag):
    """The words under the heading of a tag; none where there is no such heading."""
    sections = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    found = dict(zip(sections[::2], sections[1::2], strict=True))
    return found.get(tag.removeprefix("v"), "").strip()


def main():
    [tag] = sys.argv[1:]
    words = notes(CHANGELOG.read_text(encoding="utf-8"), tag)
    if not words:
        sys.exit(f"CHANGELOG.md says nothing under '## {tag.removeprefix('v')}'.")
    print(words)


if __name__ == "__main__":
    main()
