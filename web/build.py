"""Make `build/web/`, the page that shows a project before it exists.

Usage: python web/build.py [FOLDER]

Needs Python alone and Node, which compiles the templates: the page may not. REPOSITORY_URL names the address that its
commands use.
"""

import base64
import html
import html.entities
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
PACKAGE = "{{cookiecutter.project_slug}}"
NAMED = re.compile(r"cookiecutter\.(\w+)")
SCRIPTS = ("python", "rules", "project", "command", "zip", "colours", "changes", "page")


def template_data(root, compile_all):
    """All that the page knows of the template, and its templates as JavaScript."""
    questions = json.loads((root / "cookiecutter.json").read_text(encoding="utf-8"))
    rules = runpy.run_path(str(root / "hooks/pre_gen_project.py"))
    files, sources = [], {}
    for path in tracked(root, root / PACKAGE):
        file, source = described(root / PACKAGE / path, path, rules["TEXTS"])
        files.append(file)
        if source is not None:
            sources[path] = source
    for path in tracked(root, root / "templates"):
        sources[path] = (root / "templates" / path).read_text(encoding="utf-8")
    derived = [key for key in questions if key.startswith("__") and key != "__prompts__"]
    sources.update((key, questions[key]) for key in derived)
    options = questions["_jinja2_env_vars"]
    settings = {"trimBlocks": options["trim_blocks"], "lstripBlocks": options["lstrip_blocks"]}
    data = {
        "address": os.environ.get("REPOSITORY_URL") or "REPOSITORY_URL",
        "questions": questions,
        "derived": derived,
        "groups": json.loads((WEB / "groups.json").read_text(encoding="utf-8")),
        "presets": presets(root),
        "files": files,
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
    return data, compile_all({"options": settings, "sources": sources})


def tracked(root, folder):
    """The files of a folder that git tracks or would: those that Cookiecutter gets."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", str(folder)]
    listing = subprocess.run(command, cwd=root, check=True, capture_output=True)
    paths = [root / os.fsdecode(name) for name in listing.stdout.split(b"\0") if name]
    return sorted(path.relative_to(folder).as_posix() for path in paths if path.is_file())


def described(file, path, texts):
    """What is known of a file before it is rendered, and its source if that holds a tag."""
    content = file.read_bytes()
    about = {"path": path, "executable": os.access(file, os.X_OK)}
    try:
        source = content.decode("utf-8")
    except UnicodeDecodeError:
        return {**about, "base64": base64.b64encode(content).decode()}, None
    if not re.search(r"\{[%#{]", source):
        return {**about, "text": source}, None
    names = set(NAMED.findall(source))
    if re.search(r"\{%-? (include|import|from) ", source):
        names.update(texts)  # What is included can read them.
    return {**about, "reads": sorted(names)}, source


def presets(root):
    """The options of each command in the README's table 'From a script'."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name, command in re.findall(r"^\| (.+?) \| `(cookiecutter --no-input .+?)` \|$", readme, re.MULTILINE):
        words = [word.partition("=") for word in shlex.split(command)]
        yield {"name": name, "command": command, "answers": {key: value for key, _, value in words if value}}


def ascii_table():
    """What text-unidecode writes for each character that NFKD can leave, from U+0080 on."""
    rows = (WEB / "vendor/text-unidecode/data.bin").read_text(encoding="utf-8").split("\0")
    kept = (
        row if unicodedata.normalize("NFKD", chr(point)) == chr(point) else ""
        for point, row in enumerate(rows, 1)
        if point >= 0x80
    )
    return "\n".join(kept).rstrip("\n")


def compile_with_node(request):
    node = [shutil.which("node") or "node", str(WEB / "precompile.js")]
    done = subprocess.run(node, input=json.dumps(request), check=True, capture_output=True, encoding="utf-8")
    return json.loads(done.stdout)


def write(folder):
    """Write the page and all that it loads."""
    data, compiled = template_data(ROOT, compile_with_node)
    data["presets"] = list(data["presets"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = ",\n".join(f"{json.dumps(name)}: {code}" for name, code in compiled.items())
    text = f"const template = {json.dumps(data, ensure_ascii=False)};\n"
    text += f"const compiled = {{\n{lines}\n}};\n"
    (folder / "template.js").write_text(text, encoding="utf-8")
    for name in SCRIPTS:
        shutil.copy(WEB / f"{name}.js", folder)
    shutil.copy(WEB / "vendor/nunjucks/nunjucks-slim.min.js", folder / "nunjucks.js")
    licences = [WEB / "vendor" / name / "LICENSE" for name in ("nunjucks", "text-unidecode")]
    for path in licences:
        shutil.copy(path, folder / f"LICENSE-{path.parent.name}.txt")
    shutil.copy(WEB / "style.css", folder)
    shutil.copy(next((ROOT / PACKAGE).rglob("favicon.svg")), folder)
    page = (WEB / "index.html").read_text(encoding="utf-8")
    rows = "".join(
        f"<dt>{html.escape(each['name'])}</dt><dd><code>{html.escape(each['command'])}</code></dd>"
        for each in data["presets"]
    )
    page = page.replace("<!-- presets -->", rows).replace("REPOSITORY_URL", html.escape(data["address"]))
    (folder / "index.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/web")
    write(target)
    print(f"Made {target}: open its index.html, or serve the folder.")
