"""The answers that made a project, and those that are wanted now."""

import json
import re
import sys
import tomllib
from pathlib import PurePosixPath

from .git import Stop
from .merging import lines
from .template import RECORD

EXAMPLE = "notes"


def record_of(project, template, options):
    """The commit and the answers that made a project: from its record, or a guess."""
    known = project.read([RECORD, ".cruft.json"])
    try:
        if RECORD in known:
            record = tomllib.loads(known[RECORD].content.decode())
            commit, answers = record["commit"], record["answers"]
        elif ".cruft.json" in known:
            record = json.loads(known[".cruft.json"].content)
            commit, context = record["commit"], record["context"]["cookiecutter"]
            answers = {k: str(v) for k, v in context.items() if not k.startswith("_")}
        elif (project.folder / RECORD).exists():
            raise Stop(f"{RECORD} is not committed: commit it first")
        else:
            commit = template.find(options.made_by or template.commit)
            answers = guess(project, template, commit)
            ask(commit, answers, options)
        slug = answers["project_slug"]
    except (KeyError, TypeError, ValueError) as error:
        raise Stop(f"the record can't be read: {error!r}") from None
    commit = template.find(commit)
    return commit, {**answers, "project_slug": package_of(project, slug)}


def package_of(project, slug):
    """The name of the package, also where it was renamed by hand."""
    names = [PurePosixPath(path) for path in project.entries]
    if any(path.parts[-2:] == (slug, "__init__.py") for path in names):
        return slug
    factories = [str(path) for path in names if path.name == "__init__.py" and len(path.parts) == 2]
    found = [
        path for path, file in project.read(factories).items() if b"create_app" in file.content
    ]
    if len(found) != 1:
        raise Stop(f"the package {slug} is gone: put its name into {RECORD} as project_slug")
    return found[0].partition("/")[0]


def own_slices(project, sources, slug):
    """The folders that look like the example: it was renamed, or `add` made them."""
    folder = f"{slug}/{EXAMPLE}/"
    names = {each.removeprefix(folder) for each in sources if each.startswith(folder)}
    own = {each for each in project.entries if each.startswith(f"{slug}/") and each not in sources}
    folders = {"/".join(each.split("/")[:2]) for each in own}
    return [name for name in folders if len({f"{name}/{each}" for each in names} & own) > 2]


def shared_with_slices(template, wanted, theirs):
    """What the example brings beside its own folder, for the slices that outlive it."""
    [full] = template.render((template.commit, {**wanted, "example": "yes"}))
    return {
        path: file
        for path, file in full.items()
        if path not in theirs and path != RECORD and EXAMPLE not in path
    }


def without_example(project, template, commit, answers):
    """The answers without the example, where its owner has deleted it or made it their own."""
    slug = answers["project_slug"]
    is_there = any(each.startswith(f"{slug}/{EXAMPLE}/") for each in project.entries)
    if answers.get("example") != "yes" or is_there:
        return answers
    without = {**answers, "example": "no"}
    if own_slices(project, template.sources(commit, slug), slug):
        return without
    base, less = template.render((commit, answers), (commit, without))
    for path, file in project.read(base).items():
        traces = {*lines(file)} & {*lines(base[path])}
        if path not in less or path != RECORD and not traces <= {*lines(less[path])}:
            return answers
    return without


def wanted(template, answers, given):
    """The answers for the template's commit: what it newly asks is as it was without asking."""
    asked = template.questions(template.commit)
    found = {}
    for key in asked:
        option = asked["_options"].get(key, {})
        names = [name for name in (key, *option.get("formerly", [])) if name in answers]
        if names and not key.startswith("_"):
            found[key] = answers[names[0]]
        elif option:
            found[key] = option["before"]
    return {**found, **given}


def guess(project, template, commit):
    """The answers that make what is most like the project."""
    known = project.read(["pyproject.toml", "README.md"])
    if len(known) < 2:
        raise Stop(f"there is no project here, with a {RECORD} or a pyproject.toml and a README.md")
    metadata = tomllib.loads(known["pyproject.toml"].content.decode())["project"]
    title = re.match(r"# (.+)", known["README.md"].content.decode())
    slug = package_of(project, metadata["name"])
    answers = {
        "project_name": title[1] if title else metadata["name"],
        "project_slug": slug,
        "description": metadata.get("description", "A Flask application."),
        "author_name": metadata.get("authors", [{"name": "Your Name"}])[0]["name"],
    }
    ours = project.read(template.sources(commit, slug))
    questions = template.questions(commit)
    for option, each in questions["_options"].items():
        choices = [{**answers, option: value or "no"} for value in each["values"]]
        made = template.render(*((commit, choice) for choice in choices))
        costs = [unlikeness(files, ours) for files in made]
        answers = choices[costs.index(min(costs))]
    return answers


def unlikeness(files, ours):
    """How many lines the project lacks, and how many of its files should not be there."""
    count = sum(len(lines(file)) for path, file in ours.items() if path not in files)
    for path, file in files.items():
        mine = {*lines(ours[path])} if path in ours else set()
        count += sum(line not in mine for line in lines(file))
    return count


def ask(commit, answers, options):
    """Show what was guessed, and go on only where its owner agrees."""
    print(f"There is no {RECORD}. This seems to have made the project:\n")
    print(f'commit = "{commit}"\n\n[answers]')
    for key, value in answers.items():
        print(key, "=", json.dumps(value, ensure_ascii=False))
    print()
    if options.yes:
        return
    if not sys.stdin.isatty() or input("Is that right? [y/N] ").strip().lower() not in ("y", "yes"):
        raise Stop(f"nothing was changed: write what is right into {RECORD}, or add --yes")
