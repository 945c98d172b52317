{% from "literals" import noqa, python %}
"""Settings: defaults, the environment above them, the overrides above both."""

from collections.abc import Mapping

from flask import Flask

from . import secret_key
from .environment import app_env
from .environment import read


def init_app(app: Flask, overrides: Mapping[str, object] | None) -> None:
    """Settle every setting of the application."""
    overrides = overrides or {}
    name = app_env(overrides.get("APP_ENV"))
    production = name == "production"
    app.config.from_mapping(
        APP_TITLE={{ python(cookiecutter.project_name) }},{{ noqa(cookiecutter.project_name) }}
        MAX_CONTENT_LENGTH=read("MAX_CONTENT_LENGTH", 1024 * 1024),
        SECRET_KEY=read("SECRET_KEY", ""),
        SECRET_KEY_FALLBACKS=read("SECRET_KEY_FALLBACKS", ()),
        SESSION_COOKIE_NAME="__Host-session" if production else "session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=production,
        TESTING=name == "testing",
        TRUSTED_HOSTS=read("TRUSTED_HOSTS", ()),
        TRUSTED_PROXIES=read("TRUSTED_PROXIES", 0),
    )
    app.config.from_mapping(overrides, APP_ENV=name)
    hosts = [host.lower() for host in app.config["TRUSTED_HOSTS"]]
    app.config["TRUSTED_HOSTS"] = hosts or None
    secret_key.init_app(app)
