"""Serve the application in production: `python serve.py`."""

import os

from granian import Granian
from granian.constants import Interfaces


def main() -> None:
    """Listen on PORT for the platform that sets it, else on this machine's port 8000."""
    os.environ.setdefault("APP_ENV", "production")
    port = os.environ.get("PORT")
    Granian(
        "wsgi:app",
        address="0.0.0.0" if port else "127.0.0.1",  # noqa: S104
        port=int(port or 8000),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("WEB_CONCURRENCY") or 1),
        blocking_threads=15,  # requests that a worker serves at a time
        respawn_failed_workers=True,
    ).serve()


if __name__ == "__main__":
    main()
