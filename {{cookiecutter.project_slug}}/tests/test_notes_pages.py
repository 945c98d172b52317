import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HIDDEN = re.compile('name="([a-z_]+)" type="hidden" value="([^"]*)"')


def submit(client: FlaskClient, url: str, **fields: str) -> TestResponse:
    """Open the form at the URL, fill it in and send it."""
    return send(client, client.get(url), **fields)


def send(client: FlaskClient, form: TestResponse, **fields: str) -> TestResponse:
    """Fill in a form that is open, and send it."""
    hidden = dict(HIDDEN.findall(form.text))
    return client.post(form.request.path, data=hidden | fields)


def make(client: FlaskClient, title: str = "Milk", body: str = "") -> str:
    """Make a note; its URL."""
    submit(client, "/notes/new", title=title, body=body)
    return urls(client.get("/notes"))[0]


def urls(response: TestResponse) -> list[str]:
    return re.findall('href="(/notes/[0-9]+)"', response.text)


def titles(response: TestResponse) -> list[str]:
    return re.findall(">([^<]+)</a></td>", response.text)


def test_a_note_is_created(client: FlaskClient) -> None:
    response = submit(client, "/notes/new", title="Milk", body="Two bottles")
    assert (response.status_code, response.location) == (303, "/notes")
    listed = client.get("/notes")
    assert "The note was created." in listed.text
    assert titles(listed) == ["Milk"]
    assert "Two bottles" in client.get(urls(listed)[0]).text
    assert "The note was created." not in client.get("/notes").text


def test_a_note_is_changed(client: FlaskClient) -> None:
    url = make(client)
    response = submit(client, url, title="Tea", body="Green")
    assert (response.status_code, response.location) == (303, "/notes")
    assert titles(client.get("/notes")) == ["Tea"]


def test_a_note_is_deleted(client: FlaskClient) -> None:
    url = make(client)
    response = submit(client, f"{url}/delete")
    assert (response.status_code, response.location) == (303, "/notes")
    assert titles(client.get("/notes")) == []


@pytest.mark.parametrize("path", ["/notes/7", "/notes/7/delete"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_note_that_is_not_there_is_not_found(
    client: FlaskClient, path: str, method: str
) -> None:
    assert client.open(path, method=method).status_code == 404


def test_an_id_can_be_too_large(client: FlaskClient) -> None:
    assert client.get(f"/notes/{2**31}").status_code == 404


def test_notes_are_searched(client: FlaskClient) -> None:
    for title in ("Milk", "Tea", "Malt"):
        make(client, title)
    assert titles(client.get("/notes")) == ["Malt", "Tea", "Milk"]
    assert titles(client.get("/notes?q=m")) == ["Malt", "Milk"]
    assert "1 note with" in client.get("/notes?q=tea").text
    assert "No notes with" in client.get("/notes?q=x%00").text


def test_a_long_list_has_pages(client: FlaskClient) -> None:
    for number in range(1, 22):
        make(client, f"Note {number}")
    first, second = client.get("/notes"), client.get("/notes?page=2")
    assert len(titles(first)) == 20
    assert 'href="/notes?page=2"' in first.text
    assert titles(second) == ["Note 1"]
    assert 'href="/notes?page=1"' in second.text
    assert 'href="/notes?q=note&amp;page=2"' in client.get("/notes?q=note").text


@pytest.mark.parametrize("page", ["0", "-1", "9" * 30, "9" * 5000, "x", ""])
def test_there_is_always_a_page(client: FlaskClient, page: str) -> None:
    make(client)
    assert titles(client.get(f"/notes?page={page}")) == ["Milk"]


@pytest.mark.parametrize(
    ("title", "body", "fault"),
    [
        ("", "Two bottles", "This field is required."),
        (" ", "Two bottles", "This field is required."),
        ("x" * 201, "Two bottles", "longer than 200 characters"),
        ("Milk", "Two bottles" * 1000, "longer than 10000 characters"),
    ],
)
def test_a_form_that_does_not_fit_is_shown_again(
    client: FlaskClient, title: str, body: str, fault: str
) -> None:
    for url in (make(client, "Tea"), "/notes/new"):
        response = submit(client, url, title=title, body=body)
        assert response.status_code == 422
        assert fault in response.text
        assert "Two bottles" in response.text
    assert titles(client.get("/notes")) == ["Tea"]


def test_text_is_kept_with_plain_line_ends(client: FlaskClient) -> None:
    url = make(client, "Mi\0lk", "x\r\n" * 5000)
    assert titles(client.get("/notes")) == ["Milk"]
    assert "x\n" * 5000 in client.get(url).text


def test_only_our_own_forms_are_taken(client: FlaskClient) -> None:
    url = make(client)
    for path in ("/notes/new", url, f"{url}/delete"):
        for response in (
            client.post(path, data={"title": "Tea"}),
            client.post(path, json=[1]),
        ):
            assert response.status_code == 422
            assert "Please send it again." in response.text
    assert titles(client.get("/notes")) == ["Milk"]


def test_nobody_overwrites_what_they_have_not_seen(client: FlaskClient) -> None:
    url = make(client, "Milk")
    opened = client.get(url)
    submit(client, url, title="Tea")
    conflict = send(client, opened, title="Coffee")
    assert conflict.status_code == 409
    assert "<b>Tea</b>" in conflict.text
    assert 'value="Coffee"' in conflict.text
    assert titles(client.get("/notes")) == ["Tea"]
    assert send(client, conflict, title="Coffee").status_code == 303
    assert titles(client.get("/notes")) == ["Coffee"]


def test_nobody_deletes_what_they_have_not_seen(client: FlaskClient) -> None:
    url = make(client, "Milk")
    opened = client.get(f"{url}/delete")
    submit(client, url, title="Tea")
    conflict = send(client, opened)
    assert conflict.status_code == 409
    assert "Somebody has changed this note" in conflict.text
    assert titles(client.get("/notes")) == ["Tea"]
    assert send(client, conflict).status_code == 303
    assert titles(client.get("/notes")) == []


def test_forms_work_without_csrf_tokens(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    url = make(client)
    for path in ("/notes/new", url, f"{url}/delete"):
        assert client.get(path).status_code == 200


def test_text_is_not_html(client: FlaskClient) -> None:
    url = make(client, "<b>Tom</b>", "</textarea><b>")
    for path in ("/notes", url, f"{url}/delete", "/notes?q=<b>"):
        text = client.get(path).text
        assert "<b>" not in text
        assert "&lt;b&gt;" in text


def test_reading_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/notes").headers


def test_the_navigation_leads_to_the_notes(client: FlaskClient) -> None:
    assert '<a href="/notes"' in client.get("/").text


def test_style_and_script_are_files_that_browsers_keep(app: Flask) -> None:
    client = app.test_client()
    files = re.findall('"(/notes/static/[^"]+)"', client.get("/notes").text)
    assert len(files) == 2
    for url in files:
        assert client.get(url, buffered=True).cache_control.immutable
