"""The production server: run `gunicorn wsgi:app` in this folder.

PORT and WEB_CONCURRENCY set the port and the number of worker processes.
"""

import os
import subprocess
import sys
from typing import Any

os.environ["APP_ENV"] = os.environ.get("APP_ENV") or "production"

worker_class = "gthread"
threads = 15
control_socket_disable = True
# Else a client's own headers would change the URL, whatever TRUSTED_PROXIES says.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}


def on_starting(server: Any) -> None:
    """Refuse to start on a bad setting: a worker would be started again and again.

    The application is loaded in a process of its own, so that workers load it afresh.
    """
    if server.cfg.workers < 1:
        sys.exit("Error: WEB_CONCURRENCY is 0: it must be 1 or more.")
    check = subprocess.run([sys.executable, "-c", "import wsgi"], check=False)
    if check.returncode:
        sys.exit(check.returncode)
