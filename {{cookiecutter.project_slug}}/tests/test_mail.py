from pathlib import Path

import pytest

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


@pytest.mark.parametrize("url", ["", "smtp://localhost"])
def test_production_refuses_to_send_nowhere(url: str) -> None:
    with pytest.raises(ConfigurationError, match="MAIL_URL"):
        create_app({"APP_ENV": "production", "SECRET_KEY": KEY, "MAIL_URL": url})
