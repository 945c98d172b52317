{% from "literals" import noqa, python %}
"""What holds in each environment.

A name with a type can be set by the environment's variable of the same name.
A name without one is a constant.
"""


class Config:
    """What holds everywhere."""

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
    """Where users are."""

    SESSION_COOKIE_NAME = "__Host-session"
    SESSION_COOKIE_SECURE = True
