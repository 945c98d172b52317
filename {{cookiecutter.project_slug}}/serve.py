"""Serve the application in production: `python serve.py`."""

import os
import sys
from typing import cast

from granian import Granian
from granian.constants import Interfaces

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.environment import ConfigurationError
from {{ cookiecutter.project_slug }}.environment import read


def main() -> None:
    """Listen on 0.0.0.0:PORT for the platform that sets it, else on 127.0.0.1:8000."""
    os.environ["APP_ENV"] = str(read("APP_ENV", "production"))
    try:
        create_app()  # A bad setting is one line here, and not one for every worker.
        port = cast(int, read("PORT", 0))
        workers = cast(int, read("WEB_CONCURRENCY", 1))
        if port > 65535:
            raise ConfigurationError(f"PORT is {port}: it must be at most 65535.")
        if not workers:
            raise ConfigurationError("WEB_CONCURRENCY is 0: it must be 1 or more.")
    except ConfigurationError as error:
        sys.exit(f"Error: {error}")
    Granian(
        "wsgi:app",
        address="0.0.0.0" if port else "127.0.0.1",  # noqa: S104
        port=port or 8000,
        interface=Interfaces.WSGI,
        workers=workers,
        # Requests that a worker serves at a time. Granian warns where these are many for
        # the cores, but most requests wait for something else.
        blocking_threads=15,
        respawn_failed_workers=True,
        workers_kill_timeout=20,  # seconds; else a slow client could keep one running
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main()
