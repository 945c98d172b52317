"""The key that signs sessions: checked in production, made and kept elsewhere."""

import os
import secrets
from pathlib import Path

from flask import Flask

from .environment import ConfigurationError

SHORTEST = 32
PLACEHOLDERS = ("change", "example", "insecure", "placeholder", "replace", "your-")
MAKE_ONE = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'


def init_app(app: Flask) -> None:
    """Refuse a bad key in production; elsewhere supply one that is missing."""
    key = app.config["SECRET_KEY"]
    if app.config["APP_ENV"] == "production":
        _check("SECRET_KEY", key or "")
        for earlier in app.config["SECRET_KEY_FALLBACKS"]:
            _check("SECRET_KEY_FALLBACKS", earlier)
    elif not key:
        app.config["SECRET_KEY"] = _new() if app.testing else _kept(app)


def _check(name: str, key: str | bytes) -> None:
    text = str(key).lower()
    fault = ""
    if not key:
        fault = "is missing"
    elif len(key) < SHORTEST:
        fault = f"has fewer than {SHORTEST} characters"
    elif len(set(text)) < 8 or any(word in text for word in PLACEHOLDERS):
        fault = "is a placeholder, not a secret"
    if fault:
        raise ConfigurationError(f"{name} {fault}. To make a good one: {MAKE_ONE}")


def _new() -> str:
    return secrets.token_urlsafe(32)


def _kept(app: Flask) -> str:
    """The key in the instance folder, or one in memory where none can be kept."""
    path = Path(app.instance_path, "secret_key")
    try:
        if not path.exists():
            _keep(path)
        return path.read_text(encoding="utf-8") or _new()
    except OSError:
        return _new()


def _keep(path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    private = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(private, "w", encoding="utf-8") as file:
        file.write(_new())
