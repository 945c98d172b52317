import json
import logging

import pytest
from flask.testing import FlaskClient

from {{ cookiecutter.project_slug }} import create_app

KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"
TRACE = "0af7651916cd43dd8448eb211c80319c"


def fail() -> str:
    raise ValueError("no tea")


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
    assert client.get("/", headers=headers).headers["X-Request-ID"] == expected


def test_production_logs_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    app = create_app({"APP_ENV": "production", "SECRET_KEY": KEY})
    app.add_url_rule("/fail", view_func=fail)
    response = app.test_client().get("/fail")
    line = json.loads(capsys.readouterr().err)
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert line["exc_info"].endswith("ValueError: no tea")
