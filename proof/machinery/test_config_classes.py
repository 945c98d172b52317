from tea_time import create_app
from tea_time.config import Config, TestingConfig


def test_the_environment_names_the_class():
    assert not create_app({"APP_ENV": "development"}).testing
    assert create_app({"APP_ENV": "testing"}).testing


def test_a_class_wins_over_its_base(monkeypatch):
    monkeypatch.setattr(Config, "TRUSTED_PROXIES", 1)
    monkeypatch.setattr(TestingConfig, "TRUSTED_PROXIES", 2, raising=False)
    assert create_app({"APP_ENV": "development"}).config["TRUSTED_PROXIES"] == 1
    assert create_app({"APP_ENV": "testing"}).config["TRUSTED_PROXIES"] == 2


def test_the_environment_wins_over_the_class(monkeypatch):
    monkeypatch.setattr(Config, "TRUSTED_PROXIES", 1)
    monkeypatch.setenv("TRUSTED_PROXIES", "3")
    assert create_app({"APP_ENV": "testing"}).config["TRUSTED_PROXIES"] == 3


def test_a_setting_with_a_type_in_a_class_is_read(monkeypatch):
    monkeypatch.setattr(TestingConfig, "CUPS", 1, raising=False)
    monkeypatch.setattr(TestingConfig, "__annotations__", {"CUPS": int}, raising=False)
    monkeypatch.setenv("CUPS", "3")
    assert create_app({"APP_ENV": "testing"}).config["CUPS"] == 3
    assert "CUPS" not in create_app({"APP_ENV": "development"}).config
