"""The template: where this program came from, its commits, and the projects that they make."""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from .git import File, Stop, git

DISTRIBUTION = "cookiecutter-flask-factory"
RECORD = ".flask-factory.toml"


def origin():
    """The address and the commit that this program was installed from."""
    here = Path(__file__).resolve().parents[1]
    if (here / "cookiecutter.json").is_file():
        return str(here), "HEAD"
    text = metadata.distribution(DISTRIBUTION).read_text("direct_url.json")
    found = json.loads(text or "{}")
    address = found.get("url", "")
    if commit := found.get("vcs_info", {}).get("commit_id"):
        return address, commit
    if address.startswith("file:"):
        return url2pathname(urlsplit(address).path), "HEAD"
    raise Stop("where is the template? Add --template with its address")


class Template:
    """A clone in a folder of our own."""

    def __init__(self, folder, address, revision):
        self.folder = Path(folder)
        self.clone = self.folder / "template"
        try:
            command = ["clone", "--quiet", "--bare", "--", address, str(self.clone)]
            git(*command, cwd=self.folder)
        except Stop as stop:
            raise Stop(f"the template can't be cloned: {stop}") from None
        self.commit = self.find(revision)

    def find(self, revision):
        """The commit of a revision: one that a branch or a tag reaches, and no other runs."""
        try:
            name = git("rev-parse", "--verify", f"{revision}^{{commit}}", cwd=self.clone)
            commit = name.decode().strip()
            reached = git("for-each-ref", "--count=1", f"--contains={commit}", cwd=self.clone)
        except Stop:
            reached = b""
        if not reached:
            raise Stop(f"the template has no commit {revision} on a branch or under a tag")
        return commit

    def is_older(self, commit, other):
        """Whether one commit comes before another."""
        count = git("rev-list", "--count", f"{other}..{commit}", cwd=self.clone)
        return commit != other and count.strip() == b"0"

    def export(self, commit):
        """The folder with a commit's files."""
        folder = self.folder / commit
        if not folder.is_dir():
            folder.mkdir()
            options = ["-c", "core.autocrlf=false", f"--work-tree={folder}"]
            git(*options, "checkout", "--force", commit, "--", ".", cwd=self.clone)
            # The hook notes it in the record.
            (folder / ".git").mkdir()
            (folder / ".git" / "HEAD").write_text(f"{commit}\n", encoding="utf-8")
        return folder

    def questions(self, commit):
        """What a commit asks: all of its `cookiecutter.json`."""
        path = self.export(commit) / "cookiecutter.json"
        return json.loads(path.read_text(encoding="utf-8"))

    def sources(self, commit, slug):
        """The paths that projects of a commit can have, under every answer."""
        [folder] = self.export(commit).glob("{{*")
        paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
        return {path.replace(folder.name, slug) for path in paths}

    def render(self, *wanted):
        """The files of the projects that commits and answers make, each in its own process."""
        running = [self.start(*each) for each in wanted]
        return [finish(*each) for each in running]

    def start(self, commit, answers):
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        config = folder / "config.json"
        places = {"cookiecutters_dir": str(folder), "replay_dir": str(folder)}
        config.write_text(json.dumps(places), encoding="utf-8")
        options = ["--no-input", "--config-file", config, "--output-dir", folder / "made", "--"]
        command = [sys.executable, "-m", "cookiecutter", *options, self.export(commit)]
        command += [f"{key}={value}" for key, value in answers.items()]
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=folder, **pipes), folder / "made"


def finish(process, folder):
    """The files that Cookiecutter has made; its reason where it refused."""
    _, said = process.communicate()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or ["Cookiecutter failed"]
        raise Stop(lines[-1 if lines[0].startswith("Traceback") else 0].removeprefix("Error: "))
    [project] = folder.iterdir()
    files = {}
    for path in sorted(project.rglob("*")):
        if path.is_file():
            mode = "100755" if os.name == "posix" and os.access(path, os.X_OK) else "100644"
            files[path.relative_to(project).as_posix()] = File(mode, path.read_bytes())
    return files


def answers_of(files):
    """The answers that the record among a project's files holds."""
    if RECORD not in files:
        raise Stop("this version of the template keeps no record: take a newer one")
    return tomllib.loads(files[RECORD].content.decode())["answers"]
