import pytest

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.config import ConfigurationError

KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"


@pytest.mark.parametrize("url", ["", "mysql://host/name"])
def test_production_refuses_any_other_database(url: str) -> None:
    settings = {"APP_ENV": "production", "SECRET_KEY": KEY, "DATABASE_URL": url}
    with pytest.raises(ConfigurationError, match="DATABASE_URL .*postgresql://"):
        create_app(settings)
