"""Whether the application is alive, and whether it is ready to serve.

A part that needs something adds a check under `app.extensions["readiness"]`: a
name, and a function that raises an exception while the thing is missing.
"""

from flask import Blueprint
from flask import Flask
from flask import current_app

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> dict[str, str]:
    """Respond without touching anything: the process runs."""
    return {"status": "alive"}


@bp.get("/readyz")
def ready() -> tuple[dict[str, object], int]:
    """Respond with 200 when everything the application needs is there, else 503."""
    checks = {}
    for name, check in current_app.extensions["readiness"].items():
        try:
            check()
            checks[name] = "up"
        except Exception as error:
            first = str(error).partition("\n")[0]
            current_app.logger.error("Not ready: %s: %s", name, first)
            checks[name] = "down"
    if "down" in checks.values():
        return {"status": "not ready", "checks": checks}, 503
    return {"status": "ready", "checks": checks}, 200


def init_app(app: Flask) -> None:
    """Register the health checks."""
    app.extensions.setdefault("readiness", {})
    app.register_blueprint(bp)
