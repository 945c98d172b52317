"""The proof notices what goes wrong with a template: it is broken here, in typical ways."""

import json
import shutil
from functools import partial

import pytest

from proof import projects
from proof.__main__ import environment_of_everything
from proof.projection import Template, faults

FOLDER = "{{cookiecutter.__folder}}"
PACKAGE = f"{FOLDER}/{{{{cookiecutter.project_slug}}}}"


@pytest.fixture
def copy(template, tmp_path):
    """A copy of the template that a test may break."""
    return shutil.copytree(template, tmp_path / "cookiecutter-flask-factory")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def forget_a_row(copy):
    path = copy / "cookiecutter.json"
    questions = json.loads(path.read_text(encoding="utf-8"))
    del questions["_files"]["tests/test_api.py"]
    path.write_text(json.dumps(questions), encoding="utf-8")


def forget_a_conditional(copy):
    line = "from . import health\n"
    edit(
        copy / PACKAGE / "__init__.py",
        "{% if cookiecutter.__health %}\n" + line + "{% endif %}\n",
        line,
    )


def speak_of_what_is_off(copy):
    edit(copy / FOLDER / "README.md", "## Test\n", "## Test\n\nAsk `/healthz` first.\n")


def leave_a_branch_unformatted(copy):
    edit(
        copy / PACKAGE / "errors" / "__init__.py",
        "    return negotiated(error)",
        "    return negotiated( error )",
    )


def leave_a_gap(copy):
    edit(copy / FOLDER / "README.md", "{% endif %}\nDevelopment", "{% endif %}\n\n\nDevelopment")


def leave_a_space(copy):
    edit(copy / PACKAGE / "views.py", '"""\n', '""" \n')


def lose_the_last_newline(copy):
    path = copy / FOLDER / ".gitignore"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")


def read_an_answer_raw(copy):
    edit(copy / PACKAGE / "__init__.py", "if cookiecutter.__api %}", "if cookiecutter.api %}")


def leave_a_tag(copy):
    edit(copy / PACKAGE / "views.py", "Say which", "Say {% raw %}{{ which }}{% endraw %}")


def break_the_syntax_of_one_choice(copy):
    edit(
        copy / PACKAGE / "errors" / "__init__.py", "    return page(error)", "    return page(error"
    )


def import_out_of_order(copy):
    path = copy / PACKAGE / "proxy.py"
    edit(path, "from flask import Flask\n", "")
    edit(path, "import ProxyFix\n", "import ProxyFix\nfrom flask import Flask\n")


def use_what_a_newer_python_replaces(copy):
    edit(
        copy / PACKAGE / "views.py",
        "bp = ",
        "from typing import TypeVar\n\nT = TypeVar('T')\n\n\ndef same(x: T) -> T:\n    return x\n\n\nbp = ",
    )


@pytest.mark.parametrize(
    "mutate",
    [
        forget_a_row,
        forget_a_conditional,
        speak_of_what_is_off,
        leave_a_branch_unformatted,
        leave_a_gap,
        leave_a_space,
        lose_the_last_newline,
        read_an_answer_raw,
        leave_a_tag,
        break_the_syntax_of_one_choice,
        import_out_of_order,
        use_what_a_newer_python_replaces,
    ],
)
def test_the_projection_notices(copy, rules, mutate):
    mutate(copy)
    assert next(faults(Template(copy, rules)), None)


def depend_on_what_is_not_used(copy):
    edit(copy / FOLDER / "pyproject.toml", '    "werkzeug', '    "requests>=2,<3",\n    "werkzeug')


def use_what_is_not_declared(copy):
    edit(copy / FOLDER / "pyproject.toml", '    "pydantic>=2.12,<3",\n', "")


def keep_dead_code(copy):
    path = copy / PACKAGE / "proxy.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n\ndef nobody_calls_this() -> None:\n    pass\n", encoding="utf-8")


def get_a_type_wrong(copy):
    edit(copy / PACKAGE / "health" / "__init__.py", '{"status": "alive"}', '{"status": 1}')


def import_what_is_removed(copy):
    edit(
        copy / PACKAGE / "views.py",
        "from flask import Flask\n",
        "from flask import Flask\nfrom . import pages\n",
    )


def speak_of_it_at_last(copy):
    edit(copy / "hooks" / "post_gen_project.py", '"uv run pytest"', '"uv run pytest  # healthz"')


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """An interpreter with everything that a project can import."""
    return environment_of_everything(tmp_path_factory.mktemp("everything"))


@pytest.mark.proof
@pytest.mark.parametrize(
    "mutate",
    [
        depend_on_what_is_not_used,
        use_what_is_not_declared,
        keep_dead_code,
        get_a_type_wrong,
        import_what_is_removed,
        speak_of_it_at_last,
    ],
)
def test_the_static_checks_notice(copy, rules, python, tmp_path, mutate):
    values = defaults(copy, rules)
    if mutate in (import_what_is_removed, speak_of_it_at_last):
        values.update(pages="", health="")
    check = partial(projects.check_statically, python=python, cache=tmp_path / "mypy")
    mutate(copy)
    with pytest.raises(projects.Fault):
        check(Template(copy, rules), values)


def leave_a_line_untested(copy):
    path = copy / FOLDER / "tests" / "test_health.py"
    text = path.read_text(encoding="utf-8")
    start = text.index("def test_it_names_what_is_down")
    path.write_text(text[:start].rstrip() + "\n", encoding="utf-8")


def fail_when_served(copy):
    edit(
        copy / PACKAGE / "views.py",
        "    return {",
        "    if not current_app.testing:\n        1 / 0\n    return {",
    )


def warn(copy):
    edit(
        copy / PACKAGE / "views.py",
        '    """Say which application answers."""\n',
        '    """Say which application answers."""\n    __import__("warnings").warn("old", stacklevel=1)\n',
    )


def need_what_is_not_installed(copy):
    edit(copy / FOLDER / "pyproject.toml", '    "granian>=2.8,<3",\n', "")


@pytest.mark.proof
@pytest.mark.parametrize(
    "mutate", [leave_a_line_untested, fail_when_served, warn, need_what_is_not_installed]
)
def test_a_real_run_notices(copy, rules, mutate):
    values = {**defaults(copy, rules), "pages": ""}
    mutate(copy)
    with pytest.raises(projects.Fault):
        projects.check_running(Template(copy, rules), values)


@pytest.mark.proof
def test_an_unbroken_template_passes(copy, rules, python, tmp_path):
    """Else the tests above would prove nothing."""
    whole = Template(copy, rules)
    values = {**defaults(copy, rules), "pages": ""}
    projects.check_statically(whole, values, python, tmp_path / "mypy")
    projects.check_running(whole, values)


def defaults(copy, rules):
    template = Template(copy, rules)
    return {option: next(iter(values)) for option, values in template.options.items()}


def test_swapped_implications_are_noticed(copy, rules):
    """A rule that the mirrors do not follow is refused by the hooks, and seen here."""
    path = copy / "cookiecutter.json"
    questions = json.loads(path.read_text(encoding="utf-8"))
    questions["_implications"].append({"if": [["health=no"]], "then": "pages=no", "because": "x"})
    path.write_text(json.dumps(questions), encoding="utf-8")
    whole = Template(copy, rules)
    values = {option: "no" if option == "health" else "yes" for option in ("health", "pages")}
    answers = {**questions, **values}
    rendered = whole.environment().from_string(questions["__pages"]).render(cookiecutter=answers)
    assert rendered == "yes"
    assert whole.settle({"health": "", "pages": "yes"})["pages"] == ""
