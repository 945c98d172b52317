"""The commands: diff, update and add."""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

from . import answers, migrations, slices
from .git import UNDO, Project, Stop
from .merging import merge, moves
from .template import RECORD, Template, answers_of, origin


def main(arguments=None):
    """Run a command: 0 where all is done, 1 where something is left to its owner."""
    options = parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="flask-factory-") as folder:
            return options.run(options, Path(folder))
    except Stop as stop:
        print(f"Error: {stop}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("Error: interrupted; the project is as it was.", file=sys.stderr)
    return 1


def parser():
    parser = argparse.ArgumentParser("flask-factory", description="Update a project that was made.")
    commands = parser.add_subparsers(required=True, metavar="command")
    helps = {
        "diff": "show what update would change",
        "update": "take a newer template, other answers, or both",
        "add": "add a slice like the example under another name, such as: add orders order",
    }
    for name, words in helps.items():
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(run=add if name == "add" else update, is_staged=name != "diff")
        command.add_argument("--template", metavar="ADDRESS", help="of another template's clone")
        command.add_argument("--to", metavar="COMMIT", help="a tag or a commit of the template")
        command.add_argument("--made-by", metavar="COMMIT", help="where there is no record")
        command.add_argument("--yes", action="store_true", help="take what is guessed then")
        if name == "add":
            command.add_argument("plural")
            command.add_argument("singular")
        else:
            command.add_argument("answers", nargs="*", metavar="key=value")
            words = "what happens to those that a new project would have otherwise"
            command.add_argument("--migrations", choices=("keep", "drop"), help=words)
    return parser


def update(options, folder):
    """Merge what the template makes of other answers, or of a newer commit."""
    given = {}
    for each in options.answers:
        key, equals, given[key] = each.partition("=")
        if not equals:
            raise Stop(f"{each} is no answer: write key=value")
    project, template, old, known = begin(options, folder)
    if options.to is None and template.is_older(template.commit, old):
        raise Stop(
            f"this flask-factory is of {template.commit[:7]}, and the project of {old[:7]}, which "
            "is newer: start it with uvx --refresh, or name a commit with --to"
        )
    if given.get("project_slug", known["project_slug"]) != known["project_slug"]:
        raise Stop("project_slug: rename the package by hand, and update will follow")
    made = answers.without_example(project, template, old, known)
    wanted = answers.wanted(template, made, given)
    base, theirs = template.render((old, made), (template.commit, wanted))
    effective, record = answers_of(theirs), theirs.pop(RECORD)
    base.pop(RECORD, None)
    slug = known["project_slug"]
    sources = [template.sources(commit, slug) for commit in (old, template.commit)]
    if made.get("example") == "yes" != effective.get("example"):
        if answers.own_slices(project, sources[0], slug):
            theirs |= answers.shared_with_slices(template, wanted, theirs)
    now, is_kept = migrations.settle(base, migrations.of(project), theirs, options.migrations)
    # A file has moved where neither is among those that the other commit's answers can make.
    gone = {path: file for path, file in base.items() if path not in sources[1]}
    new = {path: file for path, file in theirs.items() if path not in sources[0]}
    merged = merge(project, base, now, moves(gone, new))
    if project.read([RECORD]).get(RECORD) != record:
        merged.changes[RECORD] = record
    notes = []
    if made != known:
        notes.append("The example is gone, or yours: from now on the record says example = no.")
    if is_kept:
        notes.append("Migrations stay as they are: flask db migrate writes what the models need.")
    if {known.get("database"), effective.get("database")} == {"sqlite", "postgresql"}:
        notes.append("The new database is empty: moving rows is not for this program.")
    notes.append(f"The template is taken as of {template.commit[:7]}.")
    return finish(options, project, merged, notes)


def add(options, folder):
    """Merge the example in under another name."""
    project, template, commit, known = begin(options, folder)
    names = options.plural, options.singular
    taken = f"{known['project_slug']}/{options.plural}"
    if any(path == f"{taken}.py" or path.startswith(f"{taken}/") for path in project.entries):
        raise Stop(f"{taken} is there already: choose another name")
    base, new = slices.slice_of(project, template, commit, known, *names)
    merged = merge(project, base, new, ours_first=True)
    notes = [f"{taken}/ is yours: uv run ruff format, and uv run flask db upgrade."]
    return finish(options, project, merged, notes)


def begin(options, folder):
    """The project, the template, and the commit and the answers that made the one of the other."""
    project = Project(Path.cwd())
    if options.is_staged:
        project.require_clean()
    address, commit = (options.template, "HEAD") if options.template else origin()
    if os.path.exists(address):
        address = os.path.abspath(address)
    template = Template(folder, address, options.to or commit)
    return project, template, *answers.record_of(project, template, options)


def finish(options, project, merged, notes):
    """Show the merge or stage it, and say what to look at."""
    if not merged.changes:
        print("Nothing changes.")
        return 0
    if options.is_staged:
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # For a moment: all or nothing.
        project.stage(merged.changes, merged.conflicts)
        signal.signal(signal.SIGINT, handler)
        notes.append(f"Staged, and not committed: {len(merged.changes)} files.")
    else:
        project.show(merged.changes)
    # A difference alone is what `git apply` and a pager take.
    file = sys.stdout if options.is_staged else sys.stderr
    print(*notes, sep="\n", file=file)
    listed("Left as you have it (renamed or deleted)", merged.spared, file)
    listed("Read this, since you and the template changed the same place", merged.read, file)
    if options.is_staged:
        is_locked = "uv.lock" in project.entries and "pyproject.toml" in merged.changes
        print("What next:\n")
        print(*(["    uv lock"] if is_locked else []), "    git diff --staged", sep="\n")
        print(f"    {UNDO}     (to undo all of it)")
    listed("In conflict", merged.conflicts, sys.stderr)
    return 1 if merged.conflicts else 0


def listed(words, paths, file):
    if paths:
        print(f"{words}: {', '.join(sorted(paths))}.", file=file)
