"""Generating asks no network and runs no program but Python, and can't hide it if it does."""

import pytest

# Loaded by each Python that starts: whoever opens a connection ends at once, caught or not.
WATCHER = """
import os
import sys

CONNECTIONS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
HOOK = "cookiecutter" not in " ".join(sys.orig_argv)
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile")


def watch(event, arguments):
    forbidden = event.startswith("socket.") if HOOK else event in CONNECTIONS
    if forbidden or HOOK and event in PROGRAMS:
        os.write(2, f"refused: {event}".encode())
        os._exit(97)


sys.addaudithook(watch)
"""


@pytest.fixture
def watched(command, tmp_path):
    """The command, under watch."""
    folder = tmp_path / "watcher"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WATCHER, encoding="utf-8")

    def run(*answers, **options):
        return command(*answers, env={"PYTHONPATH": str(folder)}, **options)

    return run


@pytest.mark.parametrize("answers", [[], ["database=none", "errors=none"]])
def test_nobody_is_asked(watched, answers):
    result = watched(*answers)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "secret",
    ["import socket; socket.create_connection(('127.0.0.1', 9))", "os.system('true')"],
    ids=["network", "program"],
)
@pytest.mark.parametrize("hook", ["pre_gen_project", "post_gen_project"])
def test_a_hook_that_hides_it_is_noticed(watched, mutant, hook, secret):
    lines = f"import os\n\ntry:\n    {secret}\nexcept OSError:\n    pass\n\n"
    path = f"hooks/{hook}.py"
    mutant.edit(
        path, r"^if __name__ == \"__main__\":\n    main\(\)", lambda found: lines + found[0]
    )
    result = watched(template=mutant.root)
    assert result.returncode != 0
    assert "refused: " in result.stderr
