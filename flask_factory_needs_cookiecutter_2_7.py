"""Checks the answers before Cookiecutter compiles, prompts for or writes anything.

Cookiecutter loads this module as a Jinja extension. The rules themselves are those of
`hooks/pre_gen_project.py`; this module brings them forward, and adds what only it can
see: the source of each answer before it is compiled, and the command line. Versions of
Cookiecutter that are too old to load it print its name.
"""

import importlib.util
import json
import re
import shlex
import shutil
import sys
from functools import cache, partial
from pathlib import Path

import click
from cookiecutter import __version__
from cookiecutter.exceptions import FailedHookException
from jinja2 import Template
from jinja2.ext import Extension

PATH_TAG = re.compile(r"{{cookiecutter\.(project_slug)}}")
# A name in a file, which is filled in as Jinja would.
PLAIN_TAG = re.compile(r"{{ ?cookiecutter\.(\w+) ?}}")
# Around a file of Flask's own Jinja, which holds nothing of ours.
RAW, END_RAW = "{% raw -%}\n", "{% endraw %}\n"
# What other templates include: only Jinja's own templates can be.
INCLUDED = ("licenses/", "literals", "database_fixtures")
SLUG_DEFAULT = (
    "{{ cookiecutter.project_name|slugify(separator='_', max_length=40, word_boundary=true) }}"
)


class Answers(Extension):
    """Refuses what must not be compiled, and has every template check its context."""

    def __init__(self, environment):
        super().__init__(environment)
        self.root = template_root()
        self.own = json.loads((self.root / "cookiecutter.json").read_text(encoding="utf-8"))
        rules = self.root / "hooks" / "pre_gen_project.py"
        self.rules = load_rules(rules, rules.stat().st_mtime_ns)
        self.mirrors = {self.own[f"__{option}"]: option for option in self.own["_options"]}
        self.source = ""
        self.checked = False
        self.check_versions()
        self.check_command_line()
        environment.template_class = CheckedTemplate
        self.compile, environment.compile = environment.compile, self.compile_unless_quick

    def check_versions(self):
        """Refuse a Cookiecutter that is too old, and tags that are not Jinja's usual ones."""
        if tuple(map(int, re.findall(r"\d+", __version__)[:2])) < (2, 7):
            raise FailedHookException(
                f"This template needs Cookiecutter 2.7.0 or newer, and this is {__version__}: "
                "upgrade it."
            )
        settings = [getattr(self.environment, name) for name in USUAL]
        if settings != list(USUAL.values()):
            raise FailedHookException("_jinja2_env_vars: leave out what begins with _.")

    def check_command_line(self):
        """Refuse a misspelt or private key, and a tag in a value."""
        command_line = cookiecutter_command()
        given = (command_line and command_line.params["extra_context"]) or {}
        for key, value in given.items():
            if key not in self.questions():
                raise FailedHookException(self.no_such_option(key))
            if self.rules.TAG.search(value):
                raise FailedHookException(f"{key}: {self.tag_in(value)}.")

    def tag_in(self, value):
        return f"{self.rules.shown(value)} holds a template tag; {self.rules.WITHOUT_TAGS}"

    def no_such_option(self, key):
        import difflib

        options = self.questions()
        [near] = difflib.get_close_matches(key.strip("_").lower(), options, n=1, cutoff=0)
        return (
            f'There is no option {self.rules.shown(key)}: did you mean "{near}"? '
            f"The options are {', '.join(options)}."
        )

    def preprocess(self, source, name, filename=None):
        """Refuse a source that holds a tag and is not the template's own."""
        if name is None and self.rules.TAG.search(source) and not self.is_own(source):
            raise FailedHookException(f"An answer is refused: {self.tag_in(source)}.")
        self.source = source
        return source

    def compile_unless_quick(self, source, name=None, filename=None, **options):
        """Compile only what has no quicker way to its text: Jinja takes a millisecond or more."""
        quick = self.quick_way(source, name)
        if not quick:
            return self.compile(source, name, filename, **options)
        self.preprocess(source, name, filename)
        return quick

    def quick_way(self, source, name):
        """A function from the answers to the text that Jinja would make; `None` for most."""
        if name is None and source in self.mirrors:
            return partial(self.mirror, self.mirrors[source])
        if name is not None and is_raw(source):
            return lambda answers: source[len(RAW) : -len(END_RAW)]
        filled_in = (PATH_TAG if name is None else PLAIN_TAG).sub("", source)
        included = name is not None and name.startswith(INCLUDED)
        if included or self.rules.TAG.search(filled_in):
            return None
        return lambda answers: PLAIN_TAG.sub(lambda tag: answers[tag[1]], source)

    def mirror(self, option, answers):
        """The effective value of an option, from the rules that its source must agree with."""
        own = {key: self.own[key] for key in ("_options", "_implications")}
        return self.rules.effective({**answers, **own})[option]

    def is_own(self, source):
        """Whether a source is a derived default, a path or a hook of this template."""
        return (
            not self.rules.TAG.search(PATH_TAG.sub("", source))
            or self.is_derived(source)
            or any(source == hook.read_text(encoding="utf-8") for hook in self.hooks())
        )

    def is_derived(self, source):
        """Whether a source is that of a value which follows from others."""
        return source == SLUG_DEFAULT or any(
            source == value for key, value in self.own.items() if key.startswith("__")
        )

    def hooks(self):
        return sorted((self.root / "hooks").glob("*.py"))

    def questions(self):
        return [key for key in self.own if not key.startswith("_")]

    def check(self, answers):
        """Check what is known of the answers before a template sees them."""
        if self.checked:
            return
        left = [key for key in self.own if key not in answers and key != "__prompts__"]
        if left:
            self.check_so_far(answers, left[0])
        else:
            self.check_all(answers)
            self.checked = True

    def check_so_far(self, answers, current):
        """Check the texts that are answered, and the source of the one that comes now."""
        for key in self.rules.TEXTS:
            if key in answers:
                self.refuse(self.rules.fault_in_text(key, answers[key]), answers)
        if self.source == self.own[current] or not self.rules.TAG.search(self.source):
            return
        if not self.is_derived(self.source):
            self.refuse(f"{current}: {self.tag_in(self.source)}", answers)
        if "project_name" in answers:
            self.refuse(f"{current}: only text, or yes or no, can be an answer", answers)
        raise FailedHookException(
            "This replay file does not hold every answer: pass answers as key=value."
        )

    def check_all(self, answers):
        """Check everything, before the first folder is made."""
        for key, value in self.own.items():
            raw = key.startswith("_") and not key.startswith("__")
            if raw and answers[key] != value:
                raise FailedHookException(
                    f"{key} is not this template's own: it was overridden, or the answers come "
                    "from another version of the template. Pass answers as key=value."
                )
        self.refuse(self.rules.fault(answers), answers)

    def refuse(self, message, answers):
        """Stop with one line; after prompts, also with the command that keeps the answers."""
        if not message:
            return
        lines = [f"{message}."]
        command_line = cookiecutter_command()
        if command_line and not any(command_line.params[key] for key in WITHOUT_PROMPTS):
            refused = message.partition(":")[0]
            given = {**(command_line.params["extra_context"] or {}), **answers}
            kept = [f"{k}={given[k]}" for k in self.questions() if k in given and k != refused]
            template = command_line.params["template"]
            program = ["cookiecutter"]
            if not shutil.which("cookiecutter"):
                program = [sys.executable, "-m", "cookiecutter"]
            again = shlex.join([*program, *options(command_line), template, *kept])
            lines.append(f"To answer again with the rest kept: {again}")
        raise FailedHookException("\n".join(lines))


def is_raw(source):
    """Whether all of a file is for another Jinja."""
    return source.startswith(RAW) and source.index(END_RAW) + len(END_RAW) == len(source)


# What Jinja's tags look like, unless somebody changed it.
USUAL = {
    "variable_start_string": "{{",
    "variable_end_string": "}}",
    "block_start_string": "{%",
    "block_end_string": "%}",
    "comment_start_string": "{#",
    "comment_end_string": "#}",
    "line_statement_prefix": None,
    "line_comment_prefix": None,
}
WITHOUT_PROMPTS = ("no_input", "replay", "replay_file")


class CheckedTemplate(Template):
    """A template that is rendered only with answers that may be used."""

    @classmethod
    def from_code(cls, environment, code, globals, uptodate=None):
        """A template of compiled code, or one that has a quick way."""
        if callable(code):
            return QuickTemplate(environment, code)
        return super().from_code(environment, code, globals, uptodate)

    def render(self, /, *args, **context):
        check(self.environment, context)
        return super().render(*args, **context)


class QuickTemplate:
    """A checked template that was not compiled."""

    def __init__(self, environment, quick):
        self.environment = environment
        self.quick = quick

    def render(self, /, **context):
        check(self.environment, context)
        return self.quick(context["cookiecutter"])


def check(environment, context):
    answers = context.get("cookiecutter")
    if answers is not None:
        environment.extensions[Answers.identifier].check(answers)


def template_root():
    """The folder of the template in use: one process can use several copies of it."""
    name = Path(__file__).name
    for entry in reversed(sys.path):
        # A relative one is seen again by the hooks, which run in the folder that it meant.
        if Path.cwd() == ROOTS.get(entry):
            return ROOTS[entry]
        if Path(entry, name).is_file():
            ROOTS[entry] = Path(entry).resolve()
            return ROOTS[entry]
    return Path(__file__).parent


ROOTS = {}


@cache
def load_rules(path, _changed):
    """The hook as a module."""
    spec = importlib.util.spec_from_file_location("flask_factory_rules", path)
    rules = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rules)
    return rules


def cookiecutter_command():
    """The context of the running `cookiecutter` command; `None` under the API."""
    context = click.get_current_context(silent=True)
    cli = sys.modules.get("cookiecutter.cli")
    return context if context and cli and context.command is cli.main else None


def options(command_line):
    """The options of the running command that decide what it does, as they can be typed."""
    for parameter in command_line.command.params:
        value = command_line.params.get(parameter.name)
        default = parameter.get_default(command_line)
        if parameter.name in KEPT_OPTIONS and value and value != default:
            yield parameter.opts[-1]
            if value is not True:
                yield str(value)


KEPT_OPTIONS = (
    "checkout",
    "config_file",
    "default_config",
    "directory",
    "output_dir",
    "overwrite_if_exists",
    "skip_if_file_exists",
)
