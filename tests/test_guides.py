"""The guides of a generated project: what they show is added as they say, and works."""

import re
import shlex
import shutil
import socket

import pytest
from conftest import ALL_OFF

from proof.guides import FENCED, INLINE
from proof.postgresql import database
from proof.programs import KEY, Fault, run, serving, uv

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
    check_that_only_what_is_loaded_is_seen(folder, package)
    for command in CHECKS:
        uv(folder, "run", *command.split())
    with serving(folder, "flask", "run", "--port", "{port}") as ask:
        assert "<button>Order</button>" in ask("/orders")[2]
        assert "Place an order." in ask("/api/v1/docs")[2]


def check_that_only_what_is_loaded_is_seen(folder, package):
    """A migration would drop the table of a model whose part the factory does not name."""
    factory = package / "__init__.py"
    text = factory.read_text(encoding="utf-8")
    uv(folder, *"run flask db check".split())
    factory.write_text(re.sub(".*orders_data.*\n", "", text), encoding="utf-8")
    with pytest.raises(Fault, match="remove_table.*orders"):
        uv(folder, *"run flask db check".split())
    factory.write_text(text, encoding="utf-8")


def commands_in_sentences(folder):
    """The commands that the README, the guides and the first page name in a sentence."""
    spans = []
    for path in (folder / "README.md", *sorted(folder.glob("docs/*.md"))):
        spans += INLINE.findall(FENCED.sub("", path.read_text(encoding="utf-8")))
    for path in folder.rglob("home.html"):
        spans += re.findall("<code>(.+?)</code>", path.read_text(encoding="utf-8"))
    for span in dict.fromkeys(each.removeprefix("uv run ") for each in spans):
        if re.match(r"(flask|ruff|sqlite3) \S", span):
            yield shlex.split(span)


@pytest.mark.parametrize("choice", ["sqlite", "postgresql", "none"])
def test_each_command_in_a_sentence_runs(project, postgresql_server, choice):
    """On a database that is up to date; the production server is run by the README's tests."""
    folder = project(database=choice)
    uv(folder, "sync", "--quiet")
    commands = list(commands_in_sentences(folder))
    assert len(commands) >= {"sqlite": 9, "postgresql": 7, "none": 4}[choice]
    with database(postgresql_server) as url:
        settings = {"DATABASE_URL": url} if choice == "postgresql" else {}
        for words in commands:
            if words[1] in ("run", "shell"):
                words.append("--help")  # They do not end by themselves.
            if "db" in words or words[0] == "sqlite3":
                uv(folder, *"run --no-sync flask db upgrade".split(), **settings)
            if words[0] != "sqlite3":
                uv(folder, "run", "--no-sync", *words, **settings)
            elif shutil.which("sqlite3"):
                run(folder, *words)
            else:
                pytest.skip("sqlite3: it is not installed")


def test_two_commands_mend_what_two_others_find(project):
    """As the README says of ruff."""
    folder = project(**ALL_OFF)
    uv(folder, "sync", "--quiet")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    _, *find, _ = re.findall("^uv run (.+)$", readme.partition("## Test")[2], re.MULTILINE)[:4]
    mend = re.search("`uv run (.+?)` and `uv run (.+?)` mend", readme).groups()
    with open(folder / "wsgi.py", "a", encoding="utf-8") as file:
        file.write("import  os\nnumbers=list( {1,2} )\n")
    for command in find:
        with pytest.raises(Fault, match="wsgi.py"):
            uv(folder, "run", *command.split())
    for command in (*mend, *find):
        uv(folder, "run", *command.split())


def test_windows_server_serves_this_machine_alone(project):
    """waitress, as the guide has it."""
    folder = project(**ALL_OFF)
    deploy = (folder / "docs" / "deploy.md").read_text(encoding="utf-8")
    command = re.search(r"`(waitress-serve [^`]+)`", deploy)[1].replace("8000", "{port}")
    uv(folder, "sync", "--quiet", "--no-dev")
    uv(folder, "pip", "install", "--quiet", "waitress")
    settings = {"APP_ENV": "production", "SECRET_KEY": KEY}
    with serving(folder, *shlex.split(command), **settings) as ask:
        assert ask("/")[0] == 200
        with pytest.raises(OSError), socket.create_connection(("127.0.0.2", ask.port)):
            pass
