{% from "literals" import noqa, python %}
"""The settings of each environment.

A name with a type can be set by the environment's variable of the same name.
A name without one is a constant.
"""


class Config:
    """In every environment."""

    # Settings.
    MAX_CONTENT_LENGTH: int = 1024 * 1024
    SECRET_KEY: str = ""
    SECRET_KEY_FALLBACKS: tuple[str, ...] = ()
    TRUSTED_HOSTS: tuple[str, ...] = ()
    TRUSTED_PROXIES: int = 0

    # Constants.
    APP_TITLE = {{ python(cookiecutter.project_name) }}{{ noqa(cookiecutter.project_name) }}
    SESSION_COOKIE_SAMESITE = "Lax"


class DevelopmentConfig(Config):
    """On a developer's machine."""


class TestingConfig(Config):
    """Under the tests."""

    TESTING = True


class ProductionConfig(Config):
    """In production."""

    SESSION_COOKIE_NAME = "__Host-session"
    SESSION_COOKIE_SECURE = True
