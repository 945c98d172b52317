from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import ServiceUnavailable

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }} import mail
from {{ cookiecutter.project_slug }}.config import ConfigurationError

KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


def test_development_writes_mail_to_a_file(tmp_path: Path) -> None:
    app = create_app({"APP_ENV": "development", "SECRET_KEY": KEY, "MAIL_URL": ""})
    app.instance_path = str(tmp_path)
    with app.test_request_context():
        mail.send("ada@example.com", "tea", "It is ready.", mail.link("auth.login"))
    [path] = tmp_path.glob("mail/*.eml")
    assert "https://www.example.com/account/login" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_that_is_down_is_a_503(scheme: str) -> None:
    url = f"{scheme}://user:password@localhost:1"
    app = create_app({"APP_ENV": "production", "SECRET_KEY": KEY, "MAIL_URL": url})
    with app.app_context(), pytest.raises(ServiceUnavailable):
        mail.send("ada@example.com", "tea", "It is ready.")


def test_a_header_has_one_line(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="linefeed"):
        mail.send("ada@example.com", "tea\nBcc: eve@example.com", "")


@pytest.mark.parametrize("url", ["", "smtp://localhost"])
def test_production_refuses_to_send_nowhere(url: str) -> None:
    with pytest.raises(ConfigurationError, match="MAIL_URL"):
        create_app({"APP_ENV": "production", "SECRET_KEY": KEY, "MAIL_URL": url})
