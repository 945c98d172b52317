import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

URL = "/api/v1/notes"
{% if cookiecutter.__auth != 'none' %}
pytestmark = pytest.mark.usefixtures("token")
{% endif %}


def make(client: FlaskClient, title: str = "Milk") -> TestResponse:
    return client.post(URL, json={"title": title})


def titles(response: TestResponse) -> list[str]:
    return [note["title"] for note in response.get_json()["items"]]


def test_a_note_is_created_and_shown(client: FlaskClient) -> None:
    created = client.post(URL, json={"title": "Milk", "body": "Two bottles"})
    assert created.status_code == 201
    shown = client.get(created.headers["Location"])
    assert shown.json == created.json
    assert shown.headers["ETag"] == created.headers["ETag"]


def test_an_unchanged_note_is_not_sent_again(client: FlaskClient) -> None:
    created = make(client)
    headers = {"If-None-Match": created.headers["ETag"]}
    response = client.get(created.headers["Location"], headers=headers)
    assert response.status_code == 304
    assert not response.data


def test_a_note_is_replaced(client: FlaskClient) -> None:
    created = make(client)
    url, etag = created.headers["Location"], created.headers["ETag"]
    replaced = client.put(url, json={"title": "Tea"}, headers={"If-Match": etag})
    assert replaced.status_code == 200
    assert replaced.headers["ETag"] != etag
    assert titles(client.get(URL)) == ["Tea"]


def test_a_note_is_deleted(client: FlaskClient) -> None:
    created = make(client)
    url, etag = created.headers["Location"], created.headers["ETag"]
    response = client.delete(url, headers={"If-Match": etag})
    assert response.status_code == 204
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "status"), [({}, 428), ({"If-Match": '"another"'}, 412)]
)
def test_a_write_names_the_version_it_is_meant_for(
    client: FlaskClient, method: str, headers: dict[str, str], status: int
) -> None:
    created = make(client)
    url = created.headers["Location"]
    response = client.open(url, method=method, json={"title": "x"}, headers=headers)
    assert response.status_code == status
    assert client.get(url).json == created.json


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_note_is_not_found(client: FlaskClient, method: str) -> None:
    response = client.open(
        f"{URL}/7", method=method, json={"title": "x"}, headers={"If-Match": "*"}
    )
    assert response.status_code == 404


def test_notes_are_searched_and_sorted(client: FlaskClient) -> None:
    for title in ("Milk", "Tea", "Malt"):
        make(client, title)
    assert titles(client.get(URL)) == ["Malt", "Tea", "Milk"]
    assert titles(client.get(f"{URL}?q=m&sort=title")) == ["Malt", "Milk"]
    assert titles(client.get(f"{URL}?q=%25")) == []


def test_a_list_has_pages(client: FlaskClient) -> None:
    for title in "abcde":
        make(client, title)
    second = client.get(f"{URL}?sort=title&size=2&page=2")
    assert titles(second) == ["c", "d"]
    assert second.get_json()["total"] == 5
    assert 'page=3>; rel="next"' in second.headers["Link"]
