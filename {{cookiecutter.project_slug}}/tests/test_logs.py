import json
import logging

import pytest

from {{ cookiecutter.project_slug }} import create_app

KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


def test_production_logs_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    app = create_app({"APP_ENV": "production", "SECRET_KEY": KEY})
    with app.test_request_context(headers={"X-Request-ID": "web-1"}):
        app.logger.info("Two bottles")
    line = json.loads(capsys.readouterr().err)
    assert (line["message"], line["request_id"]) == ("Two bottles", "web-1")
