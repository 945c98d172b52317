"""Any answer is refused in one line before a file exists, or said back exactly."""

import ast
import html
import importlib.util
import itertools
import json
import keyword
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import unicodedata

import cmarkgfm
import pytest
from conftest import bytes_below, files_below
from cookiecutter.environment import StrictEnvironment
from cookiecutter.exceptions import FailedHookException
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from uv import find_uv_bin

from proof import reserved
from proof.hostile import ATTACKS, BAD_SLUGS, GOOD_SLUGS, REAL_TEXT, TEXTS


def plain(tokens):
    """The text that a reader of rendered Markdown sees."""
    return "".join(
        plain(token.children) if token.children else token.content for token in tokens or []
    )


def read_back(folder):
    """What each file of a project says the answers are."""
    metadata = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = {
        "project_slug": {folder.name, metadata["name"]},
        "description": {metadata["description"]},
        "author_name": {metadata["authors"][0]["name"]},
        "project_name": set(),
    }
    readme = (folder / "README.md").read_text(encoding="utf-8")
    inline = [token for token in MarkdownIt().parse(readme) if token.type == "inline"]
    said["project_name"].add(plain(inline[0].children))
    said["description"].add(plain(inline[1].children))
    heading, paragraph = shown_by_github(readme)
    said["project_name"].add(heading)
    said["description"].add(paragraph)
    package = folder / folder.name
    tree = ast.parse((package / "config.py").read_text(encoding="utf-8"))
    said["project_name"].add(title_in(tree))
    for template in package.glob("pages/templates/**/*.html"):
        text = template.read_text(encoding="utf-8")
        for shown in re.findall(
            r'name="description" content="(.*)">|class="lead".*?>(.*)</p>', text
        ):
            said["description"].add(html.unescape("".join(shown)))
    licence = (folder / "LICENSE").read_text(encoding="utf-8")
    said["author_name"].add(licence.splitlines()[2].removeprefix("Copyright (c) "))
    return said


def shown_by_github(readme):
    """The first heading and the first paragraph, as GitHub's own parser shows them."""
    page = cmarkgfm.github_flavored_markdown_to_html(readme)
    found = re.match(r"<h1>(.*?)</h1>\n<p>(.*?)</p>\n", page, re.DOTALL).groups()
    return [html.unescape(re.sub(r"<[^>]*>", "", each)) for each in found]


def title_in(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and node.targets[0].id == "APP_TITLE":
            return ast.literal_eval(node.value)
        if isinstance(node, ast.keyword) and node.arg == "APP_TITLE":
            return ast.literal_eval(node.value)
    raise AssertionError("no title")


def check(generate, answers):
    """Refused with nothing left, or a whole project that says the answers back."""
    try:
        folder = generate(project_slug="said_back", **answers)
    except FailedHookException as refusal:
        lines = str(refusal).splitlines()
        assert len(lines) == 1
        assert lines[0].isascii()
        return None
    for path in files_below(folder):
        text = (folder / path).read_text(encoding="utf-8")
        if path.endswith(".py"):
            compile(text, path, "exec")
        assert text == "" or text.endswith("\n")
    for key, found in read_back(folder).items():
        assert found == {{**answers, "project_slug": "said_back"}.get(key, *found)}, key
    return folder


@pytest.mark.parametrize("text", REAL_TEXT)
def test_real_text_is_said_back(project, text):
    assert check(project, dict.fromkeys(TEXTS, text))


def test_real_text_is_written_as_the_formatter_would(template):
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(template / "templates"), trim_blocks=True, lstrip_blocks=True
    )
    python = environment.get_template("literals").module.python
    lines = "".join(f"TITLE = {python(text)}\n" for text in REAL_TEXT)
    ruff = [sys.executable, "-m", "ruff", "format", "-"]
    result = subprocess.run(ruff, input=lines, check=True, capture_output=True, encoding="utf-8")
    assert result.stdout == lines


# The same texts every time; a project is made anew for each of them.
STEADY = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def any_text():
    rough = st.text(min_size=1, max_size=40)
    marks = st.text(alphabet="\"'\\*_`[]()<>#&;!~$|{}%:-+=.1a \u200f", min_size=1, max_size=20)
    return st.one_of(rough, marks)


@settings(STEADY, max_examples=25)
@given(answers=st.fixed_dictionaries({key: any_text() for key in TEXTS}))
@example(answers=dict.fromkeys(TEXTS, "\\"))
def test_any_text_is_refused_or_said_back(project, answers):
    check(project, answers)


@pytest.mark.proof
@settings(STEADY, max_examples=300)
@given(answers=st.fixed_dictionaries({key: any_text() for key in TEXTS}))
def test_more_text_is_refused_or_said_back(project, answers):
    check(project, answers)


@pytest.mark.proof
@pytest.mark.nightly
@settings(STEADY, max_examples=3000)
@given(answers=st.fixed_dictionaries({key: any_text() for key in TEXTS}))
def test_much_text_is_refused_or_said_back(project, answers):
    check(project, answers)


@pytest.mark.proof
@settings(STEADY, max_examples=200)
@given(name=any_text(), slug=st.one_of(st.none(), any_text(), st.text("abz019_", min_size=1)))
def test_any_slug_is_refused_or_is_the_name_of_all(project, name, slug):
    """Asked for or derived, in any script."""
    answers = {"project_name": name} if slug is None else {"project_slug": slug}
    try:
        folder = project(**answers)
    except FailedHookException as refusal:
        assert str(refusal).startswith(("project_slug: ", "project_name: ", "An answer is refused"))
        return
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", folder.name)
    assert slug in (None, folder.name)
    assert (folder / folder.name / "__init__.py").exists()


def attack_on_one_prompt():
    """Each attack once, the prompts in turn."""
    keys = (*TEXTS, "project_slug")
    return [(keys[number % 4], attack) for number, attack in enumerate(ATTACKS)]


def attack_on_every_prompt():
    quick = set(attack_on_one_prompt())
    return [
        pytest.param(key, attack, marks=() if (key, attack) in quick else pytest.mark.proof)
        for attack in ATTACKS
        for key in (*TEXTS, "project_slug")
    ]


@pytest.mark.parametrize(("key", "attack"), attack_on_every_prompt())
def test_an_attack_is_refused_or_is_text(command, key, attack):
    """Through the real command: one line and nothing left, or a project that says it back."""
    if "\0" in attack:
        attack = attack.replace("\0", "\x01")  # No operating system passes a NUL.
    outside = set(command.output.parent.iterdir())
    result = command(f"{key}={attack}")
    assert not list(command.output.parent.rglob("MARK"))
    assert set(command.output.parent.iterdir()) == outside
    if result.returncode:
        assert (result.returncode, result.stdout) == (1, "")
        assert len(result.stderr.splitlines()) == 1, result.stderr
        assert command.left() == []
    else:
        assert result.stderr == ""
        [name] = command.left()
        assert attack in read_back(command.output / name)[key]


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("helth=n", 'There is no option "helth": did you mean "health"?'),
        ("__auth=yes", 'There is no option "__auth": did you mean '),
        ("__pages=yes", 'There is no option "__pages": did you mean "pages"?'),
        ("__prompts__=x", 'There is no option "__prompts__": did you mean '),
        ("_files=x", 'There is no option "_files": did you mean '),
        ("he\nlth=n", 'There is no option "he\\nlth": did you mean "health"?'),
        ("\x1b[2Jx=n", 'There is no option "\\u001b[2Jx": did you mean '),
        ("_template=x", 'There is no option "_template": did you mean '),
        ("Pages=n", 'There is no option "Pages": did you mean "pages"?'),
        ("=n", 'There is no option "": did you mean '),
        ("description={{ 1 }}", 'description: "{{ 1 }}" holds a template tag; write it without'),
        ("project_slug=Bad", 'project_slug: "Bad" must begin with a letter a-z'),
        ("project_slug=flask", 'project_slug: "flask" is a library\'s name; type another, such as'),
        ("project_slug=123_go", 'project_slug: "123_go" must begin with a letter a-z'),
        ("project_slug=", 'project_slug: "" says nothing; type'),
        (
            "project_slug=my-shop",
            'project_slug: "my-shop" must begin with a letter a-z and go on with a-z, 0-9 and single '
            "underscores, 40 at most; type my_shop (a repository can be cloned under that name: git clone URL "
            "my_shop)",
        ),
        ("project_slug=my-class", 'project_slug: "my-class" must begin with a letter a-z'),
    ],
)
def test_a_refusal_is_one_line_that_says_what_to_type(command, argument, words):
    result = command(argument)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(words)
    assert len(result.stderr.splitlines()) == 1
    assert command.left() == []


@pytest.mark.parametrize("argument", ["errors=xml", "pages=perhaps", "_extensions=x"])
def test_cookiecutter_itself_refuses_a_wrong_choice(command, argument):
    """Before anything of ours is loaded: a traceback whose last line names the choices."""
    result = command(argument)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("ValueError: ")
    assert command.left() == []


def test_a_late_refusal_keeps_the_other_answers(command):
    text = "Tea Time\nclass\n"
    result = command("author_name=O'Neil", "errors=json", "-o", "api", no_input=False, text=text)
    assert result.returncode == 1
    reason, again = result.stderr.splitlines()
    assert reason == (
        'project_slug: "class" is a word of Python\'s own; type another, such as class_app.'
    )
    typed = shlex.split(again.removeprefix("To answer again with the rest kept: "))
    answers = ["project_name=Tea Time", "author_name=O'Neil", "errors=json"]
    assert typed[:3] == [sys.executable, "-m", "cookiecutter"]
    assert typed[3:] == [str(command.template), "-o", "api", *answers]
    assert command.left() == []


PYTHON_M = [sys.executable, "-m", "cookiecutter"]


@pytest.mark.parametrize(
    ("prefix", "typed", "words"),
    [
        ("/home/ada/.cache/uv/archive-v0/x1", "/x/bin/cookiecutter", ["uvx", "cookiecutter"]),
        ("/home/ada/.cache/pipx/1f2", "/x/bin/cookiecutter", ["pipx", "run", "cookiecutter"]),
        (
            "/home/ada/.local/share/pipx/venvs/cookiecutter",
            "{folder}/cookiecutter",
            ["cookiecutter"],
        ),
        ("/home/ada/.local/share/uv/tools/cookiecutter", "{folder}/cookiecutter", ["cookiecutter"]),
        ("/home/ada/.venv", "/x/bin/cookiecutter", ["/x/bin/cookiecutter"]),
        ("/home/ada/.venv", "/x/cookiecutter/__main__.py", PYTHON_M),
    ],
)
def test_the_command_to_try_again_is_the_one_that_was_used(
    extension, tmp_path, monkeypatch, prefix, typed, words
):
    (tmp_path / "cookiecutter").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", prefix)
    monkeypatch.setattr(sys, "argv", [typed.format(folder=tmp_path)])
    assert extension.program() == words


@pytest.fixture
def extension(template):
    path = template / "flask_factory_needs_cookiecutter_2_7.py"
    spec = importlib.util.spec_from_file_location("extension", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("version", ["1.7.3", "2.6.0", "2.7.0", "2.10.1", "3.0.0"])
def test_a_cookiecutter_that_is_too_old_is_refused(extension, monkeypatch, version):
    monkeypatch.setattr(extension, "__version__", version)
    if version in ("1.7.3", "2.6.0"):
        words = f"This template needs Cookiecutter 2.7.0 or newer: upgrade {version}."
        with pytest.raises(FailedHookException, match=f"^{re.escape(words)}$"):
            extension.Answers(Environment(autoescape=True))
    else:
        assert extension.Answers(Environment(autoescape=True)).questions


def test_the_tag_of_the_folder_is_no_answer(project):
    """It is the only one that Cookiecutter compiles beside the template's own texts."""
    tag = "{{cookiecutter.project_slug}}"
    with pytest.raises(FailedHookException) as refusal:
        project(description=tag)
    words = "only text without tags, or yes or no, can be an answer"
    assert str(refusal.value) == f"description: {words}."


def test_a_folder_in_the_way_is_told_at_once(command):
    """Not after all the other questions; with `-f` it is what was meant."""
    (command.output / "tea_time").mkdir()
    result = command(no_input=False, text="Tea Time\n\n")
    assert result.returncode == 1
    reason, again = result.stderr.splitlines()
    assert reason.startswith("project_slug: tea_time exists already; ")
    assert again.endswith('"project_name=Tea Time"') or again.endswith("'project_name=Tea Time'")
    assert files_below(command.output) == ["tea_time"]
    assert command("-f", no_input=False, text="Tea Time\n" + "\n" * 20).returncode == 0


@pytest.mark.parametrize("slug", GOOD_SLUGS)
def test_a_good_slug_is_taken(rules, questions, slug):
    assert rules.fault_in_text("project_slug", slug, questions["_reserved"]) is None


@pytest.mark.parametrize("slug", [*BAD_SLUGS, *(word for word in keyword.kwlist if word.islower())])
def test_a_bad_slug_is_refused(rules, questions, slug):
    message = rules.fault_in_text("project_slug", slug, questions["_reserved"])
    assert message.startswith("project_slug: ")


def test_the_reserved_names_are_those_that_are_found(rules, questions):
    """This Python's words and modules, and what lies at a project's root and in its tests."""
    names, _ = reserved.of_python()
    names |= reserved.of_template()
    assert "test_pages" in names
    assert reserved.missing(names, rules, questions["_reserved"]) == []


@pytest.mark.proof
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_reserved_names_are_those_that_are_installed(project, rules, questions, database):
    """All that a project with everything on can import."""
    folder = project(database=database)
    env = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    subprocess.run([find_uv_bin(), "sync", "--quiet"], cwd=folder, env=env, check=True)
    python = folder / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    _, names = reserved.of_python(python, own=folder.name)
    assert "werkzeug" in names
    assert reserved.missing(names, rules, questions["_reserved"]) == []


def test_a_reserved_name_is_refused_with_one_that_is_not(rules, questions):
    for name in itertools.chain(*questions["_reserved"].values()):
        message = rules.fault_in_text("project_slug", name, questions["_reserved"])
        hint = message.rpartition(" ")[2]
        assert rules.fault_in_text("project_slug", hint, questions["_reserved"]) is None


# The classes of what turns the direction of the text around it, by Unicode's own names.
TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_every_character_of_the_kinds_that_hide_is_refused(rules):
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        hidden = unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        hidden |= unicodedata.bidirectional(character) in TURNS
        refused = rules.fault_in_text("description", f"a{character}b", {}) is not None
        assert refused == hidden, hex(number)


TAG_WORDS = "write it without a brace before another brace, % or #"
SLUG_WORDS = (
    "must begin with a letter a-z and go on with a-z, 0-9 and single underscores, 40 at most; type"
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"project_name": ""}, 'project_name: "" says nothing; type some text'),
        ({"author_name": "\u3000"}, 'author_name: "\\u3000" says nothing; type some text'),
        ({"description": 5}, "description: 5 says nothing; type some text"),
        ({"description": "a "}, 'description: "a " begins or ends with a space; remove it'),
        ({"description": "x" * 300}, None),
        ({"description": "x" * 301}, "description: 301 characters are too many; 300 is the most"),
        ({"description": "a{{b"}, f'description: "a{{{{b" holds a template tag; {TAG_WORDS}'),
        ({"description": "a{%b"}, f'description: "a{{%b" holds a template tag; {TAG_WORDS}'),
        ({"description": "a{#b"}, f'description: "a{{#b" holds a template tag; {TAG_WORDS}'),
        (
            {"description": "a\udc80"},
            'description: "a\\udc80" is not valid text here; use a UTF-8 locale',
        ),
        (
            {"description": "a\rb"},
            'description: "a\\rb" holds the control character U+000D; remove it',
        ),
        (
            {"description": "a\u2066" + "b" * 60},
            f'description: "a\\u2066{"b" * 48}..." holds the control character U+2066; remove it',
        ),
        ({"project_slug": "a" * 40}, None),
        (
            {"project_slug": "a" * 41},
            f'project_slug: "{"a" * 41}" {SLUG_WORDS} a name such as my_app',
        ),
        ({"pages": "perhaps"}, 'pages: "perhaps" is not an answer; it must be yes or no'),
        (
            {"database": "mysql"},
            'database: "mysql" is not an answer; it must be sqlite or postgresql or none',
        ),
        ({"_x": "1"}, '"_x" is not for answers; leave out what begins with _'),
        ({"_extensions": []}, '"_extensions" is not for answers; leave out what begins with _'),
        (
            {"__pages": "maybe"},
            "__pages: it must follow from the answers; leave out what begins with _",
        ),
        ({"_files": {"a/../b": []}}, '_files: "a/../b" is not a path inside the project'),
        ({"_output_dir": "a{{b"}, f'the output folder "a{{{{b" can\'t be used; {TAG_WORDS}'),
        ({"_output_dir": "a\nb"}, f'the output folder "a\\nb" can\'t be used; {TAG_WORDS}'),
    ],
)
def test_the_hook_refuses_in_these_words(rules, whole, changes, words):
    """What it looks at where a platform strips the extension."""
    answers = {**whole.json, **dict.fromkeys((*TEXTS, "project_slug"), "tea")}
    answers |= {option: values[0] for option, values in asked_first(answers).items()}
    answers |= {f"__{option}": value for option, value in rules.effective(answers).items()}
    assert rules.fault({**answers, **changes}) == words


def asked_first(answers):
    """The values of each option, the default first."""
    asked = {option: answers[option] for option in answers["_options"]}
    return {
        option: value if isinstance(value, list) else ["yes" if value else "no"]
        for option, value in asked.items()
    }


def test_the_hook_says_what_is_not_answered(rules):
    assert rules.fault({"project_name": "Tea"}).startswith("project_slug, description, ")
    assert rules.fault({}).endswith(": not answered; pass answers as key=value")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("My Flask App", "my_flask_app"),
        ("Привет, мир", "privet_mir"),
        ("東京", "dong_jing"),
        ("Zoë's Café", "zoe_s_cafe"),
        ("word " * 30, None),
        ("It goes on " * 5 + "for ever", "it_goes_on_it_goes_on_it_goes_on_it_goes"),
        ("3D Printing Tracker", "app_3d_printing_tracker"),
        ("42 " * 20, "app_42_42_42_42_42_42_42_42_42_42_42_42"),
        ("7" * 60, "app"),
        ("Flask", "flask_app"),
        ("class", "class_app"),
        ("Test Pages", "test_pages_app"),
        ("\N{PARTY POPPER}", "my_app"),
        ("!!!", "my_app"),
    ],
)
def test_a_slug_is_derived_from_any_script(project, name, slug):
    if slug is None:
        slug = "_".join(["word"] * 8)
    assert project(project_name=name.strip()).name == slug


@settings(STEADY, max_examples=300)
@given(name=st.one_of(any_text(), st.text("0123456789 ab-", max_size=60)))
@example(name="")
@example(name="0" * 50)
@example(name="Flask")
@example(name="3D Printing")
def test_no_default_is_offered_that_would_be_refused(default_slug, rules, questions, name):
    """Whatever the name, in any script."""
    slug = default_slug(name)
    assert rules.fault_in_text("project_slug", slug, questions["_reserved"]) is None


@pytest.fixture(scope="module")
def default_slug(questions):
    """The default in plain Jinja, as where a platform strips the extension."""
    template = StrictEnvironment().from_string(questions["__slug"])
    given = {"_reserved": questions["_reserved"]}
    return lambda name: template.render(cookiecutter={**given, "project_name": name})


def test_no_reserved_name_is_offered(default_slug, rules, questions):
    for name in itertools.chain(*questions["_reserved"].values()):
        assert default_slug(name) == f"{name}_app"


@pytest.mark.parametrize("value", [False, 0, "0", "no", "No ", ["no"], "false", "off", "n"])
def test_a_switch_is_off_however_it_is_said(project, value):
    folder = project(health=value)
    assert not (folder / "my_flask_app" / "health").exists()


@pytest.mark.parametrize("value", [True, 1, "1", "yes", " YES", ["yes"], "true", "on", "y"])
def test_a_switch_is_on_however_it_is_said(project, value):
    assert (project(health=value) / "my_flask_app" / "health").exists()


@pytest.mark.parametrize("value", [None, 2, ["perhaps"], {"a": 1}, 1.5])
def test_a_switch_is_nothing_else(project, value):
    with pytest.raises(Exception, match="^health: "):
        project(health=value)


def test_a_configuration_file_is_obeyed(command, tmp_path):
    settings_file = tmp_path / "config.yaml"
    settings_file.write_text(
        "default_context:\n  health: 0\n  pages: no\n  errors: json\n  author_name: 'Zoë: [x]'\n"
        f"cookiecutters_dir: {tmp_path}\nreplay_dir: {tmp_path}\n",
        encoding="utf-8",
    )
    result = command("--config-file", str(settings_file))
    assert result.returncode == 0, result.stdout
    folder = command.output / "my_flask_app"
    assert not (folder / "my_flask_app" / "health").exists()
    assert not (folder / "my_flask_app" / "pages").exists()
    assert (folder / "tests" / "test_errors_json.py").exists()
    assert read_back(folder)["author_name"] == {"Zoë: [x]"}


@pytest.fixture
def replayed(command):
    """Run the command once, change the answers it saved, and replay them."""

    def replay(**changes):
        assert command("author_name=Ada").returncode == 0
        [saved] = command.home.glob(".cookiecutter_replay/*.json")
        context = json.loads(saved.read_text(encoding="utf-8"))
        context["cookiecutter"].update(changes)
        saved.write_text(json.dumps(context), encoding="utf-8")
        for path in command.output.iterdir():
            path.rename(command.home / path.name)
        return command("--replay-file", str(saved), no_input=False)

    return replay


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"project_slug": "../evil"}, "project_slug: "),
        ({"project_slug": ""}, "project_slug: "),
        ({"__pages": "maybe"}, "__pages: "),
        ({"pages": "no"}, "__pages: "),
        ({"errors": "xml", "__errors": "xml"}, "errors: "),
        ({"description": "a\nb"}, "description: "),
        ({"description": 5}, "description: "),
        ({"_files": {"../../evil": [["pages"]]}}, "_files "),
        ({"_options": {}}, "_options "),
        ({"_copy_without_render": ["*"]}, '"_copy_without_render" '),
        ({"_jinja2_env_vars": {"variable_end_string": "x"}}, "_jinja2_env_vars: "),
    ],
)
def test_a_changed_replay_file_is_refused(command, replayed, changes, words):
    result = replayed(**changes)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(words)
    assert len(result.stderr.splitlines()) == 1
    assert command.left() == []


def test_a_switch_in_a_replay_file_means_what_it_says(command, replayed):
    assert replayed(health="no", __health="").returncode == 0
    assert not (command.output / "my_flask_app" / "my_flask_app" / "health").exists()


def test_a_hand_made_replay_file_is_told_the_other_way(command, questions, tmp_path):
    mine = tmp_path / "mine.json"
    answers = {key: "yes" for key in questions if not key.startswith("_")}
    mine.write_text(json.dumps({"cookiecutter": answers}), encoding="utf-8")
    result = command("--replay-file", str(mine), no_input=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("This replay file does not hold every answer: pass answers as")
    assert len(result.stderr.splitlines()) == 1
    assert command.left() == []


@pytest.fixture
def stripped(template, tmp_path):
    """The template as a platform has it that strips extensions and merges answers."""

    def strip(**answers):
        folder = tmp_path / "stripped" / "cookiecutter-flask-factory"
        shutil.copytree(template, folder)
        path = folder / "cookiecutter.json"
        questions = json.loads(path.read_text(encoding="utf-8"))
        del questions["_extensions"]
        path.write_text(json.dumps({**questions, **answers}), encoding="utf-8")
        return folder

    return strip


def test_without_the_extension_the_template_still_works(command, stripped, project):
    answers = {"health": "false", "pages": "no", "errors": "json", "description": "It's <b>"}
    result = command(template=stripped(**answers))
    assert result.returncode == 0, result.stderr
    assert bytes_below(command.output / "my_flask_app") == bytes_below(project(**answers))


@pytest.mark.parametrize(
    "answers",
    [
        {"project_slug": "../evil"},
        {"project_slug": "a/../../evil"},
        {"project_slug": "/tmp/evil"},  # noqa: S108
        {"project_slug": ""},
        {"errors": "xml"},
        {"pages": "perhaps"},
        {"description": "a\nb"},
        {"project_name": '" or __import__("os").system("touch MARK") or "'},
    ],
)
def test_without_the_extension_the_hook_is_the_wall(command, stripped, answers):
    folder = stripped(**answers)
    result = command("-f", template=folder)
    if "project_name" in answers:
        assert result.returncode == 0
    else:
        assert result.returncode == 1
        assert result.stderr.splitlines()[0].startswith("Error: ")
        assert [path for path in files_below(command.output) if "." in path] == []
    around = files_below(command.output.parent)
    assert [name for name in around if "evil" in name or "MARK" in name] == []


@pytest.mark.parametrize("how", ["relative", "dotted", "beside itself"])
def test_the_template_can_be_named_from_where_one_is(command, template, how):
    """Hooks run in the template's folder, from where a relative path leads elsewhere."""
    name = template.name
    if how == "beside itself":
        shutil.copytree(template, command.output / name)
        shutil.copytree(template, command.output / name / name)
        relative = name
    else:
        relative = os.path.relpath(template, command.output)
        relative = os.path.join(".", relative) if how == "dotted" else relative
    result = command("--output-dir", "out", template=relative)
    assert result.returncode == 0, result.stdout
    assert (command.output / "out" / "my_flask_app" / "wsgi.py").exists()


@pytest.mark.parametrize("folder", ["a{{x}}b", "{{cookiecutter.project_slug}}", "a\rb"])
def test_an_output_folder_is_not_compiled(command, folder):
    result = command("--output-dir", folder)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("the output folder ")
    assert files_below(command.output) == []


def test_answers_under_which_the_extension_is_off_are_refused(project):
    with pytest.raises(FailedHookException):
        project(_extensions=[])


@pytest.mark.parametrize(
    "kind", ["note", "link", "link below", "linked file", "linked test", "file", "folder"]
)
def test_what_is_in_the_way_is_not_overwritten(command, tmp_path, kind):
    folder = command.output / "my_flask_app"
    (folder / "tests").mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    mine = tmp_path / "mine"
    mine.write_text("mine", encoding="utf-8")
    if kind == "note":
        (folder / ".cookiecutter-note.json").write_text("mine", encoding="utf-8")
    if kind == "link":
        (folder / "my_flask_app").symlink_to(elsewhere)
    if kind == "link below":
        (folder / "my_flask_app" / "pages").mkdir(parents=True)
        (folder / "my_flask_app" / "pages" / "templates").symlink_to(elsewhere)
    if kind == "linked file":
        (folder / "README.md").symlink_to(mine)
    if kind == "linked test":
        (folder / "tests" / "test_factory.py").symlink_to(mine)
    if kind == "file":
        (folder / "my_flask_app").write_text("mine", encoding="utf-8")
    if kind == "folder":
        (folder / "LICENSE").mkdir()
    before = files_below(command.output)
    result = command("-f")
    assert result.returncode == 1
    assert result.stderr.splitlines()[0].startswith("Error: ")
    assert "move it elsewhere" in result.stderr
    assert files_below(command.output) == before
    assert files_below(elsewhere) == []
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_link_where_nothing_is_written_is_left_alone(command, tmp_path):
    link = command.output / "my_flask_app" / "venv" / "bin" / "python"
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "python")
    assert command("-f").returncode == 0
    assert link.is_symlink()


def test_hooks_import_nothing_from_where_they_lie(command, tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit('planted')\n", encoding="utf-8")
    result = command(env={"TMPDIR": str(tmp_path)})
    assert result.returncode == 0, result.stderr


def test_a_platform_may_add_a_key_of_its_own(command, template, tmp_path):
    folder = shutil.copytree(template, tmp_path / "copy" / template.name)
    path = folder / "cookiecutter.json"
    questions = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**questions, "owner": "x"}), encoding="utf-8")
    assert command(template=folder).returncode == 0


def test_cookiecutter_skips_a_wrong_choice_in_a_configuration_file(command):
    """And all that follows it."""
    settings_file = command.home / ".cookiecutterrc"
    settings_file.write_text(
        "default_context:\n  pages: no\n  errors: xml\n  health: no\n  author_name: Ada\n",
        encoding="utf-8",
    )
    result = command()
    assert result.returncode == 0
    assert "Invalid default received" in result.stdout + result.stderr
    folder = command.output / "my_flask_app"
    assert not (folder / "my_flask_app" / "pages").exists()
    assert (folder / "my_flask_app" / "health").exists()
    assert read_back(folder)["author_name"] == {"Your Name"}


def test_what_a_caller_must_refuse(command, project, tmp_path):
    """A key that is no question, before the template can see it; a folder that is a link."""
    mark = tmp_path / "MARK"
    run = "{{ cycler.__init__.__globals__.os.system('touch " + str(mark) + "') }}"
    with pytest.raises(FailedHookException):
        project(description=run)
    assert not mark.exists()
    with pytest.raises(FailedHookException):
        project(description=run, _extensions=[])
    assert mark.exists()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (command.output / "my_flask_app").symlink_to(elsewhere)
    assert command("-f").returncode == 0
    assert (elsewhere / "wsgi.py").exists()
