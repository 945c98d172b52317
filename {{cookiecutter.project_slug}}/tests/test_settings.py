import pytest

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.environment import ConfigurationError
from {{ cookiecutter.project_slug }}.environment import read

GOOD_KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


def test_development_needs_nothing() -> None:
    app = create_app()
    assert app.config["APP_ENV"] == "development"
    assert app.config["SECRET_KEY"]


def test_the_environment_is_above_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "testing")
    monkeypatch.setenv("MAX_CONTENT_LENGTH", "10")
    monkeypatch.setenv("TRUSTED_HOSTS", "Example.com, .example.org")
    app = create_app()
    assert app.testing
    assert app.config["MAX_CONTENT_LENGTH"] == 10
    assert app.config["TRUSTED_HOSTS"] == ["example.com", ".example.org"]


def test_overrides_are_above_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_CONTENT_LENGTH", "10")
    app = create_app({"APP_ENV": "testing", "MAX_CONTENT_LENGTH": 20})
    assert app.config["MAX_CONTENT_LENGTH"] == 20


def test_other_variables_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_TITLE", "Another")
    monkeypatch.setenv("TESTING", "1")
    app = create_app()
    assert app.config["APP_TITLE"] != "Another"
    assert not app.testing


def test_a_key_of_digits_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "12345678")
    assert create_app({"APP_ENV": "testing"}).config["SECRET_KEY"] == "12345678"


@pytest.mark.parametrize(
    ("text", "default", "value"),
    [
        ("", 3, 3),
        (" 5 ", 3, 5),
        ("0.5", 1.0, 0.5),
        ("yes", False, True),
        ("False", True, False),
        ("a, b,", (), ("a", "b")),
        ("5", "text", "5"),
    ],
)
def test_a_variable_is_read_as_its_default_type(
    monkeypatch: pytest.MonkeyPatch, text: str, default: object, value: object
) -> None:
    monkeypatch.setenv("SETTING", text)
    assert read("SETTING", default) == value


@pytest.mark.parametrize(
    ("text", "default"), [("many", 3), ("-1", 3), ("perhaps", True)]
)
def test_a_variable_of_another_type_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str, default: object
) -> None:
    monkeypatch.setenv("SETTING", text)
    with pytest.raises(ConfigurationError, match=f'SETTING is "{text}": it must be'):
        read("SETTING", default)


def test_a_default_must_tell_the_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETTING", "5")
    with pytest.raises(ConfigurationError, match="SETTING can't be set"):
        read("SETTING", None)


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='APP_ENV is "staging"'):
        create_app({"APP_ENV": "staging"})


def test_production_takes_a_good_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    app = create_app()
    assert app.config["SECRET_KEY"] == GOOD_KEY
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert app.config["SESSION_COOKIE_SECURE"]


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("", "is missing"),
        (GOOD_KEY[:31], "has fewer than 32 characters"),
        ("a" * 32, "is a placeholder"),
        ("replace-this-with-a-key-of-your-own", "is a placeholder"),
    ],
)
def test_production_refuses_a_bad_key(key: str, fault: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{fault}.*secrets.token_urlsafe"):
        create_app({"APP_ENV": "production", "SECRET_KEY": key})


def test_production_refuses_the_debugger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(ConfigurationError, match="debugger"):
        create_app({"APP_ENV": "production", "SECRET_KEY": GOOD_KEY})


def test_production_refuses_a_bad_earlier_key() -> None:
    settings = {"SECRET_KEY": GOOD_KEY, "SECRET_KEY_FALLBACKS": (GOOD_KEY, "changeme")}
    with pytest.raises(ConfigurationError, match="SECRET_KEY_FALLBACKS has fewer"):
        create_app({"APP_ENV": "production", **settings})
