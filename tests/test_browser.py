"""The pages of a generated project, in a real browser."""

import pytest

from proof.programs import serving, uv

pytestmark = pytest.mark.proof
PATHS = ("/", "/api/v1/docs", "/nothing")


@pytest.fixture
def site(project):
    """A served project whose name tries to be markup."""
    folder = project(project_name="<b>Tea</b> & 'Time' " + "wide" * 20, project_slug="tea")
    uv(folder, "sync", "--quiet", "--no-dev")
    with serving(folder, *"flask run --port {port}".split()) as ask:
        yield f"http://127.0.0.1:{ask.port}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_and_break_no_rule(browser, site, scheme, width):
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PATHS:
        page.goto(site + path)
        assert page.locator("h1").count() == 1
        assert page.locator("main").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        dark = page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] < 128"
        )
        assert dark == (scheme == "dark")
    page.close()
    assert all(url.startswith(site) for url in asked)
    assert [text for text in said if "404" not in text] == []


def test_a_keyboard_reaches_the_content_first(browser, site):
    page = browser.new_page()
    page.goto(site + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.goto(site + "/api/v1/docs")
    assert page.locator("nav [aria-current=page]").inner_text() == "API"
    page.close()


def test_the_name_is_text_in_the_title_and_on_the_page(browser, site):
    page = browser.new_page()
    page.goto(site + "/")
    name = "<b>Tea</b> & 'Time' " + "wide" * 20
    assert page.title() == name
    assert page.locator("h1").inner_text() == name
    page.close()
