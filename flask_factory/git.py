"""A project's repository: what is committed, and how changes to it are staged."""

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

REGULAR = ("100644", "100755")
UNDO = "git restore --source=HEAD --staged --worktree -- ."


class Stop(Exception):
    """Nothing was changed, for the reason given in one line."""


@dataclass
class File:
    """A file's mode and content."""

    mode: str
    content: bytes


def environment(more):
    """Ours, without what a hook of git's sets for its own repository."""
    foreign = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX")
    own = {k: v for k, v in os.environ.items() if k not in foreign}
    return {**own, "GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C", **more}


def git(*arguments, cwd, text=b"", **more):
    """What git prints; its own reason where it fails."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd,
            input=text,
            env=environment(more),
            check=False,
            capture_output=True,
        )
    except FileNotFoundError:
        raise Stop("git is not installed") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        reasons = [line for line in said if line.startswith(("fatal: ", "error: "))] or said
        raise Stop(reasons[0] if reasons else f"git {arguments[0]} failed")
    return done.stdout


class Project:
    """A folder in a git repository: its root, or below it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        git("--version", cwd=folder)
        try:
            self.prefix = self.ask("rev-parse", "--show-prefix")
            self.top = Path(self.ask("rev-parse", "--show-toplevel"))
            self.nothing = "0" * len(self.ask("rev-parse", "--verify", "HEAD"))
        except Stop:
            raise Stop("nothing is committed here: git init, git add, git commit first") from None
        self.entries = {}
        listed = git("ls-tree", "-r", "-l", "-z", "HEAD", cwd=folder)
        for line in os.fsdecode(listed).split("\0")[:-1]:
            values, _, path = line.partition("\t")
            mode, _, oid, size = values.split()
            self.entries[path] = (mode, oid, int(size.strip("-") or 0))

    def ask(self, *arguments):
        return os.fsdecode(git(*arguments, cwd=self.folder)).strip("\n")

    def require_clean(self):
        """Refuse changes that are not committed: what comes would be mixed with them."""
        status = self.ask("status", "--porcelain", "--untracked-files=no", "--", ".")
        if status:
            first = status.splitlines()[0][3:]
            raise Stop(f"{first} has changes that are not committed: commit or stash them first")

    def read(self, paths):
        """The files among these paths that are committed."""
        found = [path for path in paths if self.entries.get(path, " ")[0] in REGULAR]
        asked = "".join(f"{self.entries[path][1]}\n" for path in found).encode()
        rest = git("cat-file", "--batch", cwd=self.folder, text=asked)
        files = {}
        for path in found:
            header, _, rest = rest.partition(b"\n")
            size = int(header.split()[-1])
            files[path] = File(self.entries[path][0], rest[:size])
            rest = rest[size + 1 :]
        return files

    def require_free(self, changes):
        """Refuse to write where something is that git does not know."""
        for path, file in changes.items():
            if file and path not in self.entries and os.path.lexists(self.folder / path):
                raise Stop(f"{path} is in the way, and not in git: move it elsewhere")
            for parent in Path(path).parents[:-1] if file else ():
                place, goes = self.folder / parent, changes.get(parent.as_posix(), "") is None
                if (place.is_symlink() or place.is_file()) and not goes:
                    raise Stop(f"{parent.as_posix()} is in the way of a folder: move it elsewhere")

    def stage(self, changes, conflicts):
        """Put changes into the index and the folder; a conflict in its three stages."""
        self.require_free(changes)
        # The index first, at once: whatever happens then, UNDO brings back what was.
        self.write_index(changes, conflicts)
        whole = [each for each, file in changes.items() if file and each not in conflicts]
        text = os.fsencode("".join(f"{self.prefix}{each}\0" for each in whole))
        git("checkout-index", "--force", "--index", "-z", "--stdin", cwd=self.top, text=text)
        for path, file in changes.items():
            place = self.folder / path
            if not file:
                place.unlink(missing_ok=True)
                for parent in map(self.folder.joinpath, Path(path).parents[:-1]):
                    if parent.is_dir() and not any(parent.iterdir()):
                        parent.rmdir()
            elif path in conflicts:
                place.parent.mkdir(parents=True, exist_ok=True)
                command = ["cat-file", "--filters", f"--path={path}", self.store(file)]
                place.write_bytes(git(*command, cwd=self.folder))

    def show(self, changes):
        """Print the difference that changes would make, with git's colours and pager."""
        objects = self.folder / self.ask("rev-parse", "--git-path", "objects")
        with tempfile.TemporaryDirectory() as folder:
            aside = {
                "GIT_INDEX_FILE": os.path.join(folder, "index"),
                "GIT_OBJECT_DIRECTORY": folder,
                "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects.resolve()),
            }
            git("read-tree", "HEAD", cwd=self.top, **aside)
            self.write_index(changes, {}, **aside)
            command = ["git", "diff", "--cached", "--find-renames", "HEAD"]
            subprocess.run(command, cwd=self.top, env=environment(aside), check=False)

    def store(self, file, **aside):
        """The name under which git keeps a content."""
        command = ["hash-object", "-w", "--stdin"]
        return git(*command, cwd=self.folder, text=file.content, **aside).decode().strip()

    def write_index(self, changes, conflicts, **aside):
        """Put changes into the index, all or none of them."""
        written = [(each, 0, file) for each, file in changes.items() if each not in conflicts]
        for path, versions in conflicts.items():
            written += [(path, number, file) for number, file in enumerate(versions, 1)]
        written = [each for each in written if each[2]]
        lines = [f"0 {self.nothing}\t{self.prefix}{path}\0" for path in changes]
        for path, number, file in written:
            name = self.store(file, **aside)
            lines.append(f"{file.mode} {name} {number}\t{self.prefix}{path}\0")
        text = os.fsencode("".join(lines))
        git("update-index", "-z", "--index-info", cwd=self.top, text=text, **aside)
