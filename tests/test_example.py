"""The worked example, used as its users would: by a browser, by a client, by many at once."""

import http.client
import json
import os
import re
import shlex
import shutil
import signal
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from proof import postgresql
from proof.programs import CHECKS, KEY, production, uv

pytestmark = pytest.mark.proof

# What the client that openapi-python-client generates is asked to do.
LIFE = """
from tea_client import Client
from tea_client.api.notes import notes_create as create, notes_delete as delete
from tea_client.api.notes import notes_index as index, notes_replace as replace
from tea_client.api.notes import notes_show as show
from tea_client.models import Draft, InvalidRequest, Note, Problem

client = Client(base_url="{url}", raise_on_unexpected_status=True)
made = create.sync_detailed(client=client, body=Draft(title="Milk", body="Two bottles"))
assert made.status_code == 201 and isinstance(made.parsed, Note), made
id, version = made.parsed.id, made.headers["ETag"]
assert show.sync(id, client=client) == made.parsed
assert index.sync(client=client, q="ilk").total == 1
late = replace.sync_detailed(id, client=client, body=Draft(title="Tea"), if_match='"old"')
assert late.status_code == 412 and isinstance(late.parsed, Problem), late
empty = replace.sync(id, client=client, body=Draft(title=""), if_match=version)
assert isinstance(empty, InvalidRequest) and empty.errors[0].field == "title", empty
changed = replace.sync_detailed(id, client=client, body=Draft(title="Tea"), if_match=version)
assert changed.status_code == 200 and changed.parsed.title == "Tea", changed
gone = delete.sync_detailed(id, client=client, if_match=changed.headers["ETag"])
assert gone.status_code == 204, gone
assert isinstance(show.sync(id, client=client), Problem)
"""


# A worker that was killed is an error to the server, and is meant to be.
TROUBLE = "Warning|Traceback"


@contextmanager
def served(folder, **settings):
    """An installed project under its production server, with its database up to date."""
    uv(folder, "sync", "--quiet", "--no-dev")
    settings = {"APP_ENV": "development", "SECRET_KEY": KEY, **settings}
    uv(folder, *"run --no-sync flask db upgrade".split(), **settings)
    with production(folder, trouble=TROUBLE, **settings) as ask:
        yield ask


@pytest.mark.parametrize(
    "answers",
    [{}, {"pages": "no"}, {"api": "no"}, {"auth": "password"}],
    ids=["everything", "no pages", "no API", "accounts"],
)
def test_the_example_can_be_deleted(project, answers):
    """As the README says: folder, tests, migration, what only it uses, two lines in the factory."""
    folder = project(**answers)
    first, second, _ = steps_to_delete(folder)
    uv(folder, "sync", "--quiet")
    uv(folder, *"run flask db upgrade".split())
    uv(folder, *shlex.split(re.search("`uv (run flask db .+?)`", first)[1]))
    versions = folder / "migrations" / "versions"
    for name in re.findall(r"`(?:migrations/versions/)?(\w+\.py)`", first):
        (versions / name).unlink()
    if "auth" in answers:
        text = (versions / "auth.py").read_text(encoding="utf-8")
        assert text.count('down_revision = "notes"') == 1
        name = re.search("`down_revision` of the accounts' migration to `(.+?)`", first)[1]
        text = text.replace('down_revision = "notes"', f"down_revision = {name}")
        (versions / "auth.py").write_text(text, encoding="utf-8")
    delete(folder, second)
    uv(folder, *"run flask db upgrade".split())
    for command in (*CHECKS.values(), "flask db check"):
        uv(folder, "run", *command.split())


@pytest.mark.parametrize("auth", ["none", "password"])
def test_a_migration_drops_the_example_s_table(project, auth):
    """Where other migrations follow: all but the first of the README's steps."""
    folder = project(auth=auth)
    _, second, third = steps_to_delete(folder)
    uv(folder, "sync", "--quiet")
    uv(folder, *"run flask db upgrade".split())
    delete(folder, second)
    uv(folder, *shlex.split(re.search("`uv (run flask db .+?)`", third)[1]))
    [path] = (folder / "migrations" / "versions").glob("*_drop_the_notes.py")
    assert 'op.drop_table("notes")' in path.read_text(encoding="utf-8")
    uv(folder, *"run flask db upgrade".split())
    for command in (*CHECKS.values(), "flask db check"):
        uv(folder, "run", *command.split())


def steps_to_delete(folder):
    readme = (folder / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Delete the example")[2].partition("\n## ")[0]
    return [" ".join(step.split()) for step in re.split(r"^\d\. ", section, flags=re.M)[1:]]


def delete(folder, step):
    """The files of the second step, and the lines in the factory."""
    assert {"`my_flask_app/notes/`", "`tests/test_notes_*.py`"} <= set(re.findall("`.+?`", step))
    shutil.rmtree(folder / "my_flask_app" / "notes")
    for path in (folder / "tests").glob("test_notes_*.py"):
        path.unlink()
    for name in re.findall(r"`((?:api/)?[a-z]+\.(?:py|toml))`", step):
        place = folder / "my_flask_app" if "/" in name else folder
        (place / name).unlink()
    factory = folder / "my_flask_app" / "__init__.py"
    text = factory.read_text(encoding="utf-8")
    for line in ("from . import notes\n", "    notes.init_app(app)\n"):
        assert text.count(line) == 1
        text = text.replace(line, "")
    factory.write_text(text, encoding="utf-8")


def test_a_generated_client_does_everything(project, tmp_path):
    folder = project(pages="no")
    with served(folder) as ask:
        url = f"http://127.0.0.1:{ask.port}"
        document = tmp_path / "openapi.json"
        document.write_text(ask("/api/v1/openapi.json")[2], encoding="utf-8")
        config = tmp_path / "config.yaml"
        config.write_text("package_name_override: tea_client\n", encoding="utf-8")
        made = [*"tool run openapi-python-client generate --meta none".split()]
        made += ["--path", str(document), "--config", str(config)]
        said = uv(tmp_path, *made, "--output-path", str(tmp_path / "tea_client"))
        assert "warning" not in said.lower(), said
        script = tmp_path / "life.py"
        script.write_text(LIFE.format(url=url), encoding="utf-8")
        tools = ["--with", "httpx", "--with", "attrs", "--with", "python-dateutil"]
        uv(tmp_path, "run", "--no-project", *tools, "python", str(script))


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_the_whole_life_of_a_note(project, browser, script):
    # As in production; a browser trusts this machine with secure cookies, under this name.
    with served(project(api="no"), APP_ENV="production") as ask:
        context = browser.new_context(java_script_enabled=script)
        page = context.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"http://localhost:{ask.port}/")
        page.get_by_role("link", name="Notes").click()
        for number in range(21):
            page.get_by_role("link", name="New note").click()
            page.get_by_label("Title").fill(f"<b>Note</b> {number}")
            page.get_by_role("button", name="Create").click()
        assert "21 notes, page 1 of 2" in page.inner_text("#notes")
        page.get_by_role("link", name="Older").click()
        page.get_by_role("link", name="<b>Note</b> 0", exact=True).wait_for()
        page.get_by_label("Search").fill("note</b> 7")
        if not script:
            page.get_by_role("button", name="Search").click()
        page.get_by_text("1 note with").wait_for()
        page.get_by_role("link", name="<b>Note</b> 7").click()
        page.get_by_label("Title").fill("Tea")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Tea").click()
        page.get_by_role("link", name="Delete").click()
        page.get_by_role("button", name="Delete").click()
        assert "20 notes" in page.inner_text("#notes")
        context.close()
    assert [text for text in said if "422" not in text] == []


SECONDS = 30
CLIENTS = 16


BOTH = pytest.mark.parametrize(
    "killed",
    [False, pytest.param(True, marks=pytest.mark.nightly)],
    ids=["undisturbed", "a worker killed"],
)


@BOTH
def test_sqlite_loses_nothing_under_load(project, killed):
    load(project(pages="no"), killed)


@pytest.mark.nightly
@BOTH
def test_postgresql_loses_nothing_under_load(project, postgresql_server, killed):
    with postgresql.database(postgresql_server) as url:
        load(project(pages="no", database="postgresql"), killed, DATABASE_URL=url)


def load(folder, killed, **settings):
    """Writers and readers for half a minute: no 500, and what was answered 201 is there."""
    production = {"WEB_CONCURRENCY": "2", "APP_ENV": "production"}
    with served(folder, **production, **settings) as ask:
        clients = Load(ask.port)
        clients.start()
        if killed:
            time.sleep(SECONDS / 2)
            kill_one_worker(folder)
        clients.join()
        assert not [code for code in clients.codes if code >= 500], clients.codes
        assert clients.codes[201] > 100, clients.codes
        assert clients.broken <= (CLIENTS if killed else 0), clients.broken
        missing = [id for id in clients.made if ask(f"/api/v1/notes/{id}")[0] != 200]
        assert missing == []


class Load:
    """Clients on threads, half of them writing, that keep what they were answered."""

    def __init__(self, port):
        self.port = port
        self.codes = Counter()
        self.made = []
        self.broken = 0
        self.lock = threading.Lock()
        self.threads = [
            threading.Thread(target=self.run, args=(number % 2 == 0,)) for number in range(CLIENTS)
        ]

    def start(self):
        self.end = time.monotonic() + SECONDS
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join()

    def run(self, writes):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while time.monotonic() < self.end:
            try:
                self.ask(connection, writes)
            except (OSError, http.client.HTTPException):
                connection.close()  # The next request opens it again.
                with self.lock:
                    self.broken += 1
                time.sleep(0.2)
        connection.close()

    def ask(self, connection, writes):
        if writes:
            body = json.dumps({"title": "Tea", "body": "x" * 200})
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/api/v1/notes", body, headers)
        else:
            connection.request("GET", "/api/v1/notes?size=5")
        response = connection.getresponse()
        text = response.read()
        with self.lock:
            self.codes[response.status] += 1
            if response.status == 201:
                self.made.append(json.loads(text)["id"])


def kill_one_worker(folder):
    """End one worker as a machine that is out of memory would."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            where = (path / "cwd").resolve()
            parent = (path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]
        except OSError:
            continue
        ours = where == folder.resolve() and "resource_tracker" not in command
        if ours and not command.split(" ")[0].endswith("/uv"):
            parents[path.name] = parent
    workers = [process for process, parent in parents.items() if parent in parents]
    os.kill(int(workers[0]), signal.SIGKILL)
