"""Take a newer template or other answers into a project; add a slice like the example."""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from . import answers, migrations, slices
from .git import UNDO, Project, Stop
from .merging import merge, moves
from .template import EXAMPLE, RECORD, Template, origin


def main(arguments=None):
    """Run a command: 0 where all is done, 1 where something is left to its owner."""
    options = parser().parse_intermixed_args(arguments)
    try:
        if not shutil.which("git"):
            raise Stop("git is not installed")
        with tempfile.TemporaryDirectory(prefix="flask-factory-") as folder:
            project = Project(Path.cwd())
            if options.command != "diff":
                project.require_clean()
            address, commit = (options.template, "HEAD") if options.template else origin()
            template = Template(Path(folder), address, options.to or commit)
            run = add if options.command == "add" else update
            return finish(options, project, *run(options, project, template))
    except Stop as stop:
        print(f"Error: {stop}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("Error: interrupted; the project is as it was.", file=sys.stderr)
    return 1


def parser():
    parser = argparse.ArgumentParser("flask-factory", description=__doc__)
    parser.add_argument("command", choices=("diff", "update", "add"))
    words = "an answer that is another now; for add a plural and a singular, such as: orders order"
    parser.add_argument("words", nargs="*", metavar="key=value", help=words)
    parser.add_argument("--template", metavar="ADDRESS", help="of another template's clone")
    parser.add_argument("--to", metavar="COMMIT", help="a tag or a commit of the template")
    words = "what happens to those that a new project would have otherwise"
    parser.add_argument("--migrations", choices=("keep", "drop"), help=words)
    return parser


def update(options, project, template):
    """Merge what the template makes of other answers, or of a newer commit."""
    for each in options.words:
        if "=" not in each:
            raise Stop(f"{each} is no answer: write key=value")
    given = dict(each.split("=", 1) for each in options.words)
    old, known = answers.record_of(project, template)
    slug = known["project_slug"]
    if options.to is None and template.is_before(old):
        words = "start the newest with uvx --refresh, or name a commit with --to"
        raise Stop(f"this flask-factory is older than the project: {words}")
    if given.get("project_slug", slug) != slug:
        raise Stop("project_slug: rename the package by hand, and update will follow")
    made = dict(known)
    if not any(path.startswith(f"{slug}/{EXAMPLE}/") for path in project.files):
        made["example"] = "no"  # It was deleted, or became a part of one's own.
    wanted = answers.wanted(template, made, given)
    base, theirs = template.render((old, made), (template.commit, wanted))
    sources = [template.sources(commit, slug) for commit in (old, template.commit)]
    base.pop(RECORD, None)
    example = f"{slug}/{EXAMPLE}/__init__.py"
    if example in base and example not in theirs and answers.has_slices(project, sources[0]):
        [full] = template.render((template.commit, {**wanted, "example": "yes"}))
        theirs |= {k: v for k, v in full.items() if k not in theirs and EXAMPLE not in k}
    now, is_kept = migrations.settle(base, project.files, theirs, options.migrations)
    # A file has moved where neither is among those that the other commit's answers can make.
    gone = {path: file for path, file in base.items() if path not in sources[1]}
    new = {path: file for path, file in theirs.items() if path not in sources[0]}
    moved = moves(gone, new)
    if RECORD in project.files:
        base[RECORD] = project.files[RECORD]  # It is no text to merge.
    merged = merge(project.files, base, now, moved)
    notes = [f"The template is taken as of {template.commit[:7]}."]
    if made != known:
        notes.append("The example is gone, or yours: from now on the record says example = no.")
    if is_kept:
        notes.append("Migrations stay as they are: flask db migrate writes what the models need.")
    if {known.get("database"), wanted["database"]} == {"sqlite", "postgresql"}:
        notes.append("The new database is empty: moving rows is not for this program.")
    return merged, notes


def add(options, project, template):
    """Merge the example in under another name."""
    commit, known = answers.record_of(project, template)
    base, new = slices.slice_of(project, template, commit, known, options.words)
    notes = [f"{options.words[0]}/ is yours: uv run ruff format, and uv run flask db upgrade."]
    return merge(project.files, base, new, {}), notes


def finish(options, project, merged, notes):
    """Show the merge or stage it, and say what to look at."""
    if not merged.changes:
        print("Nothing changes.")
        return 0
    lists = {
        "Left as you have it (renamed or deleted)": merged.spared,
        "Read this, since you and the template changed the same place": merged.read,
    }
    notes += [f"{words}: {', '.join(sorted(paths))}." for words, paths in lists.items() if paths]
    if options.command == "diff":
        project.show(merged.changes)
        print(*notes, sep="\n", file=sys.stderr)  # What it has shown is for `git apply`.
    else:
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # For a moment: all or nothing.
        project.stage(merged.changes, merged.conflicts)
        signal.signal(signal.SIGINT, handler)
        print(*notes, f"Staged, and not committed: {len(merged.changes)} files.\n", sep="\n")
        if "uv.lock" in project.files and "pyproject.toml" in merged.changes:
            print("    uv lock")
        print(f"    git diff --staged\n    {UNDO}     (to undo all of it)")
    if merged.conflicts:
        print(f"In conflict: {', '.join(sorted(merged.conflicts))}.", file=sys.stderr)
    return 1 if merged.conflicts else 0
