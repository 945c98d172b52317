"""The pages of a generated project, in a real browser."""

import re

import pytest
from conftest import ALL_OFF

from proof.programs import serving, uv

pytestmark = pytest.mark.proof
PATHS = ("/", "/api/v1/docs", "/nothing")
# Styles and scripts with what the guide says they need and without; the last is another host's.
INLINE = """
{% extends "layout.html" %}
{% block head %}
  <style nonce="{{ csp_nonce() }}">#a { width: 11px }</style>
  <style>#b { width: 12px }</style>
{% endblock %}
{% block content %}
  <p id="a">a</p> <p id="b">b</p> <p id="c" style="width: 13px" onclick="ran.push('click')">c</p>
  SCRIPTran = ["nonce"]</script>
  <script>ran.push("none")</script>
  <script src="http://localhost:{{ request.host.partition(':')[2] }}/other.js"></script>
{% endblock %}
"""
VIEWS = """
from flask import Response, render_template_string
app.add_url_rule("/inline", "inline", lambda: render_template_string(INLINE))
other = Response('ran.push("other")', mimetype="text/javascript")
app.add_url_rule("/other.js", "other", lambda: other)
"""


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
    skip = page.locator(".skip")
    assert skip.evaluate("each => each.getBoundingClientRect().bottom") <= 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    assert skip.evaluate("each => each.getBoundingClientRect().top") >= 0
    assert skip.evaluate("each => getComputedStyle(each).outlineStyle") != "none"
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


def test_a_page_runs_what_the_guide_says(browser, project):
    """What has the nonce and what is of this host; another one once the guide has been followed."""
    folder = project(**{**ALL_OFF, "pages": "yes"})
    guide = (folder / "docs" / "pages.md").read_text(encoding="utf-8")
    page = INLINE.replace("SCRIPT", re.search("needs the nonce: `(<script .+?>)`", guide)[1])
    with open(folder / "wsgi.py", "a", encoding="utf-8") as file:
        file.write(f"INLINE = {page!r}\n{VIEWS}")
    uv(folder, "sync", "--quiet", "--no-dev")
    assert shown(browser, folder) == (["nonce"], [True, False, False])
    [headers] = folder.glob("*/security_headers.py")
    added = re.search('`("script-src .+?")`', guide)[1]
    text = headers.read_text(encoding="utf-8")
    line = re.search('"script-src .+"', text)[0]
    assert added.startswith(line.rstrip('; "'))
    added = added.replace("https://cdn.example.com", "http://localhost:*")
    headers.write_text(text.replace(line, added), encoding="utf-8")
    assert shown(browser, folder) == (["nonce", "other"], [True, False, False])


def shown(browser, folder):
    """Which scripts of the page have run, and which styles apply."""
    with serving(folder, *"flask run --port {port}".split()) as ask:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{ask.port}/inline")
        page.click("#c")
        widths = page.evaluate("['a', 'b', 'c'].map(id => document.getElementById(id).offsetWidth)")
        ran = page.evaluate("ran")
        page.close()
    return ran, [width == 11 + number for number, width in enumerate(widths)]
