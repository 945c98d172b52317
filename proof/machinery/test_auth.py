"""Accounts against an attacker, whatever they are used through."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from auth_fixtures import EMAIL, PASSWORD
from flask import g
from sqlalchemy import select, update
from tea_time import create_app
from tea_time.auth import commands, passwords, throttle, tokens
from tea_time.auth.users import EMAIL as PATTERN
from tea_time.auth.users import Owned, User, current_user, find, normalize
from tea_time.database import Base, db_session
from werkzeug.exceptions import TooManyRequests

from .helpers import GUIDES, at_once, database_settings

WRONG = "tea"
EASY = "This is easy to guess: use other words."


@pytest.fixture
def request_from(app):
    """A request of some client, in which attempts can be counted: what it claims to be is nothing."""
    forged = {"X-Forwarded-For": "192.0.2.66", "X-Real-IP": "192.0.2.66"}

    def make(address="203.0.113.7"):
        environ = {"REMOTE_ADDR": address}
        return app.test_request_context(method="POST", environ_base=environ, headers=forged)

    return make


def everything_stored():
    """All text in the database."""
    for table in Base.metadata.sorted_tables:
        for row in db_session.execute(select(table)):
            yield from map(str, row)


def test_a_stolen_database_lets_nobody_in(app, user):
    with app.app_context():
        secrets = [tokens.issue(user, kind, "x") for kind in tokens.LIFETIMES]
        stored = list(everything_stored())
        for secret in (*secrets, PASSWORD):
            assert not any(secret in text for text in stored)
        for text in stored:
            assert tokens.find(text, *tokens.LIFETIMES) is None


def test_a_token_works_only_as_its_kind_and_until_it_expires(app, user):
    with app.app_context():
        for kind in tokens.LIFETIMES:
            secret = tokens.issue(user, kind, "x")
            for other in tokens.LIFETIMES:
                assert (tokens.find(secret, other) is not None) == (kind == other)
            now = datetime.now(UTC)
            db_session.execute(update(tokens.Token).values(expires=now))
            assert tokens.find(secret, kind) is None


def test_an_account_and_its_tokens_begin_when_they_are_made(app):
    for _ in range(2):
        before = datetime.now(UTC)
        with app.app_context():
            user = User(email=f"{before.timestamp()}@example.com", password_hash="")
            db_session.add(user)
            db_session.flush()
            assert user.created >= before
            for kind, days in {"session": 30, "read": 90, "write": 90}.items():
                token = tokens.find(tokens.issue(user, kind, "x"), kind)
                assert token.created >= before
                lifetime = token.expires - token.created
                assert abs(lifetime - timedelta(days=days)) < timedelta(seconds=9)


def test_old_rows_are_removed(app, request_from, user):
    with request_from():
        tokens.issue(user, "session", "old")
        throttle.count("THROTTLE_ACCOUNT", "old")
        past = datetime.now(UTC) - timedelta(seconds=1)
        for table in (tokens.Token, throttle.Attempts):
            db_session.execute(update(table).values(expires=past))
        tokens.issue(user, "session", "new")
        throttle.count("THROTTLE_ACCOUNT", "new")
        assert [each.name for each in db_session.scalars(select(tokens.Token))] == ["new"]
        [attempts] = db_session.scalars(select(throttle.Attempts))
        assert attempts.key == "THROTTLE_ACCOUNT new"


def test_nothing_of_a_deleted_user_is_left(app, user):
    with app.app_context():
        secret = tokens.issue(user, "write", "x")
        db_session.delete(db_session.get(User, user.id))
        db_session.commit()
        assert tokens.find(secret, "write") is None
        assert list(db_session.scalars(select(tokens.Token))) == []


def test_a_secret_begins_with_a_prefix_and_is_random(app, user):
    with app.app_context():
        secrets = {tokens.issue(user, "read", "x") for _ in range(9)}
    assert len(secrets) == 9
    assert all(re.fullmatch("tea_time_[A-Za-z0-9_-]{43}", each) for each in secrets)


@pytest.mark.parametrize(
    "email",
    [
        "\u212aate@example.com",  # The Kelvin sign, in lower case a k.
        "ada@g\u0131thub.com",
        "\u0430da@example.com",
        "ada@ex\u00e4mple.com",
        "ada@example.com\nbcc:eve@example.com",
        "ada@example.com\n\n.",
        "ada@example.com\0",
        "<ada@example.com>",
        "ada@[127.0.0.1]",
        ".ada@example.com",
        "a b@example.com",
        "ada@",
        "@example.com",
        "a" * 250 + "@example.com",
        "",
    ],
)
def test_what_is_no_address_or_only_looks_like_one_is_refused(email):
    assert not PATTERN.match(normalize(email))


@pytest.mark.parametrize("email", ["ADA@Example.com", " ada@example.com\t", "ada@example.com"])
def test_one_address_is_one_account(app, user, email):
    with app.app_context():
        assert find(email).id == user.id
    assert PATTERN.match(normalize(email))


@pytest.mark.parametrize(
    "password",
    [
        "",
        "x" * 11,
        "abcabcabcabc",
        "aaaaaaaaaaaaaaa",
        "Password123456!",
        "PASSWORDPASSWORD",
        "qwertyuiop1234567890",
        "1234567890123456",
        "iloveyou2024",
        "summer2026winter",
        "ada@example.com",
        "exampleexample!",
        "kettle and house",
        "irisirisirisx7",
        "k7#xQ9!vk7#xQ9!v",
        "".join(f"{number}w" for number in range(50)),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(app, password):
    app.config["APP_TITLE"] = "Kettle House Iris"
    fault = EASY
    if not 12 <= len(password) <= 128:
        fault = "Use 12 to 128 characters."
    with app.app_context():
        assert passwords.fault(password, EMAIL) == fault


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "x7#kQ9!vLm2p",
        "ξεσκεπάζω την ψυχή",
        "correct-horse-battery",
        "z8x7k9q3" + "abcdefg hijk" * 10,
    ],
)
def test_any_other_password_is_accepted(app, password):
    with app.app_context():
        assert passwords.fault(password, EMAIL) is None


def test_a_password_is_the_same_however_its_letters_are_composed(app, request_from):
    with request_from():
        composed, apart = "un café crème glacé", "un cafe\u0301 cre\u0300me glace\u0301"
        for one, other in ((composed, apart), (apart, composed)):
            user = User(email=f"{len(one)}@example.com", password_hash=passwords.hash(one))
            db_session.add(user)
            assert passwords.authenticate(user.email, other) is user


def test_a_password_costs_what_owasp_says(app):
    with app.app_context():
        assert passwords.hash(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_few_passwords_are_hashed_at_once(monkeypatch):
    """Each takes 19 MiB."""
    running, most = [], []

    class SlowHasher:
        def hash(self, *_arguments):
            running.append(1)
            most.append(len(running))
            time.sleep(0.02)
            running.pop()

        verify = hash

    monkeypatch.setattr(passwords, "hasher", SlowHasher())
    for function in (lambda _: passwords.hash("x"), lambda _: passwords._verify("", "x")):
        most.clear()
        at_once(function, range(12), 12)
        assert max(most) == 4


def test_a_hash_follows_the_parameters(app, request_from, monkeypatch):
    with request_from():
        weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        user = User(email=EMAIL, password_hash=weak.hash(PASSWORD))
        db_session.add(user)
        assert passwords.authenticate(EMAIL, WRONG) is None
        assert "m=8," in user.password_hash
        assert passwords.authenticate(EMAIL, PASSWORD) is user
        assert "m=19456," in user.password_hash
        assert passwords.authenticate(EMAIL, PASSWORD) is user


@pytest.mark.parametrize("change", ["password", "deletion"])
def test_a_password_that_changes_while_it_is_checked_lets_nobody_in(
    app, request_from, user, monkeypatch, change
):
    """All sessions ended at that moment, and this one would begin after it."""

    def change_and_verify(*arguments):
        with app.app_context():
            owner = db_session.get(User, user.id)
            if change == "deletion":
                db_session.delete(owner)
            owner.password_hash = "another"
            db_session.commit()
        return verify(*arguments)

    verify = passwords._verify
    monkeypatch.setattr(passwords, "_verify", change_and_verify)
    with request_from():
        assert passwords.authenticate(EMAIL, PASSWORD) is None


def test_a_stranger_is_looked_up_as_long_as_a_user(request_from, user, monkeypatch):
    """By the number of hashes; the nightly test measures the time."""
    with request_from():
        passwords.authenticate("nobody@example.com", WRONG)  # Makes the hash that stands in.
        verified = []
        verify = passwords._verify
        monkeypatch.setattr(
            passwords, "_verify", lambda *args: verified.append(args) or verify(*args)
        )
        for email in (EMAIL, "nobody@example.com"):
            assert passwords.authenticate(email, WRONG) is None
        known, unknown = (hash for hash, _ in verified)
        assert known.split("$")[:4] == unknown.split("$")[:4]


def test_the_limits_are_those_of_the_guide(app, request_from):
    said = re.findall(r"(\d+)(?: [a-z]+)+ \(`(THROTTLE_\w+)`\)", GUIDES["accounts"])
    limits = {name: int(number) for number, name in said}
    assert limits == {name: app.config[name] for name in app.config if name in limits}
    assert set(limits) == {name for name in app.config if name.startswith("THROTTLE")}
    with request_from(), pytest.raises(TooManyRequests) as error:
        for _ in range(limits["THROTTLE_CLIENT"] + 1):
            throttle.count("THROTTLE_CLIENT", "203.0.113.7")
    minutes = int(re.search(r"Within (\d+) minutes", GUIDES["accounts"])[1])
    assert error.value.retry_after == minutes * 60
    assert create_app({"APP_ENV": "testing", "THROTTLE_CLIENT": 7}).config["THROTTLE_CLIENT"] == 7


def test_an_account_has_a_limit_wherever_the_guesses_come_from(app, request_from, user):
    for number in range(app.config["THROTTLE_ACCOUNT"]):
        with request_from(f"203.0.113.{number}"):
            assert passwords.authenticate(EMAIL, WRONG) is None
    with request_from("198.51.100.1"), pytest.raises(TooManyRequests) as error:
        passwords.authenticate(EMAIL, PASSWORD)
    minutes = error.value.retry_after // 60
    assert 14 <= minutes <= 15
    said = f"There were too many attempts. Please wait {minutes} min."
    assert error.value.description == said
    with request_from("198.51.100.1"):
        assert passwords.authenticate(EMAIL, PASSWORD, "known").id == user.id
        assert passwords.authenticate("grace@example.com", WRONG) is None


def test_a_known_browser_that_was_stolen_has_a_limit_too(app, request_from, user):
    with request_from():
        for _ in range(app.config["THROTTLE_ACCOUNT"]):
            assert passwords.authenticate(EMAIL, WRONG, "stolen") is None
        with pytest.raises(TooManyRequests):
            passwords.authenticate(EMAIL, PASSWORD, "stolen")


def test_a_client_has_a_limit_whatever_it_guesses(app, request_from, user, caplog):
    app.config["THROTTLE_CLIENT"] = 3
    with request_from("203.0.113.7"):
        for number in range(3):
            passwords.authenticate(f"a{number}@example.com", WRONG)
        with pytest.raises(TooManyRequests):
            passwords.authenticate(EMAIL, PASSWORD)
        assert passwords.authenticate(EMAIL, PASSWORD, "known").id == user.id
    with request_from("203.0.113.8"):
        assert passwords.authenticate(EMAIL, PASSWORD)


def test_who_tries_again_does_not_wait_longer(app, request_from):
    app.config["THROTTLE_ACCOUNT"] = 1
    with request_from():
        throttle.count("THROTTLE_ACCOUNT", EMAIL)
        end = datetime.now(UTC) + timedelta(minutes=5)
        db_session.execute(update(throttle.Attempts).values(expires=end))
        for _ in range(2):
            with pytest.raises(TooManyRequests) as error:
                throttle.count("THROTTLE_ACCOUNT", EMAIL)
            assert error.value.retry_after == 5 * 60


def test_attempts_at_once_are_all_counted():
    with database_settings() as database:
        app = create_app({"APP_ENV": "testing", **database})

        def guess(_):
            with app.test_request_context(method="POST"):
                throttle.count("THROTTLE_CLIENT", "203.0.113.7")

        at_once(guess, range(40), 4)
        with app.app_context():
            assert list(db_session.scalars(select(throttle.Attempts.count))) == [40]
        app.extensions["database"].kw["bind"].dispose()


def test_success_is_no_attempt(app, request_from, user):
    app.config["THROTTLE_CLIENT"] = app.config["THROTTLE_ACCOUNT"] = 2
    with request_from():
        for _ in range(5):
            assert passwords.authenticate(EMAIL, PASSWORD)
        passwords.authenticate(EMAIL, WRONG)
        assert passwords.authenticate(EMAIL, PASSWORD)
        passwords.authenticate(EMAIL, WRONG)
        with pytest.raises(TooManyRequests):
            passwords.authenticate(EMAIL, PASSWORD)


@pytest.mark.parametrize(("address", "logged"), [("10.0.0.1", True), ("8.8.8.8", False)])
def test_the_log_says_where_all_clients_are_one(app, request_from, caplog, address, logged):
    app.config["THROTTLE_CLIENT"] = 0
    with request_from(address), pytest.raises(TooManyRequests):
        passwords.authenticate(EMAIL, WRONG)
    said = f"Too many attempts from {address}/32. A proxy? Then set TRUSTED_PROXIES."
    assert (said in caplog.messages) == logged


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_client_is_one_customer(request_from, address, client):
    with request_from(address):
        assert throttle.client() == client


def test_no_secret_is_logged_or_shown(app, request_from, user, caplog):
    caplog.set_level("DEBUG")
    with request_from("203.0.113.7"):
        passwords.authenticate(EMAIL, PASSWORD)
        passwords.authenticate(EMAIL, WRONG + PASSWORD)
        secret = tokens.issue(user, "read", "x")
        shown = repr(user) + repr(tokens.find(secret, "read")) + caplog.text
    assert f"Account: log-in failed: user {user.id} from 203.0.113.7" in shown
    for text in (PASSWORD, secret, user.password_hash, "$argon2"):
        assert text not in shown


@pytest.mark.parametrize(
    ("arguments", "typed", "error"),
    [
        (["create", "ada"], "", "ada is not an e-mail address."),
        (["create", EMAIL], "", f"There is an account {EMAIL}."),
        (["create", "b@c.d"], "tea\ntea\n", "Use 12 to 128 characters."),
        (["create", "zorbwick@quux.io"], "zorbwick quux\n" * 2, EASY),
        (["revoke", "b@c.d"], "", "There is no account b@c.d."),
        (["make-admin", "b@c.d"], "", "There is no account b@c.d."),
    ],
)
def test_a_command_says_what_is_wrong(app, user, arguments, typed, error):
    result = app.test_cli_runner().invoke(args=["auth", *arguments], input=typed)
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == f"Error: {error}"


def test_a_password_that_was_typed_otherwise_again_makes_no_account(app):
    typed = f"{PASSWORD}\n{PASSWORD}!\n"
    assert app.test_cli_runner().invoke(args=["auth", "create", EMAIL], input=typed).exit_code == 1
    with app.app_context():
        assert find(EMAIL) is None


def test_the_database_is_free_while_somebody_types(app, monkeypatch):
    held = []

    def type_password(*_arguments, **_options):
        held.append(db_session.in_transaction())
        return PASSWORD

    monkeypatch.setattr("click.prompt", type_password)
    assert app.test_cli_runner().invoke(args=["auth", "create", EMAIL]).exit_code == 0
    assert held == [False]


def test_accounts_are_listed_by_address(app):
    emails = [f"{name}@example.com" for name in ("grace", "ada", "mary")]
    with app.app_context():
        for email in emails:
            db_session.add(User(email=email, password_hash=""))
            db_session.commit()
    listed = app.test_cli_runner().invoke(args=["auth", "list"]).output
    assert listed.splitlines() == sorted(emails)


def test_each_command_is_logged(app, caplog):
    caplog.set_level("INFO")
    run = app.test_cli_runner().invoke
    shown = run(args=["auth", "create", EMAIL], input=f"{PASSWORD}\n{PASSWORD}\n").output
    for command in ("make-admin", "revoke"):
        run(args=["auth", command, EMAIL])
    events = re.findall(r"Account: ([a-z ]+): user \d+ from the command line", caplog.text)
    assert events == ["created", "made an administrator", "revoked"]
    assert PASSWORD not in caplog.text + shown


def test_a_command_ends_everything_that_lets_somebody_in(app, user):
    with app.app_context():
        secrets = {kind: tokens.issue(user, kind, "x") for kind in tokens.LIFETIMES}
    assert app.test_cli_runner().invoke(args=["auth", "revoke", EMAIL]).exit_code == 0
    with app.app_context():
        for kind, secret in secrets.items():
            assert tokens.find(secret, kind) is None


def test_the_help_lists_the_commands(app):
    run = app.test_cli_runner().invoke
    assert re.search(r"^ +auth +Manage accounts\.$", run(args=["--help"]).output, re.MULTILINE)
    listed = run(args=["auth", "--help"]).output
    for name, does in {
        "create": "Create an account: asks for the password.",
        "list": "List the accounts.",
        "make-admin": "Make an account an administrator's.",
        "revoke": "Log an account out everywhere, and revoke its tokens.",
    }.items():
        assert re.search(rf"^ +{name} +{re.escape(does)}$", listed, re.MULTILINE)


def test_help_lists_the_commands_and_one_makes_accounts(app):
    run = app.test_cli_runner().invoke
    words = re.search("`uv run flask (auth --help)`", GUIDES["accounts"])[1].split()
    shown = run(args=words).output.partition("Commands:\n")[2]
    listed = re.findall("^  ([a-z-]+) ", shown, re.MULTILINE)
    assert set(listed) == set(commands.auth.commands)
    assert set(re.findall("flask auth ([a-z][a-z-]+)", GUIDES["accounts"])) <= set(listed)
    for name in listed:
        assert run(args=["auth", name, "--help"]).exit_code == 0
    run(args=["auth", "create", EMAIL], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert run(args=["auth", "list"]).output == f"{EMAIL}\n"


def test_nobody_is_an_administrator_by_default(app, user):
    listed = app.test_cli_runner().invoke(args=["auth", "list"]).output
    assert listed == f"{EMAIL}\n"


def test_what_belongs_to_somebody_is_selected_by_that(app, user):
    class Cup(Owned, Base):
        __tablename__ = "cups"
        id = tokens.mapped_column(tokens.Token.id.type, primary_key=True)

    try:
        with app.app_context():
            Cup.__table__.create(db_session.connection())
            other = User(email="grace@example.com", password_hash="")
            db_session.add(other)
            db_session.commit()
            for g.user in (other, user):
                assert current_user() is g.user
                db_session.add(Cup())
                db_session.commit()
            assert [cup.owner_id for cup in db_session.scalars(Cup.owned())] == [user.id]
            db_session.delete(db_session.get(User, user.id))
            db_session.commit()
            assert list(db_session.scalars(select(Cup.owner_id))) == [other.id]
    finally:
        Base.metadata.remove(Cup.__table__)
