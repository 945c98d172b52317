import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import flash, redirect, render_template, render_template_string, session
from flask.cli import routes_command
from flask_wtf import FlaskForm
from markupsafe import escape
from tea_time import create_app
from wtforms import StringField
from wtforms.validators import DataRequired, Length, Regexp

from .helpers import GUIDES, OVER_HTTPS, ROOT
from .visitor import Visitor

PAGE = """
{% extends "layout.html" %}
{% from "forms.html" import csrf, input %}
{% block content %}
  <form method="post">{{ csrf(form) }}{{ input(form.cups) }}<button>Order</button></form>
{% endblock %}
"""
DESCRIPTION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "description"
]


class Form(FlaskForm):
    cups = StringField(
        validators=[
            DataRequired(),
            Length(max=8, message="Too long."),
            Regexp("[^!]*$", message="Not so loud."),
        ]
    )


def order():
    form = Form()
    if form.validate_on_submit():
        flash(f"You ordered {form.cups.data} cups.")
        return redirect("/", 303)
    return render_template_string(PAGE, form=form), 422 if form.errors else 200


def count():
    session["count"] = 1
    return render_template("pages/home.html")


class Texts(HTMLParser):
    """What is in the meta description, and in the first element of a class."""

    def __init__(self, page, name):
        super().__init__()
        self.name, self.inside, self.text, self.meta = name, False, "", None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.inside = self.inside or attributes.get("class") == self.name
        if attributes.get("name") == "description":
            self.meta = attributes["content"]

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        self.text += data if self.inside else ""


@pytest.fixture(params=[{"APP_ENV": "testing"}, OVER_HTTPS], ids=["testing", "production"])
def app(request):
    """The application; in production sessions have another cookie."""
    return create_app(request.param)


@pytest.fixture
def client(app):
    app.add_url_rule("/order", view_func=order, methods=["GET", "POST"])
    app.add_url_rule("/count", view_func=count)
    return app.test_client()


def token_in(page):
    return re.search('name="csrf_token" type="hidden" value="([^"]+)"', page.text)[1]


def test_the_description_is_on_the_first_page(client):
    found = Texts(client.get("/").text, "lead")
    assert found.text == DESCRIPTION
    assert found.meta == DESCRIPTION


def test_the_head_says_what_browsers_need(client):
    page = client.get("/").text
    title = escape(client.application.config["APP_TITLE"])
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert f"<title>{title}</title>" in page
    assert f'<span dir="auto">{title}</span>' in page
    assert f'<h1><bdi>{title}</bdi></h1>\n  <p class="lead" dir="auto">' in page
    page = re.sub(r"\?v=[\w-]+", "", page)
    for element in (
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">',
        '<link rel="stylesheet" href="/static/site.css">',
        '<img src="/static/favicon.svg" alt="" width="28" height="28">',
    ):
        assert page.count(element) == 1


@pytest.mark.parametrize("path", ["/", "/nothing"])
def test_a_visitor_without_a_session_gets_none(client, path):
    headers = client.get(path).headers
    assert "Set-Cookie" not in headers
    assert "Cache-Control" not in headers
    assert "Cookie" not in headers.get("Vary", "")


def test_a_page_with_a_form_is_private(client):
    headers = client.get("/order").headers
    assert headers["Cache-Control"] == "private"
    assert headers["Vary"] == "Cookie"
    assert "Set-Cookie" in headers


def test_a_page_that_uses_the_session_is_private(client):
    assert client.get("/count").headers["Cache-Control"] == "private"
    # The first page looks for messages now, and so depends on the session too.
    assert client.get("/").headers["Cache-Control"] == "private"


def test_a_message_is_shown_once(client):
    token = token_in(client.get("/order"))
    response = client.post("/order", data={"csrf_token": token, "cups": "<b>2</b>"})
    assert response.status_code == 303
    message = '<p class="flash" role="status">You ordered &lt;b&gt;2&lt;/b&gt; cups.</p>'
    assert message in client.get("/").text
    assert "You ordered" not in client.get("/").text


def test_somebody_fills_in_a_form(client):
    visitor = Visitor(client, "/order")
    assert 'role="alert"' not in visitor.page.text
    visitor.press("Order", Cups="")
    assert visitor.sees("This field is required.")
    visitor.press("Order", Cups="More, more!")
    assert visitor.sees("Too long. Not so loud.")
    visitor.press("Order", Cups="2")
    assert visitor.page.url == "/"
    assert visitor.sees("You ordered 2 cups.")


def test_an_invalid_field_says_so(client):
    page = client.get("/order")
    assert "aria-invalid" not in page.text
    assert '<input dir="auto" id="cups"' in page.text
    page = client.post("/order", data={"csrf_token": token_in(page), "cups": ""})
    assert page.status_code == 422
    assert re.search('<input [^>]*aria-invalid="true"[^>]* dir="auto" id="cups"', page.text)
    assert 'aria-describedby="cups-errors"' in page.text
    assert '<p class="errors" id="cups-errors">This field is required.</p>' in page.text
    assert '<label for="cups">Cups</label>' in page.text
    assert client.post("/order", data={"cups": "2"}).status_code == 422


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_without_its_token_says_so(client, token):
    client.get("/order")
    page = client.post("/order", data={"csrf_token": token, "cups": "2"})
    assert page.status_code == 422
    expired = "This form has expired, or cookies are blocked. Please send it again."
    assert f'<p class="flash error" role="alert">{expired}</p>' in page.text
    page = client.post("/order", data={"csrf_token": token_in(page), "cups": "2"})
    assert page.status_code == 303


def test_a_form_works_without_tokens(client):
    client.application.config["WTF_CSRF_ENABLED"] = False
    assert client.get("/order").status_code == 200
    assert client.post("/order", data={"cups": "2"}).status_code == 303


def test_the_first_page_names_what_is_there(client):
    page = client.get("/").text
    _, steps = page.split("<h2>Next steps</h2>")
    said = dict(re.findall("<dt>(.+?)</dt>\\s+<dd>(.+?)</dd>", steps, re.DOTALL))
    said = {name: " ".join(text.split()) for name, text in said.items()}
    home, views = "pages/templates/pages/home.html", "pages/__init__.py"
    folder, css = "pages/templates/pages/", "pages/static/site.css"
    assert said == {
        "Change this page": f"Edit <code>{home}</code> in the Python package."
        " With <code>flask run --debug</code>, reload to see the change.",
        "Add a page": f"Write a view function in <code>{views}</code>, and a template in"
        f" <code>{folder}</code> that extends <code>layout.html</code>.",
        "Change the look": f"The colours, light and dark, are at the top of <code>{css}</code>.",
        "See every route": "<code>flask routes</code> lists each URL with its endpoint and"
        " methods.",
    }
    package = Path(client.application.root_path)
    assert "<h2>Next steps</h2>" in (package / home).read_text(encoding="utf-8")
    assert "render_template" in (package / views).read_text(encoding="utf-8")
    layouts = {path.name for path in (package / folder).parent.iterdir()}
    assert "layout.html" in layouts
    text = (package / css).read_text(encoding="utf-8")
    top, _, _ = text.partition("\n* {")
    assert "color-scheme: light dark" in top
    colours = re.compile("#[0-9a-f]{6}")
    assert colours.findall(top) == colours.findall(text)
    listed = client.application.test_cli_runner().invoke(routes_command).output
    assert listed.split()[:3] == ["Endpoint", "Methods", "Rule"]


def test_a_visitor_can_skip_the_navigation(client):
    page = client.get("/").text
    link, _, content = page.partition("Skip to the content</a>")
    assert link.endswith('<a class="skip" href="#content">')
    assert '<nav class="site-nav" aria-label="Main">' in content
    assert '<main id="content">' in content


def test_a_template_fills_the_blocks_of_the_guide(app):
    names = re.findall("`(\\w+)`", re.search("fill its blocks (.+?)[.]", GUIDES["pages"])[1])
    blocks = "".join(f"{{% block {name} %}}filled: {name}{{% endblock %}}" for name in names)
    with app.test_request_context():
        page = render_template_string(f'{{% extends "layout.html" %}}{blocks}')
    assert re.search(
        "<title>filled: title</title>.*filled: head.*<main.*filled: content", page, re.S
    )
    assert re.findall("filled: (\\w+)", page) == names


def test_the_navigation_says_which_page_is_shown(client):
    navigation = client.application.extensions["navigation"]
    navigation["<i>Order</i>"] = "order"
    for shown in ("/order", "/"):
        links = re.findall(r'<a [^>]*aria-current="page"[^>]*>', client.get(shown).text)
        assert [re.search('href="([^"]+)"', link)[1] for link in links] == [shown]
    assert "&lt;i&gt;Order&lt;/i&gt;</a>" in client.get("/").text


def test_style_and_icon_are_files_that_browsers_keep(client):
    files = re.findall('"(/static/[^"]+)"', client.get("/").text)
    assert len(set(files)) == 2
    for url in files:
        assert client.get(url, buffered=True).cache_control.immutable
