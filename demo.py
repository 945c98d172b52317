"""Generate a project from this repository's URL, install it, test it and serve it.

Usage: python demo.py [option=answer ...]
"""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from uv import find_uv_bin

HERE = Path(__file__).resolve().parent


def generate(folder, answers):
    """The new project's folder; the answers are those that follow the URL."""
    config = folder / "cookiecutter.yaml"
    lines = [f"{name}: '{folder / name}'\n" for name in ("cookiecutters_dir", "replay_dir")]
    config.write_text("".join(lines), encoding="utf-8")
    projects = folder / "projects"
    url = f"git+{HERE.as_uri()}"
    options = ["--no-input", "--config-file", str(config), "--output-dir", str(projects)]
    run(sys.executable, "-m", "cookiecutter", *options, url, *answers)
    [project] = projects.iterdir()
    return project


def run(*command, **options):
    """Run a program; its failure is ours."""
    status = subprocess.run(command, check=False, **options).returncode
    if status:
        sys.exit(status)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main(answers):
    with tempfile.TemporaryDirectory(prefix="flask-factory-") as name:
        project = generate(Path(name).resolve(), answers)
        environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
        uv = find_uv_bin()
        run(uv, "sync", "--quiet", cwd=project, env=environment)
        run(uv, "run", "pytest", "--quiet", cwd=project, env=environment)
        if (project / "migrations").is_dir():
            run(uv, "run", "flask", "db", "upgrade", cwd=project, env=environment)
        port = str(free_port())
        print(f"\nServing http://127.0.0.1:{port} from {project} until Ctrl-C.\n", flush=True)
        run(uv, "run", "flask", "run", "--port", port, cwd=project, env=environment)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(0)
