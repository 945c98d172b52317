from pathlib import Path

import pytest
from flask import Flask

from {{ cookiecutter.project_slug }} import config
from {{ cookiecutter.project_slug }} import create_app

KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


def test_the_environment_wins_over_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "testing")
    monkeypatch.setenv("MAX_CONTENT_LENGTH", "10")
    monkeypatch.setenv("TRUSTED_HOSTS", "Example.com, .example.org")
    app = create_app()
    assert app.testing
    assert app.config["MAX_CONTENT_LENGTH"] == 10
    assert app.config["TRUSTED_HOSTS"] == ["example.com", ".example.org"]


def test_overrides_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_CONTENT_LENGTH", "10")
    app = create_app({"APP_ENV": "testing", "MAX_CONTENT_LENGTH": 20})
    assert app.config["MAX_CONTENT_LENGTH"] == 20


def test_development_makes_and_keeps_a_secret_key(tmp_path: Path) -> None:
    keys = set()
    for _ in range(2):
        app = Flask(__name__, instance_path=str(tmp_path))
        config.init_app(app, {"APP_ENV": "development"})
        keys.add(app.config["SECRET_KEY"])
    assert keys == {(tmp_path / "secret_key").read_text(encoding="utf-8")}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("APP_ENV", "staging", 'APP_ENV is "staging"'),
        ("FLASK_DEBUG", "1", "--debug"),
        ("SECRET_KEY", "", "SECRET_KEY is missing.*secrets.token_urlsafe"),
        ("SECRET_KEY_FALLBACKS", "short", "SECRET_KEY_FALLBACKS has fewer than 32"),
        ("SECRET_KEY", "replace-this-with-a-key-of-your-own", "is a placeholder"),
        ("TRUSTED_PROXIES", "many", "use a whole number"),
    ],
)
def test_production_refuses_a_bad_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    settings = {"APP_ENV": "production", "SECRET_KEY": KEY, name: value}
    for setting in settings.items():
        monkeypatch.setenv(*setting)
    with pytest.raises(config.ConfigurationError, match=message):
        create_app()
