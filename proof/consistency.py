"""Whether the files of one project agree with each other, where no tool would say so."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import mypy
from jinja2 import Environment, nodes

from .colours import faults as faults_of_colours
from .comments import faults as faults_of_comments
from .guides import faults as faults_of_guides
from .services import faults as faults_of_services

STUBS = Path(mypy.__file__).with_name("typeshed") / "stdlib"
# A fixture that a test must ask for.
FIXTURE = re.compile(r"^@pytest\.fixture(?!\(autouse).*\ndef (\w+)", re.MULTILINE)
# A setting where it is read: by name, or as a typed name in a class of settings.
READ = re.compile(r'(?:\bread\(|environ\.(?:get|setdefault)\()\s*"([A-Z][A-Z0-9_]*)"')
# What keeps a tool from seeing something, in a file or in its table of settings.
QUIET = re.compile(
    r"# (?:fmt|isort|mypy|ruff|yapf): |pragma: no (?:cover|branch)|pytest\.(?:mark\.)?(?:skip|xfail|importorskip)\b"
)
# What the types of Flask, SQLAlchemy and functions can't say, and what a library without types
# can't; anything else is a wrong type.
UNTYPED = {"assignment", "attr-defined", "method-assign"}
UNTYPED |= {"import-untyped", "misc", "no-untyped-call", "unused-ignore"}
QUIET_SETTINGS = {
    "mypy": ("exclude", "ignore_errors", "disable_error_code"),
    "ruff": ("exclude", "extend-exclude", "include"),
    "coverage.run": ("omit", "include"),
    "coverage.report": ("omit", "include", "exclude_also", "exclude_lines", "partial_branches"),
}
# What tools are to look at, and how closely.
WANTED = {
    "coverage.run": {"branch": True},
    "coverage.report": {"fail_under": 90},
    "mypy": {"strict": True, "files": ["."]},
    "pytest": {"testpaths": ["tests"], "filterwarnings": ["error"]},
    "ruff.lint": {
        "select": ["B", "E", "F", "S", "UP", "W"],
        "ignore": ["E501"],
        "per-file-ignores": {"tests/*": ["S101", "S105"]},
    },
}
BOUNDED = re.compile(r"[\w.-]+(\[\w+\])?>=[\d.]+,<[\d.]+")
# What a library needs that no slim image and not every machine has: here, libpq.
NEEDED_EXTRAS = {"psycopg": "binary"}
DECLARED = re.compile(r"^    ([A-Z][A-Z0-9_]*): \w", re.MULTILINE)


def faults(files):
    """What does not fit together, one line each; `files` are texts by path."""
    yield from unexplained_settings(files)
    yield from unused_files(files)
    yield from types_of_nothing(files)
    yield from unused_fixtures(files)
    yield from open_bounds(files)
    yield from quieted_tools(files)
    yield from strange_classes(files)
    yield from lost_blocks(files)
    yield from refused_by_browsers(files)
    yield from faults_of_colours(files)
    yield from unused_modules(files)
    yield from unused_names(files)
    yield from unix_only(files)
    yield from idle_tests(files)
    yield from unignored_secrets(files)
    yield from unknown_revisions(files)
    yield from faults_of_services(files)
    yield from faults_of_comments(files)
    yield from faults_of_guides(files)


def settings_in(example):
    """The names that the text of `.env.example` explains."""
    return re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE)


def unexplained_settings(files):
    """`.env.example` explains every setting that is read, and no other."""
    explained = set(settings_in(files[".env.example"]))
    read = set()
    for path, text in files.items():
        if path.endswith(".py") and not path.startswith("tests/"):
            read.update(READ.findall(text))
            if "read(name, " in text:  # Each name of a table.
                read.update(re.findall(r'^    "([A-Z][A-Z0-9_]*)": ', text, re.MULTILINE))
        if re.search(r"/config(\.py$|/)", path):
            read.update(DECLARED.findall(text))
        if path == "gunicorn.conf.py":
            read.update(("PORT", "WEB_CONCURRENCY"))  # gunicorn's own.
    for name in sorted(explained ^ read):
        yield f".env.example: {name} is {'not read' if name in explained else 'missing'}"


def guides(files):
    """All that the project tells its developers: what it names there it offers."""
    return "\n".join(text for path, text in files.items() if path.endswith(".md"))


def unused_files(files):
    """A template or a static file is named by some other file, or offered by a guide."""
    package = tomllib.loads(files["pyproject.toml"])["project"]["name"]
    for path in files:
        name = path.rpartition("/")[2]
        named = re.compile(rf"(?<![\w.-]){re.escape(name)}")
        others = [guides(files)]
        others += [files[other] for other in files if other != path and other.startswith(package)]
        if path.startswith(f"{package}/") and not name.endswith(".py"):
            if not any(named.search(text) for text in others):
                yield f"{path}: nobody names it"


def types_of_nothing(files):
    """Types are declared for what is a dependency."""
    metadata = tomllib.loads(files["pyproject.toml"])
    names = {re.match(r"[\w-]+", line)[0] for line in metadata["project"]["dependencies"]}
    for line in metadata["dependency-groups"]["dev"]:
        stubs = re.match(r"types-([\w-]+)", line)
        if stubs and stubs[1] not in names:
            yield f"pyproject.toml: {stubs[0]}, and {stubs[1]} is no dependency"


def unused_fixtures(files):
    """A fixture is asked for by a test, or by another fixture."""
    tests = [text for path, text in files.items() if path.startswith("tests/")]
    for text in tests:
        for name in FIXTURE.findall(text):
            if sum(len(re.findall(rf"\b{name}\b", each)) for each in tests) == 1:
                yield f"tests: nobody asks for the fixture {name}"


def open_bounds(files):
    """A dependency has a lower bound and an upper one."""
    metadata = tomllib.loads(files["pyproject.toml"])
    for line in (*metadata["project"]["dependencies"], *metadata["dependency-groups"]["dev"]):
        if not BOUNDED.fullmatch(line):
            yield f"pyproject.toml: {line} has no bounds"
        name, extra, _ = re.match(r"([\w.-]+)(?:\[(\w+)\])?(.+)", line).groups()
        if extra != NEEDED_EXTRAS.get(name):
            yield f"pyproject.toml: {name} is wanted with the extra {NEEDED_EXTRAS.get(name)}"


def quieted_tools(files):
    """Nothing is kept from the tools: what they do not look at they can't complain of."""
    tables = tomllib.loads(files["pyproject.toml"])["tool"]
    tables |= {f"coverage.{name}": table for name, table in tables["coverage"].items()}
    tables |= {"ruff.lint": tables["ruff"]["lint"], "pytest": tables["pytest"]["ini_options"]}
    for name, settings in WANTED.items():
        for setting, value in settings.items():
            if tables[name].get(setting) != value:
                yield f"pyproject.toml: {name} has {setting} = {tables[name].get(setting)}"
    for each in tables["mypy"].pop("overrides", []):
        # A library without types has none, whatever is asked of it.
        if set(each) != {"module", "ignore_missing_imports"}:
            yield "pyproject.toml: overrides keeps something from mypy"
    for name, settings in QUIET_SETTINGS.items():
        for setting in set(settings) & set(tables[name]):
            yield f"pyproject.toml: {setting} keeps something from {name}"
    for path, text in files.items():
        for found in QUIET.findall(text) if path.endswith(".py") else []:
            yield f"{path}: {found} keeps something from a tool"
        for found in re.findall(r"# type: ignore(?:\[([\w,-]+)\])?", text):
            if not set(found.split(",")) <= UNTYPED:
                yield f"{path}: type: ignore[{found}] hides a wrong type"


def strange_classes(files):
    """Pages use the classes that style sheets know, and style sheets know no others."""
    pages = "".join(text for path, text in files.items() if path.endswith(".html"))
    sheets = "".join(text for path, text in files.items() if path.endswith(".css"))
    sheets += "".join(re.findall(r"<style.+?</style>", pages, re.DOTALL))
    used = set(" ".join(re.findall(r'class="([^"{]+)"', pages)).split())
    known = set(re.findall(r"\.([a-z][\w-]*)(?=[^{}]*\{)", re.sub(r"/\*.*?\*/", "", sheets)))
    offered = set(re.findall(r"[\w-]+", guides(files)))
    for name in sorted((used ^ known) - offered):
        yield f"the class {name} is {'not styled' if name in used else 'not used'}"


def lost_blocks(files):
    """A block that a template fills is in the one that it extends: else nobody would see it."""
    parse = Environment(autoescape=True).parse
    trees = {path: parse(text) for path, text in files.items() if path.endswith(".html")}
    for path, tree in trees.items():
        filled = {each.name for each in tree.body if isinstance(each, nodes.Block)}
        extended = [f"/templates/{each.template.value}" for each in tree.find_all(nodes.Extends)]
        for parent in filter(lambda name: name.endswith(tuple(extended)), trees):
            there = {each.name for each in trees[parent].find_all(nodes.Block)}
            for block in sorted(filled - there):
                yield f"{path}: {parent} has no block {block}"


# A style or a script that has no nonce and is no file, and a tag that has one in an attribute.
REFUSED = re.compile(
    r"<(?:style|script)\b(?![^>]*\s(?:nonce|src)=)[^>]*>|<[a-z][^>]*\s(?:style|on[a-z]+)=[^>]*>"
)


def refused_by_browsers(files):
    """A page has no style and no script that its policy refuses."""
    for path, text in files.items():
        if path.endswith(".html"):
            for tag in REFUSED.findall(text):
                yield f"{path}: no browser heeds {tag}"


def unused_modules(files):
    """A module of the application is imported by another, or offered by a guide."""
    package = tomllib.loads(files["pyproject.toml"])["project"]["name"]
    imported = {"__init__"}
    for path, text in files.items():
        if path.endswith(".py") and not path.startswith("tests/"):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ImportFrom):
                    imported.update((node.module or "").split("."), (a.name for a in node.names))
    for path in files:
        if path.startswith(f"{package}/") and path.endswith(".py"):
            name = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
            if name not in imported and path.partition("/")[2] not in guides(files):
                yield f"{path}: nobody imports it"


def unused_names(files):
    """A function, a class or a constant is used by the application, or offered by a guide."""
    package = tomllib.loads(files["pyproject.toml"])["project"]["name"]
    trees = {path: ast.parse(text) for path, text in files.items() if path.endswith(".py")}
    tests = {path: tree for path, tree in trees.items() if path.startswith("tests/")}
    # Migrations and a server's settings are read by names that are not ours.
    ours = {path: tree for path, tree in trees.items() if path.startswith(f"{package}/")}
    others = {path: tree for path, tree in trees.items() if path not in tests}
    markup = [text for path, text in files.items() if path.endswith(".html")]
    used = set(re.findall(r"\w+", " ".join([*markup, guides(files)]))).union(
        *map(names_used, others.values())
    )
    for path, tree in ours.items():
        for name in sorted(set(names_defined(tree)) - used):
            yield f"{path}: unused name '{name}'"
    used = set().union(*map(names_used, trees.values()))
    for path, tree in tests.items():
        for name in sorted(set(names_defined(tree)) - used):
            if not name.startswith(("test_", "pytest")):
                yield f"{path}: unused name '{name}'"


def names_defined(tree, in_class=False):
    """What a module defines for others: not what a decorator registers or a library calls."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            if not node.decorator_list:
                yield node.name
            # A library may call any method of a class that inherits its own.
            if not node.bases:
                yield from names_defined(node, in_class=True)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            special = node.name.startswith("__") and node.name.endswith("__")
            registered = any(
                isinstance(each, ast.Call | ast.Attribute) for each in node.decorator_list
            )
            if not special and not registered:
                yield node.name
        elif isinstance(node, ast.Assign) and not in_class:
            for target in node.targets:
                if isinstance(target, ast.Name) and not target.id.startswith("__"):
                    yield target.id


def names_used(tree):
    """The names that a module reads, of its own or of others."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg  # A fixture is asked for by the name of an argument.
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value  # By its name: in `getattr`, or in a list of plugins.


def unix_only(files):
    """Nothing needs what Windows lacks, but where it was asked for first."""
    for path, text in files.items():
        # A server that Windows lacks has settings that Windows never reads.
        if path.endswith(".py") and not path.startswith("gunicorn"):
            tree = ast.parse(text)
            imports = [each for each in ast.walk(tree) if isinstance(each, ast.Import)]
            modules = {each.name for node in imports for each in node.names}
            for name in sorted(set(unix_names(tree, modules))):
                yield f"{path}: Windows has no {name}"


def unix_names(node, modules):
    """What a part of a module uses that Windows' Python lacks."""
    if isinstance(node, ast.If | ast.IfExp):
        if re.search(r"platform|os\.name|hasattr", ast.unparse(node.test)):
            return
    if isinstance(node, ast.Try):
        caught = " ".join(ast.unparse(each.type) for each in node.handlers if each.type)
        if re.search("ImportError|AttributeError", caught):
            return
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names if None in missing_on_windows(each.name))
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        missing = missing_on_windows(node.module)
        yield from (node.module for _ in missing & {None})
        yield from (f"{node.module}.{each.name}" for each in node.names if each.name in missing)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        name = node.value.id
        if name in modules and node.attr in missing_on_windows(name):
            yield f"{name}.{node.attr}"
    for child in ast.iter_child_nodes(node):
        yield from unix_names(child, modules)


@cache
def missing_on_windows(module):
    """The names that a module of Python's own lacks there; `None` where it lacks all.

    The stubs that mypy brings say so: `if sys.platform != "win32":`.
    """
    path = STUBS / module.replace(".", "/")
    file = path / "__init__.pyi" if path.is_dir() else path.with_suffix(".pyi")
    if not file.is_file():
        return set()
    there, elsewhere = set(), set()
    collect(ast.parse(file.read_text(encoding="utf-8")).body, there, elsewhere)
    return elsewhere - there if there else {None}


def collect(body, there, elsewhere):
    """Sort the names that a stub defines by whether Windows has them."""
    for node in body:
        if isinstance(node, ast.If):
            test = ast.unparse(node.test)
            only_windows = "sys.platform == 'win32'" in test
            not_windows = "sys.platform != 'win32'" in test or re.search(
                "== '(linux|darwin)'", test
            )
            collect(node.body, elsewhere if not_windows else there, elsewhere)
            collect(node.orelse, elsewhere if only_windows else there, elsewhere)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            there.add(node.name)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            there.update(each.id for each in targets if isinstance(each, ast.Name))
        elif isinstance(node, ast.ImportFrom | ast.Import):
            there.update(each.asname for each in node.names if each.asname)
            if isinstance(node, ast.ImportFrom) and node.module:
                there.update(each.name for each in node.names if each.name == "*")


def idle_tests(files):
    """A test asserts something, by itself or through a helper."""
    tests = [
        (path, node)
        for path, text in files.items()
        if path.startswith("tests/") and path.endswith(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    asserting = set()
    for _ in tests:
        found = {node.name for _, node in tests if asserts(node, asserting)}
        if found == asserting:
            break
        asserting = found
    for path, node in tests:
        if node.name.startswith("test_") and node.name not in asserting:
            yield f"{path}: {node.name} asserts nothing"
        for compared in responses_compared(node):
            yield f"{path}: {node.name} compares {compared}, which no other response ever equals"
        for compared in compared_with_itself(node):
            yield f"{path}: {node.name} compares {compared} with itself"
        for asserted in loose_assertions(node):
            yield f"{path}: {node.name} is content with more than one result: {asserted}"
        for expected in errors_of_any_kind(node):
            yield f"{path}: {node.name} is content with any message: {expected}"


def responses_compared(function):
    """The responses that a test compares whole, not what they hold."""
    named = {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and is_request(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Compare):
            for each in (node.left, *node.comparators):
                if is_request(each) or getattr(each, "id", None) in named:
                    yield ast.unparse(each)


def compared_with_itself(function):
    """What is on both sides, and is not asked for anew by a call."""
    for node in ast.walk(function):
        if isinstance(node, ast.Compare) and not any(
            isinstance(each, ast.Call) for each in ast.walk(node)
        ):
            sides = [ast.unparse(each) for each in (node.left, *node.comparators)]
            yield from (side for side in set(sides) if sides.count(side) > 1)


def loose_assertions(function):
    """Those of several results, some of which a broken project has too: `<=`, `or`, `in (404, 422)`."""
    orders = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
    displays = (ast.Tuple, ast.List, ast.Set)
    for statement in ast.walk(function):
        for node in ast.walk(statement.test) if isinstance(statement, ast.Assert) else ():
            operators = getattr(node, "ops", ())
            if (
                isinstance(getattr(node, "op", None), ast.Or)
                or any(isinstance(each, orders) for each in operators)
                or (ast.In in map(type, operators) and isinstance(node.comparators[-1], displays))
            ):
                yield ast.unparse(statement)


ANY_MESSAGE = re.compile(r"\w+\.raises\([\w.]*(?:Error|Exception)\b(?!.*\bmatch=)")


def errors_of_any_kind(function):
    """Errors that are expected whatever they say: another may be why it fails.

    An HTTP exception, such as `Forbidden`, says it by its class.
    """
    for node in ast.walk(function):
        if isinstance(node, ast.withitem) and not node.optional_vars:
            expected = ast.unparse(node.context_expr)
            if ANY_MESSAGE.match(expected):
                yield expected


def is_request(node):
    """Whether this is a call such as `client.get("/")`."""
    method = getattr(node, "func", None)
    of_client = getattr(getattr(method, "value", None), "id", "").endswith("client")
    return of_client and method.attr in ("delete", "get", "open", "patch", "post", "put")


# What every response has.
NEVER_FALSE = {"headers", "mimetype", "status", "status_code"}
# What is looked for may not be there; other names hold something, whatever happened.
MAYBE_NOTHING = {"first", "fullmatch", "match", "one_or_none", "scalar", "search"}
# Calls that fail where what they look at is wrong.
FAILING = re.compile(r"raises|warns|fail|check|validate|as_state_machine|^assert")


def asserts(function, helpers):
    """Whether a function can fail by what it sees."""
    maybe = {
        node.targets[0].id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and getattr(getattr(node.value, "func", None), "attr", "") in MAYBE_NOTHING
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            name = getattr(node.test, "id", None)
            if getattr(node.test, "attr", "") not in NEVER_FALSE and (not name or name in maybe):
                return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            checked = any(each.arg == "check" for each in node.keywords)
            if checked or name in helpers or FAILING.search(name):
                return True
    return False


def unknown_revisions(files):
    """Where a guide names a revision of the database, a migration is called so."""
    known = {"base", "head", "heads"}
    for path, text in files.items():
        if path.startswith("migrations/versions/"):
            known.update(re.findall(r'^revision = "(\w+)"', text, re.MULTILINE))
    for name in re.findall(r"flask db (?:downgrade|stamp|upgrade) ([a-z]\w*)", guides(files)):
        if name not in known:
            yield f"a guide names the revision {name}, which is not there"


# What the tools of development leave behind, by the tool.
LEFT = [
    ("flit_core", "dist"),
    ("mypy", ".mypy_cache"),
    ("pytest", ".pytest_cache"),
    ("pytest-cov", ".coverage"),
    ("pytest-cov", "htmlcov"),
    ("ruff", ".ruff_cache"),
]


def unignored_secrets(files):
    """Git never sees a file of settings, what belongs to one machine, or what tools leave."""
    ignored = {line.strip("/") for line in files[".gitignore"].splitlines()}
    wanted = {"*.env", ".venv", "__pycache__", "instance"}
    wanted |= {left for tool, left in LEFT if f'"{tool}>' in files["pyproject.toml"]}
    for pattern in sorted(wanted - ignored):
        yield f".gitignore: {pattern} is missing"
    if "* text=auto eol=lf\n" not in files[".gitattributes"]:
        yield ".gitattributes: on Windows, lines would end otherwise"
