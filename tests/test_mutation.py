"""The proof notices what goes wrong with a template: it is broken here, in typical ways."""

import json
import shutil
from functools import partial

import pytest
from test_projection import test_the_mirrors_follow_the_implications as follow_the_rules

from proof import projects
from proof.__main__ import environment_of_everything, shrink
from proof.projection import Template, faults

FOLDER = "{{cookiecutter.project_slug}}"
PACKAGE = f"{FOLDER}/{{{{cookiecutter.project_slug}}}}"


@pytest.fixture
def copy(template, tmp_path):
    """A copy of the template that a test may break."""
    return shutil.copytree(template, tmp_path / "cookiecutter-flask-factory")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rewrite(copy, change):
    """Let a function change what `cookiecutter.json` says."""
    path = copy / "cookiecutter.json"
    questions = json.loads(path.read_text(encoding="utf-8"))
    change(questions)
    path.write_text(json.dumps(questions), encoding="utf-8")


def forget_a_row(copy):
    rewrite(copy, lambda questions: questions["_files"].pop("tests/test_api.py"))


def keep_a_file_never(copy):
    row = {"tests/test_api_navigation.py": [["api", "pages=on"]]}
    rewrite(copy, lambda questions: questions["_files"].update(row))


def keep_a_file_always(copy):
    row = {"tests/test_health.py": [["health"], ["health=no"]]}
    rewrite(copy, lambda questions: questions["_files"].update(row))


def contradict(copy):
    rules = [
        {"if": [["health"]], "then": "config=no", "because": "x"},
        {"if": [["health"]], "then": "config", "because": "x"},
    ]
    rewrite(copy, lambda questions: questions["_implications"].extend(rules))


def look_for_a_word_that_nobody_says(copy):
    rewrite(
        copy, lambda questions: questions["_options"]["health"]["values"].update(yes=["helthz"])
    )


def name_a_folder_that_is_not_there(copy):
    line = "- `{{ cookiecutter.project_slug }}/config/`: a class for each environment\n"
    edit(copy / FOLDER / "README.md", "## Configure\n", f"## Configure\n\n{line}")


def speak_of_it_in_the_plural(copy):
    edit(copy / FOLDER / "README.md", "## Test\n", "## Test\n\nDatabases come later.\n")


def put_a_tag_beside_text(copy):
    line = "Ask twice.{% if cookiecutter.__api %} Or more.{% endif %}\n"
    edit(copy / FOLDER / "README.md", "## Test\n", f"## Test\n\n{line}")


def read_an_option_in_what_is_included(copy):
    path = copy / "templates" / "literals"
    edit(path, "{% macro toml(text) -%}\n", "{% macro toml(text) -%}\n{{ cookiecutter.__api }}")


def read_an_answer_in_a_way_that_is_not_seen(copy):
    line = "{{ cookiecutter['__api'] }}\n"
    edit(copy / FOLDER / "README.md", "## Test\n", f"## Test\n\n{line}")


def break_the_syntax_of_a_page(copy):
    path = copy / PACKAGE / "pages" / "templates" / "layout.html"
    edit(path, "{% block content %}", "{% blok content %}")


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
    edit(copy / FOLDER / "README.md", "{% endif %}\n## Deploy", "{% endif %}\n\n## Deploy")


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


def name_a_file_that_is_not_there(copy):
    line = "- `{{ cookiecutter.project_slug }}/settings.py`: the settings\n"
    edit(
        copy / FOLDER / "README.md",
        "{% if not cookiecutter.__config %}\n" + line + "{% endif %}\n",
        line,
    )


def say_when(copy):
    edit(copy / FOLDER / "README.md", "## Test\n", "## Test\n\n{% now 'utc' %}\n")


def look_for_no_word(copy):
    rewrite(copy, lambda questions: questions["_options"]["health"]["values"].update(yes=[]))


@pytest.mark.parametrize(
    ("mutate", "words"),
    [
        (forget_a_row, "tests/test_api.py {}: api=yes"),
        (forget_a_conditional, "health=yes: import health"),
        (speak_of_what_is_off, "health=yes: healthz"),
        (leave_a_branch_unformatted, "ruff format"),
        (leave_a_gap, "too many empty lines"),
        (leave_a_space, "a space at the end of a line"),
        (lose_the_last_newline, "no newline at the end"),
        (read_an_answer_raw, "reads cookiecutter.api"),
        (leave_a_tag, "a tag that is not for Flask"),
        (break_the_syntax_of_one_choice, "was never closed"),
        (import_out_of_order, "I001"),
        (use_what_a_newer_python_replaces, "UP047"),
        (name_a_file_that_is_not_there, "names settings.py, which may not be there"),
        (say_when, "would not be the same twice"),
        (look_for_no_word, "health=yes has no distinctive words"),
        (keep_a_file_never, "test_api_navigation.py: pages=on never holds"),
        (keep_a_file_always, "test_health.py is in every project"),
        (contradict, "the implications contradict each other"),
        (look_for_a_word_that_nobody_says, "nothing says helthz"),
        (name_a_folder_that_is_not_there, "names a/config/, which may not be there"),
        (speak_of_it_in_the_plural, "database=sqlite: database"),
        (put_a_tag_beside_text, "a tag beside text"),
        (read_an_option_in_what_is_included, "literals reads cookiecutter.__api"),
        (read_an_answer_in_a_way_that_is_not_seen, "in a way that is not seen"),
        (break_the_syntax_of_a_page, "unknown tag 'blok'"),
    ],
)
def test_the_projection_notices(copy, rules, mutate, words):
    mutate(copy)
    found = faults(Template(copy, rules))
    assert any(words in fault for fault in found)


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
        "from flask import current_app\n",
        "from flask import current_app\n\nfrom . import pages as pages\n",
    )


def speak_of_it_at_last(copy):
    edit(copy / "hooks" / "post_gen_project.py", '{run} pytest"', '{run} pytest  # healthz"')


def speak_of_it_at_last_without_uv(copy):
    edit(copy / "hooks" / "post_gen_project.py", "--group dev", "--group dev  # healthz")


def want_less_of_types(copy):
    edit(copy / FOLDER / "pyproject.toml", "strict = true\n", "")
    edit(copy / PACKAGE / "proxy.py", "(app: Flask) -> None:", "(app: Flask):")


def look_away(copy):
    table = '\n[[tool.mypy.overrides]]\nmodule = "tests.*"\nignore_errors = true\n'
    path = copy / FOLDER / "pyproject.toml"
    path.write_text(path.read_text(encoding="utf-8") + table, encoding="utf-8")


def cover_up(copy):
    edit(copy / PACKAGE / "proxy.py", "    if count:\n", "    if count:  # pragma: no cover\n")


def quiet_what_is_not_heard(copy):
    edit(copy / PACKAGE / "proxy.py", "    if count:\n", "    if count:  # noqa: S105\n")


def use_it_in_tests_alone(copy):
    for path, text in (
        (
            copy / PACKAGE / "proxy.py",
            "\n\ndef twice(number: int) -> int:\n    return 2 * number\n",
        ),
        (copy / FOLDER / "tests" / "test_proxy.py", TWICE),
    ):
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


TWICE = """

def test_twice() -> None:
    from {{ cookiecutter.project_slug }}.proxy import twice

    assert twice(1) == 2
"""


def lose_a_bound(copy):
    edit(copy / FOLDER / "pyproject.toml", '"granian>=2.8,<3"', '"granian>=2.8"')


def forget_a_style(copy):
    path = copy / PACKAGE / "pages" / "templates" / "layout.html"
    edit(path, "<main", '<main class="wide"')


def import_in_tests_what_is_not_declared(copy):
    edit(copy / FOLDER / "pyproject.toml", '    "hypothesis>=6.170,<7",\n', "")


def explain_a_setting_that_nobody_reads(copy):
    edit(copy / FOLDER / ".env.example", "#PORT=8000\n", "#PORT=8000\n\n#LOG_LEVEL=info\n")


def keep_a_file_too_long(copy):
    path = copy / "cookiecutter.json"
    edit(path, '"{slug}/notes/static/": [["pages"]]', '"{slug}/notes/static/": [["example"]]')


def make_an_empty_folder(copy):
    edit(copy / "hooks" / "post_gen_project.py", "    paths = set()\n", EMPTY)


EMPTY = '    paths = set()\n    os.mkdir("instance")\n'


NEED_SOMETHING_OFF = (
    import_what_is_removed,
    keep_a_file_too_long,
    speak_of_it_at_last,
    speak_of_it_at_last_without_uv,
)


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """An interpreter with everything that a project can import."""
    return environment_of_everything(tmp_path_factory.mktemp("everything"))


@pytest.mark.proof
@pytest.mark.parametrize(
    ("mutate", "words"),
    [
        (depend_on_what_is_not_used, "DEP002 'requests'"),
        (use_what_is_not_declared, "DEP001 'pydantic'"),
        (keep_dead_code, "unused function 'nobody_calls_this'"),
        (get_a_type_wrong, "dict-item"),
        (import_what_is_removed, 'has no attribute "pages"'),
        (speak_of_it_at_last, "health=yes: healthz"),
        (speak_of_it_at_last_without_uv, "health=yes: healthz"),
        (want_less_of_types, "no-untyped-def"),
        (import_in_tests_what_is_not_declared, "DEP00. 'hypothesis'"),
        (explain_a_setting_that_nobody_reads, "LOG_LEVEL is not read"),
        (keep_a_file_too_long, "notes.css"),
        (make_an_empty_folder, "instance is not as the projection predicts"),
        (look_away, "overrides keeps something from mypy"),
        (cover_up, "pragma: no cover keeps something"),
        (quiet_what_is_not_heard, "RUF100"),
        (use_it_in_tests_alone, "unused function 'twice'"),
        (lose_a_bound, "granian>=2.8 has no bounds"),
        (forget_a_style, "the class wide is not styled"),
    ],
)
def test_the_static_checks_notice(copy, rules, python, tmp_path, mutate, words):
    values = defaults(copy, rules)
    if mutate in NEED_SOMETHING_OFF:
        values.update(pages="", health="")
    check = partial(projects.check_statically, python=python, cache=tmp_path / "mypy")
    mutate(copy)
    with pytest.raises(projects.Fault, match=words):
        check(Template(copy, rules), values)


def leave_a_line_untested(copy):
    path = copy / FOLDER / "tests" / "test_health.py"
    text = path.read_text(encoding="utf-8")
    start = text.index("def test_it_names_what_is_down")
    path.write_text(text[:start].rstrip() + "\n", encoding="utf-8")


def fail_when_served(copy):
    edit(
        copy / PACKAGE / "health" / "__init__.py",
        '    return {"status": "alive"}',
        '    _ = current_app.testing or 1 / 0\n    return {"status": "alive"}',
    )


def warn_when_served(copy):
    edit(
        copy / PACKAGE / "health" / "__init__.py",
        '    return {"status": "alive"}',
        '    _ = current_app.testing or __import__("warnings").warn("old")\n'
        '    return {"status": "alive"}',
    )


def warn(copy):
    edit(
        copy / PACKAGE / "views.py",
        "    return {",
        '    __import__("warnings").warn("old", stacklevel=1)\n    return {',
    )


def log_an_error_when_served(copy):
    edit(
        copy / PACKAGE / "views.py",
        "    return {",
        '    _ = current_app.testing or current_app.logger.error("old")\n    return {',
    )


def skip_a_test(copy):
    edit(
        copy / FOLDER / "tests" / "test_proxy.py",
        "def test_nobody_is_believed_by_default",
        "import pytest\n\n\n@pytest.mark.skipif(True, reason='x')\ndef test_nobody_is_believed_by_default",
    )


def leave_a_tag_open(copy):
    path = copy / PACKAGE / "api" / "templates" / "api" / "docs.html"
    edit(path, "<h2>Operations</h2>", "<h2>Operations</h2><div>")


def lead_nowhere(copy):
    path = copy / PACKAGE / "api" / "templates" / "api" / "docs.html"
    edit(path, 'href="/"', 'href="/nothing"')


def need_what_is_not_installed(copy):
    edit(copy / FOLDER / "pyproject.toml", '    "granian>=2.8,<3",\n', "")


def want_less_of_tests(copy):
    edit(copy / FOLDER / "pyproject.toml", "fail_under = 100", "fail_under = 50")
    leave_a_line_untested(copy)


def leave_out_the_way_back(copy):
    edit(
        copy / FOLDER / "tests" / "test_migrations.py",
        '["downgrade", "base"], ["upgrade"]',
        '["check"]',
    )
    edit(
        copy / FOLDER / "migrations" / "versions" / "notes.py",
        '    op.drop_table("notes")',
        "    pass",
    )


@pytest.mark.proof
@pytest.mark.parametrize(
    ("mutate", "words"),
    [
        (leave_a_line_untested, "coverage of 100% not reached"),
        (fail_when_served, "GET /healthz answers 500"),
        (warn_when_served, "GET /healthz answers 500"),
        (warn, "pytest(.|\n)*UserWarning: old"),
        (log_an_error_when_served, "ERROR in views: old"),
        (need_what_is_not_installed, "No module named 'granian'"),
        (want_less_of_tests, "coverage of 100% not reached"),
        (leave_out_the_way_back, "already exists"),
        (skip_a_test, "not every test was run"),
        (leave_a_tag_open, "something in <main> is not closed"),
        (lead_nowhere, "a page leads to /nothing"),
    ],
)
def test_a_real_run_notices(copy, rules, mutate, words):
    values = {**defaults(copy, rules), "pages": "", "example": ""}
    if mutate is leave_out_the_way_back:
        values["example"] = "yes"
    mutate(copy)
    with pytest.raises(projects.Fault, match=words):
        projects.check_running(Template(copy, rules), values)


@pytest.mark.proof
def test_an_unbroken_template_passes(copy, rules, python, tmp_path):
    """Else the tests above would prove nothing."""
    whole = Template(copy, rules)
    values = {**defaults(copy, rules), "pages": "", "example": ""}
    projects.check_statically(whole, values, python, tmp_path / "mypy")
    projects.check_running(whole, values)


def defaults(copy, rules):
    template = Template(copy, rules)
    return {option: next(iter(values)) for option, values in template.options.items()}


def test_swapped_implications_are_noticed(copy, rules):
    """A rule that the mirrors do not follow is refused by the hooks, and seen by the proof."""
    path = copy / "cookiecutter.json"
    questions = json.loads(path.read_text(encoding="utf-8"))
    questions["_implications"].append({"if": [["health=no"]], "then": "pages=no", "because": "x"})
    path.write_text(json.dumps(questions), encoding="utf-8")
    with pytest.raises(AssertionError):
        follow_the_rules(Template(copy, rules), questions)


def fail_on_some(template, values):
    if values["config"] == "":
        raise projects.Fault("one\nin detail")
    if values["health"] == "" and values["database"] == "none":
        raise projects.Fault("two\nin detail")


@pytest.mark.parametrize(
    ("changed", "message", "smallest"),
    [
        ({"config": "", "health": "", "database": "none"}, "one", {"config": ""}),
        (
            {"pages": "", "health": "", "database": "none"},
            "two",
            {"health": "", "database": "none", "example": ""},
        ),
    ],
)
def test_a_failure_shrinks_to_the_answers_it_needs(copy, rules, changed, message, smallest):
    values = defaults(copy, rules)
    found = shrink(fail_on_some, {**values, **changed}, message, Template(copy, rules))
    assert found == {**values, **smallest}
