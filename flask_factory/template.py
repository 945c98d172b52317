"""The template: where this program came from, its commits, and the projects that they make."""

import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from .git import Stop, git

EXAMPLE = "notes"
RECORD = ".flask-factory.toml"


def origin():
    """The address and the commit that this program was installed from."""
    here = Path(__file__).resolve().parents[1]
    if (here / "cookiecutter.json").is_file():
        return str(here), "HEAD"
    text = metadata.distribution("cookiecutter-flask-factory").read_text("direct_url.json")
    if not text:
        raise Stop("where is the template? Add --template with its address")
    found = json.loads(text)
    return found["url"], found.get("vcs_info", {}).get("commit_id", "HEAD")


class Template:
    """A clone in a folder of our own."""

    def __init__(self, folder, address, revision):
        self.folder = folder
        self.clone = folder / "template"
        try:
            git("clone", "--quiet", "--bare", "--", address, self.clone, cwd=".")
        except Stop as stop:
            raise Stop(f"the template can't be cloned: {stop}") from None
        self.commit = self.find(revision)

    def ask(self, *arguments):
        return git(*arguments, cwd=self.clone).decode().strip()

    def find(self, revision):
        """The commit of a revision: one that a branch or a tag reaches, and no other runs."""
        with suppress(Stop):
            commit = self.ask("rev-parse", "--verify", f"{revision}^{{commit}}")
            if self.ask("for-each-ref", "--count=1", f"--contains={commit}"):
                return commit
        raise Stop(f"the template has no commit {revision} on a branch or under a tag")

    def is_before(self, other):
        """Whether our commit comes before another."""
        return self.commit != other and self.ask("merge-base", self.commit, other) == self.commit

    def export(self, commit):
        """The folder with a commit's files."""
        folder = self.folder / commit
        if not folder.is_dir():
            folder.mkdir()
            options = ["-c", "core.autocrlf=false", f"--work-tree={folder}"]
            self.ask(*options, "checkout", "--force", commit, "--", ".")
            # The hook notes it in the record.
            (folder / ".git").mkdir()
            (folder / ".git" / "HEAD").write_text(f"{commit}\n", encoding="utf-8")
        return folder

    def questions(self, commit):
        """What a commit asks: all of its `cookiecutter.json`."""
        return json.loads((self.export(commit) / "cookiecutter.json").read_bytes())

    def sources(self, commit, slug):
        """The paths that projects of a commit can have, under every answer."""
        [folder] = self.export(commit).glob("{{*")
        paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
        return {path.replace(folder.name, slug) for path in paths}

    def render(self, *wanted):
        """The files of the projects that commits and answers make, each in its own process."""
        return [self.make(*each) for each in wanted]

    def make(self, commit, answers):
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        config = folder / "config.json"
        places = dict.fromkeys(("cookiecutters_dir", "replay_dir"), str(folder))
        config.write_text(json.dumps(places), encoding="utf-8")
        options = ["--no-input", "--config-file", config, "--output-dir", folder / "made", "--"]
        command = [sys.executable, "-m", "cookiecutter", *options, self.export(commit)]
        command += [f"{key}={value}" for key, value in answers.items()]
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines() or [
                "Cookiecutter failed"
            ]
            raise Stop(said[-1 if said[0].startswith("Traceback") else 0].removeprefix("Error: "))
        [project] = (folder / "made").iterdir()
        paths = [path for path in project.rglob("*") if path.is_file()]
        return {path.relative_to(project).as_posix(): path.read_bytes() for path in paths}
