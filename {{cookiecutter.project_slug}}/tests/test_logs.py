import pytest
from flask.testing import FlaskClient

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Request-ID": "web-1"}, "web-1"),
        ({"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}, TRACE),
    ],
)
def test_a_request_keeps_its_id(
    client: FlaskClient, headers: dict[str, str], expected: str
) -> None:
    response = client.get("/", headers=headers)
    assert response.headers["X-Request-ID"] == expected


def test_a_malformed_id_is_replaced(client: FlaskClient) -> None:
    response = client.get("/", headers={"X-Request-ID": "two words"})
    assert len(response.headers["X-Request-ID"]) == 32
