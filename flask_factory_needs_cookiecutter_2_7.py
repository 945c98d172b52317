"""Checks the answers before Cookiecutter compiles, prompts for or writes anything.

Cookiecutter loads this module as a Jinja extension. The rules themselves are those of
`hooks/pre_gen_project.py`; this module brings them forward, and adds what only it can
see: the source of each answer before it is compiled, and the command line. Versions of
Cookiecutter that are too old to load it print its name.
"""

import difflib
import json
import os
import re
import runpy
import shlex
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import click
from cookiecutter import __version__, cli
from cookiecutter.exceptions import FailedHookException
from jinja2 import Environment, Template
from jinja2.ext import Extension

PATH_TAG = "{{cookiecutter.project_slug}}"
SLUG_DEFAULT = "{{ cookiecutter.__slug }}"
WITHOUT_PROMPTS = ("no_input", "replay", "replay_file")


class Refusal(click.ClickException):
    """One line on standard error, and exit code 1."""

    def show(self, file=None):
        click.echo(self.message, err=True)


class Answers(Extension):
    """Refuses what must not be compiled, and has every template check its context."""

    def __init__(self, environment):
        super().__init__(environment)
        root = template_root()
        self.own = json.loads((root / "cookiecutter.json").read_text(encoding="utf-8"))
        self.questions = [key for key in self.own if not key.startswith("_")]
        self.rules = SimpleNamespace(**runpy.run_path(str(root / "hooks/pre_gen_project.py")))
        hooks = [path.read_text(encoding="utf-8") for path in root.glob("hooks/*.py")]
        derived = [value for key, value in self.own.items() if key.startswith("__")]
        self.sources = [SLUG_DEFAULT, *hooks, *derived]
        self.checked = False
        context = click.get_current_context(silent=True)
        # Empty where no command runs but a program that uses Cookiecutter.
        self.command_line = context.params if context and context.command is cli.main else {}
        self.given = self.command_line.get("extra_context") or {}
        self.check_environment()
        self.check_command_line()
        environment.template_class = CheckedTemplate

    def check_environment(self):
        """Refuse a Cookiecutter that is too old, and tags that are not Jinja's usual ones."""
        if tuple(map(int, re.findall(r"\d+", __version__)[:2])) < (2, 7):
            self.refuse(f"This template needs Cookiecutter 2.7.0 or newer: upgrade {__version__}.")
        for name, usual in vars(Environment(autoescape=True)).items():
            if name.endswith(("_string", "_prefix")) and getattr(self.environment, name) != usual:
                self.refuse("_jinja2_env_vars: leave out what begins with _.")

    def check_command_line(self):
        """Refuse a misspelt or private key, and a tag in a value."""
        for key, value in self.given.items():
            if key not in self.questions:
                name = key.strip("_").lower()
                [near] = difflib.get_close_matches(name, self.questions, n=1, cutoff=0)
                self.refuse(
                    f'There is no option {self.rules.shown(key)}: did you mean "{near}"? '
                    f"The options are {', '.join(self.questions)}."
                )
            if self.rules.TAG.search(value):
                self.refuse(f"{key}: {self.tag_in(value)}.")

    def tag_in(self, value):
        return f"{self.rules.shown(value)} holds a template tag; {self.rules.WITHOUT_TAGS}"

    def preprocess(self, source, name, filename=None):
        """Refuse a source that holds a tag and is not the template's own."""
        is_foreign = name is None and source not in self.sources
        if is_foreign and self.rules.TAG.search(source.replace(PATH_TAG, "")):
            self.refuse(f"An answer is refused: {self.tag_in(source)}.")
        self.source = source
        return source

    def check(self, answers):
        """Check what is known of the answers before a template sees them."""
        if not self.checked:
            left = [key for key in self.own if key not in answers and key != "__prompts__"]
            faults = self.faults_so_far(answers, left[0]) if left else self.faults(answers)
            for message in filter(None, faults):
                self.refuse(f"{message}.", answers)
            self.checked = not left

    def faults_so_far(self, answers, current):
        """What is wrong with the texts that are answered, and the source of the next one."""
        for key in self.rules.TEXTS:
            if key in answers:
                yield self.rules.fault_in_text(key, answers[key], self.own["_reserved"])
        slug, line = answers.get("project_slug"), self.command_line
        if slug and line and not line["overwrite_if_exists"]:
            if Path(line["output_dir"], slug).exists():
                yield f"project_slug: {slug} exists already; type another, or add -f to write into it"
        if self.source != self.own[current] and self.rules.TAG.search(self.source):
            if "project_name" not in answers:
                yield "This replay file does not hold every answer: pass answers as key=value"
            yield f"{current}: only text without tags, or yes or no, can be an answer"

    def faults(self, answers):
        """What is wrong with all of the answers, before the first folder is made."""
        for key, value in self.own.items():
            if key.startswith("_") and not key.startswith("__") and answers[key] != value:
                yield f"{key} is not that of this template: pass answers as key=value"
        yield self.rules.fault(answers)

    def refuse(self, message, answers=None):
        """Stop with one line; after prompts, also with the command that keeps the answers."""
        if not self.command_line:
            raise FailedHookException(message)
        if answers and not any(self.command_line[key] for key in WITHOUT_PROMPTS):
            refused = message.partition(":")[0]
            answers = {**self.given, **answers}
            kept = [f"{k}={answers[k]}" for k in self.questions if k in answers and k != refused]
            given = [f"{k}={v}" for k, v in self.given.items()]
            typed = [each for each in sys.argv[1:] if each not in given]
            again = shlex.join([*program(), *typed, *kept])
            message += f"\nTo answer again with the rest kept: {again}"
        raise Refusal(message)


class CheckedTemplate(Template):
    """A template that is rendered only with answers that may be used."""

    def render(self, /, *args, **context):
        if "cookiecutter" in context:
            self.environment.extensions[Answers.identifier].check(context["cookiecutter"])
        return super().render(*args, **context)


def template_root():
    """The folder of the template in use: one process can use several copies of it."""
    for number in reversed(range(len(sys.path))):
        if Path(sys.path[number], Path(__file__).name).is_file():
            # The hooks run in another folder, from where a relative path leads elsewhere.
            sys.path[number] = os.path.abspath(sys.path[number])
            return Path(sys.path[number])
    return Path(__file__).parent


def program():
    """The words that started Cookiecutter."""
    folders = Path(sys.prefix).parts
    if "archive-v0" in folders or "environments-v2" in folders:
        return ["uvx", "cookiecutter"]
    if "pipx" in folders and "venvs" not in folders:
        return ["pipx", "run", "cookiecutter"]
    if Path(sys.argv[0]).stem == "cookiecutter":
        return ["cookiecutter" if shutil.which("cookiecutter") == sys.argv[0] else sys.argv[0]]
    return [sys.executable, "-m", "cookiecutter"]
