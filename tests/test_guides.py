"""The guides of a generated project: what they show is added as they say, and works."""

import re
import shlex

import pytest

from proof.programs import serving, uv

pytestmark = pytest.mark.proof

GUIDES = {"api": "orders_api", "database": "orders_data", "pages": "orders_pages"}
CHECKS = ("pytest --quiet", "ruff check", "ruff format --check", "mypy")


def fenced(path, language):
    """The blocks of code of a guide."""
    return re.findall(rf"```{language}\n(.+?)```", path.read_text(encoding="utf-8"), re.DOTALL)


def add_part(package, name, code, template=""):
    """Write a part as a guide shows it, and name it in the factory."""
    code = code.replace('Blueprint("orders"', f'Blueprint("{name}"')
    folder = package / name
    folder.mkdir()
    if "def init_app" in code:
        (folder / "__init__.py").write_text(code, encoding="utf-8")
    else:  # A model, which its part imports.
        (folder / "models.py").write_text(code, encoding="utf-8")
        part = (package / "health" / "__init__.py").read_text(encoding="utf-8")
        part = part.replace('Blueprint("health"', f'Blueprint("{name}"')
        part = re.sub(r"/(health|ready)z", rf"/{name}/\1", part)
        part = part.replace("\nbp = ", "\nfrom . import models as models\n\nbp = ", 1)
        (folder / "__init__.py").write_text(part, encoding="utf-8")
    if template:
        (folder / "templates" / "orders").mkdir(parents=True)
        (folder / "templates" / "orders" / "order.html").write_text(template, encoding="utf-8")
    factory = package / "__init__.py"
    text = factory.read_text(encoding="utf-8")
    text = text.replace("from . import pages\n", f"from . import {name}\nfrom . import pages\n")
    text = text.replace(
        "    api.init_app(app)\n", f"    {name}.init_app(app)\n    api.init_app(app)\n"
    )
    assert text.count(name) == 2
    factory.write_text(text, encoding="utf-8")


def test_each_guide_can_be_followed(project):
    """A page with a form, an operation with a body, a model with its migration."""
    folder = project()
    package = folder / "my_flask_app"
    for guide, name in GUIDES.items():
        [code] = fenced(folder / "docs" / f"{guide}.md", "python")
        html = fenced(folder / "docs" / f"{guide}.md", "html")
        add_part(package, name, code, html[0] if html else "")
    # A style of one's own is no fault.
    (package / "mine.py").write_text(
        "from flask import g, request\n\nBOTH = (g, request)\n", encoding="utf-8"
    )
    uv(folder, "sync", "--quiet")
    uv(folder, *"run flask db upgrade".split())
    guide = (folder / "docs" / "database.md").read_text(encoding="utf-8")
    commands = re.findall(r"^uv (.+)$", guide, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        uv(folder, *shlex.split(command))
    [migration] = (folder / "migrations" / "versions").glob("*_add_orders.py")
    assert '"orders"' in migration.read_text(encoding="utf-8")
    for command in CHECKS:
        uv(folder, "run", *command.split())
    with serving(folder, "flask", "run", "--port", "{port}") as ask:
        assert "<button>Order</button>" in ask("/orders")[2]
        assert "Place an order." in ask("/api/v1/docs")[2]
