"""The account's pages against an attacker."""

import re
import time
from datetime import timedelta
from html import unescape

import pytest
from auth_fixtures import EMAIL, PASSWORD
from flask import session
from itsdangerous import TimestampSigner
from sqlalchemy import func, select, update
from tea_time import create_app, mail
from tea_time.auth import links, passwords, protect, sessions, throttle, tokens
from tea_time.auth.users import User, current_user, require_admin
from tea_time.database import db_session
from werkzeug.exceptions import ServiceUnavailable

from .helpers import GUIDES, KEY, OVER_HTTPS, at_once, database_settings
from .visitor import Visitor

HIDDEN = re.compile('name="([a-z_]+)" type="hidden" value="([^"]*)"')
LINK = re.compile('<a href="(/account/[a-z]+)">(.+?)</a>')
BUTTON = re.compile('<button(?: class="danger")? formaction="(/account/[a-z0-9/]+)">(.+?)</button>')
FLASHED = re.compile('<p class="flash" role="status">(.+?)</p>')
# What each link says, and above which heading the page is that it leads to.
LINKS = {
    "/account/signup": ("Sign up", "Sign up"),
    "/account/reset": ("Forgot the password?", "Choose a new password"),
    "/account/password": ("Change password", "Change password"),
    "/account/address": ("Change e-mail address", "Change e-mail address"),
    "/account/tokens": ("New token", "New token"),
    "/account/delete": ("Delete account", "Delete account"),
}
MAILED = "A link was mailed to {}. It works within an hour."
EXPIRED = {
    400: "This form has expired, or cookies are blocked. Please go back.",
    422: "This form has expired, or cookies are blocked. Please send it again.",
}
ONCE = "The link works once, within an hour. If you did not ask for it, do nothing."
WRONG = "tea"
NEW_PASSWORD = "a pot of black coffee"
NOBODY = "nobody@example.com"
OTHER_KEY = "Zq7Lr2Nd9Ub4Hc6JvP3fX0aTq8Wm5Zs1"
FORMS = ["password", "address", "delete"]


def submit(client, url, to="", **fields):
    hidden = dict(HIDDEN.findall(client.get(url).text))
    return client.post(to or url, data=hidden | fields)


def log_in(client, password=PASSWORD, email=EMAIL):
    return submit(client, "/account/login", email=email, password=password)


def is_in(client):
    return client.get("/account").status_code == 200


def link_to(app, email=EMAIL, page="reset", **headers):
    """Ask for a link in a browser of its own, and read the mail."""
    client = app.test_client()
    assert submit(client, f"/account/{page}", email=email).status_code == 303
    return read_link(app)


def read_link(app, base="https://www.example.com", number=-1):
    text = app.extensions["outbox"][number].get_body(["plain"]).get_content()
    return re.search(rf"{re.escape(base)}(/\S+)", text)[1]


def last_mail(app):
    """To whom the last mail went, its subject without the title, and its text."""
    message = app.extensions["outbox"][-1]
    title, _, subject = message["Subject"].rpartition(": ")
    assert title == app.config["APP_TITLE"]
    return message["To"], subject, message.get_body(["plain"]).get_content()


def form_in(page):
    """The heading of a form, the labels of its fields, and what its button says."""
    return (
        re.search("<h1>(.+?)</h1>", page.text)[1],
        re.findall("<label [^>]+>(.+?)</label>", page.text),
        re.search("<button>(.+?)</button>", page.text)[1],
    )


def age(app, seconds):
    """Let every row of a session be as old."""
    with app.app_context():
        then = tokens.datetime.now(tokens.UTC) - timedelta(seconds=seconds)
        db_session.execute(update(tokens.Token).values(created=then))
        db_session.commit()


@pytest.fixture
def app(request):
    """The application; in production sessions have another cookie."""
    return create_app(getattr(request, "param", {"APP_ENV": "testing"}))


@pytest.mark.parametrize("app", [{"APP_ENV": "testing"}, OVER_HTTPS], indirect=True)
def test_the_life_of_an_account(app):
    app.testing = True  # Mails go to the outbox.
    email, password = "E-mail address", "New password, 12 characters or more"
    visitor = Visitor(app.test_client())
    visitor.follow("Account")
    assert visitor.sees("Please log in.")
    visitor.follow("Sign up")
    visitor.press("Mail me a link", **{email: "ada"})
    assert visitor.sees("Use an address such as")
    visitor.press("Mail me a link", **{email: EMAIL})
    assert visitor.sees(MAILED.format(EMAIL))
    visitor.go(read_link(app))
    visitor.press("Save", **{password: WRONG})
    assert visitor.sees("Use 12 to 128 characters.")
    visitor.press("Save", **{password: PASSWORD})
    assert visitor.page.url == "/account"
    assert visitor.sees(f"<p>{EMAIL}</p>")
    visitor.press("Log out")
    assert visitor.sees("Logged out.")
    visitor.press("Log in", **{email: EMAIL, "Password": WRONG})
    assert visitor.sees("The address or the password is wrong.")
    visitor.press("Log in", **{email: EMAIL, "Password": PASSWORD})
    visitor.follow("Change password")
    visitor.press("Save", **{password: NEW_PASSWORD})
    assert visitor.page.url == "/account"
    visitor.follow("Change e-mail address")
    visitor.press("Mail me a link", **{email: NOBODY})
    visitor.go(read_link(app))
    visitor.press("Change")
    assert visitor.sees(f"Your address is {NOBODY} now.")
    visitor.press("End Browser")
    assert visitor.sees("Logged out.")
    visitor.follow("Forgot the password?")
    visitor.press("Mail me a link", **{email: NOBODY})
    link = read_link(app)
    visitor.go(link)
    visitor.press("Save", **{password: PASSWORD})
    assert app.test_client().get(link).status_code == 410
    visitor.press("Log out everywhere")
    assert visitor.sees("Logged out everywhere.")
    visitor.press("Log in", **{email: NOBODY, "Password": PASSWORD})
    visitor.follow("Delete account")
    visitor.press("Delete")
    assert visitor.page.url == "/"
    assert visitor.sees("Your account was deleted.")


# Sessions.


def test_logging_in_keeps_nothing_of_the_session_before(app, user):
    """Fixation: whoever planted a session knows nothing of the one that follows."""
    client, other = app.test_client(), app.test_client()
    log_in(other)
    with client.session_transaction() as planted:
        planted.update(secret="planted", seen=2**40, csrf_token="planted", extra="planted")
    before = client.get_cookie("session").value
    log_in(client)
    with client.session_transaction() as after:
        assert "planted" not in str(dict(after))
        first = after["secret"]
    log_in(client)
    with client.session_transaction() as again:
        assert again["secret"] != first
    client.set_cookie("session", before)
    assert not is_in(client)
    with app.app_context():
        assert tokens.find(first, "session") is None
    assert is_in(other)


def test_a_changed_password_ends_other_sessions_and_renews_this_one(app, user):
    client, other = app.test_client(), app.test_client()
    for each in (client, other):
        log_in(each)
    with app.app_context():
        token = tokens.issue(user, "write", "a program")
    old = client.get_cookie("session").value
    assert submit(client, "/account/password", password=NEW_PASSWORD).status_code == 303
    assert is_in(client) and not is_in(other)
    other.set_cookie("session", old)
    assert not is_in(other)
    with app.app_context():
        assert tokens.find(token, "write")
    assert log_in(other, PASSWORD).status_code == 422
    assert log_in(other, NEW_PASSWORD).status_code == 303


def test_a_reset_password_ends_everything_that_lets_in(app, user):
    client = app.test_client()
    log_in(client)
    with app.app_context():
        token = tokens.issue(user, "write", "a thief's")
    submit(app.test_client(), link_to(app), password=NEW_PASSWORD)
    assert not is_in(client)
    with app.app_context():
        assert tokens.find(token, "write") is None


def test_logging_out_everywhere_ends_two_browsers(app, user):
    client, other = app.test_client(), app.test_client()
    for each in (client, other):
        log_in(each)
        assert is_in(each)
    with app.app_context():
        token = tokens.issue(user, "read", "a program")
    assert submit(client, "/account", "/account/logout").location == "/account/login"
    assert FLASHED.findall(client.get("/account/login").text) == ["Logged out everywhere."]
    assert not is_in(client) and not is_in(other)
    with app.app_context():
        assert tokens.find(token, "read")


def test_one_session_is_ended_and_only_of_one_s_own(app, user):
    client, other = app.test_client(), app.test_client()
    for each in (client, other):
        log_in(each)
    with app.app_context():
        stranger = User(email=NOBODY, password_hash="")
        db_session.add(stranger)
        db_session.commit()
        secret = tokens.issue(stranger, "session", "x")
        foreign = tokens.find(secret, "session").id
        newest, *_ = sessions.list_all(user)
    submit(client, "/account", f"/account/logout/{foreign}")
    submit(client, "/account", f"/account/logout/{newest.id}")
    assert is_in(client) and not is_in(other)
    with app.app_context():
        assert tokens.find(secret, "session")


def test_a_session_that_is_not_used_ends(app, user):
    client = app.test_client()
    log_in(client)
    day = 24 * 60 * 60
    for idle, kept in ((59, True), (61, True), (day - 9, True), (day + 61, False)):
        with client.session_transaction() as old:
            old["seen"] = int(time.time()) - idle
        # Also after it was refused once.
        assert [is_in(client), is_in(client)] == [kept, kept]
        if kept:
            with client.session_transaction() as new:
                assert (new["seen"] > time.time() - 10) == (idle > 60)


def test_a_session_ends_some_time_even_when_it_is_used(app, user):
    client = app.test_client()
    log_in(client)
    with app.app_context():
        [token] = sessions.list_all(user)
        assert token.expires - token.created <= timedelta(days=30, seconds=1)
        db_session.execute(update(tokens.Token).values(expires=token.created))
        db_session.commit()
        assert sessions.list_all(user) == []
    assert not is_in(client)


@pytest.mark.parametrize("page", FORMS)
def test_what_is_dangerous_asks_for_the_password_again(app, user, page):
    client = app.test_client()
    log_in(client)
    opened = client.get(f"/account/{page}")
    assert opened.status_code == 200
    minutes = int(re.search(r"for the password after (\d+) minutes", GUIDES["accounts"])[1])
    age(app, minutes * 60 - 10)
    assert client.get(f"/account/{page}").status_code == 200
    hidden = dict(HIDDEN.findall(opened.text))
    fields = hidden | {"password": NEW_PASSWORD, "email": NOBODY}
    for seconds in (minutes * 60 + 1, 24 * 60 * 60 + 1):
        age(app, seconds)
        asked = client.get(f"/account/{page}"), client.post(f"/account/{page}", data=fields)
        assert [response.location for response in asked] == ["/account/login"] * 2
        said = FLASHED.findall(client.get("/account/login").text)
        assert said == ["Please confirm that it is you."] * 2
        assert is_in(client)
    with app.app_context():
        assert passwords._verify(db_session.get(User, user.id).password_hash, PASSWORD)
    assert app.extensions["outbox"] == []
    assert log_in(client).location == f"/account/{page}"
    assert client.get(f"/account/{page}").status_code == 200


def test_no_page_is_kept_by_a_browser(app, user):
    client = app.test_client()
    log_in(client)
    for path in ("/account", "/account/login", "/account/password"):
        headers = client.get(path).headers
        assert "no-store" in headers["Cache-Control"]
        assert "private" in headers["Cache-Control"]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 Firefox/140.0", "Firefox"),
        ("Mozilla/5.0 Chrome/1 Safari/1 Edg/1", "Edg"),
        ("Mozilla/5.0 Chrome/1 Safari/1", "Chrome"),
        ("Mozilla/5.0 Version/1 Safari/1", "Safari"),
        ("<b>", "Browser"),
    ],
)
def test_a_session_has_the_browser_s_name(app, user, agent, name):
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = agent
    log_in(client)
    page = client.get("/account").text
    assert f"{name} (here)" in page
    assert f">End {name}</button>" in page  # Told apart also by ear.


def test_a_button_says_what_it_ends(app, user):
    client, other = app.test_client(), app.test_client()
    for each in (other, client):
        log_in(each)
    with app.app_context():
        here, there = sessions.list_all(user)
    page = client.get("/account")
    assert BUTTON.findall(page.text) == [
        (f"/account/logout/{here.id}", "Log out"),
        (f"/account/logout/{here.id}", "End Browser"),
        (f"/account/logout/{there.id}", "End Browser"),
        ("/account/logout", "Log out everywhere"),
    ]
    assert "<title>Account · " in page.text
    assert "<h1>Account</h1>" in page.text
    before, after = page.text.split("<h2>Logged in</h2>")
    assert re.findall("<th [^>]+>[^<]+</th>", after) == [
        '<th scope="row" dir="auto">Browser (here)</th>',
        '<th scope="row" dir="auto">Browser</th>',
    ]
    since = f"<td>session since {here.created:%Y-%m-%d %H:%M UTC}</td>"
    assert since in after and "session since" not in before
    assert submit(client, "/account", f"/account/logout/{here.id}").location == "/account/login"
    assert FLASHED.findall(client.get("/account/login").text) == ["Logged out."]
    assert is_in(other)


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_copy_of_a_cookie_ends_with_the_session(app, user, everywhere):
    client, thief = app.test_client(), app.test_client()
    log_in(client)
    thief.set_cookie("session", client.get_cookie("session").value)
    assert is_in(thief)
    with app.app_context():
        [here] = sessions.list_all(user)
    submit(client, "/account", "/account/logout" + ("" if everywhere else f"/{here.id}"))
    assert not is_in(thief)


def test_a_link_says_where_it_leads(app, user):
    client = app.test_client()
    links = LINK.findall(client.get("/account/login").text)
    assert [url for url, _ in links] == ["/account/signup", "/account/reset"]
    log_in(client)
    links += LINK.findall(client.get("/account").text)
    assert LINKS.keys() - dict(links).keys() <= {"/account/tokens"}  # Only with an API.
    for url, said in links:
        page = client.get(url)
        assert (said, form_in(page)[0]) == LINKS[url]
        assert f"<title>{LINKS[url][1]} · " in page.text


def test_a_form_says_what_it_asks_for(app, user):
    client = app.test_client()
    link = link_to(app)
    password = "New password, 12 characters or more"
    assert passwords.MIN_LENGTH == 12
    forms = {
        "/account/signup": ("Sign up", ["E-mail address"], "Mail me a link"),
        "/account/reset": ("Choose a new password", ["E-mail address"], "Mail me a link"),
        "/account/login": ("Log in", ["E-mail address", "Password"], "Log in"),
        link: ("Choose a password", [password], "Save"),
        "/account/password": ("Change password", [password], "Save"),
        "/account/address": ("Change e-mail address", ["E-mail address"], "Mail me a link"),
        "/account/delete": ("Delete account", [], "Delete"),
    }
    for url, form in forms.items():
        if url == "/account/password":
            log_in(client)
        assert form_in(client.get(url)) == form
    assert "<p>This can't be undone.</p>" in unescape(client.get("/account/delete").text)
    assert submit(client, "/account/delete").location == "/"
    assert FLASHED.findall(client.get("/").text) == ["Your account was deleted."]


def test_a_session_can_not_be_made_without_the_key(app, user):
    forger = create_app({"APP_ENV": "testing", "SECRET_KEY": OTHER_KEY})
    client, forged = app.test_client(), forger.test_client()
    with app.app_context():
        secret = tokens.issue(user, "session", "x")
    with forged.session_transaction() as cookie:
        cookie.update(secret=secret, seen=2**40)
    client.set_cookie("session", forged.get_cookie("session").value)
    assert not is_in(client)


# Where to go.


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/account", "/account"),
        ("/account/password?a=1&b=%2F", "/account/password?a=1&b=%2F"),
        ("//evil.example/", "/evil.example/"),
        ("///evil.example", "/evil.example"),
    ],
)
def test_logging_in_leads_to_what_was_wanted_here(app, user, wanted, path):
    app.add_url_rule("/<path:any>", "any", sessions.require_login(lambda any: any))
    client = app.test_client()
    path_info, _, query = wanted.partition("?")
    environ = {"PATH_INFO": path_info, "QUERY_STRING": query}
    assert client.get(environ_overrides=environ).location == "/account/login"
    assert FLASHED.findall(client.get("/account/login").text) == ["Please log in."]
    assert client.get(environ_overrides=environ).location == "/account/login"
    response = log_in(client)
    assert response.location == path
    assert response.status_code == 303


def test_no_url_says_where_to_go(app, user):
    client = app.test_client()
    response = submit(
        client, "/account/login?next=https://evil.example", email=EMAIL, password=PASSWORD
    )
    assert response.location == "/account"


def test_a_form_that_was_sent_is_not_what_was_wanted(app, user):
    client = app.test_client()
    client.post("/account/password")
    assert log_in(client).location == "/account"


# Links.


def test_a_link_is_used_once(app, user):
    for email in (EMAIL, NOBODY):
        link = link_to(app, email)
        opened = app.test_client()
        for _ in range(3):  # Programs that look at mails open links.
            assert opened.get(link).status_code == 200
        assert submit(app.test_client(), link, password=NEW_PASSWORD).status_code == 303
        hidden = dict(HIDDEN.findall(opened.get("/account/reset").text))
        for response in (
            opened.get(link),
            opened.post(link, data={**hidden, "password": PASSWORD}),
        ):
            assert response.status_code == 410
            assert form_in(response) == (
                "This link no longer works",
                ["E-mail address"],
                "Mail me a link",
            )
            said = "It was used already, or it is too old. Get a new one:"
            assert f"<p>{said}</p>" in response.text
            assert 'action="/account/reset"' in response.text
        assert not is_in(opened)


@pytest.mark.parametrize("page", ["signup", "reset"])
@pytest.mark.parametrize(
    ("email", "purpose"),
    [(NOBODY, "create your account"), (EMAIL, "choose a new password")],
)
def test_a_mail_says_what_its_link_is_for(app, user, page, email, purpose):
    link = link_to(app, email, page)
    to, subject, text = last_mail(app)
    assert (to, subject) == (email, purpose)
    url = f"https://www.example.com{link}"
    assert text.split("\n\n") == [f"Use this link to {purpose}:", url, f"{ONCE}\n"]
    shown = app.test_client().get(link)
    assert f"<p>Your account: {email}</p>" in shown.text


def test_a_link_ends_when_the_password_changes(app, user):
    link = link_to(app)
    client = app.test_client()
    log_in(client)
    submit(client, "/account/password", password=NEW_PASSWORD)
    assert client.get(link).status_code == 410


def test_a_link_ends_when_the_address_changes(app, user):
    link = link_to(app)
    with app.app_context():
        db_session.get(User, user.id).email = NOBODY
        db_session.commit()
    assert app.test_client().get(link).status_code == 410


@pytest.mark.parametrize(
    ("page", "email", "password"),
    [
        ("signup", NOBODY, NEW_PASSWORD),
        ("reset", EMAIL, NEW_PASSWORD),
        ("address", NOBODY, PASSWORD),
    ],
)
def test_a_link_works_once_within_an_hour(app, user, monkeypatch, page, email, password):
    client, late, other = (app.test_client() for _ in range(3))
    if page == "address":
        log_in(client)
        log_in(late)
    assert submit(client, f"/account/{page}", email=email).status_code == 303
    link = read_link(app)
    now = int(time.time())
    for each, then, status in ((late, now + 3601, 410), (client, now + 3590, 200)):
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _, then=then: then)
        assert each.get(link).status_code == status
    assert submit(client, link, password=NEW_PASSWORD).status_code == 303
    assert client.get(link).status_code == 410
    assert other.get("/account").location == "/account/login"
    assert log_in(other, password, email).location == "/account"
    assert is_in(other)


@pytest.mark.parametrize("part", [0, 1, 2], ids=["data", "time", "signature"])
def test_a_link_that_was_changed_is_none(app, user, part):
    """By a character in the middle: the last one of base64 has bits that mean nothing."""
    path, _, data = link_to(app).rpartition("/")
    parts = data.rsplit(".", 2)
    text = parts[part]
    middle = len(text) // 2
    parts[part] = f"{text[:middle]}{'B' if text[middle] == 'A' else 'A'}{text[middle + 1 :]}"
    assert app.test_client().get(f"{path}/{'.'.join(parts)}").status_code == 410
    assert app.test_client().get(f"{path}/{data}x").status_code == 410
    assert app.test_client().get(f"{path}/{data}").status_code == 200


def test_a_link_is_valid_under_a_former_key():
    with database_settings() as database:
        base = {"APP_ENV": "testing", **database}
        renewed = {**base, "SECRET_KEY": OTHER_KEY}
        first = create_app({**base, "SECRET_KEY": KEY})
        without, with_former = (
            create_app({**renewed, "SECRET_KEY_FALLBACKS": keys}) for keys in ((), (KEY,))
        )
        link = link_to(first, NOBODY)
        assert without.test_client().get(link).status_code == 410
        assert with_former.test_client().get(link).status_code == 200
        # What is signed now outlives the former key.
        assert without.test_client().get(link_to(with_former, NOBODY)).status_code == 200
        for app in (first, without, with_former):
            app.extensions["database"].kw["bind"].dispose()


def test_a_cookie_s_signature_is_no_link_s(app, user):
    with app.app_context():
        data = sessions.signer(sessions.KNOWN).dumps([user.id, EMAIL, links._state(user)])
    assert app.test_client().get(f"/account/link/{data}").status_code == 410


def test_a_link_is_under_the_public_address(app):
    client = app.test_client()
    forged = {"base_url": "http://evil.example"}
    hidden = dict(HIDDEN.findall(client.get("/account/signup", **forged).text))
    client.post("/account/signup", data={**hidden, "email": EMAIL}, **forged)
    message = str(app.extensions["outbox"][-1])
    assert "https://www.example.com/account/link/" in message
    assert "evil" not in message


def test_an_account_does_not_exist_before_its_address_is_confirmed(app):
    link_to(app, NOBODY, "signup")
    with app.app_context():
        assert db_session.scalar(select(func.count()).select_from(User)) == 0
    client = app.test_client()
    assert log_in(client, PASSWORD, NOBODY).status_code == 422


def test_a_stranger_with_the_new_mailbox_can_not_take_the_account(app, user):
    """The owner may have mistyped the address."""
    client, stranger = app.test_client(), app.test_client()
    log_in(client)
    submit(client, "/account/address", email=NOBODY)
    link = read_link(app)
    assert stranger.get(link).location == "/account/login"
    as_reset = link.replace("/address/", "/link/")
    assert stranger.get(as_reset).status_code == 410
    with app.app_context():
        secret = tokens.issue(other_user(NOBODY + "x"), "session", "x")
    with stranger.session_transaction() as session:
        session.update(secret=secret, seen=int(time.time()))
    assert stranger.get(link).status_code == 410
    assert client.get(link).status_code == 200


def other_user(email):
    user = User(email=email, password_hash="")
    db_session.add(user)
    db_session.commit()
    return user


def test_an_address_that_is_taken_tells_only_its_owner(app, user):
    with app.app_context():
        other_user(NOBODY)
    client = app.test_client()
    log_in(client)
    for email in (NOBODY, "free@example.com"):
        response = submit(client, "/account/address", email=email)
        assert (response.status_code, response.location) == (303, "/account")
    taken, free = (str(each) for each in app.extensions["outbox"][-2:])
    assert "/account/link/" in taken and "/account/address/" in free
    submit(app.test_client(), read_link(app, number=-2), password=NEW_PASSWORD)
    for email, password in {NOBODY: NEW_PASSWORD, EMAIL: PASSWORD}.items():
        assert log_in(app.test_client(), password, email).status_code == 303


def test_an_address_that_was_taken_meanwhile_is_a_410(app, user):
    client = app.test_client()
    log_in(client)
    submit(client, "/account/address", email=NOBODY)
    link = read_link(app)
    with app.app_context():
        other_user(NOBODY)
    assert submit(client, link).status_code == 410
    with app.app_context():
        assert db_session.get(User, user.id).email == EMAIL


@pytest.mark.parametrize("count", [2, 6])
@pytest.mark.parametrize("page", ["signup", "reset"])
def test_links_at_once_make_one_account_or_set_one_password(count, page):
    with database_settings() as database:
        app = create_app({"APP_ENV": "testing", "THROTTLE_MAILS": count, **database})
        if page == "reset":
            with app.app_context():
                db_session.add(User(email=NOBODY, password_hash=""))
                db_session.commit()
        forms = []
        for _ in range(count):
            client = app.test_client()
            submit(client, f"/account/{page}", email=NOBODY)
            link = read_link(app)
            forms.append((client, link, dict(HIDDEN.findall(client.get(link).text))))

        def send(form):
            client, link, hidden = form
            return client.post(link, data={**hidden, "password": PASSWORD}).status_code

        statuses = sorted(at_once(send, forms, count))
        assert statuses == [303] + [410] * (count - 1)
        with app.app_context():
            assert db_session.scalar(select(func.count()).select_from(User)) == 1
        app.extensions["database"].kw["bind"].dispose()


# Enumeration.


@pytest.mark.parametrize("page", ["signup", "reset"])
def test_no_page_tells_who_has_an_account(app, user, page):
    said = []
    for email in (EMAIL, NOBODY):
        client = app.test_client()
        response = submit(client, f"/account/{page}", email=email)
        shown = client.get(response.location).text
        assert FLASHED.findall(shown) == [MAILED.format(email)]
        shown = shown.replace(email, "…")
        said.append((response.status_code, response.location, HIDDEN.sub("", shown)))
        assert app.extensions["outbox"][-1]["To"] == email
    assert said[0] == said[1]


def test_no_log_in_tells_who_has_an_account(app, user):
    said = []
    for email in (EMAIL, NOBODY):
        response = log_in(app.test_client(), WRONG, email)
        assert "The address or the password is wrong." in response.text
        said.append((response.status_code, HIDDEN.sub("", response.text.replace(email, "…"))))
    assert said[0] == said[1]


def test_a_limit_tells_nothing_either(app, user):
    app.config["THROTTLE_ACCOUNT"] = 1
    for email in (EMAIL, NOBODY):
        statuses = [log_in(app.test_client(), WRONG, email).status_code for _ in range(2)]
        assert statuses == [422, 429]


@pytest.mark.parametrize("email", ["ADA@EXAMPLE.COM", " Ada@example.com "])
def test_an_address_in_another_case_is_the_same(app, user, email):
    submit(app.test_client(), link_to(app, email, "signup"), password=NEW_PASSWORD)
    with app.app_context():
        assert db_session.scalar(select(func.count()).select_from(User)) == 1


@pytest.mark.parametrize(
    "email", ["\u0430da@example.com", "ada@ex\u0430mple.com", "\u212aate@x.com"]
)
def test_an_address_that_looks_like_another_is_refused(app, email):
    for page in ("signup", "login"):
        response = submit(app.test_client(), f"/account/{page}", email=email, password=PASSWORD)
        assert response.status_code == 422
        assert 'aria-describedby="email-errors"' in response.text
        error = "Use an address such as ada@example.com."
        assert f'<p class="errors" id="email-errors">{error}</p>' in response.text
        assert f'value="{email}"' in response.text
    assert app.extensions["outbox"] == []


# Guessing.


def test_the_owner_comes_in_while_strangers_guess(app, user):
    client = app.test_client()
    log_in(client)
    for number in range(11):
        stranger = app.test_client()
        stranger.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        response = log_in(stranger, WRONG)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert log_in(stranger).status_code == 429
    assert log_in(client).status_code == 303
    cookie = client.get_cookie("known_browser")
    assert cookie.http_only and cookie.same_site == "Lax"
    assert not cookie.secure
    assert cookie.max_age == 365 * 24 * 60 * 60


def test_a_known_browser_is_known_for_its_owner_alone(app, user):
    client = app.test_client()
    log_in(client)
    with app.test_request_context(
        headers={"Cookie": f"known_browser={client.get_cookie('known_browser').value}"}
    ):
        assert re.fullmatch("[0-9a-f]{16}", sessions.known_browser(EMAIL))
        assert sessions.known_browser(NOBODY) == ""
    with app.test_request_context(headers={"Cookie": "known_browser=forged.x.y"}):
        assert sessions.known_browser(EMAIL) == ""


def test_production_sends_no_cookie_unencrypted():
    with database_settings() as database:
        app = create_app({"APP_ENV": "production", "SECRET_KEY": KEY, **database})
        with app.app_context():
            user = other_user(EMAIL)
        with app.test_request_context(method="POST"):
            response = sessions.log_in(user)
            assert "Secure" in response.headers["Set-Cookie"]
            assert session["secret"]
        app.extensions["database"].kw["bind"].dispose()


def test_mails_have_limits(app, user):
    """For one address, wherever they are asked for, and for one client."""
    for number in range(6):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        response = submit(client, "/account/reset", email=EMAIL)
    assert response.status_code == 429
    assert len(app.extensions["outbox"]) == 5
    client = app.test_client()
    statuses = [
        submit(client, "/account/signup", email=f"a{number}@example.com").status_code
        for number in range(21)
    ]
    assert statuses == [303] * 20 + [429]
    assert len(app.extensions["outbox"]) == 25


@pytest.mark.parametrize("length", [129, 100_000])
def test_a_password_that_is_too_long_is_not_hashed(app, user, monkeypatch, length):
    client = app.test_client()
    link = link_to(app)
    log_in(client)
    monkeypatch.setattr(passwords.hasher.__class__, "hash", None)
    monkeypatch.setattr(passwords.hasher.__class__, "verify", None)
    long = "".join(f"xyz{number}" for number in range(length))[:length]
    for url in ("/account/password", "/account/login", link):
        response = submit(client, url, email=EMAIL, password=long)
        assert response.status_code == 422
        assert 'aria-describedby="password-errors"' in response.text
        assert "xyz" not in response.text


# Forms.


def test_no_form_of_another_site_changes_anything(app, user):
    """Each address that takes a POST, without the token and with a wrong one."""
    client = app.test_client()
    link = link_to(app)
    log_in(client)
    submit(client, "/account/address", email=NOBODY)
    change = read_link(app)
    count = len(app.extensions["outbox"])
    [token] = listed(app, user)
    paths = {f"/account/logout/{token.id}", link, change, "/account/signup", "/account/reset"}
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]
    paths |= {
        rule.rule for rule in rules if rule.rule.startswith("/account") and not rule.arguments
    }
    assert len(paths) >= 10
    for path in paths:
        for forged in ({}, {"csrf_token": "forged"}):
            fields = {"email": EMAIL, "password": NEW_PASSWORD, "name": "x", "access": "write"}
            response = client.post(path, data={**fields, **forged})
            assert EXPIRED[response.status_code] in response.text, path
    assert is_in(client)
    assert len(listed(app, user)) == 1
    assert len(app.extensions["outbox"]) == count
    with app.app_context():
        found = db_session.get(User, user.id)
        assert found.email == EMAIL
        assert passwords._verify(found.password_hash, PASSWORD)


def listed(app, user):
    with app.app_context():
        return sessions.list_all(user)


@pytest.mark.parametrize("path", ["login", "signup", "logout", "password", "address", "delete"])
def test_a_json_body_is_no_form(app, user, path):
    client = app.test_client()
    log_in(client)
    assert client.post(f"/account/{path}", json=[1]).status_code in (400, 422)


def test_no_address_changes_anything_when_it_is_only_read(app, user):
    client = app.test_client()
    log_in(client)
    for path in ("/account/logout", "/account/logout/1"):
        assert client.get(path).status_code == 405
    assert is_in(client)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "Use 12 to 128 characters."),
        ("Password123456", "This is easy to guess: use other words."),
        ("", "Use 12 to 128 characters."),
        (f"{EMAIL}7", "This is easy to guess: use other words."),
    ],
)
def test_a_password_that_is_refused_is_explained_beside_it(app, user, password, fault):
    client = app.test_client()
    log_in(client)
    for url in ("/account/password", link_to(app)):
        response = submit(client, url, password=password)
        assert response.status_code == 422
        assert 'aria-invalid="true"' in response.text
        assert f'<p class="errors" id="password-errors">{fault}</p>' in response.text
        if password:
            assert password not in response.text


def test_a_page_for_visitors_reads_no_session(client):
    headers = client.get("/").headers
    assert "Cookie" not in headers.get("Vary", "")
    assert re.search(r'<a href="/account"\s*>Account</a>', client.get("/").text)


def test_the_database_is_free_for_others_meanwhile(app, user, monkeypatch):
    """While a password is hashed or a mail is sent."""
    held = []

    def watch(module, name):
        function = getattr(module, name)

        def watched(*arguments):
            held.append((name, db_session.in_transaction()))
            return function(*arguments)

        monkeypatch.setattr(module, name, watched)

    watch(passwords, "hash")
    watch(passwords, "_verify")
    watch(mail, "send")
    client = app.test_client()
    submit(client, link_to(app, NOBODY), password=PASSWORD)
    log_in(client)
    submit(client, "/account/password", password=NEW_PASSWORD)
    assert held == [(name, False) for name in ("send", "hash", "_verify", "hash", "send")]


# Mail that can't be sent.


@pytest.fixture
def mail_is_down(monkeypatch):
    def send(*_arguments):
        raise ServiceUnavailable(retry_after=60)

    monkeypatch.setattr(mail, "send", send)


@pytest.mark.usefixtures("mail_is_down")
def test_without_mail_nothing_is_half_made(app, user):
    client = app.test_client()
    for page in ("signup", "reset"):
        response = submit(client, f"/account/{page}", email=NOBODY)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "60"
    log_in(client)
    assert submit(client, "/account/address", email=NOBODY).status_code == 503
    with app.app_context():
        assert [each.email for each in db_session.scalars(select(User))] == [EMAIL]


@pytest.mark.usefixtures("mail_is_down")
def test_a_message_that_only_tells_undoes_nothing(app, user):
    client = app.test_client()
    log_in(client)
    assert submit(client, "/account/password", password=NEW_PASSWORD).status_code == 303
    assert log_in(client, NEW_PASSWORD).status_code == 303


def test_the_owner_is_told_of_changes(app, user):
    client = app.test_client()
    log_in(client)
    submit(client, "/account/password", password=NEW_PASSWORD)
    changed = "your account was changed"
    said = "The password of your account was changed.\n"
    assert last_mail(app) == (EMAIL, changed, said)
    assert NEW_PASSWORD not in str(app.extensions["outbox"][-1])
    submit(client, "/account/address", email=NOBODY)
    assert FLASHED.findall(client.get("/account").text) == [MAILED.format(NOBODY)]
    link = read_link(app)
    to, subject, text = last_mail(app)
    assert (to, subject) == (NOBODY, "confirm your new address")
    assert text.startswith("Use this link to confirm your new address:\n\nhttps://")
    assert form_in(client.get(link)) == ("Change e-mail address", [], "Change")
    assert f"<p>To {NOBODY}</p>" in client.get(link).text
    submit(client, link)
    assert last_mail(app) == (EMAIL, changed, "Your account has a new e-mail address.\n")
    assert FLASHED.findall(client.get("/account").text) == [f"Your address is {NOBODY} now."]
    assert client.get(link).status_code == 410


def test_each_event_is_logged_without_secrets(app, caplog):
    caplog.set_level("DEBUG")
    client = app.test_client()
    submit(client, link_to(app, EMAIL, "signup"), password=PASSWORD)
    log_in(client)
    log_in(client, WRONG)
    submit(client, "/account/password", password=NEW_PASSWORD)
    submit(client, "/account/address", email=NOBODY)
    submit(client, read_link(app))
    submit(client, "/account", "/account/logout")
    log_in(client, NEW_PASSWORD, NOBODY)
    log_out = re.search(r"/account/logout/\d+", client.get("/account").text)[0]
    submit(client, "/account", log_out)
    log_in(client, NEW_PASSWORD, NOBODY)
    submit(client, "/account/delete")
    events = re.findall(r"Account: ([a-z -]+): user \S+ from 127\.0\.0\.1", caplog.text)
    assert [event for event in events if event != "logged in"] == [
        "password set",
        "log-in failed",
        "password changed",
        "address changed",
        "logged out everywhere",
        "logged out",
        "deleted",
    ]
    for secret in (PASSWORD, NEW_PASSWORD, "$argon2", "/account/link/"):
        assert secret not in caplog.text


def test_a_view_has_the_user_and_an_administrator_s_page_is_closed(app, user):
    def name():
        return str(current_user().id)

    def secret():
        require_admin()
        return "secret"

    app.add_url_rule("/name", "name", sessions.require_login(name))
    app.add_url_rule("/secret", "secret", sessions.require_login(secret))
    client = app.test_client()
    assert client.get("/name").status_code == 303
    log_in(client)
    assert client.get("/name").text == str(user.id)
    command = re.search("uv run flask (auth make-admin)", GUIDES["accounts"])[1]
    status = re.search(r"called first, responds with (\d+)", GUIDES["accounts"])[1]
    assert str(client.get("/secret").status_code) == status
    assert app.test_cli_runner().invoke(args=[*command.split(), EMAIL]).exit_code == 0
    assert client.get("/secret").text == "secret"
    with app.app_context():
        assert throttle.WINDOW == timedelta(minutes=15)


# A part's views are in modules of its package, or in its `__init__.py`, as the guides show.
@pytest.mark.parametrize("module", ["tea_time.orders", "tea_time.orders.pages"])
def test_a_part_lets_only_users_in(app, client, user, module):
    def cups():
        return "cups"

    def saucers():
        return "saucers"

    cups.__module__, saucers.__module__ = module, "tea_time.orders_of_others"
    app.add_url_rule("/cups", view_func=cups)
    app.add_url_rule("/saucers", view_func=saucers)
    protect(app, "tea_time.orders")
    response = client.get("/cups")
    assert (response.status_code, response.location) == (303, "/account/login")
    assert client.get("/saucers").status_code == 200
    log_in(client)
    assert client.get("/cups").text == "cups"
