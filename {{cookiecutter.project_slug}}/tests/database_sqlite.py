"""SQLite databases for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of an empty database, which is there until the block ends."""
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/test.db"
