{% from "literals" import noqa, python %}
"""The configuration: defaults, then the environment, then the overrides."""

import os
import secrets
import typing as t
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from flask import Flask
from flask.helpers import get_debug_flag

ENVIRONMENTS = ("development", "testing", "production")
MIN_KEY_LENGTH = 32
PLACEHOLDERS = ("change", "example", "insecure", "placeholder", "replace", "your-")
BOOLEANS = {
    **dict.fromkeys(("1", "on", "true", "yes"), True),
    **dict.fromkeys(("0", "off", "false", "no"), False),
}
EXPECTED = {bool: "true or false", float: "a number", int: "a whole number"}
KEY_HINT = 'To make one: python -c "import secrets; print(secrets.token_urlsafe(32))"'


class ConfigurationError(RuntimeError):
    """A setting is missing or invalid; the message says what to do."""


{% if cookiecutter.__config %}
class Config:
    """Settings of every environment.

    One with a type can be set by an environment variable of the same name.
    """

    APP_TITLE = {{ python(cookiecutter.project_name) }}{{ noqa(cookiecutter.project_name) }}
    MAX_CONTENT_LENGTH: int = 1024 * 1024  # bytes
    SECRET_KEY: str = ""
    SECRET_KEY_FALLBACKS: tuple[str, ...] = ()
    SESSION_COOKIE_SAMESITE = "Lax"
    TRUSTED_HOSTS: tuple[str, ...] = ()
    TRUSTED_PROXIES: int = 0


class DevelopmentConfig(Config):
    """Settings on a developer's machine."""


class TestingConfig(Config):
    """Settings under the tests."""

    TESTING = True


class ProductionConfig(Config):
    """Settings in production."""

    SESSION_COOKIE_NAME = "__Host-session"
    SESSION_COOKIE_SECURE = True


def _load(app: Flask, env: str) -> None:
    classes = {"testing": TestingConfig, "production": ProductionConfig}
    config = classes.get(env, DevelopmentConfig)
    app.config.from_object(config)
    for name in t.get_type_hints(config):
        app.config[name] = read(name, app.config[name])


{% else %}
def _load(app: Flask, env: str) -> None:
    app.config.from_mapping(
        APP_TITLE={{ python(cookiecutter.project_name) }},{{ noqa(cookiecutter.project_name) }}
        MAX_CONTENT_LENGTH=read("MAX_CONTENT_LENGTH", 1024 * 1024),  # bytes
        SECRET_KEY=read("SECRET_KEY", ""),
        SECRET_KEY_FALLBACKS=read("SECRET_KEY_FALLBACKS", ()),
        SESSION_COOKIE_NAME="__Host-session" if env == "production" else "session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=env == "production",
        TESTING=env == "testing",
        TRUSTED_HOSTS=read("TRUSTED_HOSTS", ()),
        TRUSTED_PROXIES=read("TRUSTED_PROXIES", 0),
    )


{% endif %}
def init_app(app: Flask, overrides: Mapping[str, object] | None) -> None:
    """Load the configuration."""
    overrides = overrides or {}
    env = str(overrides.get("APP_ENV") or read("APP_ENV", "development"))
    if env not in ENVIRONMENTS:
        choices = ", ".join(ENVIRONMENTS)
        raise ConfigurationError(f'APP_ENV is "{env}": use one of {choices}.')
    _load(app, env)
    app.config.from_mapping(overrides, APP_ENV=env)
    hosts = [host.lower() for host in app.config["TRUSTED_HOSTS"]]
    app.config["TRUSTED_HOSTS"] = hosts or None
    if env == "production":
        _check_production(app)
    elif not app.config["SECRET_KEY"]:
        app.config["SECRET_KEY"] = _generate() if app.testing else _load_or_create(app)


def read(name: str, default: t.Any) -> t.Any:
    """Return an environment variable, or the default where it is unset or empty.

    It is read as the default's type: bool, float, int, str, or tuple, words with commas.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if isinstance(default, tuple):
        return tuple(word.strip() for word in text.split(",") if word.strip())
    with suppress(KeyError, ValueError):
        if isinstance(default, bool):
            return BOOLEANS[text.lower()]
        if text.isdecimal() or not isinstance(default, int):
            return type(default)(text)
    raise ConfigurationError(f'{name} is "{text}": use {EXPECTED[type(default)]}.')


def _check_production(app: Flask) -> None:
    if get_debug_flag():
        raise ConfigurationError("Production must not run with --debug or FLASK_DEBUG.")
    check_key("SECRET_KEY", app.config["SECRET_KEY"])
    for key in app.config["SECRET_KEY_FALLBACKS"]:
        check_key("SECRET_KEY_FALLBACKS", key)


def check_key(name: str, key: str) -> None:
    if not key:
        fault = "is missing"
    elif len(key) < MIN_KEY_LENGTH:
        fault = f"has fewer than {MIN_KEY_LENGTH} characters"
    elif len(set(key)) < 8 or any(word in key.lower() for word in PLACEHOLDERS):
        fault = "is a placeholder"
    else:
        return
    raise ConfigurationError(f"{name} {fault}. {KEY_HINT}")


def _generate() -> str:
    return secrets.token_urlsafe(MIN_KEY_LENGTH)


def _load_or_create(app: Flask) -> str:
    """Return the key in the instance folder; one in memory if none can be stored."""
    path = Path(app.instance_path, "secret_key")
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with suppress(FileExistsError):  # Another process was first.
                path.touch(0o600, exist_ok=False)
                path.write_text(_generate(), encoding="utf-8")
        return path.read_text(encoding="utf-8") or _generate()
    except OSError:
        return _generate()
