"""Serve the application in production: `python serve.py`."""

import os
import sys

from granian import Granian
from granian.constants import Interfaces

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.environment import ConfigurationError


def main() -> None:
    """Listen on PORT for the platform that sets it, else on this machine's port 8000."""
    os.environ.setdefault("APP_ENV", "production")
    try:
        create_app()  # A bad setting is one line here, and not one for every worker.
    except ConfigurationError as error:
        sys.exit(f"Error: {error}")
    port = os.environ.get("PORT")
    Granian(
        "wsgi:app",
        address="0.0.0.0" if port else "127.0.0.1",  # noqa: S104
        port=int(port or 8000),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("WEB_CONCURRENCY") or 1),
        # Requests that a worker serves at a time. Granian warns where these are many for
        # the cores, but most requests wait for something else.
        blocking_threads=15,
        respawn_failed_workers=True,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main()
