"""Programs run for a generated project, as its README says: to an end, or as a server."""

import contextlib
import os
import re
import shlex
import socket
import subprocess
import time
import urllib.error
import urllib.request

from uv import find_uv_bin

# A key that production takes.
KEY = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"
# What production requires where there are accounts with pages; to others it means nothing.
MAIL = {
    "MAIL_URL": "smtps://localhost:1",
    "MAIL_FROM": "app@example.com",
    "PUBLIC_URL": "https://www.example.com",
}
# The commands that every project promises to pass.
CHECKS = {
    "tests": "pytest --quiet --cov",
    "lint": "ruff check",
    "format": "ruff format --check",
    "types": "mypy",
}
# What would lead a project to our own tools, or change what it does.
OURS = re.compile(
    "VIRTUAL_ENV|PYTHONPATH|APP_ENV|SECRET_KEY|(TEST_)?DATABASE_URL|PORT|FLASK_DEBUG|COV.*"
)


# What a server must not say.
TROUBLE = r"Warning|Traceback|\b(ERROR|CRITICAL)\b"


class Fault(Exception):
    """A project is not whole; the message says what its tool said."""


def environment(**more):
    """This process's environment without what is ours."""
    return {**{k: v for k, v in os.environ.items() if not OURS.fullmatch(k)}, **more}


def run(project, *command, **settings):
    """What a program prints that runs in the project; a `Fault` where it fails."""
    # Not in the folder of a pytest that runs us: a second one closes that to other users, and
    # PostgreSQL, which is another user where we are root, may have its files in it.
    own = {"PYTEST_DEBUG_TEMPROOT": str(project.parent)}
    result = subprocess.run(
        command,
        cwd=project,
        env=environment(**own, **settings),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if result.returncode:
        raise Fault(f"{' '.join(command[:6])}\n{result.stdout[-4000:]}")
    return result.stdout


def uv(project, *arguments, **settings):
    """What uv prints; a `Fault` where it fails."""
    return run(project, find_uv_bin(), *arguments, **settings)


@contextlib.contextmanager
def serving(project, *command, trouble=TROUBLE, **settings):
    """Run a server until the block ends: gives a function that asks it for a path.

    `{port}` in the command and in settings is where it listens. What it says may hold no
    warning, no traceback and nothing else that matches `trouble`.
    """
    port = free_port()
    server = subprocess.Popen(
        [find_uv_bin(), "run", "--no-sync", *(part.format(port=port) for part in command)],
        cwd=project,
        env=environment(**{name: value.format(port=port) for name, value in settings.items()}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        ask = Ask(port)
        wait_for(ask, server)
        yield ask
    finally:
        said = stop(server)
    if re.search(trouble, said):
        raise Fault(f"{' '.join(command)}\n{said[-4000:]}")


def production(project, **settings):
    """Serve an installed project until the block ends, as its README says for production."""
    usual = {"APP_ENV": "production", "SECRET_KEY": KEY, "PORT": "{port}", **MAIL}
    return serving(project, *production_command(project), **{**usual, **settings})


def production_command(project):
    """The last command that the README has for production: the server's."""
    readme = (project / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"uv run --no-dev ([^`\n]+)", readme)
    if not commands:
        raise Fault("README.md: no command serves in production")
    return shlex.split(commands[-1])


class Ask:
    """Asks a server of this machine: `ask("/")` is the status, the headers and the text."""

    def __init__(self, port):
        self.port = port

    def __call__(self, path, accept="*/*", method="GET"):
        url = f"http://127.0.0.1:{self.port}{path}"
        headers = {"Accept": accept}
        request = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310
        try:
            response = urllib.request.urlopen(request, timeout=10)  # noqa: S310
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return response.status, response.headers, response.read().decode()


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(ask, server):
    """Return once the server answers."""
    for _ in range(400):
        with contextlib.suppress(OSError):
            ask("/")
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise Fault(f"nobody answers\n{stop(server)}")


def stop(server):
    """Ask uv to end, which asks the server; whoever is left is killed. What they said."""
    if os.name == "nt":
        command = ["taskkill", "/T", "/F", "/PID", str(server.pid)]  # There is nobody to ask.
        subprocess.run(command, check=False, capture_output=True)
        return server.communicate(timeout=20)[0]
    server.terminate()
    try:
        return server.communicate(timeout=20)[0]
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, 9)
