"""The commands of the README's table 'From a script': what people paste must always be proven."""

import re
import shlex

from .runner import ROOT, default


def commands():
    """The arguments of each command, as the README writes them."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"\| `cookiecutter (--no-input .+?)` \|", readme)


def rows(template):
    """The effective values of each command."""
    for arguments in commands():
        words = [word.partition("=") for word in shlex.split(arguments)]
        answers = {name: value for name, _, value in words if name in template.options}
        switches = {name: "" if value == "no" else value for name, value in answers.items()}
        base = {option: default(option, template) for option in template.options}
        yield template.settle({**base, **switches})
