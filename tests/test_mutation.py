"""The proof notices what goes wrong with a template: it is broken here, in typical ways."""

import re

import pytest

from proof import projects, runner
from proof.checks import strange_mirrors
from proof.mutations import FACTORY, HEALTH, NoPlace
from proof.projection import faults
from proof.template import PACKAGE

README = "README.md"
METADATA = "pyproject.toml"
LAST_HOOK = "hooks/post_gen_project.py"


def forget_a_row(mutant):
    path = mutant.row(lambda path, row: path.startswith("tests/test_api") and row == [["api"]])
    mutant.questions(lambda questions: questions["_files"].pop(path))


def keep_a_file_never(mutant):
    path = mutant.row(lambda path, row: row == [["health"]])
    mutant.questions(lambda questions: questions["_files"].update({path: [["health", "pages=on"]]}))


def keep_a_file_always(mutant):
    path = mutant.row(lambda path, row: row == [["health"]])
    mutant.questions(
        lambda questions: questions["_files"].update({path: [["health"], ["health=no"]]})
    )


def contradict(mutant):
    rules = [
        {"if": [["health"]], "then": "config=no", "because": "x"},
        {"if": [["health"]], "then": "config", "because": "x"},
    ]
    mutant.questions(lambda questions: questions["_implications"].extend(rules))


def look_for_a_word_that_nobody_says(mutant):
    mutant.words("health", "yes", ["helthz"])


def look_for_no_word(mutant):
    mutant.words("health", "yes", [])


def name_a_folder_that_is_not_there(mutant):
    mutant.append(README, "\n- `{{ cookiecutter.project_slug }}/health/`: health\n")


def name_a_file_that_is_not_there(mutant):
    name = next(iter(mutant.template().distinctive_names.values()))
    mutant.append(README, f"\nRead `{name}` first.\n")


def speak_of_it_in_the_plural(mutant):
    mutant.append(README, "\nDatabases come later.\n")


def put_a_tag_beside_text(mutant):
    mutant.append(README, "\nAsk twice.{% if cookiecutter.__api %} Or more.{% endif %}\n")


def break_a_sentence(mutant):
    mutant.edit("docs/pages.md", r"\{% raw -%\}(?=\n[a-z])", "{% raw %}")


def begin_a_block_with_nothing(mutant):
    mutant.edit("docs/pages.md", r"```html\n\{% raw -%\}", "```html\n{% raw %}")


def read_an_option_in_what_is_included(mutant):
    tag = r"\{% macro \w+\(.*%\}\n"
    mutant.edit("templates/literals", tag, lambda found: found[0] + "{{ cookiecutter.__api }}")


def read_an_answer_in_a_way_that_is_not_seen(mutant):
    mutant.append(README, "\n{{ cookiecutter['__api'] }}\n")


def ask_whether_there_is_a_text(mutant):
    mutant.append(README, "\n{% if cookiecutter.description %}\nIt is said.\n{% endif %}\n")


def write_an_answer_as_it_was_typed(mutant):
    mutant.append("docs/deploy.md", "\nThis is {{ cookiecutter.project_name }}.\n")


def break_the_syntax_of_a_page(mutant):
    mutant.edit_any("*.html", r"\{% block", "{% blok")


def break_the_syntax_of_a_pipeline(mutant):
    mutant.edit(".github/workflows/ci.yml", r"^    steps:\n", "    steps\n")


def forget_a_conditional(mutant):
    block = r"\{% if cookiecutter\.__health %\}\n(from \. import health\n)\{% endif %\}\n"
    mutant.edit(FACTORY, block, r"\1")


def speak_of_what_is_off(mutant):
    mutant.append(README, "\nAsk `/healthz` first.\n")


def speak_too_seldom_of_what_is_on(mutant):
    narrow = "{% if cookiecutter.__health and cookiecutter.__pages %}"
    mutant.edit(README, r"\{% if cookiecutter\.__health %\}", narrow)


def leave_a_branch_unformatted(mutant):
    mutant.edit(FACTORY, r"health\.init_app\(app\)", "health.init_app( app )")


def leave_a_gap(mutant):
    mutant.append(README, "\n{% if cookiecutter.__config %}\n\nIt is said.\n{% endif %}\n")


def leave_a_space(mutant):
    mutant.edit("wsgi.py", '"""\n', '""" \n')


def lose_the_last_newline(mutant):
    mutant.edit(".gitignore", r"\n\Z", "")


def read_an_answer_raw(mutant):
    mutant.edit(FACTORY, r"if cookiecutter\.__api %", "if cookiecutter.api %")


def leave_a_tag(mutant):
    mutant.edit(FACTORY, '^"""', '"""{% raw %}{{ which }}{% endraw %} ')


def break_the_syntax_of_one_choice(mutant):
    mutant.edit(FACTORY, r"health\.init_app\(app\)", "health.init_app(app")


def import_out_of_order(mutant):
    two = r"^(from flask import \w+\n)(from flask import \w+\n)"
    mutant.edit_any("*.py", two, r"\2\1")


def use_what_a_newer_python_replaces(mutant):
    text = "\n\nfrom typing import TypeVar\n\nT = TypeVar('T')\n\n\ndef same(x: T) -> T:\n    return x\n"
    mutant.append("wsgi.py", text)


def say_when(mutant):
    mutant.append(README, "\n{% now 'utc' %}\n")


def speak_of_a_command_too_seldom(mutant):
    """It is spoken of elsewhere in the README, where there is the example."""
    condition = r"\{% if cookiecutter\.__database != 'none' %\}(\nuv run flask db)"
    mutant.edit(README, condition, r"{% if cookiecutter.__database == 'sqlite' %}\1")


def speak_of_a_file_too_seldom(mutant):
    tag = r"\{% if cookiecutter\.__pages or cookiecutter\.__api or .* %\}"
    mutant.edit("docs/deploy.md", tag, "{% if cookiecutter.__pages %}")


def exchange_what_is_said_of_databases(mutant):
    sqlite = r"'sqlite': ('app\.db[^']*'), 'postgresql': ('[^']*')"
    mutant.edit(".env.example", sqlite, r"'sqlite': \2, 'postgresql': \1")


def keep_a_test_elsewhere(mutant):
    """Where health is on and there are no pages: no line is covered less than 90 %."""
    path = mutant.row(lambda path, row: path.startswith("tests/") and row == [["health"]])
    mutant.questions(lambda questions: questions["_files"].update({path: [["health", "pages"]]}))


def say_the_opposite(mutant):
    mutant.edit("docs/api.md", "unknown fields are refused", "unknown fields are left out")


def say_another_mode(mutant):
    mutant.edit("docs/deploy.md", "install -m 600", "install -m 644")


def promise_something_else(mutant):
    mutant.edit(HEALTH, "raises an exception while", "returns false while")


def exchange_two_labels(mutant):
    labels = {"plain": "JSON, with a request id", "json": "Plain lines"}
    mutant.questions(lambda questions: questions["__prompts__"]["logs"].update(labels))


def exchange_two_paragraphs(mutant):
    mutant.edit("README.md", r"(^## Test\n(?s:.+?))(^## Where(?s:.+?))(?=^## )", r"\2\1")


def say_it_under_another_condition(mutant):
    mutant.edit("README.md", r"(?=%\}\n.+/auth/`)", "and cookiecutter.__api ")


def say_it_in_other_words(mutant):
    mutant.edit(
        "{{cookiecutter.project_slug}}/api/schemas.py", "body is not JSON", "body is no JSON"
    )


def name_a_button_in_other_words(mutant):
    path = "{{cookiecutter.project_slug}}/notes/templates/notes/edit.html"
    mutant.edit(path, r'(?<=else ")Create(?=")', "Add")


def change_what_is_between_two_values(mutant):
    mutant.edit(
        "{{cookiecutter.project_slug}}/auth/users.py", ": user %s from", ": account %s from"
    )


def explain_it_otherwise(mutant):
    mutant.edit(".dockerignore", "no secret does", "each secret does")


@pytest.mark.parametrize(
    ("mutate", "words"),
    [
        (explain_it_otherwise, "dockerignore .*says 'Only .*: each secret does"),
        (say_it_in_other_words, "schemas.py: no test says 'The request body is no JSON.'"),
        (name_a_button_in_other_words, "edit.html: no test says 'Add'"),
        (change_what_is_between_two_values, "users.py: no test says ': account'"),
        (say_the_opposite, "docs/api.md .*says '.* unknown fields are left out"),
        (say_another_mode, "docs/deploy.md .*says 'install -m 644"),
        (promise_something_else, r"health/__init__.py .*says 'A part .* returns false"),
        (exchange_two_labels, "The prompts: says 'logs=plain: JSON"),
        (exchange_two_paragraphs, "README.md .*says '.*, where proof/claims.md has '## Test"),
        (say_it_under_another_condition, r"README.md .*claims.md has '\| `a/auth/` \|"),
        (speak_of_a_command_too_seldom, "README.md .*says nothing of flask db, and others do"),
        (speak_of_a_file_too_seldom, r"deploy.md .*says nothing of security_headers\.py"),
        (exchange_what_is_said_of_databases, r"env.example .*database=sqlite: app\.db"),
        (keep_a_test_elsewhere, "is not there where it has something to test"),
        (forget_a_row, r"tests/test_api.* \{\}: api=yes"),
        (forget_a_conditional, "health=yes: import health"),
        (speak_of_what_is_off, "health=yes: healthz"),
        (speak_too_seldom_of_what_is_on, "README.md .*says nothing of health=yes"),
        (leave_a_branch_unformatted, "ruff format"),
        (leave_a_gap, "too many empty lines"),
        (leave_a_space, "a space at the end of a line"),
        (lose_the_last_newline, "no newline at the end"),
        (read_an_answer_raw, r"reads cookiecutter\.api"),
        (leave_a_tag, "a tag that is not for Flask"),
        (break_the_syntax_of_one_choice, "was never closed"),
        (import_out_of_order, "I001"),
        (use_what_a_newer_python_replaces, "UP047"),
        (name_a_file_that_is_not_there, r"README.md .*names \S+, which may not be there"),
        (say_when, "would not be the same twice"),
        (look_for_no_word, "health=yes has no distinctive words"),
        (keep_a_file_never, "pages=on never holds"),
        (keep_a_file_always, "is in every project"),
        (contradict, "the implications contradict each other"),
        (look_for_a_word_that_nobody_says, "nothing says helthz"),
        (name_a_folder_that_is_not_there, "names a/health/, which may not be there"),
        (speak_of_it_in_the_plural, "database=sqlite: database"),
        (put_a_tag_beside_text, "a tag beside text"),
        (break_a_sentence, "an empty line in a sentence"),
        (begin_a_block_with_nothing, "an empty line at the beginning of a block"),
        (read_an_option_in_what_is_included, r"literals reads cookiecutter\.__api"),
        (read_an_answer_in_a_way_that_is_not_seen, "in a way that is not seen"),
        (ask_whether_there_is_a_text, "a condition on a text"),
        (write_an_answer_as_it_was_typed, r"deploy\.md: an answer as it was typed"),
        (break_the_syntax_of_a_page, "unknown tag 'blok'"),
        (break_the_syntax_of_a_pipeline, r"ci\.yml .*: while scanning a simple key"),
    ],
)
def test_the_projection_notices(mutant, mutate, words):
    mutate(mutant)
    assert any(re.search(words, fault) for fault in faults(mutant.template()))


def depend_on_what_is_not_used(mutant):
    mutant.edit(METADATA, r"^dependencies = \[\n", 'dependencies = [\n    "requests>=2,<3",\n')


def use_what_is_not_declared(mutant):
    mutant.edit(METADATA, r'^    "pydantic.*\n', "")


def import_in_tests_what_is_not_declared(mutant):
    mutant.edit(METADATA, r'^    "pytest>.*\n', "")


def keep_dead_code(mutant):
    mutant.append(HEALTH, "\n\ndef nobody_calls_this() -> None:\n    pass\n")


def use_it_in_tests_alone(mutant):
    mutant.append(HEALTH, "\n\ndef twice(number: int) -> int:\n    return 2 * number\n")
    mutant.write(
        "tests/test_twice.py",
        "from {{ cookiecutter.project_slug }}.health import twice\n\n\n"
        "def test_twice() -> None:\n    assert twice(1) == 2\n",
    )


def assert_nothing(mutant):
    mutant.write("tests/test_idle.py", "def test_idle() -> None:\n    print(1)\n")


def assert_what_is_never_false(mutant):
    mutant.write(
        "tests/test_idle.py",
        "from flask.testing import FlaskClient\n\n\n"
        "def test_idle(client: FlaskClient) -> None:\n"
        '    assert client.get("/").status_code\n',
    )


def compare_two_responses(mutant):
    mutant.write(
        "tests/test_idle.py",
        "from flask.testing import FlaskClient\n\n\n"
        "def test_idle(client: FlaskClient) -> None:\n"
        '    first = client.get("/")\n'
        "    assert first.status_code == 200\n"
        '    assert client.get("/") != first\n',
    )


def assert_that_there_is_something(mutant):
    mutant.write(
        "tests/test_idle.py",
        "from flask.testing import FlaskClient\n\n\n"
        "def test_idle(client: FlaskClient) -> None:\n"
        '    response = client.get("/")\n'
        "    assert response\n",
    )


def get_a_type_wrong(mutant):
    mutant.edit(FACTORY, r"^    return app$", "    return str(app)")


def import_what_is_removed(mutant):
    block = r"\{% if cookiecutter\.__example %\}\nfrom \. import notes\n\{% endif %\}\n"
    mutant.edit(FACTORY, block, "from . import notes as notes\n")


def import_what_windows_lacks(mutant):
    mutant.edit(FACTORY, r"^from flask import Flask$", "import fcntl\n\nfrom flask import Flask")


def speak_of_it_at_last(mutant):
    mutant.append(LAST_HOOK, '\nprint("Ask /healthz first.")\n')


def speak_of_it_at_last_without_uv(mutant):
    text = 'import shutil\n\nprint("" if shutil.which("uv") else "Ask /healthz first.")\n'
    mutant.append(LAST_HOOK, f"\n{text}")


def make_an_empty_folder(mutant):
    mutant.append(LAST_HOOK, '\nimport os\n\nos.mkdir("instance")\n')


def want_less_of_types(mutant):
    mutant.edit(METADATA, r"^strict = true\n", "")
    mutant.edit(HEALTH, r"^def init_app\(app: Flask\) -> None:", "def init_app(app: Flask):")


def look_away(mutant):
    table = '\n[[tool.mypy.overrides]]\nmodule = "tests.*"\nignore_errors = true\n'
    mutant.append(METADATA, table)


def hide_a_wrong_type(mutant):
    mutant.edit(FACTORY, r"^    return app$", "    return None  # type: ignore[return-value]")


def cover_up(mutant):
    mutant.edit(FACTORY, r"^    return app$", "    return app  # pragma: no cover")


def name_a_revision_that_is_not_there(mutant):
    mutant.append(README, "\n`flask db downgrade beginning` goes back.\n")


def turn_the_formatter_off(mutant):
    mutant.append("wsgi.py", "\n# fmt: off\nprint( 1 )\n")


def quiet_what_is_not_heard(mutant):
    mutant.edit(FACTORY, r"^    return app$", "    return app  # noqa: S105")


def lose_a_bound(mutant):
    mutant.edit(METADATA, r'"(flask>=[\d.]+),<\d+"', r'"\1"')


def forget_a_style(mutant):
    mutant.edit_any("layout.html", "</main>", '<p class="wide"></p></main>')


def explain_a_setting_that_nobody_reads(mutant):
    mutant.append(".env.example", "\n#LOG_LEVEL=info\n")


def let_git_see_secrets(mutant):
    mutant.edit(".gitignore", r"^\*\.env\n", "")


def let_git_see_what_tools_leave(mutant):
    mutant.edit(".gitignore", r"^\.venv/\n", "")


def let_lines_end_otherwise(mutant):
    mutant.edit(".gitattributes", " eol=lf", "")


def open_a_file_as_windows_can_not(mutant):
    mutant.append("wsgi.py", "\nimport os\n\nif app.debug:\n    print(os.O_NOFOLLOW)\n")


def name_a_path_that_is_not_there(mutant):
    mutant.append(README, "\nSee `tests/nothing.py`.\n")


def name_a_setting_that_is_not_there(mutant):
    mutant.append("docs/deploy.md", "\nSet `TRUSTED_NOBODY`.\n")


def add_a_link_to_nothing(mutant):
    mutant.edit("docs/pages.md", r'app\.extensions\["\w+"\]', 'app.extensions["menu"]')


def link_to_nothing(mutant):
    mutant.append(README, "\nRead [the guide](docs/nothing.md).\n")


def let_a_proxy_take_more(mutant):
    mutant.edit("docs/deploy.md", r"client_max_body_size \d+m", "client_max_body_size 64m")


def let_tests_warn(mutant):
    mutant.edit(METADATA, r"^filterwarnings = .*\n", "")


def count_no_branches(mutant):
    mutant.edit(METADATA, r"^branch = true\n", "")


def fill_a_block_that_is_not_there(mutant):
    mutant.edit("docs/pages.md", r"(its blocks .*)`content`", r"\g<1>`main`")


def misspell_an_option_of_a_command(mutant):
    mutant.append(README, "\nAsk `uv run flask --helpp`.\n")


def say_another_number(mutant):
    mutant.edit("docs/database.md", r"fail after \d+ seconds", "fail after 99 seconds")


def say_a_number_of_nothing(mutant):
    mutant.append(README, "\nIt takes 17 seconds.\n")


def serve_everybody_on_windows(mutant):
    mutant.edit("docs/deploy.md", r"--listen=127\.0\.0\.1", "--listen=*")


def exchange_what_is_said_of_urls(mutant):
    mutant.edit(README, "`/healthz`(.+)`/readyz`", r"`/readyz`\1`/healthz`")


def keep_a_file_too_long(mutant):
    def is_for_pages(path, row):
        return "/notes/" in path and not path.endswith(".py") and "pages" in str(row)

    def forget_pages(questions):
        rows = questions["_files"]
        if rows[template] == [["pages"]]:
            del rows[template]  # The row of its folder stays.
        else:
            rows[template] = [
                [each for each in terms if each != "pages"] for terms in rows[template]
            ]

    template = mutant.row(is_for_pages)
    mutant.questions(forget_pages)


def keep_a_module_too_long(mutant):
    path = mutant.row(lambda path, row: path.endswith("/links.py"))
    mutant.questions(lambda questions: questions["_files"].pop(path))


def exchange_two_limits(mutant):
    two = r"`(THROTTLE_MAILS)`(.+)`(THROTTLE_CLIENT_MAILS)`"
    mutant.edit("docs/accounts.md", two, r"`\3`\2`\1`")


def promise_another_time(mutant):
    mutant.edit_any("message.txt", "within an hour", "within a day")


def name_a_command_that_is_not_there(mutant):
    mutant.append("docs/accounts.md", "\nType `uv run flask auth add`.\n")


def offer_a_class_that_is_not_there(mutant):
    mutant.edit("docs/pages.md", r"(styles .*classes\s+)`\w+`", r"\1`note`")


def offer_an_element_that_is_not_styled(mutant):
    mutant.edit("docs/pages.md", "styles tables", "styles figures")


def look_for_a_name_elsewhere(mutant):
    mutant.edit("docs/accounts.md", r"(`require_recent_login`, of) `.*?`", r"\1 `auth/users.py`")


def show_a_url_of_nothing(mutant):
    mutant.edit(".env.example", r"smtp\+starttls://", "smtp://")


def keep_migrations_from_the_image(mutant):
    mutant.edit(".dockerignore", r"^!migrations\n", "")


def install_tools_in_the_image(mutant):
    mutant.edit("Dockerfile", " --no-dev", "")


def publish_a_port(mutant):
    mutant.edit("templates/compose/sqlite", r"127\.0\.0\.1:8000:", "8000:")


def write_where_nothing_is_kept(mutant):
    mutant.edit("templates/compose/sqlite", "sqlite:////data", "sqlite:////app")


def raise_what_is_not_said(mutant):
    mutant.edit(f"{PACKAGE}/notes/store.py", r"404 if there is none", "410 if there is none")


def speak_of_a_setting_in_vain(mutant):
    mutant.edit(f"{PACKAGE}/api/cors.py", "origins in CORS_ORIGINS", "origins in ALLOWED_ORIGINS")


def leave_a_service_down(mutant):
    mutant.edit("templates/compose/sqlite", r"^ +restart: .*\n(?= +stop)", "")


def kill_it_sooner_than_said(mutant):
    mutant.edit("templates/compose/sqlite", r"(stop_grace_period: )\d+", r"\g<1>5")


def run_for_nothing_that_is_proposed(mutant):
    mutant.edit(".github/workflows/ci.yml", r"^  pull_request:\n", "")


def update_at_once(mutant):
    mutant.edit(".github/dependabot.yml", r"^    cooldown:\n.*\n", "")


def let_a_secret_into_the_image(mutant):
    mutant.edit(".dockerignore", r"^\*\n", "")


def let_old_bytecode_into_the_image(mutant):
    mutant.edit(".dockerignore", r"^\*\*/__pycache__\n", "")


def let_git_see_a_distribution(mutant):
    mutant.edit(".gitignore", r"^dist/\n", "")


def build_on_another_python(mutant):
    mutant.edit("Dockerfile", r"(?<=-)slim$", "alpine")


def forget_the_port(mutant):
    mutant.edit("Dockerfile", r" \\\n    PORT=8000", "")


def expose_another_port(mutant):
    mutant.edit("Dockerfile", "^EXPOSE 8000", "EXPOSE 8080")


def run_commands_in_development(mutant):
    mutant.edit("Dockerfile", r"APP_ENV=production \\\n +", "")


def install_what_is_not_locked(mutant):
    mutant.edit("Dockerfile", " --locked", "")


def install_another_python(mutant):
    mutant.edit("Dockerfile", " --no-managed-python", "")


def give_the_data_to_another(mutant):
    mutant.edit("Dockerfile", "install -d -o 10001", "install -d -o 1000")


def keep_the_database_elsewhere(mutant):
    mutant.edit("Dockerfile", "sqlite:////data/app.db", "sqlite:////data/data.db")


def ask_over_the_socket(mutant):
    mutant.edit("templates/compose/postgresql", " --host=127.0.0.1,", "")


def ask_for_another_user(mutant):
    mutant.edit("templates/compose/postgresql", "//postgres:", "//app:")


def keep_data_where_it_was_before(mutant):
    mutant.edit("templates/compose/postgresql", r"(?<=/postgresql)\]", "/data]")


def run_another_server_than_is_tested(mutant):
    mutant.edit("templates/compose/postgresql", "postgres:18", "postgres:17")


def wait_half_a_minute(mutant):
    mutant.edit("templates/compose/postgresql", r"^ +interval: 5s\n", "")


def take_an_empty_password(mutant):
    mutant.edit("templates/compose/postgresql", r":\?[^}]+", "")


def forget_a_volume(mutant):
    mutant.edit("templates/compose/postgresql", r"^  data:\n", "  other:\n")


def share_nothing(mutant):
    mutant.edit("templates/compose/postgresql", r"(?<=web:\n)    <<: \*app\n", "")


def build_it_twice(mutant):
    mutant.edit("templates/compose/postgresql", r"^  image: \{\{.*\n", "")


def migrate_otherwise(mutant):
    mutant.edit("templates/compose/postgresql", "db, upgrade", "db, migrate")


def reach_nobody(mutant):
    mutant.edit("templates/compose/sqlite", r"^ +ports: .*\n", "")


def build_from_nothing(mutant):
    mutant.edit("templates/compose/sqlite", r"build: \.$", "build: app")


def leave_the_token(mutant):
    mutant.edit(
        ".github/workflows/ci.yml", "persist-credentials: false", "persist-credentials: true"
    )


def trust_anybody(mutant):
    mutant.edit(".github/workflows/ci.yml", "astral-sh/", "astral-s/")


def update_one_by_one(mutant):
    mutant.edit(".github/dependabot.yml", r"^    groups:\n.*\n.*\n", "")


def speak_to_another_docker(mutant):
    mutant.edit(".gitlab-ci.yml", "docker:28-dind", "docker:27-dind")


def share_no_certificates(mutant):
    mutant.edit(".gitlab-ci.yml", "/certs", "/certificates")


def overlook_more_than_is_needed(mutant):
    mutant.edit("schemathesis.toml", r"^include-method = .*\n", "")


def assert_what_is_always_true(mutant):
    mutant.edit("tests/test_database.py", r"assert result\.exit_code == 0,", "assert result,")


def compare_a_value_with_itself(mutant):
    mutant.edit("tests/test_config.py", r"(assert (app\.config\[.+\])) == 10", r"\1 == \2")


def be_content_without_a_limit(mutant):
    mutant.edit(
        "tests/test_auth_pages.py",
        r"assert statuses\[-2:\] == \[422, 429\]",
        "assert set(statuses) <= {422, 429}",
    )


def be_content_with_any_message(mutant):
    mutant.edit("tests/test_config.py", r"(pytest\.raises\(\S+), match=message\)", r"\1)")


def read_settings_from_elsewhere(mutant):
    mutant.edit("docs/deploy.md", r"^(EnvironmentFile=)/etc/(.+)\.env$", r"\1/etc/default/\2")


def follow_the_log_of_another(mutant):
    mutant.edit("docs/deploy.md", r"journalctl -u \{\{.+?\}\}", "journalctl -u flask")


def leave_libpq_to_the_machine(mutant):
    mutant.edit(METADATA, r"psycopg\[binary\]", "psycopg")


def build_the_last_stage_on_another_python(mutant):
    mutant.edit("Dockerfile", r"^FROM \$\{BASE\}$", "FROM python:3.14-slim")


def hide_the_focus(mutant):
    mutant.edit_any("site.css", r"(outline: 3px solid var\(--)accent", r"\1line")


def hide_the_links(mutant):
    mutant.edit(f"{PACKAGE}/templates/layout.html", "--accent: #6cd3c2", "--accent: #0b6b63")


def lose_a_block(mutant):
    mutant.edit(f"{PACKAGE}/templates/layout.html", r"^ +\{% block head %\}.*\n", "")


def forget_a_nonce(mutant):
    mutant.edit(f"{PACKAGE}/templates/layout.html", r"<style nonce=.+>", "<style>")


def style_one_tag(mutant):
    mutant.edit_any("index.html", "<h1>", '<h1 style="color: red">')


ON_POSTGRESQL = (
    leave_libpq_to_the_machine,
    ask_over_the_socket,
    ask_for_another_user,
    keep_data_where_it_was_before,
    run_another_server_than_is_tested,
    wait_half_a_minute,
    take_an_empty_password,
    forget_a_volume,
    share_nothing,
    build_it_twice,
    migrate_otherwise,
)
# Answers that are not the default's, and without which there is nothing to see.
NEED = {
    import_what_is_removed: {"example": "", "pages": ""},
    keep_a_file_too_long: {"pages": ""},
    keep_a_module_too_long: {"auth": "password", "api": "yes", "pages": ""},
    hide_the_links: {"pages": ""},
    forget_a_nonce: {"pages": ""},
    lose_a_block: {"pages": ""},
    speak_of_it_at_last: {"health": ""},
    speak_of_it_at_last_without_uv: {"health": ""},
    **dict.fromkeys(
        (
            be_content_without_a_limit,
            exchange_two_limits,
            promise_another_time,
            name_a_command_that_is_not_there,
            look_for_a_name_elsewhere,
            show_a_url_of_nothing,
        ),
        {"auth": "password"},
    ),
    **dict.fromkeys(
        (
            keep_migrations_from_the_image,
            install_tools_in_the_image,
            publish_a_port,
            leave_a_service_down,
            kill_it_sooner_than_said,
            write_where_nothing_is_kept,
            let_a_secret_into_the_image,
            let_old_bytecode_into_the_image,
            build_on_another_python,
            build_the_last_stage_on_another_python,
            forget_the_port,
            expose_another_port,
            run_commands_in_development,
            install_what_is_not_locked,
            install_another_python,
            give_the_data_to_another,
            keep_the_database_elsewhere,
            reach_nobody,
            build_from_nothing,
        ),
        {"docker": "yes"},
    ),
    **dict.fromkeys(ON_POSTGRESQL, {"docker": "yes", "database": "postgresql"}),
    speak_to_another_docker: {"docker": "yes", "ci": "gitlab"},
    share_no_certificates: {"docker": "yes", "ci": "gitlab"},
}


@pytest.fixture(scope="module")
def mypy_cache(tmp_path_factory):
    """What mypy remembers from one mutation to the next: it looks at what has changed."""
    return tmp_path_factory.mktemp("mypy") / "cache"


@pytest.mark.proof
@pytest.mark.parametrize(
    ("mutate", "words"),
    [
        (depend_on_what_is_not_used, "DEP002 'requests'"),
        (use_what_is_not_declared, "DEP001 'pydantic'"),
        (keep_dead_code, "unused name 'nobody_calls_this'"),
        (get_a_type_wrong, "return-value"),
        (import_what_is_removed, 'has no attribute "notes"'),
        (import_what_windows_lacks, "Windows has no fcntl"),
        (speak_of_it_at_last, "health=yes: healthz"),
        (speak_of_it_at_last_without_uv, "health=yes: healthz"),
        (want_less_of_types, "mypy has strict = None"),
        (import_in_tests_what_is_not_declared, "DEP00. 'pytest'"),
        (explain_a_setting_that_nobody_reads, "LOG_LEVEL is not read"),
        (keep_a_file_too_long, "nobody names it"),
        (keep_a_module_too_long, "auth/links.py: nobody imports it"),
        (make_an_empty_folder, "instance is not as the projection predicts"),
        (look_away, "overrides keeps something from mypy"),
        (hide_a_wrong_type, r"type: ignore\[return-value\] hides"),
        (cover_up, "pragma: no cover keeps something"),
        (turn_the_formatter_off, "# fmt: +keeps something"),
        (quiet_what_is_not_heard, "RUF100"),
        (use_it_in_tests_alone, "unused name 'twice'"),
        (assert_nothing, "test_idle asserts nothing"),
        (assert_what_is_never_false, "test_idle asserts nothing"),
        (assert_that_there_is_something, "test_idle asserts nothing"),
        (compare_two_responses, r"test_idle compares client\.get\('/'\), which no other"),
        (lose_a_bound, r"flask>=\S+ has no bounds"),
        (forget_a_style, "the class wide is not styled"),
        (name_a_revision_that_is_not_there, "a guide names the revision beginning"),
        (let_git_see_secrets, r"\.gitignore: \*\.env is missing"),
        (let_git_see_what_tools_leave, r"\.gitignore: \.venv is missing"),
        (let_lines_end_otherwise, r"\.gitattributes: on Windows"),
        (open_a_file_as_windows_can_not, "Windows has no os.O_NOFOLLOW"),
        (name_a_path_that_is_not_there, "README.md: tests/nothing.py is not there"),
        (name_a_setting_that_is_not_there, "nothing is called TRUSTED_NOBODY"),
        (add_a_link_to_nothing, "nothing is called menu"),
        (link_to_nothing, "a link leads to docs/nothing.md, which is not there"),
        (let_a_proxy_take_more, "client_max_body_size 64m, and MAX_CONTENT_LENGTH is"),
        (let_tests_warn, "pytest has filterwarnings = None"),
        (count_no_branches, "coverage.run has branch = None"),
        (fill_a_block_that_is_not_there, "docs/pages.md: no page has the block main"),
        (misspell_an_option_of_a_command, "nothing is called helpp"),
        (say_another_number, "'fail after 99 seconds', and sqlite.py has"),
        (say_a_number_of_nothing, "no setting is known to be '17 seconds'"),
        (serve_everybody_on_windows, "can be reached from other machines"),
        (exchange_what_is_said_of_urls, "is said of /healthz, and fits"),
        (exchange_two_limits, "CLIENT_MAILS`.*, and that is not its default"),
        (promise_another_time, "'within a day', and a LIFETIME is"),
        (name_a_command_that_is_not_there, "flask auth has no command add"),
        (offer_a_class_that_is_not_there, "no style sheet has the class note"),
        (offer_an_element_that_is_not_styled, "no style sheet has the element figure"),
        (look_for_a_name_elsewhere, "require_recent_login is not in auth/users.py"),
        (show_a_url_of_nothing, "nothing knows smtp://"),
        (keep_migrations_from_the_image, "migrations/env.py, and the file keeps it from the image"),
        (let_a_secret_into_the_image, r": \.env, and the file lets it into the image"),
        (let_old_bytecode_into_the_image, "pycache__/x.pyc, and the file lets it into the image"),
        (let_git_see_a_distribution, r"\.gitignore: dist is missing"),
        (build_on_another_python, r"it is not built on python:3\.\d+-slim"),
        (forget_the_port, "Dockerfile: it sets no PORT"),
        (expose_another_port, "Dockerfile: it does not expose 8000"),
        (run_commands_in_development, r"its APP_ENV is None, and in \.env\.example another"),
        (install_what_is_not_locked, "Dockerfile: it is installed without --locked"),
        (install_another_python, "Dockerfile: it is installed without --no-managed-python"),
        (give_the_data_to_another, "user 10001 can't write to /data/app.db"),
        (keep_the_database_elsewhere, "its database is .*/app.db, and the image's .*/data.db"),
        (ask_over_the_socket, "database is asked by .*, not over TCP as postgres"),
        (ask_for_another_user, "it asks database by postgresql for /postgres as app"),
        (keep_data_where_it_was_before, "database keeps nothing"),
        (run_another_server_than_is_tested, r"postgres:17'\], and tests PostgreSQL \['18'\]"),
        (wait_half_a_minute, "it waits for database half a minute"),
        (take_an_empty_password, "nobody says that POSTGRES_PASSWORD is missing"),
        (forget_a_volume, "database: data:/var/lib/postgresql is not declared"),
        (share_nothing, "web: nothing says what it runs"),
        (build_it_twice, "each of its services builds an image of its own"),
        (migrate_otherwise, "'flask db migrate' is no command of the guide"),
        (reach_nobody, "compose.yaml: nobody reaches the application"),
        (build_from_nothing, "it is built from app, where there is no Dockerfile"),
        (leave_the_token, "ci.yml: it leaves its credentials in the checkout"),
        (trust_anybody, "ci.yml: astral-s/setup-uv is of somebody else"),
        (update_one_by_one, "what needs each other is not updated together"),
        (speak_to_another_docker, "build runs on docker:28, and asks .*27-dind"),
        (overlook_more_than_is_needed, "it is for None, not for .'DELETE', 'PUT'"),
        (share_no_certificates, "build does not share the certificates of Docker"),
        (install_tools_in_the_image, "installs the tools of development"),
        (publish_a_port, "web: it is reached from other machines at 8000:8000"),
        (leave_a_service_down, "web: what ends is not restarted, and all else is"),
        (kill_it_sooner_than_said, "web: it is not stopped as the guide says, after 35"),
        (run_for_nothing_that_is_proposed, "ci.yml: it runs on"),
        (update_at_once, "updates of uv do not wait for a week"),
        (raise_what_is_not_said, "notes/store.py: no code has the 410"),
        (speak_of_a_setting_in_vain, "cors.py: nothing is called ALLOWED_ORIGINS"),
        (assert_what_is_always_true, "truthy-bool"),
        (compare_a_value_with_itself, r"compares app\.config\[.+\] with itself"),
        (be_content_without_a_limit, r"is content with more than one result: .+ <= \{422, 429\}"),
        (be_content_with_any_message, "is content with any message: pytest.raises"),
        (
            read_settings_from_elsewhere,
            "one thing is at /etc/default/tea_time and at /etc/tea_time.env",
        ),
        (follow_the_log_of_another, "one thing is at flask and at tea_time"),
        (leave_libpq_to_the_machine, "psycopg is wanted with the extra binary"),
        (build_the_last_stage_on_another_python, "a stage is built on python:3.14-slim"),
        (hide_the_focus, ":focus-visible: line on paper has a contrast of 1.3"),
        (hide_the_links, "accent on paper has a contrast of 2.8, dark"),
        (lose_a_block, "api/docs.html: .*/templates/layout.html has no block head"),
        (forget_a_nonce, "layout.html: no browser heeds <style>"),
        (style_one_tag, "no browser heeds <h1 style="),
        (write_where_nothing_is_kept, "writes to /app/app.db, which is on no volume"),
    ],
)
def test_the_static_checks_notice(mutant, everything, mypy_cache, mutate, words):
    mutate(mutant)
    template = mutant.template()
    values = template.settle({**runner.defaults(template), **NEED.get(mutate, {})})
    with pytest.raises(projects.Fault, match=words):
        projects.check_statically(template, values, everything, mypy_cache)


def leave_a_line_untested(mutant):
    mutant.before_the_end_of_the_factory('    if app.config.get("X"):\n        app.debug = True\n')


def want_less_of_tests(mutant):
    mutant.edit(METADATA, r"^fail_under = \d+", "fail_under = 1")
    leave_a_line_untested(mutant)


def answer(mutant, expression):
    """A view that no test asks for."""
    line = f'    app.add_url_rule("/broken", "broken", lambda: {{"x": {expression}}})\n'
    mutant.before_the_end_of_the_factory(line)


def fail_when_served(mutant):
    answer(mutant, "1 / app.testing")


def warn_when_served(mutant):
    answer(mutant, 'app.testing or __import__("warnings").warn("old")')


def log_an_error_when_served(mutant):
    answer(mutant, 'app.testing or app.logger.error("old")')


def warn(mutant):
    line = '    __import__("warnings").warn("old", stacklevel=1)\n'
    mutant.before_the_end_of_the_factory(line)


def skip_a_test(mutant):
    text = (
        'import pytest\n\n\n@pytest.mark.skip(reason="x")\ndef test_x() -> None:\n    assert True\n'
    )
    mutant.write("tests/test_skipped.py", text)


def leave_a_tag_open(mutant):
    mutant.edit_any("layout.html", "</main>", "<div></main>")


def label_nothing(mutant):
    mutant.edit_any("layout.html", "</main>", '<label for="x">X</label></main>')


def label_a_field_with_nothing(mutant):
    mutant.edit_any("layout.html", "</main>", '<input id="x"></main>')


def lead_nowhere(mutant):
    mutant.edit_any("layout.html", "</main>", '<a href="/nothing">Nothing</a></main>')


def name_a_url_that_is_not_there(mutant):
    mutant.append(README, "\nAsk `/nothing` first.\n")


def lead_nowhere_on_an_error(mutant):
    mutant.edit_any("error.html", r"\{% block content %\}", r'\g<0><a href="/nowhere">Home</a>')


def lose_a_header(mutant):
    mutant.edit_any("security_headers.py", r'^    "Permissions-Policy":.*\n', "")


def lose_a_directive(mutant):
    mutant.edit_any("security_headers.py", r"base-uri 'none'; ?", "")


def write_a_wrong_default(mutant):
    mutant.edit(".env.example", r"^(#?MAX_CONTENT_LENGTH=)\d+$", r"\g<1>1")


def listen_on_every_address(mutant):
    mutant.append("gunicorn.conf.py", '\nbind = "0.0.0.0:8000"\n')


def need_what_is_not_installed(mutant):
    mutant.edit(METADATA, r'^    "(granian|gunicorn)>.*\n', "")


def leave_out_the_way_back(mutant):
    mutant.edit_any("notes.py", r'^    op\.drop_table\("notes"\)', "    pass")


def let_the_machine_into_the_tests(mutant):
    mutant.edit("templates/conftest/common", r'^os\.environ\.pop\("FLASK_DEBUG", None\)\n', "")


# Each is of a kind with one of those below: in the night, all of them.
ALIKE = [
    (warn_when_served, "GET /broken answers 500"),
    (want_less_of_tests, "coverage of 100% not reached"),
    (label_nothing, "#x is told of, and is not there"),
    (lead_nowhere_on_an_error, "a page leads to /nowhere"),
    (lose_a_directive, "base-uri"),
    (skip_a_test, "not every test was run"),
    (need_what_is_not_installed, "granian|gunicorn"),
    (warn, "pytest(.|\n)*UserWarning: old"),
    (leave_a_tag_open, "something in <main> is not closed"),
]


@pytest.mark.proof
@pytest.mark.parametrize(
    ("mutate", "words"),
    [
        (leave_a_line_untested, "coverage of 100% not reached"),
        (fail_when_served, "GET /broken answers 500"),
        (log_an_error_when_served, r"ERROR in \w+: old"),
        (leave_out_the_way_back, "already exists"),
        (label_a_field_with_nothing, "the field x has no label"),
        (lead_nowhere, "a page leads to /nothing"),
        (listen_on_every_address, "gunicorn listens on .*0.0.0.0"),
        (lose_a_header, "Permissions-Policy"),
        (let_the_machine_into_the_tests, "must not run with --debug"),
        (write_a_wrong_default, "MAX_CONTENT_LENGTH is 1, and the default is"),
        (name_a_url_that_is_not_there, "README.md names /nothing"),
        *(pytest.param(*each, marks=pytest.mark.nightly) for each in ALIKE),
    ],
)
def test_a_real_run_notices(mutant, mutate, words):
    mutate(mutant)
    template = mutant.template()
    example = "yes" if mutate is leave_out_the_way_back else ""
    # Without the API, whose tests take longest.
    values = {**runner.defaults(template), "api": "", "example": example}
    whole = mutate in (leave_a_line_untested, want_less_of_tests)
    with pytest.raises(projects.Fault, match=words):
        projects.check_running(template, template.settle(values), whole=whole)


@pytest.mark.proof
def test_an_unbroken_template_passes(mutant, everything, mypy_cache):
    """Else the tests above would prove nothing."""
    template = mutant.template()
    values = template.settle({**runner.defaults(template), "api": "", "example": ""})
    projects.check_statically(template, values, everything, mypy_cache)
    projects.check_running(template, values)


def test_a_mutation_without_a_place_says_so(mutant):
    with pytest.raises(NoPlace, match=r"mutation .+: no place for it in README.md"):
        mutant.edit(README, "^what nobody writes$", "")
    with pytest.raises(NoPlace, match="no place for it in nothing.py"):
        mutant.append("nothing.py", "")


def test_swapped_implications_are_noticed(mutant):
    """A rule that the mirrors do not follow is refused by the hooks, and seen by the proof."""
    rule = {"if": [["health=no"]], "then": "pages=no", "because": "x"}
    mutant.questions(lambda questions: questions["_implications"].append(rule))
    assert any("__pages" in each for each in strange_mirrors(mutant.template()))


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
            {"health": "", "database": "none"},
        ),
    ],
)
def test_a_failure_shrinks_to_the_answers_it_needs(mutant, changed, message, smallest):
    template = mutant.template()
    values = runner.defaults(template)
    found = runner.shrink(fail_on_some, {**values, **changed}, message, template)
    assert found == template.settle({**values, **smallest})
