"""Settings that come from the environment, each read as the type of its default."""

import os
from collections.abc import Callable

from flask.helpers import get_debug_flag

ENVIRONMENTS = ("development", "testing", "production")


class ConfigurationError(RuntimeError):
    """A setting is missing or can't be used; the message says what to do."""


def read(name: str, default: object) -> object:
    """The environment's value of `name`, or `default` where it is unset or empty.

    The default's type says how it is read: `bool`, `float`, `int`, `str`, or `tuple`
    for words between commas.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    parse = PARSERS.get(type(default))
    if parse is None:
        raise ConfigurationError(f"{name} can't be set by a variable: it is {default}.")
    try:
        return parse(text)
    except ValueError as error:
        raise ConfigurationError(f'{name} is "{text}": {error}.') from None


def app_env(name: object = None) -> str:
    """The name of the environment: `name` if there is one, else APP_ENV."""
    name = str(name or read("APP_ENV", "development"))
    if name not in ENVIRONMENTS:
        raise ConfigurationError(
            f'APP_ENV is "{name}": it must be one of {", ".join(ENVIRONMENTS)}.'
        )
    if name == "production" and get_debug_flag():
        raise ConfigurationError(
            "The debugger must not run in production: leave out --debug and FLASK_DEBUG, or "
            "APP_ENV=production."
        )
    return name


def _boolean(text: str) -> bool:
    word = text.lower()
    if word not in ("true", "false", "yes", "no", "on", "off", "1", "0"):
        raise ValueError("it must be true or false")
    return word in ("true", "yes", "on", "1")


def _integer(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("it must be a whole number, 0 or more")
    return int(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


PARSERS: dict[type, Callable[[str], object]] = {
    bool: _boolean,
    float: float,
    int: _integer,
    str: str,
    tuple: _words,
}
