"""A project's repository: what is committed, and how changes to it are staged."""

import io
import os
import re
import shutil
import subprocess
import tempfile

UNDO = "git restore --source=HEAD --staged --worktree -- ."


class Stop(Exception):
    """Nothing was changed, for the reason given in one line."""


def git(*arguments, cwd, text=b"", output=subprocess.PIPE, **environment):
    """What git prints; its own reason where it fails."""
    environment = {**os.environ, "LC_ALL": "C", **environment}
    options = {"stdout": output, "stderr": subprocess.PIPE, "check": False}
    done = subprocess.run(["git", *arguments], cwd=cwd, env=environment, input=text, **options)
    if done.returncode and output:  # A pager can be left early.
        said = done.stderr.decode(errors="replace").splitlines()
        reasons = [line for line in said if line.startswith(("fatal: ", "error: "))]
        raise Stop(reasons[0] if reasons else f"git {arguments[0]} failed")
    return done.stdout


class Project:
    """A folder in a git repository: its root, or below it."""

    def __init__(self, folder):
        self.folder = folder
        try:
            self.prefix = self.ask("rev-parse", "--show-prefix")
            self.nothing = "0" * len(self.ask("rev-parse", "--verify", "HEAD"))
        except Stop:
            raise Stop("nothing is committed here: git init, git add, git commit first") from None
        listed = self.ask("ls-tree", "-r", "-z", "HEAD")
        entries = re.findall(r"(100\d+) blob (\w+)\t([^\0]+)\0", listed)
        names = "".join(f"{name}\n" for _, name, _ in entries).encode()
        contents = io.BytesIO(git("cat-file", "--batch", cwd=folder, text=names))
        self.files, self.modes = {}, {path: mode for mode, _, path in entries}
        for path in self.modes:
            size = int(contents.readline().split()[2])
            self.files[path] = contents.read(size + 1)[:-1]

    def ask(self, *arguments, **environment):
        return os.fsdecode(git(*arguments, cwd=self.folder, **environment)).strip("\n")

    def require_clean(self):
        """Refuse changes that are not committed: what comes would be mixed with them."""
        status = self.ask("status", "--porcelain", "--untracked-files=no", "--", ".")
        if status:
            first = status.splitlines()[0][3:]
            raise Stop(f"{first} has changes that are not committed: commit or stash them first")

    def stage(self, changes, conflicts):
        """Put changes into the index and the folder; a conflict in its three stages."""
        above = {path[:at] for path in changes for at, each in enumerate(path) if each == "/"}
        for path in ({*changes} | above) - {*self.files}:  # git overwrites what it ignores.
            place = self.folder / path
            if os.path.lexists(place) and not (path in above and place.is_dir()):
                raise Stop(f"{path} is in the way, and not in git: move it elsewhere")
        with tempfile.TemporaryDirectory() as folder:
            aside = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
            tree = self.tree(changes, **aside)
            shutil.copy(self.folder / self.ask("rev-parse", "--git-path", "index"), folder)
            self.ask("read-tree", "-m", "-u", "--dry-run", "HEAD", tree, **aside)
            # The index first, at once: whatever happens then, UNDO brings back what was.
            self.ask("read-tree", "-m", "HEAD", tree)
            self.ask("read-tree", "-m", "-u", "HEAD", tree, **aside)
        for path, versions in conflicts.items():
            stages = [(path, number, file) for number, file in enumerate(versions, 1)]
            self.write_index([(path, 0, None), *(each for each in stages if each[2] is not None)])

    def show(self, changes):
        """Print the difference that changes would make, with git's colours and pager."""
        objects = self.folder / self.ask("rev-parse", "--git-path", "objects")
        with tempfile.TemporaryDirectory() as folder:
            aside = {
                "GIT_INDEX_FILE": os.path.join(folder, "index"),
                "GIT_OBJECT_DIRECTORY": folder,
                "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects.resolve()),
            }
            tree = self.tree(changes, **aside)
            git("diff", "--find-renames", "HEAD", tree, cwd=self.folder, output=None, **aside)

    def tree(self, changes, **aside):
        """The name of the committed tree with changes."""
        self.ask("read-tree", "HEAD", **aside)
        self.write_index([(path, 0, file) for path, file in changes.items()], **aside)
        return self.ask("write-tree", **aside)

    def write_index(self, staged, **aside):
        """Put files into the index, each with the number of its stage; all or none of them."""
        text = ""
        for path, number, file in staged:
            entry = f"0 {self.nothing}"
            if file is not None:
                name = self.ask("hash-object", "-w", "--stdin", text=file, **aside)
                entry = f"{self.modes.get(path, '100644')} {name} {number}"
            text += f"{entry}\t{self.prefix}{path}\0"
        self.ask("update-index", "-z", "--index-info", text=os.fsencode(text), **aside)
