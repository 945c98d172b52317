import json
import re
from datetime import datetime

import pytest
from tea_time import create_app

from .helpers import OVER_HTTPS, let_somebody_in
from .visitor import Visitor

HIDDEN = re.compile('name="([a-z_]+)" type="hidden" value="([^"]*)"')


@pytest.fixture(params=[{"APP_ENV": "testing"}, OVER_HTTPS], ids=["testing", "production"])
def app(request):
    """The application; in production sessions have another cookie."""
    return create_app(request.param)


@pytest.fixture(autouse=True)
def somebody(app):
    let_somebody_in(app)


def submit(client, url, **fields):
    """Open the form at the URL, fill it in and send it."""
    hidden = dict(HIDDEN.findall(client.get(url).text))
    return client.post(url, data=hidden | fields)


def make(client, title="Milk", body=""):
    submit(client, "/notes/new", title=title, body=body)
    return re.search('href="(/notes/[0-9]+)"', client.get("/notes").text)[1]


def flat(response):
    """A page without its line breaks."""
    return " ".join(response.text.split())


def titles(response):
    return re.findall(">([^<]+)</a></td>", response.text)


def test_the_life_of_a_note(client):
    visitor = Visitor(client)
    visitor.follow("Notes")
    visitor.follow("New note")
    visitor.press("Create", Title="", Text="Green")
    assert visitor.sees("This field is required.")
    visitor.press("Create", Title="<i>Tea</i> ", Text="\nGreen & black")
    assert visitor.sees("The note was created.")
    visitor.press("Search", Search="tea")
    assert visitor.page.url == "/notes"
    assert visitor.sees("1 note with “<bdi>tea</bdi>”")
    assert visitor.page.forms["Search"]["fields"] == {"q": "tea"}
    visitor.follow("<i>Tea</i>")
    visitor.press("Save", Title="Coffee")
    assert visitor.sees("The note was changed.")
    visitor.follow("Coffee")
    body = visitor.page.forms["Save"]["fields"]["body"].strip()
    assert body == "Green & black"
    visitor.follow("Delete…")
    visitor.follow("Keep it")
    visitor.follow("Cancel")
    visitor.follow("Coffee")
    visitor.follow("Delete…")
    visitor.press("Delete")
    assert visitor.sees("The note was deleted.")
    assert visitor.sees("No notes")
    assert "<table" not in visitor.page.text


def test_htmx_asks_for_what_a_browser_would(client):
    """And puts the list of the new page in the place of this one's."""
    for number in range(41):
        make(client, f"Note {number}")
    page = client.get("/notes?q=note&page=2").text
    asking = [tag for tag in re.findall("<[a-z]+ [^>]+>", page) if "hx-" in tag]
    assert [tag.split()[0] for tag in asking] == ["<form", "<a", "<a"]
    for tag in asking:
        said = dict(re.findall('([a-z-]+)="([^"]*)"', tag))
        assert said["hx-get"] == said.get("href", said.get("action"))
        assert said["hx-target"] == said["hx-select"] == "#notes"
        assert said["hx-swap"].split()[0] == "outerMorph"
        # One search is one entry of the history, however many letters are typed.
        put = "hx-replace-url" if "<form" in tag else "hx-push-url"
        assert {name for name in said if name.endswith("-url")} == {put}
        assert said[put] == "true"
        if "<form" not in tag:
            assert said["hx-swap"].endswith(" show:top")
            assert re.fullmatch(r"/notes\?q=note&amp;page=[13]", said["href"])
    assert 'hx-trigger="input delay:300ms, submit" hx-sync="this:replace"' in asking[0]
    assert page.count('id="notes"') == 1
    # A page of an error has no list: then all stays as it is.
    config = json.loads(re.search("name=\"htmx-config\" content='(.+?)'", page)[1])
    assert config == {"includeIndicatorCSS": False, "noSwap": ["204", "304", "4xx", "5xx"]}
    assert re.search('<script src="/static/htmx.min.js[^"]+" defer></script>', page)


def test_text_is_kept_with_plain_line_ends(client):
    url = make(client, "Mi\0lk", "x\r\n" * 5000)
    assert titles(client.get("/notes")) == ["Milk"]
    assert "x\n" * 5000 in client.get(url).text
    assert "x\r" not in client.get(url).text


def test_a_form_that_is_saved_unchanged_changes_nothing(client):
    url = make(client, "Milk", "a\r\nb\r\n")
    updated = re.search('name="updated" type="hidden" value="([^"]+)"', client.get(url).text)[1]
    assert submit(client, url, title="Milk", body="a\r\nb\r\n").status_code == 303
    assert updated in client.get(url).text


@pytest.mark.parametrize("id", ["0", "-1", "x", 2**31, 2**64])
def test_an_id_that_cannot_be_is_not_found(client, id):
    for path in (f"/notes/{id}", f"/notes/{id}/delete"):
        assert client.get(path).status_code == 404


def test_a_list_says_what_it_shows(client):
    url = make(client, "Milk")
    page = flat(client.get("/notes?q=milk"))
    assert f'<td><a href="{url}" dir="auto">Milk</a></td>' in page
    [(created, said)] = re.findall('<td><time datetime="(.+?)">(.+?)</time></td>', page)
    assert f"{datetime.fromisoformat(created):%Y-%m-%d %H:%M UTC}" == said
    submit(client, url, title="Milk", body="Two bottles")
    assert created in client.get("/notes").text
    assert "<title>Notes · " in page
    assert "<h1>Notes</h1>" in page
    assert '<a class="button" href="/notes/new">New note</a>' in page
    assert '<form role="search"' in page
    field = re.search('<input id="q" [^>]+>', page)[0]
    assert 'type="search" maxlength="100" value="milk" autocomplete="off">' in field
    assert "<button>Search</button>" in page
    assert '<section id="notes" aria-label="Notes">' in page
    assert '<p role="status"> 1 note with “<bdi>milk</bdi>” </p>' in page
    columns = '<th scope="col">Title</th> <th scope="col">Created</th>'
    assert f"<thead> <tr> {columns} </tr> </thead>" in page
    make(client, "Tea")
    assert '<p role="status"> 2 notes </p>' in flat(client.get("/notes"))


def test_a_form_says_what_it_does_and_leads_back(client):
    url = make(client)
    cancel = '<a href="/notes">Cancel</a>'
    delete = f'<a class="danger" href="{url}/delete">Delete…</a>'
    keep = f'<a href="{url}">Keep it</a>'
    for path, title, heading, labels, buttons in (
        ("/notes/new", "New note", "New note", ["Title", "Text"], ["Create", cancel]),
        (url, "Milk", "Edit note", ["Title", "Text"], ["Save", cancel, delete]),
        (f"{url}/delete", "Delete note", "Delete this note?", [], ["Delete", keep]),
    ):
        page = flat(client.get(path))
        assert f"<title>{title} · " in page
        assert f"<h1>{heading}</h1>" in page
        assert re.findall("<label [^>]+>(.+?)</label>", page) == labels
        assert ('<p class="pre" dir="auto">Milk</p>' in page) == path.endswith("/delete")
        line = re.search('<div class="line">(.+?)</div>', page)[1]
        assert re.sub("<button[^>]*>|</button>", "", line).strip() == " ".join(buttons)


def test_a_search_has_bounds(client):
    make(client)
    assert "1 note with" in client.get("/notes?q=milk").text
    assert "No notes with" in client.get("/notes?q=x%00").text
    assert f"<bdi>{'y' * 100}</bdi>" in client.get(f"/notes?q={'y' * 500}").text


@pytest.mark.parametrize("page", ["0", "-1", "9" * 30, "9" * 5000, "x", ""])
def test_there_is_always_a_page(client, page):
    make(client)
    assert titles(client.get(f"/notes?page={page}")) == ["Milk"]


def test_the_pages_lead_to_each_other(client):
    for number in range(1, 22):
        make(client, f"Note {number}")
    assert titles(client.get("/notes"))[0] == "Note 21"
    for page, label, other in ((1, "Older", 2), (2, "Newer", 1)):
        shown = flat(client.get(f"/notes?page={page}"))
        assert f'<p role="status"> 21 notes, page {page} of 2 </p>' in shown
        [links] = re.findall('<nav class="line" aria-label="Pages">(.+?)</nav>', shown)
        [(url, said)] = re.findall('href="([^"]+)".*?>([^<]+)</a>', links)
        assert (url, said) == (f"/notes?page={other}", label)


def test_a_change_and_a_deletion_are_told(client):
    url = make(client)
    submit(client, url, title="Tea")
    assert "The note was changed." in client.get("/notes").text
    submit(client, f"{url}/delete")
    assert "The note was deleted." in client.get("/notes").text


def test_a_form_that_is_shown_again_is_still_the_notes(client):
    url = make(client)
    opened = dict(HIDDEN.findall(client.get(url).text))
    assert "<h1>Edit note</h1>" in submit(client, url, title="").text
    submit(client, url, title="Tea", body="Green")
    conflict = client.post(url, data=opened | {"title": "Coffee", "body": "Black"})
    assert conflict.status_code == 409
    assert "<h1>Edit note</h1>" in conflict.text
    alert = re.search('<div class="flash error" role="alert">(.+?)</div>', flat(conflict))[1]
    now = '<p class="pre" dir="auto"><b>Tea</b> Green</p>'
    wrote = "Below is what you wrote. If you save it, it replaces the above."
    said = "Somebody else has changed this note meanwhile. It now says:"
    assert alert.strip() == f"<p>{said}</p> {now} <p>{wrote}</p>"


def test_a_note_that_has_changed_is_not_deleted_unseen(client):
    url = make(client)
    opened = dict(HIDDEN.findall(client.get(f"{url}/delete").text))
    submit(client, url, title="Tea")
    conflict = client.post(f"{url}/delete", data=opened)
    assert conflict.status_code == 409
    said = "Somebody has changed this note since you opened this page."
    assert f'<p class="flash error" role="alert">{said}</p>' in conflict.text
    assert 'role="alert"' not in client.get(f"{url}/delete").text


def test_a_text_that_is_too_long_is_refused(client):
    for url in (make(client, "Tea"), "/notes/new"):
        response = submit(client, url, title="Milk", body="x" * 10_001)
        assert response.status_code == 422
        assert "longer than 10000 characters" in response.text
    assert titles(client.get("/notes")) == ["Tea"]


def test_a_json_body_is_no_form(client):
    url = make(client)
    for path in ("/notes/new", url, f"{url}/delete"):
        response = client.post(path, json=[1])
        assert response.status_code == 422
        expired = "This form has expired, or cookies are blocked. Please send it again."
        assert f'<p class="flash error" role="alert">{expired}</p>' in response.text
    assert titles(client.get("/notes")) == ["Milk"]


def test_a_form_works_without_tokens(app):
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    url = make(client)
    for path in ("/notes/new", url, f"{url}/delete"):
        assert client.get(path).status_code == 200
    assert client.post(url, data={"title": "Tea"}).status_code == 409


@pytest.mark.parametrize("path", ["/notes/new", "{url}", "{url}/delete"])
def test_a_form_is_private(client, path):
    headers = client.get(path.format(url=make(client))).headers
    assert headers["Cache-Control"] == "private"
    assert headers["Vary"] == "Cookie"


def test_the_navigation_leads_to_the_notes(client):
    assert re.search(r'<a href="/notes"\s*>Notes</a>', client.get("/").text)


def test_the_script_is_a_file_that_browsers_keep(client):
    [url] = re.findall('<script src="(/static/[^"]+)"', client.get("/notes").text)
    assert client.get(url, buffered=True).cache_control.immutable
