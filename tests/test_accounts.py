"""Accounts, used as people would: with the keyboard alone, without JavaScript, in two browsers."""

import re
import statistics
from pathlib import Path

import axe_playwright_python
import pytest

from proof.programs import KEY, production, uv

pytestmark = pytest.mark.proof

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
EMAIL = "ada@example.com"
PASSWORD = "a kettle of green tea"
OTHER = "a pot of black coffee"
MEASURE = """
import random, statistics, sys, time
from my_flask_app import create_app
from my_flask_app.auth import passwords
from my_flask_app.auth.users import User
from my_flask_app.database import db_session

app = create_app({"APP_ENV": "testing", "THROTTLE_ACCOUNT": 10**6, "THROTTLE_CLIENT": 10**6})
with app.app_context():
    db_session.add(User(email="ada@example.com", password_hash=passwords.hash("x" * 12)))
    db_session.commit()
times = {"ada@example.com": [], "nobody@example.com": []}
for number in range(300):
    for email in random.sample(list(times), 2):
        with app.test_request_context(method="POST"):
            start = time.perf_counter()
            assert passwords.authenticate(email, "wrong") is None
            times[email].append(time.perf_counter() - start)
known, unknown = (statistics.median(each) for each in times.values())
print(known / unknown)
"""


@pytest.fixture
def site(project):
    """A served project with accounts: its folder and its address."""
    folder = project(auth="password", project_name="Tea Time", project_slug="my_flask_app")
    uv(folder, "sync", "--quiet", "--no-dev")
    settings = {"APP_ENV": "development", "SECRET_KEY": KEY, "MAIL_URL": "", "PUBLIC_URL": ""}
    uv(folder, *"run --no-sync flask db upgrade".split(), **settings)
    with production(folder, **settings) as ask:
        yield folder, f"http://localhost:{ask.port}"


def link_in_last_mail(folder):
    [*_, path] = sorted(folder.glob("instance/mail/*.eml"), key=lambda each: each.stat().st_mtime)
    return re.search(r"http://localhost\S+", path.read_text(encoding="utf-8"))[0]


def press(page, text):
    """Go to a link, a button or a field by the Tab key alone."""
    label = """
        element => (element.labels?.[0] ?? element).innerText.trim()
    """
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement")
        if text in (focused.evaluate(label) or ""):
            return
    raise AssertionError(f"the keyboard does not reach {text}")


def fill(page, **fields):
    for label, value in fields.items():
        press(page, label)
        page.keyboard.type(value)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def follow(page, text):
    press(page, text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_up(folder, site, page):
    page.goto(site)
    follow(page, "Account")
    follow(page, "Sign up")
    fill(page, **{"E-mail address": EMAIL})
    assert "A link was mailed" in page.inner_text("main")
    page.goto(link_in_last_mail(folder))
    fill(page, **{"New password": PASSWORD})
    assert page.inner_text("h1") == "Account"


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_the_whole_life_of_an_account_by_keyboard(site, browser, script):
    folder, address = site
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    sign_up(folder, address, page)
    follow(page, "New token")
    fill(page, Name="laptop")
    assert "my_flask_app_" in page.inner_text("main")
    follow(page, "Account")
    assert "laptop" in page.inner_text("main")
    follow(page, "Change password")
    fill(page, **{"New password": "short"})
    assert "Use 12 to 128 characters." in page.inner_text("main")
    fill(page, **{"New password": OTHER})
    follow(page, "Log out")
    fill(page, **{"E-mail address": EMAIL, "Password": OTHER})
    follow(page, "Change e-mail address")
    fill(page, **{"E-mail address": "grace@example.com"})
    page.goto(link_in_last_mail(folder))
    follow(page, "Change")
    assert "grace@example.com" in page.inner_text("main")
    follow(page, "Notes")
    follow(page, "New note")
    fill(page, Title="Milk")
    assert "Milk" in page.inner_text("main")
    follow(page, "Account")
    follow(page, "Delete account")
    follow(page, "Delete")
    assert "Your account was deleted." in page.inner_text("main")
    follow(page, "Account")
    fill(page, **{"E-mail address": "grace@example.com", "Password": OTHER})
    assert "The address or the password is wrong." in page.inner_text("main")
    context.close()


def test_logging_out_everywhere_reaches_the_other_browser(site, browser):
    folder, address = site
    one, other = (browser.new_context().new_page() for _ in range(2))
    sign_up(folder, address, one)
    other.goto(f"{address}/account")
    fill(other, **{"E-mail address": EMAIL, "Password": PASSWORD})
    assert other.inner_text("h1") == "Account"
    one.reload()
    one.get_by_role("button", name="Log out everywhere").click()
    for page in (one, other):
        page.goto(f"{address}/account")
        assert page.inner_text("h1") == "Log in"
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(site, browser, scheme):
    folder, address = site
    size = {"width": 320, "height": 800}
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport=size)
    page = context.new_page()
    found = {}

    def check(name):
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        page.evaluate(AXE.read_text(encoding="utf-8"))
        violations = page.evaluate("axe.run()")["violations"]
        found.update({f"{name}: {each['id']}": each["nodes"][0]["html"] for each in violations})

    for path in ("login", "signup", "reset", "link/old"):
        page.goto(f"{address}/account/{path}")
        check(path)
    page.goto(f"{address}/account/login")
    fill(page, **{"E-mail address": EMAIL, "Password": "wrong"})
    check("login with errors")
    sign_up(folder, address, page)
    for path in ("", "/password", "/address", "/delete", "/tokens"):
        page.goto(f"{address}/account{path}")
        check(path or "account")
    fill(page, Name="")
    check("tokens with errors")
    page.goto(f"{address}/account/tokens")
    fill(page, Name="laptop")
    check("tokens with a new one")
    page.goto(f"{address}/notes/new")
    fill(page, Title="wide" * 40)
    for path in ("", "api/v1/docs", "nothing", "notes", "notes?q=x", "notes/1", "notes/1/delete"):
        page.goto(f"{address}/{path}")
        check(path or "first page")
    page.goto(f"{address}/notes/new")
    fill(page, Title=" ")
    check("note with errors")
    context.close()
    assert found == {}


@pytest.mark.nightly
def test_the_time_does_not_tell_who_has_an_account(project):
    """Three medians of three hundred, in random order: one of them is closer than 3 %."""
    folder = project(auth="password", project_slug="my_flask_app")
    uv(folder, "sync", "--quiet", "--no-dev")
    uv(folder, *"run --no-sync flask db upgrade".split())
    ratios = []
    for _ in range(3):
        said = uv(folder, "run", "--no-sync", "python", "-c", MEASURE)
        ratios.append(float(said.split()[-1]))
        uv(folder, *"run --no-sync flask db downgrade base".split())
        uv(folder, *"run --no-sync flask db upgrade".split())
    assert abs(statistics.median(ratios) - 1) < 0.03, ratios
