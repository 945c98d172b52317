import pytest

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.config.classes import Config
from {{ cookiecutter.project_slug }}.config.classes import TestingConfig


def test_the_environment_names_the_class() -> None:
    assert not create_app({"APP_ENV": "development"}).testing
    assert create_app({"APP_ENV": "testing"}).testing


def test_a_class_is_above_its_base(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Config, "TRUSTED_PROXIES", 1)
    monkeypatch.setattr(TestingConfig, "TRUSTED_PROXIES", 2, raising=False)
    assert create_app({"APP_ENV": "development"}).config["TRUSTED_PROXIES"] == 1
    assert create_app({"APP_ENV": "testing"}).config["TRUSTED_PROXIES"] == 2


def test_the_environment_is_above_the_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Config, "TRUSTED_PROXIES", 1)
    monkeypatch.setenv("TRUSTED_PROXIES", "3")
    assert create_app({"APP_ENV": "testing"}).config["TRUSTED_PROXIES"] == 3
