import re

import pytest

from .helpers import let_somebody_in

HIDDEN = re.compile('name="([a-z_]+)" type="hidden" value="([^"]*)"')


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


def titles(response):
    return re.findall(">([^<]+)</a></td>", response.text)


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
    assert 'href="/notes?page=2"' in client.get("/notes").text
    assert titles(client.get("/notes"))[0] == "Note 21"
    assert 'href="/notes?page=1"' in client.get("/notes?page=2").text


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
    submit(client, url, title="Tea")
    conflict = client.post(url, data=opened | {"title": "Coffee"})
    assert conflict.status_code == 409
    assert "<h1>Edit note</h1>" in conflict.text


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
        assert "Please send it again." in response.text
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
    assert '<a href="/notes"' in client.get("/").text


def test_the_script_is_a_file_that_browsers_keep(client):
    [url] = re.findall('<script src="(/static/[^"]+)"', client.get("/notes").text)
    assert client.get(url, buffered=True).cache_control.immutable
