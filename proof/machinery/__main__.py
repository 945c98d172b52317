"""`python -m proof.machinery pages=no errors=html`: bake such a project, and test it."""

import json
import os
import sys
import tempfile
from pathlib import Path

from cookiecutter.main import cookiecutter

from ..programs import Fault, uv
from ..projects import hostile_settings
from . import add_tests, requirements

ROOT = Path(__file__).parents[2]
# Text that would break HTML, TOML, Python or Markdown where it is not escaped.
TEXTS = {
    "project_name": 'Tea "Time" & <Co>',
    "project_slug": "tea_time",
    "description": """Serves <b>"tea"</b> & 'cake' \\o/.""",
}


def bake(answers, folder):
    """A project of these answers in the folder, and the effective values of its options."""
    config = Path(folder, "cookiecutter.yaml")
    config.write_text(
        f"cookiecutters_dir: {folder}\nreplay_dir: {folder}/replay\n", encoding="utf-8"
    )
    output = cookiecutter(
        str(ROOT),
        no_input=True,
        extra_context={**TEXTS, **answers},
        output_dir=str(folder),
        config_file=str(config),
    )
    [replay] = Path(folder, "replay").glob("*.json")
    context = json.loads(replay.read_text(encoding="utf-8"))["cookiecutter"]
    return Path(output), {name[2:]: value for name, value in context.items() if name[:2] == "__"}


def test(project, *arguments):
    """Run both kinds of tests; a `Fault` where one fails, or a branch is not covered."""
    command = "pytest --quiet -rsx --cov --cov-branch --cov-fail-under=100 -W error"
    return uv(
        project, "run", "--no-sync", *command.split(), *arguments, **hostile_settings(project)
    )


def main(arguments):
    """Options for pytest begin with a dash, answers do not."""
    answers = dict(word.split("=", 1) for word in arguments if not word.startswith("-"))
    options = [word for word in arguments if word.startswith("-")]
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        project, values = bake(answers, folder)
        uv(project, "sync", "--quiet")
        if needed := requirements(values):
            uv(project, "pip", "install", "--quiet", *needed)
        add_tests(project, values)
        before = os.times()
        try:
            print(test(project, *options))
        except Fault as fault:
            sys.exit(str(fault))
        after = os.times()
        spent = after.children_user - before.children_user
        spent += after.children_system - before.children_system
        print(f"{spent:.1f} s of CPU")


main(sys.argv[1:])
