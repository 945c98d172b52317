import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HIDDEN = re.compile('name="([a-z_]+)" type="hidden" value="([^"]*)"')
{% if cookiecutter.__auth != 'none' %}
pytestmark = pytest.mark.usefixtures("logged_in")
{% endif %}


def submit(client: FlaskClient, url: str, **fields: str) -> TestResponse:
    """Open the form at the URL, fill it in and send it."""
    return send(client, client.get(url), **fields)


def send(client: FlaskClient, form: TestResponse, **fields: str) -> TestResponse:
    """Fill in a form that is open, and send it."""
    hidden = dict(HIDDEN.findall(form.text))
    return client.post(form.request.path, data=hidden | fields)


def make(client: FlaskClient, title: str = "Milk", body: str = "") -> str:
    """Create a note, and return its URL."""
    submit(client, "/notes/new", title=title, body=body)
    found = re.search('href="(/notes/[0-9]+)"', client.get("/notes").text)
    assert found
    return found[1]


def titles(response: TestResponse) -> list[str]:
    return re.findall(">([^<]+)</a></td>", response.text)


def test_a_note_is_created(client: FlaskClient) -> None:
    response = submit(client, "/notes/new", title="Milk", body="Two bottles")
    assert (response.status_code, response.location) == (303, "/notes")
    listed = client.get("/notes")
    assert titles(listed) == ["Milk"]
    assert "The note was created." in listed.text
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
def test_an_unknown_note_is_not_found(
    client: FlaskClient, path: str, method: str
) -> None:
    assert client.open(path, method=method).status_code == 404


def test_notes_are_searched(client: FlaskClient) -> None:
    for title in ("Milk", "Tea", "Malt"):
        make(client, title)
    assert titles(client.get("/notes")) == ["Malt", "Tea", "Milk"]
    assert titles(client.get("/notes?q=m")) == ["Malt", "Milk"]
    assert "No notes with" in client.get("/notes?q=x").text


def test_a_long_list_has_pages(client: FlaskClient) -> None:
    for number in range(1, 22):
        make(client, f"Note {number}")
    assert len(titles(client.get("/notes"))) == 20
    assert titles(client.get("/notes?page=2")) == ["Note 1"]
    assert 'href="/notes?q=note&amp;page=2"' in client.get("/notes?q=note").text


@pytest.mark.parametrize(
    ("title", "error"),
    [(" ", "This field is required."), ("x" * 201, "longer than 200 characters")],
)
def test_an_invalid_form_is_shown_again(
    client: FlaskClient, title: str, error: str
) -> None:
    for url in (make(client, "Tea"), "/notes/new"):
        response = submit(client, url, title=title, body="Two bottles")
        assert response.status_code == 422
        assert error in response.text
        assert "Two bottles" in response.text
    assert titles(client.get("/notes")) == ["Tea"]


def test_a_form_from_elsewhere_is_refused(client: FlaskClient) -> None:
    url = make(client)
    for path in ("/notes/new", url, f"{url}/delete"):
        response = client.post(path, data={"title": "Tea"})
        assert response.status_code == 422
        assert "Please send it again." in response.text
    assert titles(client.get("/notes")) == ["Milk"]


def test_a_change_that_was_not_seen_is_not_overwritten(client: FlaskClient) -> None:
    url = make(client, "Milk")
    opened = client.get(url)
    submit(client, url, title="Tea")
    conflict = send(client, opened, title="Coffee")
    assert conflict.status_code == 409
    assert "<b>Tea</b>" in conflict.text
    assert 'value="Coffee"' in conflict.text
    assert send(client, conflict, title="Coffee").status_code == 303
    assert titles(client.get("/notes")) == ["Coffee"]


def test_a_change_that_was_not_seen_is_not_deleted(client: FlaskClient) -> None:
    url = make(client, "Milk")
    opened = client.get(f"{url}/delete")
    submit(client, url, title="Tea")
    conflict = send(client, opened)
    assert conflict.status_code == 409
    assert "Somebody has changed this note" in conflict.text
    assert send(client, conflict).status_code == 303
    assert titles(client.get("/notes")) == []


def test_text_is_escaped(client: FlaskClient) -> None:
    url = make(client, "<b>Tom</b>", "</textarea><b>")
    for path in ("/notes", url, f"{url}/delete", "/notes?q=<b>"):
        text = client.get(path).text
        assert "<b>" not in text
        assert "&lt;b&gt;" in text
