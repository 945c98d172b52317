"""The answers that made a project, and those that are wanted now."""

import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import PurePosixPath

from .git import Stop
from .template import EXAMPLE, RECORD


def record_of(project, template):
    """The commit and the answers that made a project: from its record, or a guess."""
    try:
        if RECORD in project.files:
            record = tomllib.loads(project.files[RECORD].decode())
            commit, answers = record["commit"], record["answers"]
        elif ".cruft.json" in project.files:
            record = json.loads(project.files[".cruft.json"])
            commit, context = record["commit"], record["context"]["cookiecutter"]
            answers = {k: str(v) for k, v in context.items() if not k.startswith("_")}
        else:
            commit, answers = template.commit, guess(project, template)
        slug = answers["project_slug"]
    except (KeyError, TypeError, ValueError) as error:
        raise Stop(f"neither a record nor files of the template are here: {error!r}") from None
    return template.find(commit), {**answers, "project_slug": package_of(project, slug)}


def package_of(project, slug):
    """The name of the package, also where it was renamed by hand."""
    if any(f"/{path}".endswith(f"/{slug}/__init__.py") for path in project.files):
        return slug
    packages = [path for path in project.files if re.fullmatch("[^/]+/__init__.py", path)]
    found = [path for path in packages if b"def create_app" in project.files[path]]
    if len(found) != 1:
        raise Stop(f"the package {slug} is gone: put its name into {RECORD} as project_slug")
    return found[0].partition("/")[0]


def has_slices(project, sources):
    """Whether a folder of the owner's looks like the example, as `add` makes them."""
    names = {PurePosixPath(path).name for path in sources if f"/{EXAMPLE}/" in path}
    own = [PurePosixPath(path) for path in project.files if path not in sources]
    alike = Counter(path.parent for path in own if path.name in names)
    return max(alike.values(), default=0) > 2


def wanted(template, answers, given):
    """The answers for the template's commit: what it newly asks is as it was without asking."""
    asked = template.questions(template.commit)
    found = {key: answer for key, answer in answers.items() if key in asked}
    for key, option in asked["_options"].items():
        names = [name for name in (key, *option.get("formerly", [])) if name in answers]
        found[key] = answers[names[0]] if names else option["before"]
    return {**found, **given}


def guess(project, template):
    """The answers that make what is most like the project, where its owner agrees."""
    metadata = tomllib.loads(project.files["pyproject.toml"].decode())["project"]
    readme = project.files["README.md"].decode()
    answers = {
        "project_name": re.match("# (.+)", readme)[1],
        "project_slug": package_of(project, metadata["name"]),
        "description": metadata["description"],
        "author_name": metadata["authors"][0]["name"],
    }
    sources = template.sources(template.commit, answers["project_slug"])
    ours = lines_of({path: file for path, file in project.files.items() if path in sources})
    for option, each in template.questions(template.commit)["_options"].items():
        choices = [{**answers, option: value or "no"} for value in each["values"]]
        made = template.render(*((template.commit, choice) for choice in choices))
        unlike = [len(lines_of(files) ^ ours) for files in made]
        best = unlike.index(min(unlike))
        answers, record = choices[best], made[best][RECORD]
    print(f"There is no {RECORD}. This seems to be right:\n\n{record.decode()}")
    print("Is it? [y/N] ", end="", flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Stop(f"nothing was changed: write what is right into {RECORD}, and commit it")
    return answers


def lines_of(files):
    return {(path, line) for path, file in files.items() for line in file.splitlines()}
