"""Whether the files of one project agree with each other, where no tool would say so."""

import re
import tomllib

# A fixture that a test must ask for.
FIXTURE = re.compile(r"^@pytest\.fixture(?!\(autouse).*\ndef (\w+)", re.MULTILINE)
# A setting where it is read: by name, or as a typed name in a class of settings.
READ = re.compile(r'(?:\bread\(|environ\.(?:get|setdefault)\()\s*"([A-Z][A-Z0-9_]*)"')
# What keeps a tool from seeing something, in a file or in its table of settings.
QUIET = re.compile(
    r"# (?:mypy|ruff): |pragma: no (?:cover|branch)|pytest\.(?:mark\.)?(?:skip|xfail|importorskip)\b"
)
QUIET_SETTINGS = {
    "mypy": ("overrides", "exclude", "ignore_errors", "disable_error_code"),
    "ruff": ("exclude", "extend-exclude", "include"),
    "coverage.run": ("omit", "include"),
    "coverage.report": ("omit", "include", "exclude_also", "exclude_lines", "partial_branches"),
}
BOUNDED = re.compile(r"[\w.-]+(\[\w+\])?>=[\d.]+,<[\d.]+")
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


def unexplained_settings(files):
    """`.env.example` explains every setting that is read, and no other."""
    explained = set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", files[".env.example"], re.MULTILINE))
    read = set()
    for path, text in files.items():
        if path.endswith(".py") and not path.startswith("tests/"):
            read.update(READ.findall(text))
        if path.endswith("/config/classes.py"):
            read.update(DECLARED.findall(text))
    for name in sorted(explained ^ read):
        yield f".env.example: {name} is {'not read' if name in explained else 'missing'}"


def unused_files(files):
    """A template or a static file is named by some other file."""
    package = tomllib.loads(files["pyproject.toml"])["project"]["name"]
    for path in files:
        name = path.rpartition("/")[2]
        named = re.compile(rf"(?<![\w.-]){re.escape(name)}")
        others = (files[other] for other in files if other != path and other.startswith(package))
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


def quieted_tools(files):
    """Nothing is kept from the tools: what they do not look at they can't complain of."""
    tables = tomllib.loads(files["pyproject.toml"])["tool"]
    tables |= {f"coverage.{name}": table for name, table in tables["coverage"].items()}
    for name, settings in QUIET_SETTINGS.items():
        for setting in set(settings) & set(tables[name]):
            yield f"pyproject.toml: {setting} keeps something from {name}"
    for path, text in files.items():
        for found in QUIET.findall(text) if path.endswith(".py") else []:
            yield f"{path}: {found} keeps something from a tool"


def strange_classes(files):
    """Pages use the classes that style sheets know, and style sheets know no others."""
    pages = "".join(text for path, text in files.items() if path.endswith(".html"))
    sheets = "".join(text for path, text in files.items() if path.endswith(".css"))
    sheets += "".join(re.findall(r"<style.+?</style>", pages, re.DOTALL))
    used = set(" ".join(re.findall(r'class="([^"{]+)"', pages)).split())
    known = set(re.findall(r"\.([a-z][\w-]*)(?=[^{}]*\{)", re.sub(r"/\*.*?\*/", "", sheets)))
    for name in sorted(used ^ known):
        yield f"the class {name} is {'not styled' if name in used else 'not used'}"
