"""Refuse answers that can't make a whole project, before its first file is written.

The Jinja extension at the template's root loads this file for the same rules, so that
most refusals come earlier still. This hook is the last wall: it also sees the answers
that skip every prompt, such as those of a replay file.
"""

import sys

if __name__ == "__main__":
    # The folder of a rendered hook is for everybody's temporary files: import nothing from it.
    sys.path.pop(0)

import json
import keyword
import os
import re
import unicodedata

LONGEST_TEXT = 300
LONGEST_SLUG = 40
SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# A brace that would open a template tag.
TAG = re.compile(r"\{[%#{]")
WITHOUT_TAGS = "write it without a brace before another brace, % or #"
TEXTS = ("project_name", "project_slug", "description", "author_name")
YES = ("1", "true", "t", "yes", "y", "on")
NO = ("0", "false", "f", "no", "n", "off")
# What pre_gen found in a folder that was not empty; post_gen reads and removes it.
NOTE = ".cookiecutter-existing.json"

# What Cookiecutter, cruft and this template keep beside the answers.
PRIVATE = """
    _checkout _commit _extensions _files _implications _jinja2_env_vars _new_lines _options
    _output_dir _repo_dir _template
""".split()
EXTENSIONS = ["flask_factory_needs_cookiecutter_2_7.Answers"]

# Invisible characters that turn the direction of the text around them.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

# Names that a package can't have without hiding something the project needs.
RESERVED = {
    "a name that the project itself uses": """
        build conftest dist docs env htmlcov instance license migrations serve setup static
        templates test tests venv wsgi
    """,
    "a name that Windows reserves": """
        aux con nul prn com0 com1 com2 com3 com4 com5 com6 com7 com8 com9
        lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9
    """,
    "a library's name": """
        alembic annotated_types argon2 asgiref ast_serialize attr attrs bcrypt billiard
        blinker cachelib celery certifi cffi click click_default_group cookiecutter
        coverage cryptography deprecated deptry dns dotenv email_validator flask
        flask_admin flask_caching flask_cors flask_limiter flask_login flask_migrate
        flask_security flask_sqlalchemy flask_wtf flit flit_core google gunicorn granian
        greenlet grpc hatchling hiredis httpx huey hypothesis idna iniconfig itsdangerous
        colorama jinja2 jsonschema kombu librt limits mako marshmallow markupsafe mypy mypyc
        mypy_extensions openapi_spec_validator opentelemetry ordered_set orjson packaging
        passlib pathspec pip pkg_resources playwright pluggy prometheus_client psycopg
        psycopg2 psycopg_binary psycopg_pool pwdlib py pycparser pydantic pydantic_core
        pydantic_settings pygments pytest pytest_cov pytest_playwright pythonjsonlogger
        redis referencing requests rich rloop rpds ruff schemathesis setproctitle setuptools
        sniffio
        sqlalchemy structlog typing_extensions typing_inspection urllib3 uv uvloop valkey vine
        vulture waitress werkzeug wheel winloop wrapt wtforms yaml
    """,
    "a word of Python's own": "_ case match type",
    "a module of Python's own": """
        aifc annotationlib asynchat asyncore audioop binhex cgi cgitb chunk compression concurrent crypt
        distutils formatter imp imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev
        parser pipes sitecustomize smtpd sndhdr spwd string sunau symbol telnetlib tomllib usercustomize uu xdrlib
    """,
}


def fault(answers):
    """What is wrong with all the answers, in one line; `None` where nothing is."""
    missing = [key for key in (*TEXTS, *answers.get("_options", {})) if key not in answers]
    if missing or "_options" not in answers:
        return f"{', '.join(missing) or '_options'}: not answered; pass answers as key=value"
    for key in TEXTS:
        message = fault_in_text(key, answers[key])
        if message:
            return message
    for option, values in answers["_options"].items():
        if value_of(answers, option) not in values:
            words = ["yes", "no"] if "yes" in values else values
            given = shown(answers[option])
            return f"{option}: {given} is not an answer; it must be {' or '.join(words)}"
    return fault_in_private(answers) or fault_in_table(answers) or fault_in_derived(answers)


def fault_in_text(key, value):
    """What is wrong with the answer to a question that takes any text."""
    if not isinstance(value, str) or not value.strip():
        return f"{key}: {shown(value)} says nothing; type some text"
    if key == "project_slug":
        return fault_in_slug(value)
    if value != value.strip():
        return f"{key}: {shown(value)} begins or ends with a space; remove it"
    if len(value) > LONGEST_TEXT:
        return f"{key}: {len(value)} characters are too many; {LONGEST_TEXT} is the most"
    if TAG.search(value):
        return f"{key}: {shown(value)} holds a template tag; {WITHOUT_TAGS}"
    for character in value:
        kind = unicodedata.category(character)
        if kind == "Cs":
            return f"{key}: {shown(value)} holds bytes that are no text here; use a UTF-8 locale"
        if kind in ("Cc", "Zl", "Zp") or character in TURNING:
            name = f"U+{ord(character):04X}"
            return f"{key}: {shown(value)} holds the control character {name}; remove it"
    return None


def fault_in_slug(slug):
    """What is wrong with the name of the folder and the package."""
    example = "a name such as my_app"
    if not SLUG.fullmatch(slug):
        return (
            f"project_slug: {shown(slug)} must begin with a letter a-z and go on with "
            f"a-z, 0-9 and single underscores; type {example}"
        )
    if len(slug) > LONGEST_SLUG:
        return f"project_slug: {shown(slug)} is longer than {LONGEST_SLUG} characters; shorten it"
    if keyword.iskeyword(slug):
        reason = "a word of Python's own"
    elif slug in sys.stdlib_module_names:
        reason = "a module of Python's own"
    else:
        reason = next((why for why, names in RESERVED.items() if slug in names.split()), None)
    if reason:
        hint = f"{slug[: LONGEST_SLUG - 4]}_app"
        return f'project_slug: "{slug}" is {reason}; type another, such as {hint}'
    return None


def fault_in_private(answers):
    """What is wrong with the keys that no question is about."""
    for key, value in answers.items():
        strange = key.startswith("_") and not key.startswith("__") and key not in PRIVATE
        if strange or key == "_extensions" and value != EXTENSIONS:
            return f"{shown(key)} is not for answers; leave out what begins with _"
    folder = str(answers.get("_output_dir", ""))
    if TAG.search(folder) or "\r" in folder or "\n" in folder:
        return f"the output folder {shown(folder)} can't be used; {WITHOUT_TAGS}"
    return None


def fault_in_table(answers):
    """What is wrong with the table of files, which decides what is removed."""
    for path in answers["_files"]:
        parts = path.replace("{slug}", "package").split("/")
        if not all(re.fullmatch(r"(?!\.+$)[\w.-]+", part) for part in parts):
            return f"_files: {shown(path)} is not a path inside the project"
    return None


def fault_in_derived(answers):
    """What does not follow from the answers, though Cookiecutter derived it from them."""
    derived = {f"__{name}": value for name, value in effective(answers).items()}
    for key, value in derived.items():
        if answers.get(key) != value:
            return (
                f"{key}: {shown(answers.get(key))} does not follow from the other answers; "
                "leave out what begins with _"
            )
    return None


def effective(answers):
    """The value of each option once the implications have been followed."""
    values = {option: value_of(answers, option) for option in answers["_options"]}
    rules = [(rule["if"], *consequence(rule)) for rule in answers["_implications"]]
    for _ in range(len(rules) + 1):
        broken = [(o, v) for terms, o, v in rules if values[o] != v and holds(terms, values)]
        if not broken:
            return values
        values.update(broken)
    raise ValueError("the implications contradict each other")


def consequence(rule):
    """The option that a rule decides, and its value."""
    option, _, value = rule["then"].partition("=")
    return option, "" if value == "no" else value or "yes"


def holds(alternatives, values):
    """Whether all terms of one alternative are true: `auth`, `auth=no`, `errors=html`."""
    return any(all(term_holds(term, values) for term in terms) for terms in alternatives)


def term_holds(term, values):
    option, _, value = term.partition("=")
    return values[option] == ("" if value == "no" else value or "yes")


def value_of(answers, option):
    """One answer, whatever type it came as: a switch is `"yes"` or `""`."""
    text = str(answers[option]).strip()
    if "yes" not in answers["_options"][option]:
        return text
    if text.lower() in YES:
        return "yes"
    return "" if text.lower() in NO else text or "nothing"


def shown(value):
    """A value as one short line of ASCII, whatever it holds."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f'{text[:56]}..."'


def owned_paths(answers):
    """The paths of the table, and the folders above them, each after its folder."""
    paths = set()
    for path in answers["_files"]:
        parts = path.replace("{slug}", answers["project_slug"]).split("/")
        paths.update(("/".join(parts[:count]), count) for count in range(1, len(parts)))
        paths.add(("/".join(parts), 0))
    return sorted(paths)


def fault_in_folder(answers):
    """What is in the way in a folder that is not empty."""
    if os.path.lexists(NOTE):
        return f"{NOTE} is in the way; move it elsewhere"
    for path, is_folder in owned_paths(answers):
        if os.path.islink(path):
            return f"{path} is a link, and would be written through; move it elsewhere"
        if os.path.exists(path) and os.path.isdir(path) != bool(is_folder):
            return (
                f"{path} is in the way of a {'folder' if is_folder else 'file'}; move it elsewhere"
            )
    return None


def note_what_exists(answers):
    """Write down which owned paths are there already, so that none of them is removed."""
    found = [path for path, _ in owned_paths(answers) if os.path.exists(path)]
    with open(NOTE, "x", encoding="utf-8") as note:
        json.dump(found, note)


def main():
    answers = json.loads(r"""{{ cookiecutter | tojson }}""")
    message = fault(answers)
    if not message and os.listdir():
        message = fault_in_folder(answers)
        if not message:
            note_what_exists(answers)
    os.unlink(__file__)
    if message:
        sys.exit(f"Error: {message}.")


if __name__ == "__main__":
    main()
