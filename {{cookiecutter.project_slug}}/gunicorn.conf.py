"""The production server: run `gunicorn wsgi:app` in this folder.

PORT and WEB_CONCURRENCY set the port and the number of worker processes.
"""

import os
import subprocess
import sys
from typing import Any
{% if cookiecutter.__logs == 'json' %}

from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from pythonjsonlogger.json import JsonFormatter


class JSONLogger(Logger):  # type: ignore[misc,unused-ignore]
    """Logs the server's own lines as logs/ does those of the application."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        names = {"levelname": "level", "name": "logger"}
        form = JsonFormatter([*names, "message"], rename_fields=names, timestamp=True)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(form)
            handler.addFilter(self)

    def filter(self, record: Any) -> bool:
        """Leave out what a client has sent: it may be a secret."""
        text = record.getMessage().partition(": '")[0]
        record.msg, record.args = text.partition("?")[0], None
        return True

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Log a request, where gunicorn has the option `--access-logfile=-`."""
        if self.access_log_enabled:
            members = {
                "method": environ["REQUEST_METHOD"],
                "route": environ.get("route"),
                "status": int(resp.status[:3]),
                "duration_ms": round(request_time.total_seconds() * 1000, 3),
                "request_id": dict(resp.headers).get("X-Request-ID"),
            }
            self.access_log.info("Request", extra=members)


logger_class = JSONLogger
{% endif %}

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
{% if cookiecutter.__telemetry %}


def when_ready(server: Any) -> None:
    """Make a folder in which the workers add up their metrics."""
    from tempfile import mkdtemp

    os.environ["PROMETHEUS_MULTIPROC_DIR"] = mkdtemp(dir=server.cfg.worker_tmp_dir)


def on_exit(_server: Any) -> None:
    from shutil import rmtree

    rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"])
{% endif %}
