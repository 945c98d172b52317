"""Configuration: a class, the environment above it, the overrides above both."""

from collections.abc import Mapping
from typing import get_type_hints

from flask import Flask

from .. import secret_key
from ..environment import app_env
from ..environment import read
from .classes import Config
from .classes import DevelopmentConfig
from .classes import ProductionConfig
from .classes import TestingConfig

CLASSES: dict[str, type[Config]] = {
    "development": DevelopmentConfig,
    "testing": TestingConfig,
    "production": ProductionConfig,
}


def init_app(app: Flask, overrides: Mapping[str, object] | None) -> None:
    """Settle every setting of the application."""
    overrides = overrides or {}
    name = app_env(overrides.get("APP_ENV"))
    config = CLASSES[name]
    app.config.from_object(config)
    for setting in get_type_hints(config):
        app.config[setting] = read(setting, app.config[setting])
    app.config.from_mapping(overrides, APP_ENV=name)
    hosts = [host.lower() for host in app.config["TRUSTED_HOSTS"]]
    app.config["TRUSTED_HOSTS"] = hosts or None
    secret_key.init_app(app)
