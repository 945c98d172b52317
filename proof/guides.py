"""Whether what a project's guides and pages say of it is so: names, paths, numbers, addresses."""

import ast
import math
import posixpath
import re
from fnmatch import fnmatch

# A number that is said of a setting: `10 failures for an account (`THROTTLE_ACCOUNT`)`.
NAMED = re.compile(r"\b(\d+)(?:\s+[a-z]+)+\s+\(`([A-Z][A-Z_]+)`\)")
# How long something lasts, in words, and the seconds that make it true.
PERIODS = {"an hour": 60 * 60, "a day": 24 * 60 * 60, "a week": 7 * 24 * 60 * 60}
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`]+)`")
# A file or a folder; a host or a module has other ends.
PATH = re.compile(r"[\w./*-]+(?:/|\.(?:css|html|js|md|mako|py|svg|toml))")
# What is made when a project runs, or lies on the host.
MADE = re.compile(r"/.*|instance/.*|\.venv/.*")
# Words of code that are another program's, not the project's.
ELSEWHERE = set(
    """
    api_v2 backup by caddy cdn clear connection copy curl current deprecated downgrade enable fix gunicorn_cmd_args history
    journalctl limit listen lock max_connections merge migrate nginx now onclick proxy python3
    restore retry routes securityschemes serve server_default shell systemctl tags threads untrusted
    waitress
    """.split()
)
# A number in a sentence, and the setting that makes it true: its file and how it is written there.
NUMBERS = {
    r"gets a (\d+) before": ("schemas.py", r"= \((\d+),\)$"),
    r"responds with (4\d\d)(?! to\s+all)": ("__init__.py", r"abort\((\d+)\)$"),
    r"responds with (4\d\d) to\s+all": ("users.py", r"abort\((\d+)\)$"),
    r"fail after (\d+) seconds": ("sqlite.py", r"^BUSY_TIMEOUT = (\d+)"),
    r"at most (\d+)\s+connections": ("postgresql.py", r"^CONNECTIONS = (\d+)"),
    r"must allow (\d+)\s+times": ("postgresql.py", r"^CONNECTIONS = (\d+)"),
    r"above (\d+) times(?! while)": ("postgresql.py", r"^CONNECTIONS = (\d+)"),
    r"may be killed after (\d+)": ("deploy.md", r"^TimeoutStopSec=(\d+)$"),
    r"at most (\d+) seconds": ("postgresql.py", r"^STATEMENT_TIMEOUT = (\d+)"),
    r"Within (\d+) minutes": ("auth/throttle.py", r"^WINDOW = timedelta\(minutes=(\d+)\)$"),
    r"again for the password after (\d+)": ("auth/sessions.py", r"^RECENT = .*minutes=(\d+)\)$"),
    r"runs as user (\d+)": ("Dockerfile", r"^USER (\d+)$"),
}
# Numbers that are no setting of ours: a status of HTTP, a standard, twice what is said before, and
# gunicorn's own `graceful_timeout`.
OTHERS = re.compile(r"[2-5]\d\d|9457|20 times|1|2|8000|30 seconds")


def faults(files):
    """What is said and is not so, one line each; `files` are texts by path."""
    guides = {path: text for path, text in files.items() if path.endswith(".md")}
    pages = {path: text for path, text in files.items() if path.endswith(".html")}
    shown = {path: re.findall(r"<code>([^<{]+)</code>", text) for path, text in pages.items()}
    shown |= {path: INLINE.findall(FENCED.sub("", text)) for path, text in guides.items()}
    added = set(re.findall(r'Blueprint\("(\w+)"', "".join(guides.values())))
    known = words_of(files)
    for path, spans in shown.items():
        for span in spans:
            if PATH.fullmatch(span) or span.startswith("/"):
                yield from unknown_paths(path, span, files, added)
            else:
                yield from unknown_words(path, span, known, added)
    yield from wrong_periods(files)
    yield from unknown_schemes(files)
    for path, text in guides.items():
        yield from wrong_numbers(path, FENCED.sub("", text), files)
        yield from open_addresses(path, text)
        yield from broken_links(path, text, files)
        yield from other_limits(path, text, files)
        yield from exchanged_rows(path, text, files)
        yield from unknown_blocks(path, text, pages)
        yield from unknown_classes(path, text, files)
        yield from wrong_places(path, FENCED.sub("", text), files)
        yield from unknown_commands(path, text, files)
        yield from other_places_of_the_host(path, text)


def unknown_paths(path, span, files, added):
    """A path that is named is there, from the project's folder or from any other."""
    if MADE.fullmatch(span) or any(name in span for name in added):
        return
    wanted = f"*/{span}*" if span.endswith("/") else f"*/{span}"
    if not any(fnmatch(f"/{each}", wanted) for each in files):
        yield f"{path}: {span} is not there"


def words_of(files):
    """The words of the project's code, of what guides show of it, and of its files' names."""
    texts = [
        "".join(FENCED.findall(text)) if path.endswith(".md") else text
        for path, text in files.items()
    ]
    known = set(re.findall(r"[a-z_]\w{2,}", " ".join([*files, *texts]).lower()))
    # What the README has one write is new: `GREETING: str = "Hello"`.
    known.update(each.lower() for each in re.findall(r"`([A-Z]+)[:=]", files["README.md"]))
    return known | ELSEWHERE


def unknown_words(path, span, known, added):
    """A name in a sentence's code is one of the project's."""
    said = re.sub(r'"[A-Z][^"]* [^"]*"', "", span)  # A message is free.
    for word in re.findall(r"(?<![\w$])[A-Za-z_]\w{2,}", said):
        if word.lower() not in known and not any(name in word.lower() for name in added):
            yield f"{path}: nothing is called {word}, of `{span}`"


def wrong_numbers(path, text, files):
    """A number in a sentence is that of a setting."""
    claimed = set()
    code = "".join(each for file, each in files.items() if file.endswith(".py"))
    for found in NAMED.finditer(text):
        claimed.add(found.start(1))
        if f'"{found[2]}", {found[1]})' not in code:
            yield f"{path}: '{found[0]}', and that is not its default"
    text = re.sub(r"`[^`]+`|^\d+\. ", lambda found: re.sub(r"\S", " ", found[0]), text, flags=re.M)
    for sentence, (name, setting) in NUMBERS.items():
        for found in re.finditer(sentence, text, re.DOTALL):
            claimed.add(found.start(1))
            sources = [each for file, each in files.items() if f"/{file}".endswith(f"/{name}")]
            values = re.findall(setting, "".join(sources), re.MULTILINE)
            if found[1] not in values:
                yield f"{path}: '{found[0]}', and {name} has {values}"
    for found in re.finditer(r"(?<![\w./:-])(\d+)(?![\w:-]|\.\d)(?:\s+\w+)?", text):
        is_other = OTHERS.fullmatch(found[1]) or OTHERS.fullmatch(" ".join(found[0].split()))
        if found.start() not in claimed and not is_other:
            yield f"{path}: no setting is known to be '{found[0]}'"


def unknown_commands(path, text, files):
    """A command of a group of the project's own is one of the group's."""
    for file, code in files.items():
        for variable, group in re.findall(r'^(\w+) = AppGroup\("(\w+)"', code, re.MULTILINE):
            known = set()
            for other in files.values():
                if f"{variable}.command(" in other:
                    found = re.findall(
                        rf'{variable}\.command\((?:"([\w-]+)")?\)\n(?:@.+\n)*def (\w+)', other
                    )
                    known |= {given or name.replace("_", "-") for given, name in found}
            for name in re.findall(rf"flask {group} ([a-z][\w-]*)", text):
                if name not in known:
                    yield f"{path}: flask {group} has no command {name}, see {file}"


def wrong_places(path, text, files):
    """What a guide says is in a module is defined there."""
    said = re.findall(r"`(\w+)(?:\([^`]*\))?`,?\s+(?:of|in)\s+`([\w/]+\.py)`", text)
    for name, place in said:
        code = "".join(each for file, each in files.items() if f"/{file}".endswith(f"/{place}"))
        if code and not re.search(rf"^(?:def |class )?{name}\b", code, re.MULTILINE):
            yield f"{path}: {name} is not in {place}"


def unknown_classes(path, text, files):
    """A class or an element that a guide says is styled is in a style sheet."""
    sheets = "".join(sheet for file, sheet in files.items() if file.endswith(".css"))
    for sentence in re.findall(r"styles\b[^.]*\bclasses\s([^.]+)\.", text):
        for name in INLINE.findall(sentence):
            if not re.search(rf"\.{name}\b[^{{}}]*{{", sheets):
                yield f"{path}: no style sheet has the class {name}"
    for name in re.findall(r"styles\s+(\w+)s\s+and\s+the\s+classes", text):
        if not re.search(rf"^{name}\b[^{{}}]*{{", sheets, re.MULTILINE):
            yield f"{path}: no style sheet has the element {name}"


def wrong_periods(files):
    """What is said to be done within an hour is: mails and pages say it, and guides."""
    lifetime = re.findall(r"^LIFETIME = ([\d* ]+)", "".join(files.values()), re.MULTILINE)
    seconds = {math.prod(map(int, each.split("*"))) for each in lifetime}
    for path, text in files.items():
        for said in re.findall(r"\bwithin\s+(an? (?:hour|day|week))\b", text):
            if PERIODS[said] not in seconds:
                yield f"{path}: 'within {said}', and a LIFETIME is {sorted(seconds)} seconds"


def unknown_schemes(files):
    """The beginning of a URL in `.env.example` is one that the code knows, or the web's."""
    code = "".join(text for path, text in files.items() if path.endswith(".py"))
    for scheme in set(re.findall(r"(?<![\w+])([a-z][a-z+]*)://", files[".env.example"])):
        if scheme not in ("http", "https") and not re.search(
            rf'["\s]{re.escape(scheme)}[":]', code
        ):
            yield f".env.example: nothing knows {scheme}://"


# What a host has one of: where the project lies, its settings, its service.
PLACES = (
    r"/srv/[\w.-]+",
    r"(?<=EnvironmentFile=)\S+|(?<=--env-file )\S+|(?<=\. )/\S+(?=;)|/etc/[\w./-]+\.env",
    r"(?:systemctl (?:[\w -]* )?|journalctl -u |/system/)([\w-]+)(?=\.service|[`\n])",
)


def other_places_of_the_host(path, text):
    """The project, its settings and its service are each at one place of the host, in all that a guide says."""
    for pattern in PLACES:
        found = set(re.findall(pattern, text))
        if len(found) > 1:
            yield f"{path}: one thing is at {' and at '.join(sorted(found))}"


def broken_links(path, text, files):
    """A link to a file of the project leads to one."""
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        if posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) not in files:
            yield f"{path}: a link leads to {target}, which is not there"


def other_limits(path, text, files):
    """A proxy takes the request bodies that the application takes."""
    [limit] = re.findall(r"^MAX_CONTENT_LENGTH=(\d+)$", files[".env.example"], re.MULTILINE)
    for found in re.finditer(r"(?:client_max_body_size|max_size) (\d+)(?:m|MiB)", text):
        if int(found[1]) << 20 != int(limit):
            yield f"{path}: {found[0]}, and MAX_CONTENT_LENGTH is {limit}"


def open_addresses(path, text):
    """A server that a guide starts listens on this machine alone."""
    for option, address in re.findall(r"(--listen|--bind|--host|-b)[ =]([^\s:`]+)", text):
        if address not in ("127.0.0.1", "localhost"):
            yield f"{path}: {option} {address} can be reached from other machines"


def exchanged_rows(path, text, files):
    """What is said of a path or a URL has a word of its docstring, if any of the others has."""
    said = re.findall(r"`([\w./]+)`(?: \||:) ([^|;\[]+)", text)
    own = {name: roots(docstring(name, files)) for name, _ in said}
    for name, phrase in said:
        fitting = [other for other, words in own.items() if roots(phrase) & words]
        if own[name] and fitting and name not in fitting:
            yield f"{path}: '{phrase.strip()}' is said of {name}, and fits {fitting[0]}"


def unknown_blocks(path, text, pages):
    """A block that a guide fills is one of a page that others extend."""
    named = re.findall(r"{% block (\w+)", text)
    for sentence in re.findall(r"blocks?((?:(?:,| and)?\s+`\w+`)+)", text):
        named += INLINE.findall(sentence)
    blocks = set(re.findall(r"{% block (\w+)", "".join(pages.values())))
    for name in named:
        if name not in blocks:
            yield f"{path}: no page has the block {name}"


def roots(text):
    """The beginnings of its words."""
    return {word[:4] for word in re.findall(r"[a-z]{3,}", text.lower())} - {"the", "and", "all"}


def docstring(name, files):
    """What the code says of a folder, a module or a URL of the project."""
    file = f"{name}__init__.py" if name.endswith("/") else name
    if file in files and file.endswith(".py"):
        return ast.get_docstring(ast.parse(files[file])) or ""
    for path, text in files.items():
        if path.endswith(".py") and f'.get("{name}")' in text:
            for node in ast.parse(text).body:
                if isinstance(node, ast.FunctionDef) and f"'{name}'" in "".join(
                    map(ast.unparse, node.decorator_list)
                ):
                    return f"{node.name} {ast.get_docstring(node)}"
    return ""
