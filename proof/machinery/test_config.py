import os
import re
import shlex
import stat
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
from flask import Flask
from tea_time import config, create_app
from tea_time.config import ConfigurationError, read

from .helpers import EXAMPLE, KEY, KEY_HINT, PRODUCTION, run


def key_in(instance):
    app = Flask(__name__, instance_path=str(instance))
    config.init_app(app, {"APP_ENV": "development"})
    return app.config["SECRET_KEY"]


def test_development_needs_no_setting():
    app = create_app()
    assert app.config["APP_ENV"] == "development"
    assert not app.testing
    assert app.config["SECRET_KEY"]


def test_no_setting_of_this_machine_reaches_the_tests(app):
    """The proof runs them where all that there are have this value."""
    assert "hostile" not in os.environ.values()
    assert app.config["APP_ENV"] == "testing"
    assert not app.debug


def test_flask_reads_a_file_of_settings(tmp_path):
    (tmp_path / ".env").write_text("MAX_CONTENT_LENGTH=7\n", encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "tea_time", "shell"],
        cwd=tmp_path,
        input="print('limit:', app.config['MAX_CONTENT_LENGTH'])\n",
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert "limit: 7\n" in result.stdout, result.stderr


def test_each_environment_keeps_its_cookies():
    assert create_app({"APP_ENV": "testing"}).config["SESSION_COOKIE_NAME"] == "session"
    settings = create_app(PRODUCTION).config
    assert settings["SECRET_KEY"] == KEY
    assert settings["SESSION_COOKIE_NAME"] == "__Host-session"
    assert settings["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert settings["SESSION_COOKIE_SECURE"]
    assert not settings["TESTING"]


class OwnText(str):
    """A text that is not the one that another module has."""


def own(value):
    """A setting of the user's own, in place of a default."""
    if isinstance(value, dict):
        return {"own": "text", **{name: {"own": "text"} for name in value}}
    if isinstance(value, (list, tuple)):
        return (OwnText("https://own.example"),)
    return OwnText(value) if isinstance(value, str) else value + 1


def is_kept(value, found):
    """Whether a setting is still there; a part may add to what has members."""
    if isinstance(value, dict):
        return all(is_kept(each, found.get(name)) for name, each in value.items())
    return found is value if isinstance(value, OwnText) else found == value


def test_each_setting_that_parts_have_a_default_for_can_be_set():
    """Also one whose members a part adds to."""
    defaults = create_app({"APP_ENV": "testing"}).config
    # These two are read otherwise than they were written.
    names = set(defaults) - set(Flask.default_config) - {"APP_ENV", "TRUSTED_HOSTS"}
    settings = {name: own(defaults[name]) for name in sorted(names)}
    # As they were: a part adds to the user's own.
    members = {name: deepcopy(each) for name, each in settings.items() if isinstance(each, dict)}
    found = create_app({"APP_ENV": "testing", **settings}).config
    for name, value in {**settings, **members}.items():
        assert is_kept(value, found[name]), name


def test_an_undeclared_variable_changes_nothing(monkeypatch):
    for name in ("APP_TITLE", "TESTING", "SESSION_COOKIE_NAME", "FLASK_SECRET_KEY"):
        monkeypatch.setenv(name, "1")
    app = create_app()
    assert app.config["APP_TITLE"] != "1"
    assert app.config["SESSION_COOKIE_NAME"] != "1"
    assert app.config["SECRET_KEY"] != "1"
    assert not app.testing


def test_an_empty_variable_is_unset(monkeypatch):
    for name in ("APP_ENV", "SECRET_KEY", "TRUSTED_HOSTS", "TRUSTED_PROXIES"):
        monkeypatch.setenv(name, " ")
    app = create_app()
    assert app.config["APP_ENV"] == "development"
    assert app.config["TRUSTED_HOSTS"] is None
    assert app.config["TRUSTED_PROXIES"] == 0


def test_a_key_of_digits_stays_text(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "12345678")
    app = create_app({"APP_ENV": "testing"})
    assert app.config["SECRET_KEY"] == "12345678"


@pytest.mark.parametrize(
    ("text", "default", "value"),
    [
        ("", 3, 3),
        (" 5 ", 3, 5),
        ("0.5", 1.0, 0.5),
        ("yes", False, True),
        ("ON", False, True),
        ("False", True, False),
        ("0", True, False),
        ("a, b,", (), ("a", "b")),
        (",", ("a",), ()),
        ("5", "text", "5"),
    ],
)
def test_a_variable_is_read_as_the_type_of_its_default(monkeypatch, text, default, value):
    monkeypatch.setenv("SETTING", text)
    assert read("SETTING", default) == value
    assert type(read("SETTING", default)) is type(value)


@pytest.mark.parametrize(
    ("text", "default", "expected"),
    [
        ("many", 3, "a whole number"),
        ("-1", 3, "a whole number"),
        ("1.5", 3, "a whole number"),
        ("1_000", 3, "a whole number"),
        ("half", 1.0, "a number"),
        ("perhaps", True, "true or false"),
    ],
)
def test_a_variable_of_another_type_is_refused(monkeypatch, text, default, expected):
    monkeypatch.setenv("SETTING", text)
    with pytest.raises(ConfigurationError, match=f'^SETTING is "{text}": use {expected}.$'):
        read("SETTING", default)


@pytest.mark.parametrize(
    ("words", "value"),
    [(("1", "on", "true", "yes"), True), (("0", "off", "false", "no"), False)],
)
def test_a_switch_understands_each_word(monkeypatch, words, value):
    for word in words:
        monkeypatch.setenv("SETTING", word)
        assert read("SETTING", not value) is value


@pytest.mark.parametrize(
    "word", ["change", "example", "insecure", "placeholder", "replace", "your-"]
)
def test_a_key_with_the_word_of_a_placeholder_is_refused(word):
    with pytest.raises(ConfigurationError, match="is a placeholder"):
        create_app({**PRODUCTION, "SECRET_KEY": f"{word.upper()}{KEY}"})


def test_an_unknown_environment_is_refused():
    words = r"^# (\w+) \(the default\), (\w+) or (\w+)\.$"
    names = re.search(words, EXAMPLE, re.MULTILINE).groups()
    with pytest.raises(ConfigurationError) as error:
        create_app({"APP_ENV": "staging"})
    assert str(error.value) == f'APP_ENV is "staging": use one of {", ".join(names)}.'
    assert create_app().config["APP_ENV"] == names[0]


def test_only_trusted_hosts_are_served(monkeypatch):
    monkeypatch.setenv("TRUSTED_HOSTS", "Good.example, .Sub.example")
    client = create_app({"APP_ENV": "testing"}).test_client()
    for host in ("good.example", "good.example:8000", "sub.example", "a.sub.example"):
        assert client.get("/", headers={"Host": host}).status_code == 200
    for host in ("evil.example", "a.good.example", "good.example.evil.example", ""):
        assert client.get("/", headers={"Host": host}).status_code == 400
    monkeypatch.setenv("TRUSTED_HOSTS", "")
    client = create_app({"APP_ENV": "testing"}).test_client()
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 200


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("", "is missing"),
        (KEY[:31], "has fewer than 32 characters"),
        ("a" * 32, "is a placeholder"),
        ("abcdefg" * 5, "is a placeholder"),
        (f"ChangeMe-{KEY}", "is a placeholder"),
    ],
)
def test_production_refuses_a_bad_key(name, key, fault):
    value = (KEY, key) if name == "SECRET_KEY_FALLBACKS" else key
    with pytest.raises(ConfigurationError) as error:
        create_app({**PRODUCTION, name: value})
    assert str(error.value) == f"{name} {fault}. {KEY_HINT}"


def test_the_command_of_the_hint_makes_a_good_key():
    _, *arguments = shlex.split(KEY_HINT.removeprefix("To make one: "))
    assert create_app({**PRODUCTION, "SECRET_KEY": run(*arguments).stdout.strip()})


def test_the_example_says_what_a_good_key_is():
    assert len(KEY) == int(re.search(r"at least (\d+) random characters", EXAMPLE)[1])
    code = re.search(r'python -c "(.+)"$', EXAMPLE, re.MULTILINE)[1]
    for key in KEY, run("-c", code).stdout.strip():
        assert create_app({**PRODUCTION, "SECRET_KEY": key}).config["SECRET_KEY"] == key


def test_production_takes_good_keys():
    app = create_app({**PRODUCTION, "SECRET_KEY_FALLBACKS": (KEY[::-1],)})
    assert app.config["SECRET_KEY_FALLBACKS"] == (KEY[::-1],)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path):
    key = key_in(tmp_path / "instance")
    assert len(key) >= config.MIN_KEY_LENGTH
    assert key_in(tmp_path / "instance") == key
    mode = (tmp_path / "instance" / "secret_key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


def test_of_two_processes_the_first_makes_the_key(tmp_path, monkeypatch):
    first = key_in(tmp_path)
    monkeypatch.setattr(Path, "exists", lambda path: False)
    assert key_in(tmp_path) == first


def test_a_key_stays_in_memory_where_it_cannot_be_stored(tmp_path):
    not_a_folder = tmp_path / "instance"
    not_a_folder.touch()
    assert len(key_in(not_a_folder)) >= config.MIN_KEY_LENGTH
    assert key_in(not_a_folder) != key_in(not_a_folder)


def test_an_empty_file_is_no_key(tmp_path):
    (tmp_path / "secret_key").touch()
    assert len(key_in(tmp_path)) >= config.MIN_KEY_LENGTH


def test_tests_leave_no_key_behind(tmp_path):
    app = Flask(__name__, instance_path=str(tmp_path / "instance"))
    config.init_app(app, {"APP_ENV": "testing"})
    assert len(app.config["SECRET_KEY"]) >= config.MIN_KEY_LENGTH
    assert not (tmp_path / "instance").exists()


def test_a_session_signed_with_an_earlier_key_is_read(monkeypatch):
    old = create_app({"APP_ENV": "testing", "SECRET_KEY": KEY})
    serializer = old.session_interface.get_signing_serializer(old)
    cookie = serializer.dumps({"cups": 3})
    for fallbacks, session in [(f"{KEY.upper()}, {KEY}", {"cups": 3}), ("", {})]:
        monkeypatch.setenv("SECRET_KEY_FALLBACKS", fallbacks)
        app = create_app({"APP_ENV": "testing", "SECRET_KEY": KEY[::-1]})
        client = app.test_client()
        client.set_cookie("session", cookie)
        with client.session_transaction() as found:
            assert dict(found) == session
