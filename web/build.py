"""Make `build/web/`, the page that shows a project before it exists.

Usage: python web/build.py [--serve]

Needs Node, which compiles the templates: the page may not. The environment variable
REPOSITORY_URL is the address that the page's commands name.
"""

import base64
import contextlib
import functools
import gzip
import html
import html.entities
import http.server
import importlib.metadata
import importlib.resources
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

WEB = Path(__file__).resolve().parent
ROOT = WEB.parent
BUILD = ROOT / "build/web"
PACKAGE = "{{cookiecutter.project_slug}}"
NAMED = re.compile(r"cookiecutter\.(\w+)")
SCRIPTS = ("python", "rules", "project", "command", "zip", "colours", "changes", "page")


def template_data(root):
    """All that the page knows of the template, and its templates as JavaScript."""
    questions = json.loads((root / "cookiecutter.json").read_text(encoding="utf-8"))
    rules = runpy.run_path(str(root / "hooks/pre_gen_project.py"))
    files, sources = [], {}
    for path in files_below(root / "templates"):
        sources[path] = (root / "templates" / path).read_text(encoding="utf-8")
    included = set(NAMED.findall("\n".join(sources.values())))
    for path in files_below(root / PACKAGE):
        file, source = described(root / PACKAGE / path, path, included)
        files.append(file)
        if source is not None:
            sources[path] = source
    mirrors = {f"__{option}" for option in questions["_options"]}
    derived = [key for key in questions if key.startswith("__") and key not in mirrors]
    derived.remove("__prompts__")
    sources.update((key, questions[key]) for key in derived)
    read = set(NAMED.findall("\n".join(sources.values())))
    if not read <= set(questions):
        sys.exit(f"The page does not know {', '.join(sorted(read - set(questions)))}.")
    for about in questions["_options"].values():
        about["values"] = dict.fromkeys(about["values"], 1)  # Their words are for the proof.
    jinja = questions["_jinja2_env_vars"]
    settings = {"trimBlocks": jinja["trim_blocks"], "lstripBlocks": jinja["lstrip_blocks"]}
    data = {
        "address": os.environ.get("REPOSITORY_URL") or "REPOSITORY_URL",
        "questions": questions,
        "derived": derived,
        "groups": json.loads((WEB / "groups.json").read_text(encoding="utf-8")),
        "presets": list(presets(root)),
        "files": files,
        "commit": commit_of(root),
        "rules": {
            "texts": rules["TEXTS"],
            "most": rules["MAX_TEXT"],
            "slug": rules["SLUG"].pattern,
            "tag": rules["TAG"].pattern,
            "withoutTags": rules["WITHOUT_TAGS"],
            "bidirectional": rules["BIDIRECTIONAL"],
        },
        "entities": html.entities.name2codepoint,
        "ascii": ascii_table(),
    }
    return data, compile_with_node({"options": settings, "sources": sources})


def commit_of(root):
    """The commit that a project's record names; a template without a history has none."""
    if not (root / ".git").exists():
        return None
    command = ["git", "rev-parse", "HEAD"]
    return subprocess.run(
        command, cwd=root, check=True, capture_output=True, encoding="utf-8"
    ).stdout.strip()


def files_below(folder):
    """The paths of a folder's files."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path.relative_to(folder).as_posix() for path in paths if path.suffix != ".pyc"]


def described(file, path, included):
    """What is known of a file before it is rendered, and its source if that holds a tag."""
    content = file.read_bytes()
    about = {"path": path, "executable": bool(file.stat().st_mode & 0o100)}
    try:
        source = content.decode("utf-8")
    except UnicodeDecodeError:
        return {**about, "base64": base64.b64encode(content).decode()}, None
    if not re.search(r"\{[%#{]", source):
        return {**about, "text": source}, None
    names = set(NAMED.findall(source))
    if re.search(r"\{%-? (include|import|from) ", source):
        names |= included
    return {**about, "reads": sorted(names)}, source


def presets(root):
    """The options of each command in the README's table 'From a script'."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name, command in re.findall(
        r"^\| (.+?) \| `(cookiecutter --no-input .+?)` \|$", readme, re.MULTILINE
    ):
        words = [word.partition("=") for word in shlex.split(command)]
        yield {
            "name": name,
            "command": command,
            "answers": {key: value for key, _, value in words if value},
        }


def ascii_table():
    """What the slugs of Cookiecutter make of each character that NFKD can leave, from U+0080 on.

    Whole but for Hangul, which NFKD takes apart: Chinese alone is half of its 43 kB.
    """
    table = importlib.resources.files("text_unidecode").joinpath("data.bin").read_bytes()
    kept = (
        row if unicodedata.normalize("NFKD", chr(point)) == chr(point) else ""
        for point, row in enumerate(re.sub(r"\s", " ", table.decode()).split("\0"), 1)
        if point >= 0x80
    )
    return "\n".join(kept).rstrip("\n")


def compile_with_node(request):
    node = [shutil.which("node") or sys.exit("Node is missing: it compiles the templates.")]
    node.append(str(WEB / "precompile.js"))
    done = subprocess.run(
        node, input=json.dumps(request), check=True, capture_output=True, encoding="utf-8"
    )
    return json.loads(done.stdout)


def write(folder, root=ROOT):
    """Write the page of a template and all that it loads."""
    data, compiled = template_data(root)
    folder.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(f"{json.dumps(name)}: {code}" for name, code in compiled.items())
    text = f"const template = {json.dumps(data, ensure_ascii=False)};\n"
    text += f"const compiled = {{\n{lines}\n}};\n"
    (folder / "template.js").write_text(text, encoding="utf-8")
    for name in SCRIPTS:
        shutil.copy(WEB / f"{name}.js", folder)
    shutil.copy(WEB / "vendor/nunjucks/nunjucks-slim.min.js", folder / "nunjucks.js")
    shutil.copy(WEB / "vendor/nunjucks/LICENSE", folder / "LICENSE-nunjucks.txt")
    [licence] = [
        path for path in importlib.metadata.files("text-unidecode") if path.name == "LICENSE.txt"
    ]
    shutil.copy(licence.locate(), folder / "LICENSE-text-unidecode.txt")
    (folder / "robots.txt").write_text("User-agent: *\nAllow: /\n", encoding="utf-8")
    static = next((root / PACKAGE).rglob("static"))
    sheets = (static / "site.css", WEB / "style.css")
    style = "\n".join(path.read_text(encoding="utf-8") for path in sheets)
    (folder / "style.css").write_text(style, encoding="utf-8")
    shutil.copy(static / "favicon.svg", folder)
    page = (WEB / "index.html").read_text(encoding="utf-8")
    rows = "".join(
        f"<div><dt>{html.escape(each['name'])}</dt>"
        f"<dd><code>{html.escape(each['command'])}</code></dd></div>"
        for each in data["presets"]
    )
    page = page.replace("<!-- presets -->", rows).replace(
        "REPOSITORY_URL", html.escape(data["address"])
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as the usual hosts of static pages do: compressed."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", f"{self.guess_type(path)}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def server(folder, port=0):
    """A server of the page for this machine alone, ready to run."""
    handler = functools.partial(Handler, directory=str(folder))
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)


def main():
    write(BUILD)
    print(f"Made {BUILD}: open its index.html, or put the folder on any host.")
    if "--serve" in sys.argv:
        with server(BUILD) as serving, contextlib.suppress(KeyboardInterrupt):
            print(
                f"Serving it at http://127.0.0.1:{serving.server_port}/ until Ctrl-C.", flush=True
            )
            serving.serve_forever()


if __name__ == "__main__":
    main()
