"""A bad day in production: each part of `docs/deploy.md`, and each fault, on the real programs."""

import contextlib
import functools
import http.server
import json
import os
import platform
import re
import secrets
import shlex
import shutil
import sqlite3
import string
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import ALL_OFF
from uv import find_uv_bin

from proof import production
from proof.postgresql import database
from proof.production import HOST, at_once, gunicorn
from proof.programs import KEY, Fault, environment, free_port, run, uv

pytestmark = pytest.mark.proof

BROWSER = {"Accept": "text/html"}
NOTE = {"Content-Type": "application/json"}
PROXIES = ["nginx", "caddy"]
UNAVAILABLE = "The database is unavailable"


@pytest.fixture(scope="module")
def sqlite(template, tmp_path_factory):
    """A project on SQLite, migrated."""
    project = production.bake(template, tmp_path_factory.mktemp("sqlite"))
    uv(project, "run", "--no-sync", "flask", "db", "upgrade")
    return project


@pytest.fixture(scope="module")
def postgresql(template, tmp_path_factory):
    """A project on PostgreSQL."""
    return production.bake(template, tmp_path_factory.mktemp("pg"), database="postgresql")


@pytest.fixture(params=PROXIES)
def proxy(request, sqlite, tmp_path):
    """A site behind a proxy as the guide sets it up, and the application's own log."""
    if not shutil.which(request.param):
        pytest.skip(f"{request.param}: it is not installed")
    with gunicorn(sqlite, TRUSTED_PROXIES="1", TRUSTED_HOSTS=HOST) as app:
        with getattr(production, request.param)(sqlite, tmp_path, app.port) as site:
            site.name = request.param
            yield site


def test_the_proxy_tells_the_truth(proxy):
    forged = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "http",
        "X_Forwarded_For": "7.7.7.7",
        "SCRIPT_NAME": "/forged",
        "Other_Name": "x",
    }
    status, headers, text = proxy.ask("/probe", "POST", b"x" * 1000, forged)
    seen = json.loads(text)
    assert status == 200
    assert seen["address"] == "127.0.0.1"
    assert seen["script"] == ""
    assert (seen["length"], seen["read"]) == (1000, 1000)
    assert seen["url"].startswith(f"https://{HOST}")
    assert not {"HTTP_SCRIPT_NAME", "HTTP_OTHER_NAME"} & set(seen["names"])
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    # Caddy itself responds to another host, with nothing.
    status, _, text = proxy.ask("/probe", headers={"Host": "other.example"})
    assert status == 400 or text == ""


class Echo(http.server.BaseHTTPRequestHandler):
    """Responds with the names of the headers: gunicorn itself would drop some."""

    def do_GET(self):
        body = json.dumps(list(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.mark.parametrize("name", PROXIES)
def test_the_proxy_drops_headers_with_underscores(sqlite, tmp_path, name):
    if not shutil.which(name):
        pytest.skip(f"{name}: it is not installed")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with getattr(production, name)(sqlite, tmp_path, server.server_port) as site:
            forged = {"X_Forwarded_For": "7.7.7.7", "SCRIPT_NAME": "/forged"}
            names = json.loads(site.ask("/", headers=forged)[2])
        server.shutdown()
    assert "X-Forwarded-Proto" in names
    assert not [name for name in names if "_" in name]


def test_caddy_by_itself_passes_on_headers_with_underscores(sqlite, tmp_path, monkeypatch):
    if not shutil.which("caddy"):
        pytest.skip("caddy: it is not installed")
    block = production.replace(production.block(sqlite, "caddy"), ("request_header -*_*", ""))
    monkeypatch.setattr(production, "block", lambda *_: block)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with production.caddy(sqlite, tmp_path, server.server_port) as site:
            names = json.loads(site.ask("/", headers={"Other_name": "x"})[2])
        server.shutdown()
    assert {"Other_name", "Host", "X-Forwarded-For", "X-Forwarded-Proto"} <= set(names)


def test_an_upload_without_a_length(proxy):
    """nginx states its length. Caddy does not over HTTP/1.1: refused, as the guide says."""
    chunks = iter([b'{"title": ', b'"Tea"}'])
    status, *_ = proxy.ask("/api/v1/notes", "POST", chunks, NOTE)
    assert status == {"nginx": 201, "caddy": 411}[proxy.name]
    assert proxy.ask("/api/v1/notes", "POST", b'{"title": "Tea"}', NOTE)[0] == 201


def test_a_body_over_the_limit_is_not_stored(proxy):
    before = proxy.ask("/api/v1/notes")[2]
    with contextlib.suppress(OSError):
        body = b'{"title": "Tea"}' + b" " * 1_100_000
        assert proxy.ask("/api/v1/notes", "POST", body, NOTE)[0] in (400, 413, 502)
    assert json.loads(proxy.ask("/api/v1/notes")[2])["total"] == json.loads(before)["total"]


def test_slow_clients_do_not_block_the_others(proxy):
    start = f"POST /probe HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\nx".encode()
    with contextlib.ExitStack() as stack:
        slow = []
        for number in range(240):
            connection = stack.enter_context(contextlib.closing(proxy.connect()))
            connection.connect()
            connection.sock.sendall(start if number < 40 else b"GET / HTTP/1.1\r\nHost")
            slow.append((connection, b"x" if number < 40 else b"o"))
        for _ in range(5):
            begin = time.monotonic()
            assert proxy.ask("/healthz", timeout=5)[0] == 200
            assert time.monotonic() - begin < 5
            for connection, byte in slow:
                connection.sock.sendall(byte)
            time.sleep(0.5)


@pytest.mark.parametrize("proxy", ["nginx"], indirect=True)
def test_a_slow_body_is_given_up(proxy):
    """Caddy gives it a minute, which is as long as a test may last."""
    with contextlib.closing(proxy.connect()) as connection:
        connection.putrequest("POST", "/probe", skip_host=True)
        connection.putheader("Host", HOST)
        connection.putheader("Content-Length", "1000")
        connection.endheaders(b"x")
        with contextlib.suppress(ConnectionError):
            assert connection.sock.recv(100)[:12] in (b"HTTP/1.1 408", b"")


@pytest.fixture
def settings_file(sqlite, tmp_path):
    """The example's settings, filled in as the guide says."""
    example = (sqlite / ".env.example").read_text(encoding="utf-8")
    file = tmp_path / "settings.env"
    filled = production.replace(
        example,
        ("SECRET_KEY=\n", f"SECRET_KEY={KEY}\n"),
        ("TRUSTED_HOSTS=\n", f"TRUSTED_HOSTS={HOST}\n"),
        ("TRUSTED_PROXIES=0\n", "TRUSTED_PROXIES=1\n"),
    )
    file.write_text(filled, encoding="utf-8")
    return file


def test_the_unit_is_valid_and_its_command_serves(sqlite, settings_file, tmp_path):
    unit = production.replace(
        production.block(sqlite, "ini"),
        ("/srv/my_flask_app", str(sqlite)),
        ("/etc/my_flask_app.env", str(settings_file)),
        ("User=my_flask_app", "User=root"),
    )
    (tmp_path / "my_flask_app.service").write_text(unit, encoding="utf-8")
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "KillSignal=SIGTERM"):
        assert line in unit
    # More than the 30 seconds that gunicorn gives to the requests that run.
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[1]) > 30
    if shutil.which("systemd-analyze"):
        command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "my_flask_app.service")]
        result = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
        complaints = [line for line in result.stderr.splitlines() if "my_flask_app.service" in line]
        assert (result.returncode, complaints) == (0, [])
    [command] = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    lines = settings_file.read_text(encoding="utf-8").splitlines()
    settings = dict(line.split("=", 1) for line in lines if re.match("[A-Z]", line))
    port = free_port()
    env = {**environment(), **settings, "PORT": str(port)}
    site = production.Site(port, tmp_path / "log")
    with production.running(site, command.split(), sqlite, env):
        assert site.ask("/")[0] == 200
        assert site.ask("/", headers={"Host": "other.example"})[0] == 400
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze: it is not installed")


def test_pip_installs_what_serves(project, tmp_path):
    folder = project(**ALL_OFF)
    guide = (folder / "docs" / "deploy.md").read_text(encoding="utf-8")
    commands = re.findall("`(.+?)`", re.search("^With pip.+$", guide, re.MULTILINE)[0])
    assert len(commands) == 2
    for command in commands:
        words = command.replace("python3", sys.executable).split()
        subprocess.run(words, check=True, cwd=folder, env=environment())
    with gunicorn(folder) as site:
        assert site.ask("/")[0] == 200
    settings = tmp_path / "settings.env"
    settings.write_text(f"SECRET_KEY={KEY}\nAPP_ENV=production\n", encoding="utf-8")
    for output in outputs(folder, settings, ".venv/bin/flask routes", "routes"):
        assert output.startswith("Endpoint")


def test_files_are_for_the_user_of_the_unit(sqlite, tmp_path):
    """The commands are run for the user who runs this test; none is made."""
    unit = dict(re.findall("^(.+?)=(.+)$", production.block(sqlite, "ini"), re.MULTILINE))
    user, settings = unit["User"], unit["EnvironmentFile"]
    guide = (sqlite / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert f"\nuseradd --system {user}\n" in guide
    assert set(re.findall("^runuser -u (.+?) -- ", guide, re.MULTILINE)) == {user}
    shutil.copy(sqlite / ".env.example", tmp_path)
    (tmp_path / "etc").mkdir()
    commands = re.findall("^install .+$", guide, re.MULTILINE)
    for command in commands:
        command = production.replace(command, (f"-o {user} ", f"-o {os.getuid()} "))
        command = command.replace(" /etc/", f" {tmp_path}/etc/")
        subprocess.run(command.split(), check=True, cwd=tmp_path)
    made = {
        f"{unit['WorkingDirectory']}/instance": (tmp_path / "instance", 0o40700),
        settings: (tmp_path / settings.lstrip("/"), 0o100600),
    }
    assert len(made) == len(commands)
    assert unit["ReadWritePaths"] in made
    for path, mode in made.values():
        assert path.stat().st_mode == mode, path
    example = (sqlite / ".env.example").read_bytes()
    assert (tmp_path / settings.lstrip("/")).read_bytes() == example


def test_python_is_where_the_unit_may_read_it(sqlite, tmp_path):
    """`ProtectHome` hides those that uv has downloaded: here is one, and the guide's is another."""
    assert "ProtectHome=yes" in production.block(sqlite, "ini")
    guide = (sqlite / "docs" / "deploy.md").read_text(encoding="utf-8")
    [options] = re.findall("^uv sync --no-dev(.*)$", guide, re.MULTILINE)
    name = f"cpython-{platform.python_version()}-linux-{platform.machine()}-gnu"
    downloaded = tmp_path / name / "bin" / f"python3.{sys.version_info.minor}"
    downloaded.parent.mkdir(parents=True)
    downloaded.symlink_to(os.path.realpath(sys.executable))
    find = functools.partial(uv, sqlite, "python", "find", UV_PYTHON_INSTALL_DIR=str(tmp_path))
    assert find("--system").strip() == str(downloaded)
    assert str(tmp_path) not in find("--system", *options.split())


def outputs(project, file, other, said="db upgrade"):
    """What another command prints with the settings of a file, in each of the guide's two ways."""
    guide = (project / "docs" / "deploy.md").read_text(encoding="utf-8")
    lines = re.findall(r"^runuser -u my_flask_app -- (.+)$", guide, re.MULTILINE)
    assert len(lines) == 2
    path = os.pathsep.join([os.path.dirname(find_uv_bin()), os.environ["PATH"]])
    for line in lines:
        command = production.replace(line, ("/etc/my_flask_app.env", str(file)))
        command = re.sub(rf"\S*flask {said}", other, command)
        result = subprocess.run(  # noqa: S602
            command,
            shell=True,
            cwd=project,
            env=environment(PATH=path),
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        assert result.returncode == 0, result.stderr
        yield result.stdout


def test_commands_get_the_settings(sqlite, settings_file):
    """But for the user."""
    for output in outputs(sqlite, settings_file, ".venv/bin/flask db current"):
        assert "(head)" in output


def test_the_guide_says_which_values_need_quotes(sqlite, tmp_path):
    guide = (sqlite / "docs" / "deploy.md").read_text(encoding="utf-8")
    plain = "a" + re.search("more than letters, digits and `(.+?)` needs", guide)[1] + "9"
    other = "a " + string.punctuation.replace("'", "")
    file = tmp_path / "settings.env"
    file.write_text(f"PLAIN={plain}\nOTHER='{other}'\n", encoding="utf-8")
    for output in outputs(sqlite, file, "env"):
        assert {f"PLAIN={plain}", f"OTHER={other}"} <= set(output.splitlines())


def test_host_names_have_no_case(sqlite):
    with gunicorn(sqlite, TRUSTED_HOSTS="good.example") as site:
        assert site.ask("/", headers={"Host": "GOOD.example"})[0] == 200
        assert site.ask("/", headers={"Host": "bad.example"})[0] == 400


def test_nobody_but_a_trusted_proxy_names_the_scheme(sqlite):
    with gunicorn(sqlite) as site:
        for name, value in (("Proto", "https"), ("Protocol", "ssl"), ("Ssl", "on")):
            _, headers, text = site.ask("/probe", headers={f"X-Forwarded-{name}": value})
            assert json.loads(text)["url"].startswith("http://")
            assert "Strict-Transport-Security" not in headers


def test_the_log_has_one_line_an_event_and_nothing_typed_by_people(sqlite):
    with gunicorn(sqlite) as site:
        assert site.ask("/say")[0] == 200
        assert site.ask("/wrong?typed=some+words")[0] == 500
        said = site.said()
    [line] = [line for line in said.splitlines() if "somebody was here" in line]
    assert "INFO" in line
    assert "no such table: missing" in said
    assert "some words" not in said


COST = """
import json, time
from wsgi import app

client = app.test_client()

def cost(count):
    body = json.dumps({f"k{number}": 1 for number in range(count)})
    least = 60
    for _ in range(7):
        start = time.process_time()
        response = client.post("/api/v1/notes", data=body, content_type="application/json")
        least = min(least, time.process_time() - start)
        assert response.status_code == 422, response.status
    return least

cost(100)
text = json.dumps({f"k{number}": 1 for number in range(60_000)})
start = time.process_time()
for _ in range(5):
    json.loads(text)
read = (time.process_time() - start) / 5
print(json.dumps([cost(60_000), read]))
"""


def test_wrong_keys_cost_little(sqlite):
    """Little more than to read 60 000 keys; a description of each would be ten times that."""
    said = uv(sqlite, "run", "--no-sync", "python", "-c", COST, APP_ENV="testing")
    cost, read = json.loads(said.splitlines()[-1])
    print(f"60 000 wrong keys: {cost * 1000:.1f} ms, json.loads {read * 1000:.1f} ms")
    assert cost < 8 * read


def test_a_full_disk_is_not_ready(sqlite, tmp_path):
    project = tmp_path / "full"
    shutil.copytree(sqlite, project, ignore=shutil.ignore_patterns("instance"), symlinks=True)
    disk = project / "instance"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("file systems: this machine mounts none")
    try:
        uv(project, "run", "--no-sync", "python", "-m", "flask", "db", "upgrade")
        with gunicorn(project) as site:
            assert site.ask("/readyz")[0] == 200
            with contextlib.suppress(OSError), open(disk / "fill", "wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))
            status, _, text = site.ask("/readyz")
            assert (status, json.loads(text)["checks"]["disk"]) == (503, "down")
            assert site.ask("/healthz")[0] == 200
            assert site.ask("/api/v1/notes")[0] == 200
            assert "Traceback" not in site.said()
            (disk / "fill").unlink()
            assert site.ask("/readyz")[0] == 200
    finally:
        unmount = ["umount", str(disk)]
        subprocess.run(unmount, check=True)


def test_a_file_that_another_process_writes_to(sqlite):
    """For long, as a migration can. Writers wait for it; `/healthz` must not wait for them."""
    with gunicorn(sqlite) as site, sqlite3.connect(sqlite / "instance" / "app.db") as other:
        other.execute("BEGIN IMMEDIATE")
        body = b'{"title": "Tea"}'
        ask = functools.partial(site.ask, "/api/v1/notes", "POST", body, NOTE, timeout=60)
        results, longest = healthz_during(site, ask, 60)
        other.rollback()
        assert len(check_failures(site, results)) == 60
        assert site.ask("/api/v1/notes", "POST", body, NOTE)[0] == 201
    print(f"locked: /healthz {longest:.2f} s")
    assert longest < 5


def test_a_copy_of_the_file_is_restored(sqlite, tmp_path):
    """By the commands of the guide; what they are in place of loses something."""
    if not shutil.which("sqlite3"):
        pytest.skip("sqlite3: it is not installed")
    guide = (sqlite / "docs" / "database.md").read_text(encoding="utf-8")
    backup, restore = re.findall('`(sqlite3 instance/app.db "[.].+?")`', guide)
    titles = [secrets.token_hex(8) for _ in range(2)]
    project = tmp_path / "project"
    shutil.copytree(sqlite, project, ignore=shutil.ignore_patterns("instance"), symlinks=True)
    uv(project, "run", "--no-sync", "python", "-m", "flask", "db", "upgrade")
    with gunicorn(project) as site:
        add(site, titles[0])
        run(project, *shlex.split(backup))
        shutil.copy(project / "instance" / "app.db", tmp_path / "alone.db")
        add(site, titles[1])
        held = sqlite3.connect(project / "instance" / "app.db")
        assert notes(held) == titles
    with contextlib.closing(sqlite3.connect(tmp_path / "alone.db")) as alone:
        assert notes(alone) == []
    # In use: `held` keeps the write-ahead log.
    shutil.copy(project / "instance" / "copy.db", project / "instance" / "app.db")
    with contextlib.closing(sqlite3.connect(project / "instance" / "app.db")) as other:
        assert notes(other) != titles[:1]
    held.close()
    run(project, *shlex.split(restore))
    with gunicorn(project) as site:
        text = site.ask("/api/v1/notes")[2]
    assert [title in text for title in titles] == [True, False]


def add(site, title):
    body = json.dumps({"title": title}).encode()
    assert site.ask("/api/v1/notes", "POST", body, NOTE)[0] == 201


def notes(connection):
    try:
        return [title for [title] in connection.execute("SELECT title FROM notes ORDER BY id")]
    except sqlite3.DatabaseError:
        return None


@contextlib.contextmanager
def serving_on(postgresql, server):
    """Serve the project on a server that works, and know that it does."""
    uv(postgresql, "run", "--no-sync", "flask", "db", "upgrade", DATABASE_URL=server.url)
    with gunicorn(postgresql, DATABASE_URL=server.url) as site:
        results = at_once(10, lambda: site.ask("/ask"))  # A pool that is full of connections.
        assert {result[0] for result in results} == {200}
        yield site


def healthz_during(site, call, count):
    """Call at once so many times; the responses, and the longest that `/healthz` took."""
    longest = 0
    with ThreadPoolExecutor(1) as pool:
        calls = pool.submit(at_once, count, call)
        time.sleep(0.5)
        while True:
            start = time.monotonic()
            assert site.ask("/healthz", timeout=20)[0] == 200
            longest = max(longest, time.monotonic() - start)
            if calls.done():
                return calls.result(), longest
            time.sleep(0.2)


def check_failures(site, results):
    """Each is a 503 with `Retry-After`, and at most one line in the log."""
    failed = [result for result in results if result[0] != 200]
    assert {result[0] for result in failed} == {503}
    assert all(int(result[1]["Retry-After"]) > 0 for result in failed)
    said = site.said()
    assert "Traceback" not in said
    assert said.count(UNAVAILABLE) <= len(failed)
    assert len([line for line in said.splitlines() if "ERROR" in line]) <= len(failed)
    assert UNAVAILABLE in said
    return failed


def recovered(site, seconds=15):
    """How long it takes until ten requests in a row succeed; no restart."""
    start, row = time.monotonic(), 0
    while row < 10:
        row = row + 1 if site.ask("/ask")[0] == 200 else 0
        assert time.monotonic() - start < seconds
    return time.monotonic() - start


def test_a_database_whose_packets_are_lost(postgresql):
    try:
        with production.far_postgres() as (server, swallow), serving_on(postgresql, server) as site:
            swallow(True)
            start = time.monotonic()
            results, longest = healthz_during(site, lambda: site.ask("/ask", timeout=60), 200)
            took = time.monotonic() - start
            assert not [result for result in results if isinstance(result, Exception)]
            assert len(check_failures(site, results)) == 200
            assert longest < 5
            assert took < 40
            swallow(False)
            print(f"packets lost: {took:.1f} s, /healthz {longest:.2f} s, {recovered(site):.1f} s")
    except production.NoNamespace as error:
        pytest.skip(f"network namespaces: {error}")


def test_a_frozen_database(postgresql):
    with production.postgres() as server, serving_on(postgresql, server) as site:
        server.freeze()
        try:
            # Ten wait for as long as it is frozen; the others must not.
            results, longest = healthz_during(site, lambda: site.ask("/ask", timeout=6), 100)
        finally:
            server.thaw()
        print(f"frozen: /healthz {longest:.2f} s, recovered in {recovered(site):.1f} s")
        assert longest < 5
        responses = [result for result in results if not isinstance(result, Exception)]
        assert len(responses) >= 60
        check_failures(site, [result for result in results if isinstance(result, tuple)])


def test_a_stopped_database(postgresql):
    with production.postgres() as server, serving_on(postgresql, server) as site:
        server.stop()
        results, longest = healthz_during(site, lambda: site.ask("/ask", headers=BROWSER), 100)
        status, headers, text = site.ask("/notes", headers=BROWSER)
        assert (status, headers.get_content_type()) == (503, "text/html")
        assert "<html" in text
        api, headers, text = site.ask("/api/v1/notes", headers=BROWSER)
        assert (api, headers.get_content_type()) == (503, "application/problem+json")
        assert json.loads(text)["status"] == 503
        assert site.ask("/readyz")[0] == 503
        server.start()
        print(f"stopped: /healthz {longest:.2f} s, recovered in {recovered(site):.1f} s")
        failed = check_failures(site, [*results, (503, headers), (503, headers), (503, headers)])
        assert len(failed) == 103
        assert longest < 5


# Let the three that were started go on at the same moment.
BARRIER = """
import os
import pathlib
import time

barrier = pathlib.Path(os.environ.get("BARRIER", ""))
if "BARRIER" in os.environ:
    (barrier / str(os.getpid())).touch()
    while len(list(barrier.iterdir())) < 3:
        time.sleep(0.001)
"""


def test_three_migrations_at_once(postgresql, postgresql_server, tmp_path):
    env = postgresql / "migrations" / "env.py"
    text = env.read_text(encoding="utf-8")
    env.write_text(BARRIER + text, encoding="utf-8")
    for number in range(6):
        barrier = tmp_path / str(number)
        barrier.mkdir()
        with database(postgresql_server) as url:
            call = functools.partial(upgrade, postgresql, url, barrier)
            assert at_once(3, call) == [0, 0, 0]


def upgrade(project, url, barrier):
    command = [str(project / ".venv/bin/flask"), "db", "upgrade"]
    settings = {"DATABASE_URL": url, "BARRIER": str(barrier)}
    env = environment(APP_ENV="production", SECRET_KEY=KEY, **settings)
    result = subprocess.run(command, cwd=project, env=env, check=False, capture_output=True)
    return result.returncode or result.stderr.decode().count("Traceback")


def test_a_copy_is_restored(postgresql, tmp_path):
    """The commands of the guide: `pg_dump`, and `pg_restore` over what has changed since."""
    guide = (postgresql / "docs" / "deploy.md").read_text(encoding="utf-8")
    dump, restore = re.findall(r"^pg_(?:dump|restore) .+$", guide, re.MULTILINE)
    with production.postgres() as server, serving_on(postgresql, server) as site:
        title = secrets.token_hex(8)
        body = json.dumps({"title": title}).encode()
        assert site.ask("/api/v1/notes", "POST", body, NOTE)[0] == 201
        env = environment(DATABASE_URL=server.url)
        env["PATH"] = f"{server.bin}{os.pathsep}{env['PATH']}"
        for command, status in ((dump, None), (restore, 200)):
            result = subprocess.run(  # noqa: S602
                command, shell=True, cwd=tmp_path, env=env, check=False, capture_output=True
            )
            if result.returncode:
                raise Fault(result.stderr.decode())
            if status is None:
                assert site.ask("/api/v1/notes/1", "DELETE")[0] in (204, 428)
        assert title in site.ask("/api/v1/notes")[2]
