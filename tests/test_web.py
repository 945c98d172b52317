"""The page that shows a project before it exists, in a real browser."""

import base64
import contextlib
import difflib
import gzip
import importlib.util
import io
import itertools
import json
import os
import random
import re
import shutil
import stat
import string
import subprocess
import sys
import tempfile
import threading
import tomllib
import unicodedata
import urllib.parse
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path, PurePosixPath

import pytest
import yaml
from conftest import ROOT, bytes_below
from cookiecutter.environment import StrictEnvironment
from cookiecutter.exceptions import FailedHookException
from cookiecutter.main import cookiecutter
from playwright.sync_api import expect

from proof import covering, projects, recipes, runner
from proof.hostile import ATTACKS, BAD_SLUGS, GOOD_SLUGS, REAL_TEXT, TEXTS
from proof.template import PACKAGE

in_browser = pytest.mark.proof
WEB = ROOT / "web"
SCRIPT = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
WIRE = 200_000
TEA = {**projects.TEXTS, "project_slug": "tea_time"}


def load_build():
    spec = importlib.util.spec_from_file_location("build", WEB / "build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    return build


@pytest.fixture(scope="session")
def build():
    """`web/build.py` as a module."""
    if not shutil.which("node"):
        pytest.skip("node: it is not on this machine")
    return load_build()


@pytest.fixture(scope="session")
def built(build, tmp_path_factory):
    """The folder of the page."""
    folder = tmp_path_factory.mktemp("web")
    build.write(folder)
    return folder


@pytest.fixture(scope="session")
def address(build, built):
    """Where the page is served."""
    with build.server(built) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def visit(browser, address):
    """Opens the page with a query; at the end nothing may have gone wrong in it."""
    with contextlib.ExitStack() as stack:
        said = []

        def visit(query="", address=address, script="", **options):
            context = browser.new_context(**options)
            stack.callback(context.close)
            context.add_init_script(script)
            page = context.new_page()
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("dialog", lambda dialog: said.append(dialog.message))
            page.goto(address + query)
            return page

        yield visit
        assert said == []


@pytest.fixture(scope="module")
def engine(browser, address):
    """One page for many questions: what its scripts make is asked of them."""
    page = browser.new_page()
    page.goto(address)
    yield page
    page.close()


def zipped(engine, answers):
    """Each path of the zip with its mode and content."""
    code = """async (given) => {
        const answers = project.complete(given);
        const blob = await zip.archive(answers.project_slug, project.made(answers));
        const bytes = new Uint8Array(await blob.arrayBuffer());
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    }"""
    return unpacked(base64.b64decode(engine.evaluate(code, answers)))


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {
            each.filename: (each.external_attr >> 16, archive.read(each))
            for each in archive.infolist()
        }


def generated(folder):
    """The same of a folder that Cookiecutter made; git keeps of a mode whether it can run."""
    return {
        f"{folder.name}/{path}": (
            stat.S_IFREG | (0o755 if (folder / path).stat().st_mode & 0o100 else 0o644),
            content,
        )
        for path, content in bytes_below(folder).items()
    }


def made_of(answers):
    """What Cookiecutter makes of answers, or the words of its refusal."""
    with tempfile.TemporaryDirectory(prefix="proof-") as name:
        folder = Path(name)
        config = folder / "cookiecutter.yaml"
        config.write_text(f"cookiecutters_dir: {name}\nreplay_dir: {name}\n", encoding="utf-8")
        options = {"no_input": True, "output_dir": folder / "out", "config_file": config}
        try:
            with projects.redirected(folder / "words"):
                made = cookiecutter(str(ROOT), extra_context=answers, **options)
        except FailedHookException as refusal:
            return str(refusal)
        return generated(Path(made))


def test_every_template_is_one_for_the_page_too(build):
    _, compiled = build.template_data(ROOT)
    assert len(compiled) > 60


@in_browser
def test_the_zip_is_what_cookiecutter_makes(engine):
    """For every row of the covering arrays, and every command of the README."""
    template = runner.the_template()
    whole = {option: runner.default(option, template) for option in runner.INERT}
    rows = [
        *(template.settle({**whole, **row}) for row in covering.rows(template, 3, runner.INERT)),
        *covering.rows(template, 2),
        *recipes.rows(template),
    ]
    rows = [dict(items) for items in dict.fromkeys(tuple(row.items()) for row in rows)]
    assert len(rows) > 50
    same_as_cookiecutter(
        engine,
        [{**TEA, **{option: value or "no" for option, value in row.items()}} for row in rows],
    )


@in_browser
def test_the_zip_records_what_was_made_and_not_what_was_asked(engine, whole):
    """Where an answer implies another, and where a switch is said in other words."""
    asked = [*asked_otherwise(whole), {**TEA, **said_otherwise(whole)}]
    assert len(asked) > len(whole.implications)
    same_as_cookiecutter(engine, asked)


def asked_otherwise(template):
    """For each implication, answers that it changes."""
    for rule in template.implications:
        option, value = template.rules.parsed(rule["then"])
        other = next(each for each in template.options[option] if each != value)
        for terms in rule["if"]:
            named = [template.rules.parsed(term) for term in terms]
            # A bare term means any value but none.
            fitting = {
                name: each if f"{name}={each or 'no'}" in terms else [*template.options[name]][-1]
                for name, each in named
            }
            asked = {**runner.defaults(template), option: other, **fitting}
            assert template.settle(asked) != asked, rule
            yield {**TEA, **{name: each or "no" for name, each in asked.items()}}


def said_otherwise(template):
    """The switches on and off by turns, in words that are not yes and no."""
    switches = [option for option, values in template.options.items() if "yes" in values]
    words = template.json["_words"]
    said = itertools.cycle((words["yes"][-1], words["no"][-1]))
    return dict(zip(switches, said, strict=False))


def same_as_cookiecutter(engine, asked):
    """Every byte and every mode of the projects of some answers."""
    with ProcessPoolExecutor() as pool:
        for answers, expected in zip(asked, pool.map(made_of, asked), strict=True):
            found = zipped(engine, answers)
            assert found.keys() == expected.keys(), answers
            assert [path for path in found if found[path] != expected[path]] == [], answers


@in_browser
def test_texts_are_in_the_zip_as_cookiecutter_writes_them(engine):
    """But for those that both refuse, in the same words."""
    texts = [text for text in [*REAL_TEXT, *ATTACKS, SCRIPT] if "\0" not in text]
    code = """(texts) => texts.map((text) =>
        rules.fault("description", project.complete({ description: text }).description))"""
    said = dict(zip(texts, engine.evaluate(code, texts), strict=True))
    for text in (text for text in texts if said[text]):
        refusal = made_of({"description": text})
        assert refusal == f"{said[text]}." or "holds a template tag" in said[text]
    good = [text for text in texts if not said[text]]
    rows = [dict(zip(TEXTS, (good[at:] + good)[:3], strict=True)) for at in range(0, len(good), 3)]
    assert len(rows) > 10
    same_as_cookiecutter(engine, rows)


def test_a_mode_is_kept(build, tmp_path):
    script = tmp_path / "run"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    assert build.described(script, "run", set())[0]["executable"]


@in_browser
def test_a_mode_reaches_the_zip(engine):
    code = """async () => {
        const blob = await zip.archive("a", [{ path: "run", text: "#!/bin/sh\\n", executable: true }]);
        return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
    }"""
    found = unpacked(base64.b64decode(engine.evaluate(code)))
    assert found == {"a/run": (stat.S_IFREG | 0o755, b"#!/bin/sh\n")}


# The rules.


def faults(engine, cases):
    return engine.evaluate("(cases) => cases.map((each) => rules.fault(...each))", cases)


def cases(questions):
    """One table for the rules of the hook and those of the page."""
    texts = [
        *REAL_TEXT,
        *ATTACKS,
        *GOOD_SLUGS,
        *BAD_SLUGS,
        SCRIPT,
        "x" * 300,
        "é" * 301,
        "👩" * 300,
    ]
    texts += [f"a{chr(number)}b" for number in (*range(0x2100), *range(0xFDD0, 0x10000))]
    texts += [f"{chr(number)}a" for number in range(0x3100)]
    texts += ["My-Shop", "my-shop", "a" * 70, "Flask", "a{b", "a{{b", "a{%b", "a{#b", "{", '"' * 58]
    texts = [text for text in texts if unicodedata.category(max(text, default=" ")) != "Cs"]
    yield from itertools.product((*TEXTS, "project_slug"), texts)
    for name in itertools.chain(*questions["_reserved"].values()):
        yield "project_slug", name
    for option, about in questions["_options"].items():
        for value in (
            *about["values"],
            "yes",
            "no",
            "YES",
            " on",
            "0",
            "perhaps",
            "",
            "  ",
            SCRIPT,
        ):
            yield option, value


def said_by_the_hook(rules, questions, key, value):
    if key in (*TEXTS, "project_slug"):
        return rules.fault_in_text(key, value, questions["_reserved"])
    answers = {
        **{k: v for k, v in questions.items() if k in rules.RAW},
        **dict.fromkeys((*TEXTS, "project_slug"), "tea"),
        **{option: "yes" for option in questions["_options"]},
        **{option: list(each["values"])[0] for option, each in questions["_options"].items()},
        key: value,
    }
    message = rules.fault(answers)
    return message if message and message.startswith(f"{key}: ") else None


@in_browser
def test_what_is_refused_is_refused_in_the_same_words(engine, rules, questions):
    table = list(cases(questions))
    expected = [said_by_the_hook(rules, questions, *case) for case in table]
    found = faults(engine, [list(case) for case in table])
    assert [case for case in zip(table, expected, found, strict=True) if case[1] != case[2]] == []
    assert sum(message is not None for message in expected) > 1000


@in_browser
def test_implications_are_the_same(engine, whole, rules):
    options = list(whole.options)
    chosen = random.Random(7)  # noqa: S311
    asked = [
        {
            option: chosen.choice([value or "no" for value in whole.options[option]])
            for option in options
        }
        for _ in range(500)
    ]
    code = "(asked) => asked.map((each) => [rules.effective(each), rules.implied(each).map(([, line]) => line)])"
    for answers, (values, lines) in zip(asked, engine.evaluate(code, asked), strict=True):
        known = {**whole.json, **answers}
        assert values == rules.effective(known)
        assert lines == list(rules.implied(known))


@in_browser
def test_the_slug_is_the_one_that_cookiecutter_offers(engine, questions):
    """For every character that a name can hold, and for names in many scripts."""
    template = StrictEnvironment().from_string(questions["__slug"])
    chosen = random.Random(7)  # noqa: S311
    blocks = [
        (0x20, 0x7F),
        (0xA0, 0x250),
        (0x370, 0x530),
        (0x590, 0x700),
        (0x900, 0xE00),
        (0x3040, 0x3100),
    ]
    blocks += [(0x4E00, 0x9FFF), (0xAC00, 0xD7A4), (0x1F300, 0x1F650)]
    names = [f"a{chr(number)}b" for number in range(0x20, 0x10000) if not 0xD800 <= number < 0xE000]
    for _ in range(3000):
        first, last = chosen.choice(blocks)
        length = chosen.randrange(1, 30)
        names.append(
            "".join(
                chr(chosen.choice([0x20, chosen.randrange(first, last)])) for _ in range(length)
            )
        )
    names += [name.title() for name in itertools.chain(*questions["_reserved"].values())]
    names += [
        *REAL_TEXT,
        "&amp; &#65; &#x42; it's 1,000 -- a",
        "word " * 30,
        "7" * 60,
        "!!!",
        "",
        "42 " * 20,
    ]
    found = engine.evaluate("(names) => names.map(project.slugOf)", names)
    given = {"_reserved": questions["_reserved"]}
    for name, slug in zip(names, found, strict=True):
        expected = template.render(cookiecutter={**given, "project_name": name})
        # The browser knows characters that are newer than this Python.
        assert slug == expected or "Cn" in map(unicodedata.category, name), ascii(name)


# The command.


@in_browser
def test_a_posix_shell_reads_the_words_back(engine):
    if not shutil.which("sh"):
        pytest.skip("sh: there is no such shell on this machine")
    special = [f"{each}HOME" for each in string.punctuation]
    for text in [*REAL_TEXT, *special, SCRIPT, "-rf", "$(touch MARK)", "`touch MARK`", "!!", "~"]:
        line = engine.evaluate(
            "(text) => command.line('uvx', 'posix', { description: text })", text
        )
        program = 'uvx() { printf "%s\\0" "$@"; }\n'
        result = subprocess.run(["sh", "-c", program + line], check=True, capture_output=True)  # noqa: S607
        words = result.stdout.decode().split("\0")
        fixed = ["cookiecutter", "--no-input", "--default-config", "REPOSITORY_URL"]
        assert words == [*fixed, f"description={text}", ""]
    lines = engine.evaluate("command.PROGRAMS.map((each) => command.line(each, 'posix', {}))")
    programs = ["uvx cookiecutter", "pipx run cookiecutter", "cookiecutter"]
    assert lines == [f"{each} {' '.join(fixed[1:])}" for each in programs]


def powershell_words(line, old):
    """What a program gets from PowerShell on Windows, by its published rules.

    Its own reading first, then the command line that it writes (`old`: Windows PowerShell 5.1,
    which counts an escaped quote too), then what the C library reads from that.
    """
    legacy = re.fullmatch(
        r"& \{ \$PSNativeCommandArgumentPassing = 'Legacy'; (.*) \}", line, re.DOTALL
    )
    words = []
    for bare, quoted in re.findall(
        r"([^\s'‘’‚‛]+)|'((?:[^'‘’‚‛]|['‘’‚‛]{2})*)'", legacy[1] if legacy else line
    ):
        assert not re.search(r"[\"#$&(),;<>@`{|}]", bare), bare  # They are read otherwise.
        words.append(bare or re.sub(r"(['‘’‚‛])\1", r"\1", quoted))
    written = []
    for word in words:
        assert legacy or '"' not in word
        quotes = needs = before = 0
        for letter in word:
            if letter == '"' and (old or before != "\\"):
                quotes += 1
            needs |= letter.isspace() and quotes % 2 == 0
            before = letter
        assert not (needs and word.endswith("\\"))  # Versions differ there.
        written.append(f'"{word}"' if needs else word)
    return c_words(" ".join(written))


def c_words(line):
    """The words of a command line, as the C library of Windows reads them."""
    words, word, inside, place = [], None, False, 0
    while place < len(line):
        slashes = len(line[place:]) - len(line[place:].lstrip("\\"))
        place += slashes
        letter = line[place : place + 1]
        if slashes:
            word = word or ""
        if letter == '"':
            word = (word or "") + "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            elif inside and line[place + 1 : place + 2] == '"':
                word += '"'
                place += 1
            else:
                inside = not inside
        elif letter in (" ", "\t", "") and not inside:
            if slashes:
                word += "\\" * slashes
            if word is not None and letter:
                words.append(word)
                word = None
        else:
            word = (word or "") + "\\" * slashes + letter
        place += 1
    return words if word is None else [*words, word]


@in_browser
@pytest.mark.parametrize("old", [True, False])
def test_powershell_reads_the_words_back(engine, old):
    texts = [
        *REAL_TEXT,
        SCRIPT,
        'a "b',
        'a b"',
        '"',
        '""',
        'a\\"b c',
        "a b\\",
        "\\",
        'x \\\\"',
        "$env:PATH %PATH% `n",
    ]
    texts += [
        "it’s",
        "‘a’ \u201cb\u201d ‛c",
        "a; b | c & d",
        "@{a=1}",
        "--% x",
        'it\'s "so" \\ much\\',
        *(f"a{each}b" for each in string.punctuation),
    ]
    for text in texts:
        line = engine.evaluate(
            "(text) => command.line('uvx', 'powershell', { description: text })", text
        )
        if line is None:
            assert '\\"' in text
        else:
            assert powershell_words(line, old)[-1] == f"description={text}", line


@in_browser
@pytest.mark.parametrize("text", ["Tea & 'Time' \"now\" $HOME", "山田 太郎"])
def test_the_command_that_is_shown_makes_the_project_that_is_shown(visit, text, tmp_path):
    page = visit()
    page.get_by_label("Project name").fill(text)
    page.get_by_label("JSON API").uncheck()
    page.get_by_label("PostgreSQL").check()
    page.get_by_label("Run with").select_option("cookiecutter")
    line = page.locator("#command").inner_text()
    program = f'cookiecutter() {{ "{sys.executable}" -m cookiecutter "$@"; }}\n'
    script = program + line.replace("REPOSITORY_URL", str(ROOT))
    subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607
    [folder] = tmp_path.iterdir()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download zip").click()
    assert download.value.suggested_filename == f"{folder.name}.zip"
    assert unpacked(Path(download.value.path()).read_bytes()) == generated(folder)


# What a person does.


@in_browser
def test_it_works_from_a_folder_and_asks_for_nothing_more(visit, built):
    asked = []
    page = visit(address=f"{built.as_uri()}/index.html")
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("JSON API").uncheck()
    page.get_by_label("Project name").fill("Tea Time")
    page.get_by_role("treeitem", name="pyproject.toml").click()
    assert 'name = "tea_time"' in page.locator("#code").inner_text()
    assert page.url.endswith("?project_name=Tea+Time&api=no")
    with page.expect_download():
        page.get_by_role("button", name="Download zip").click()
    page.reload()
    assert page.get_by_label("Project name").input_value() == "Tea Time"
    assert all(url.startswith((built.as_uri(), "blob:")) for url in asked)


@in_browser
def test_the_questions_are_those_of_the_terminal(visit, questions):
    page = visit()
    said = page.locator("#questions").inner_text()
    for key, wording in questions["__prompts__"].items():
        for text in wording.values() if isinstance(wording, dict) else [wording]:
            assert text in said, key
    texts = [key for key in questions["__prompts__"] if key not in questions["_options"]]
    assert [page.locator(f"#{key}").get_attribute("name") for key in texts] == texts


@in_browser
def test_an_empty_field_shows_what_it_stands_for(visit, questions):
    """And Enter, which would send a form elsewhere, does nothing."""
    page = visit()
    texts = [key for key in TEXTS if key != "project_slug"]
    for key in texts:
        assert page.locator(f"#{key}").get_attribute("placeholder") == questions[key]
    slug = page.locator("#project_slug")
    assert slug.get_attribute("placeholder") == "my_flask_app"
    page.locator("#project_name").fill("Tea Time")
    assert slug.get_attribute("placeholder") == "tea_time"
    said = page.locator("#said").inner_text()
    assert re.search(r": \d+ changed\.$", said), said  # A file keeps its place under another name.
    url = page.url
    page.locator("#project_name").press("Enter")
    page.wait_for_timeout(100)
    assert page.url == url


@in_browser
def test_a_link_may_say_it_in_other_words(visit):
    """A switch that is off, an answer that is the default's, and one that is empty."""
    page = visit("?api=off&docker=on&database=sqlite&project_name=")
    assert not page.locator("#api").is_checked()
    assert page.locator("#docker").is_checked()
    assert page.locator("#database-sqlite").is_checked()
    assert page.locator("#command").inner_text().endswith("REPOSITORY_URL api=off docker=on")


def weight(page, option, value):
    """What the page says that an answer adds: it comes after all else."""
    place = page.locator(f"#weight-{option}-{value}").filter(has_text="line")
    place.wait_for()
    return place.inner_text()


@in_browser
def test_what_an_answer_adds_is_what_it_adds(visit, whole):
    page = visit()
    base = runner.defaults(whole)
    for option in ("pages", "database"):
        value = runner.default(option, whole)
        before = whole.json["_options"][option]["before"]
        without = whole.project(
            whole.settle({**base, option: "" if before == "no" else before}), "x"
        )
        files = len(whole.project(base, "x")) - len(without)
        said = weight(page, option, value)
        assert said.startswith(f"+{files} files, +"), said
    assert "+sqlalchemy" in weight(page, "database", "sqlite")
    *_, (last, values) = whole.options.items()
    weight(page, last, [*values][0])  # Those of all others have come before.
    amount = r"[+−][1-9][\d,]*"
    for text in page.locator(".weight").all_inner_texts():
        assert re.fullmatch(rf"|({amount} files?, )?{amount} lines?(, \+[\w.-]+)*", text.strip()), (
            text
        )


@in_browser
def test_what_came_and_went_is_marked_and_announced(visit):
    page = visit()
    page.get_by_label("JSON API").uncheck()
    tree = page.get_by_role("tree")
    assert "gone" in tree.get_by_role("treeitem", name="schemathesis.toml").inner_text()
    assert re.search(
        r"\d+ files, [\d,]+ lines: \d+ gone, \d+ changed\.", page.locator("#said").inner_text()
    )
    page.get_by_role("treeitem", name="pyproject.toml").click()
    assert "pydantic" in page.locator("#code del").first.inner_text()
    page.get_by_label("JSON API").check()
    assert "new" in tree.get_by_role("treeitem", name="schemathesis.toml").inner_text()
    assert "pydantic" in page.locator("#code ins").first.inner_text()


@in_browser
def test_a_closed_folder_says_what_is_in_it(visit):
    page = visit()
    page.get_by_label("JSON API").uncheck()
    tree = page.get_by_role("tree")
    assert "gone" in tree.locator("[data-key$='/api']").get_attribute("class").split()
    assert "gone" not in tree.locator("[data-key='docs']").get_attribute("class").split()
    assert "1 gone" in tree.locator("[data-key='docs']").inner_text()
    tree.locator(f"[data-key='{PACKAGE}']").click()
    counts = {"new": 0, "gone": 0, "changed": 0}
    for text in tree.locator(".mark").all_inner_texts():
        for part in text.split(", "):
            amount, _, mark = part.rpartition(" ")
            counts[mark] += int(amount or 1)
    said = ", ".join(f"{amount} {mark}" for mark, amount in counts.items() if amount)
    page.get_by_label("JSON API").check()
    page.get_by_label("JSON API").uncheck()
    assert page.locator("#said").inner_text().endswith(f": {said}.")


@in_browser
def test_a_file_that_went_is_shown_as_it_was(visit):
    """Until something else changes; and Back brings it as new."""
    page = visit()
    page.get_by_role("treeitem", name="schemathesis.toml").click()
    lines = page.locator("#code").inner_text()
    page.get_by_label("JSON API").uncheck()
    assert page.locator("#path").inner_text().endswith("gone")
    assert page.locator("#code del").count() == page.locator("#code .code-line").count() > 1
    assert page.locator("#code").inner_text() == lines
    page.go_back()
    assert page.locator("#path").inner_text().endswith("new")
    assert page.locator("#code").inner_text() == lines
    assert page.locator("#code ins, #code del").count() == 0  # All of it is new.
    page.go_forward()
    page.get_by_label("Health checks").uncheck()
    assert "schemathesis" not in page.locator("#path").inner_text()
    assert page.locator("#code .code-line").count() > 1


@in_browser
def test_the_first_change_is_in_sight_and_another_file_begins_at_its_top(visit):
    page = visit(viewport={"width": 1280, "height": 500})
    page.get_by_role("treeitem", name=".env.example").click()
    top = "document.querySelector('#code').parentElement.scrollTop"
    assert page.evaluate(top) == 0
    page.locator("#telemetry").check()
    seen = page.evaluate(top)
    assert seen > 0
    expect(page.locator("#code").locator("ins, del").first).to_be_in_viewport()
    page.locator("#docker").check()  # It changes nothing in this file.
    assert page.locator("#code").locator("ins, del").count() == 0
    assert page.evaluate(top) == seen
    page.get_by_role("treeitem", name="LICENSE").click()
    assert page.evaluate(top) == 0
    page.locator("#telemetry").uncheck()
    page.get_by_role("treeitem", name=".env.example").click()
    expect(page.locator("#code del").first).to_be_in_viewport()


@in_browser
def test_what_an_answer_implies_is_said_when_it_happens(visit):
    page = visit()
    page.locator("#database-none").check()
    words = "example is no: it needs a database."
    assert page.locator("#note-example").inner_text() == words
    assert words in page.locator("#said").inner_text()


@in_browser
def test_a_wrong_answer_is_refused_beside_its_field(visit, rules, questions):
    page = visit("?project_slug=My-Shop&database=mysql")
    message = rules.fault_in_text("project_slug", "My-Shop", questions["_reserved"])
    assert page.locator("#fault-project_slug").inner_text() == f"{message}.".partition(": ")[2]
    words = '"mysql" is not an answer; it must be sqlite or postgresql or none.'
    assert page.locator("#fault-database").inner_text() == words
    invalid = "(all) => [...new Set(all.map((each) => each.name))]"
    invalid = page.locator("[name][aria-invalid=true]").evaluate_all(invalid)
    assert sorted(invalid) == ["database", "project_slug"]
    assert page.get_by_role("treeitem").count() > 10
    assert not page.locator("#command").is_visible()
    page.locator("#project_slug").fill("my_shop")
    page.locator("#database-sqlite").check()
    assert page.locator("#fault-project_slug").is_hidden()
    assert page.locator("[aria-invalid=true]").count() == 0
    assert page.locator("#command").inner_text().endswith("REPOSITORY_URL project_slug=my_shop")


@in_browser
def test_answers_are_weighed_while_another_is_wrong(visit):
    slow = "const soon = setTimeout; window.setTimeout = (call) => soon(call, 100);"
    page = visit("?project_slug=My-Shop&database=mysql", script=slow)
    page.locator("#project_slug").fill("my_shop")
    page.get_by_text("+opentelemetry-sdk").wait_for(timeout=10_000)


@in_browser
def test_back_and_forward_and_a_reload_keep_everything(visit):
    page = visit()
    page.get_by_label("Project name").press_sequentially("Tea Time")
    page.locator("#errors-json").check()
    page.get_by_role("treeitem", name="wsgi.py").click()
    page.get_by_label("Run with").select_option("pipx")
    page.get_by_role("treeitem", name="docs/").click()
    page.reload()
    assert page.locator("#path").inner_text() == "wsgi.py"
    assert page.get_by_label("Run with").input_value() == "pipx"
    assert page.locator("#command").inner_text().startswith("pipx run cookiecutter ")
    assert page.get_by_role("treeitem", name="docs/").get_attribute("aria-expanded") == "true"
    assert page.locator("#errors-json").is_checked()
    page.go_back()
    assert not page.locator("#errors-json").is_checked()
    assert page.get_by_label("Project name").input_value() == "Tea Time"
    page.go_back()
    assert page.get_by_label("Project name").input_value() == ""
    page.go_forward()
    page.go_forward()
    assert page.url.endswith("?project_name=Tea+Time&errors=json")
    assert page.locator("#errors-json").is_checked()


@in_browser
def test_a_link_within_the_page_keeps_what_is_marked(visit):
    """The one to the files, which is there on a narrow screen."""
    page = visit(viewport={"width": 320, "height": 720})
    page.get_by_label("JSON API").uncheck()
    page.get_by_role("treeitem", name="pyproject.toml").click()
    page.locator("#jump").click()
    page.wait_for_url("**#summary")
    assert "pydantic" in page.locator("#code del").first.inner_text()
    page.reload()
    assert page.locator("#path").inner_text() == "pyproject.toml"
    page.go_back()
    assert not page.get_by_label("JSON API").is_checked()


@in_browser
def test_a_preset_is_the_command_of_the_readme(visit, whole):
    page = visit()
    assert page.get_by_text("Start from").is_visible()
    buttons = page.locator("#presets button")
    rows = list(recipes.rows(whole))
    assert buttons.count() == len(rows) >= 5
    for place, values in enumerate(rows):
        buttons.nth(place).click()
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page.url).query))
        found = page.evaluate("(given) => rules.effective(project.complete(given))", query)
        assert found == values
        pressed = buttons.evaluate_all("(all) => all.map((each) => each.ariaPressed)")
        assert pressed == ["true" if values == each else "false" for each in rows]
    page.go_back()
    assert buttons.nth(len(rows) - 2).get_attribute("aria-pressed") == "true"


@in_browser
def test_a_preset_is_one_change(visit):
    """Of its own in the history, and marked as any other."""
    page = visit()
    name = page.get_by_label("Project name")
    name.fill("Tea")
    page.locator("#docker").check()
    page.locator("#presets button").first.click()
    assert "gone" in page.get_by_role("treeitem", name="Dockerfile").inner_text()
    smallest = page.locator("#presets button").nth(1)
    smallest.click()
    assert page.get_by_role("treeitem", name="Dockerfile").count() == 0
    preset = page.url
    name.fill("Tea Time")
    page.go_back()
    page.wait_for_url(preset)
    assert name.input_value() == "Tea"
    assert smallest.get_attribute("aria-pressed") == "true"


@in_browser
def test_a_file_is_found_by_name(visit):
    page = visit()
    page.get_by_label("Find a file by name").fill("home.html")
    page.get_by_role("treeitem", name="home.html").click()
    assert page.locator("#path").inner_text().endswith("pages/templates/pages/home.html")
    page.get_by_label("Find a file by name").fill("nothing like it")
    assert page.get_by_role("treeitem").all_inner_texts() == ["No file has that name."]


@in_browser
def test_a_file_is_found_however_its_name_is_written(visit):
    """By any part of its path; what is looked for outlives a reload."""
    page = visit("?docker=yes&project_name=Tea+Time")
    paths = page.evaluate(
        "project.made(project.complete({ docker: 'yes' })).map(({ path }) => path)"
    )
    paths = [path.replace("my_flask_app", "tea_time") for path in paths]
    found = page.locator("#tree li[aria-selected] .name")
    field = page.get_by_label("Find a file by name")
    wanted = [path for path in paths if path != path.lower()]
    assert len(wanted) > 2
    for text in (*wanted, "tea_time/pages/templates"):
        expected = [path for path in paths if text.lower() in path.lower()]
        for written in (text, text.lower(), text.upper()):
            field.fill(written)
            names = sorted(PurePosixPath(path).name for path in expected)
            assert sorted(found.all_inner_texts()) == names, written
    page.reload()
    assert field.input_value() == written
    assert found.count() == len(expected)
    field.fill("")
    assert page.locator("#said").inner_text() == ""


FOCUSED = "document.activeElement.querySelector('.name').textContent"


@in_browser
def test_a_keyboard_reads_a_file(visit):
    page = visit()
    page.get_by_label("Find a file by name").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    assert page.evaluate(FOCUSED) == ".github/"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED) == "api.md"
    page.keyboard.press("Enter")
    assert page.locator("#path").inner_text() == "docs/api.md"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.ariaExpanded") == "false"
    page.keyboard.press("End")
    assert page.evaluate(FOCUSED) == "wsgi.py"


@in_browser
def test_every_key_of_a_tree_does_what_it_does_in_others(visit):
    page = visit()
    page.get_by_role("treeitem", name="wsgi.py").click()
    page.evaluate("window.taken = []")
    page.evaluate("addEventListener('keydown', (event) => taken.push(event.defaultPrevented))")

    def at(key):
        page.keyboard.press(key)
        return page.evaluate(FOCUSED)

    assert at("Home") == ".github/" and at("ArrowUp") == ".github/"
    assert (
        at("ArrowDown") == "docs/" and at("ArrowRight") == "docs/" and at("ArrowRight") == "api.md"
    )
    page.keyboard.press(" ")
    assert page.locator("#path").inner_text() == "docs/api.md"
    assert at("ArrowDown") == "database.md" and at("ArrowUp") == "api.md"
    taken = page.evaluate("taken")
    assert taken == [True] * 8
    for key in ("Control", "Alt", "Meta"):  # With them it is the browser's, as each alone is.
        assert at(f"{key}+ArrowDown") == "api.md"
    assert page.evaluate("taken") == [*taken, *[False] * 6]
    assert (
        at("ArrowLeft") == "docs/" and at("Enter") == "docs/" and at("ArrowDown") == "migrations/"
    )
    assert at("End") == "wsgi.py" and at("ArrowDown") == "wsgi.py"


@in_browser
def test_a_tree_says_where_each_item_is(visit):
    """Its level, its place among its siblings, which is shown, and the one that a Tab reaches."""
    page = visit()
    page.get_by_role("treeitem", name="docs/").click()
    page.get_by_role("treeitem", name="api.md").click()
    names = ["ariaLevel", "ariaPosInSet", "ariaSetSize", "ariaSelected", "ariaExpanded", "tabIndex"]
    code = "(items, names) => items.map((item) => [item.dataset.key, ...names.map((name) => item[name])])"
    items = page.locator("#tree li").evaluate_all(code, names)
    found = {key: rest for key, *rest in items}
    assert len(found) == len(items) > 20
    folders = page.evaluate("template.files.map((file) => file.path)")
    folders = {str(each) for path in folders for each in PurePosixPath(path).parents}
    for key, (level, place, size, selected, is_open, tab) in found.items():
        folder = key.rpartition("/")[0]
        beside = [each for each in found if each.rpartition("/")[0] == folder]
        assert (level, place, size) == (
            str(key.count("/") + 1),
            str(beside.index(key) + 1),
            str(len(beside)),
        )
        shown = [(each not in folders, each.replace(PACKAGE, "my_flask_app")) for each in beside]
        assert shown == sorted(shown)
        assert (is_open is None) == (key not in folders)
        assert is_open in (None, "true" if key in (PACKAGE, "docs") else "false")
        assert key in folders or selected == ("true" if key == "docs/api.md" else "false")
        assert tab == (0 if key == "docs/api.md" else -1)
    page.get_by_label("Find a file by name").fill("home.html")
    assert (
        page.locator("#tree li[tabindex='0']").count() == 1
    )  # Although what is shown is not there.


@in_browser
def test_what_happens_is_heard(visit, questions):
    """A live region that is hidden from all says nothing; nor a note that no field points to."""
    page = visit("?project_slug=My-Shop&database=mysql")
    regions = page.get_by_role("status")
    assert regions.evaluate_all("(all) => all.map((each) => each.id)") == ["done", "said"]
    assert page.locator("#refused").is_visible()
    for key in ("project_slug", "database"):
        assert page.locator(f"#fault-{key}").is_visible()
        words = page.locator(f"#fault-{key}").inner_text()
        assert words in regions.last.inner_text()
        for field in page.locator(f"[name={key}]").all():
            expect(field).to_have_accessible_description(re.compile(re.escape(words)))
    page.locator("#project_slug").fill("")
    page.locator("#database-none").check()
    assert page.locator("#refused, [id^=fault]").filter(visible=True).count() == 0
    words = page.locator("#note-example").inner_text()
    expect(page.locator("#example")).to_have_accessible_description(re.compile(words))
    page.locator("#database-sqlite").check()
    for key in questions["_options"]:
        for field in page.locator(f"[name={key}]").all():
            value = field.get_attribute("value") or "yes"
            described = field.get_attribute("aria-describedby").split()
            assert described == [f"weight-{key}-{value}", f"note-{key}", f"fault-{key}"]
            assert page.locator(", ".join(f"[id='{each}']" for each in described)).count() == 3
    page.get_by_label("Find a file by name").fill("home.html")
    assert regions.last.inner_text() == "1 file"
    page.get_by_label("Find a file by name").fill(".html")
    assert re.fullmatch(r"\d+ files", regions.last.inner_text())


@in_browser
def test_the_first_link_skips_to_the_questions(visit):
    page = visit()
    hidden = page.locator("a").first.bounding_box()
    assert hidden["y"] + hidden["height"] <= 0 or hidden["height"] <= 1
    page.keyboard.press("Tab")
    link = page.locator("a:focus")
    assert link.inner_text() == "Skip to the questions"
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "questions"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('form').id") == "questions"


@in_browser
def test_what_can_not_be_done_is_said(visit):
    page = visit("?helth=no", script="navigator.clipboard.writeText = () => Promise.reject();")
    done = page.locator("#done")
    assert done.inner_text() == 'There is no option "helth": the link is of another version.'
    page.get_by_role("button", name="Copy command").click()
    page.get_by_text(
        "The browser does not let this page copy: select the text and copy it."
    ).wait_for()
    page.get_by_label("Description").fill('a\\" b')
    assert page.get_by_role("button", name="Copy command").is_enabled()
    page.locator("#shell").select_option(label="PowerShell")
    words = "PowerShell can't pass these answers on: take the zip."
    assert page.locator("#command").inner_text() == words
    assert page.get_by_role("button", name="Copy command").is_disabled()
    with page.expect_download():
        page.get_by_role("button", name="Download zip").click()
    page.get_by_text("Unpack it; its README says how to go on.").wait_for()
    page.reload()
    assert page.locator("#shell").input_value() == "powershell"


@in_browser
@pytest.mark.parametrize(
    ("platform", "shell"),
    [("Win32", "powershell"), ("Linux x86_64", "posix"), ("MacIntel", "posix")],
)
def test_the_shell_is_the_one_of_the_platform(visit, platform, shell):
    page = visit(script=f"Object.defineProperty(navigator, 'platform', {{ value: '{platform}' }});")
    assert page.locator("#shell").input_value() == shell


@in_browser
def test_the_summary_is_that_of_the_files(visit):
    """And a preset leaves the texts as they were typed."""
    page = visit("?project_name=Tea&project_slug=tea_time&author_name=Ada")
    page.locator("#presets button").last.click()
    assert "project_name=Tea&project_slug=tea_time&author_name=Ada&" in page.url
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page.url).query))
    files = page.evaluate("(given) => project.made(project.complete(given))", query)
    lines = sum((each["text"] or "").count("\n") for each in files)
    assert page.locator("#summary").inner_text() == f"{len(files)} files, {lines:,} lines"
    [metadata] = [each["text"] for each in files if each["path"] == "pyproject.toml"]
    named = tomllib.loads(metadata)["project"]["dependencies"]
    names = [re.match(r"[\w.-]+", each)[0] for each in named]
    assert page.locator("#dependencies").inner_text() == f"It depends on {', '.join(names)}."


@in_browser
def test_a_difference_is_one_between_the_two_texts(engine):
    """As short as one of Python's, and never of lines that are not there."""
    chosen = random.Random(7)  # noqa: S311
    texts = [
        ["".join(f"{chosen.choice('abc')}\n" for _ in range(chosen.randrange(9))) for _ in "12"]
        for _ in range(300)
    ]
    found = engine.evaluate("(texts) => texts.map((each) => changes.lines(...each))", texts)
    for (old, new), marks in zip(texts, found, strict=True):
        assert "".join(f"{line}\n" for mark, line in marks if mark != "+") == old
        assert "".join(f"{line}\n" for mark, line in marks if mark != "-") == new
        matcher = difflib.SequenceMatcher(None, old.split(), new.split(), autojunk=False)
        kept = sum(block.size for block in matcher.get_matching_blocks())
        assert sum(mark == " " for mark, _ in marks) >= kept


COLOURED = [
    ("a.py", '@x\nif a: f"b"  # c', ["name", "keyword", "string", "comment"]),
    ("a.js", "if (a) { 'b' } // c", ["keyword", "string", "comment"]),
    ("a.css", "/* c */\n@media { color: #fff; }", ["comment", "keyword", "name", "number"]),
    ("a.html", '<p id="b">{{ a }}<!-- c -->', ["name", "string", "name", "keyword", "comment"]),
    ("a.md", "# a\n`b` **c**", ["keyword", "string", "name"]),
    (".env.example", "# c\nA=1", ["comment", "name", "number"]),
    ("Dockerfile", '# c\nCMD ["b"]', ["comment", "string"]),
    ("LICENSE", "# if 1", []),
]


@in_browser
def test_a_file_has_its_own_colours_and_all_of_its_text(engine):
    code = "(each) => each.map(([path, text]) => colours.lines(path, text).flat())"
    found = engine.evaluate(code, [each[:2] for each in COLOURED])
    for (path, _, kinds), pieces in zip(COLOURED, found, strict=True):
        assert [kind for kind, _ in pieces if kind] == kinds, path
    code = """() => project.made(project.complete({ docker: "yes", telemetry: "yes" }))
        .filter(({ path, text }) => text && text !==
            colours.lines(path, text).map((line) => line.map(([, part]) => part).join("")).join("\\n"))
        .map(({ path }) => path)"""
    assert engine.evaluate(code) == []


@in_browser
def test_copies_are_what_is_shown(visit):
    page = visit("?api=no", permissions=["clipboard-read", "clipboard-write"])
    for name, expected in (("command", page.locator("#command").inner_text()), ("link", page.url)):
        page.get_by_role("button", name=f"Copy {name}").click()
        page.get_by_text(f"The {name} is copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == expected


@in_browser
def test_a_hostile_text_is_text(visit):
    query = urllib.parse.urlencode(
        {**dict.fromkeys(TEXTS, SCRIPT), SCRIPT: SCRIPT, "errors": SCRIPT}
    )
    page = visit(f"?{query}")
    title = page.title()
    page.locator("#errors-json").check()
    for name in ("README.md", "pyproject.toml"):
        page.get_by_role("treeitem", name=name).click()
        assert "onerror" in page.locator("#code").inner_text()
    assert page.locator("img").count() == 1
    assert page.locator("script:not([src])").count() == 0
    assert page.title() == title
    page.get_by_label("Author").fill("Ada")


@in_browser
def test_the_policy_stops_what_is_injected(browser, address):
    page = browser.new_page()
    page.goto(address)
    policy = page.locator("meta[http-equiv]").get_attribute("content")
    assert "default-src 'none'" in policy
    allowed = {source for each in policy.split(";") for source in each.split()[1:]}
    assert allowed == {"'none'", "'self'", "'script'"}
    page.evaluate("""() => {
        const script = document.createElement("script");
        for (const unsafe of [
            () => document.body.setAttribute("onclick", "document.title = 'owned'"),
            () => document.body.click(),
            () => setTimeout("document.title = 'owned'"),
            () => (document.querySelector("h1").innerHTML = "<b>owned</b>"),
            () => (script.text = "document.title = 'owned'"),
            () => document.body.append(script),
        ]) {
            try { unsafe(); } catch { /* refused */ }
        }
    }""")
    page.wait_for_timeout(200)
    assert "owned" not in page.title() + page.locator("h1").inner_text()
    page.close()


@in_browser
def test_without_javascript_it_says_so_and_shows_the_commands(visit):
    page = visit(java_script_enabled=False)
    said = page.locator("body").inner_text()
    assert "needs JavaScript" in said
    for arguments in recipes.commands():
        assert f"cookiecutter {arguments}" in said
    assert not page.locator("#app").is_visible()


# What it costs, and whom it serves.


def test_it_has_the_look_of_a_project(built):
    style = (built / "style.css").read_text(encoding="utf-8")
    assert style.startswith(next((ROOT / PACKAGE).rglob("site.css")).read_text(encoding="utf-8"))
    assert "light-dark(" not in style  # Unknown to browsers from before 2024.


def test_what_the_page_names_is_there(built):
    page = (built / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    ids = set(re.findall(r'id="([^"]+)"', page))
    assert {each[1:] for each in named if each.startswith("#")} <= ids
    files = {each for each in named if not re.match("#|https:|REPOSITORY_URL$", each)}
    assert files <= {path.name for path in built.iterdir()}
    assert len(files) > 10


def test_the_build_removes_nothing(build, tmp_path):
    (tmp_path / "mine").touch()
    build.write(tmp_path)
    assert (tmp_path / "mine").exists()


@in_browser
def test_it_is_small(built):
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in built.iterdir()}
    loaded = {name: size for name, size in sizes.items() if not name.startswith("LICENSE")}
    assert sum(loaded.values()) <= WIRE, loaded


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory):
    """A folder of what npm installs, as the lock file says: each process of the tests has its own."""
    if not shutil.which("npm"):
        pytest.skip("npm: it is not on this machine")
    folder = tmp_path_factory.mktemp("npm")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(WEB / name, folder)
    command = [shutil.which("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "node_modules"


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_and_breaks_no_rule(visit, node_modules, scheme, width):
    page = visit(
        "?project_slug=My-Shop", color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page.evaluate((node_modules / "axe-core/axe.min.js").read_text(encoding="utf-8"))

    def violations():
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = page.evaluate("axe.run()")["violations"]
        return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]

    assert violations() == []
    page.locator("#project_slug").fill("")
    page.get_by_label("JSON API").uncheck()
    page.get_by_role("treeitem", name="pyproject.toml").click()
    assert violations() == []
    page.get_by_label("Find a file by name").fill("nothing like it")
    assert violations() == []


@in_browser
def test_lighthouse_finds_nothing(address, node_modules, tmp_path):
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("browser: there is no Chromium on this machine")
    report = tmp_path / "report.json"
    command = [shutil.which("node"), node_modules / "lighthouse/cli/index.js", address, "--quiet"]
    command += ["--output=json", f"--output-path={report}"]
    command += ["--chrome-flags=--headless=new --no-sandbox"]
    scores = {}
    for _ in range(3):  # A busy machine loses a point in speed.
        subprocess.run(
            command, env={**os.environ, "CHROME_PATH": program}, check=True, capture_output=True
        )
        found = json.loads(report.read_text(encoding="utf-8"))["categories"]
        scores = {name: max(scores.get(name, 0), each["score"]) for name, each in found.items()}
        if set(scores.values()) == {1}:
            break
    assert scores == dict.fromkeys(("performance", "accessibility", "best-practices", "seo"), 1)


# What an option that comes later needs: nothing but a group.


def test_every_question_is_in_a_group(questions):
    groups = json.loads((WEB / "groups.json").read_text(encoding="utf-8"))
    named = list(itertools.chain(*groups.values()))
    rest = [key for key in questions["__prompts__"] if key not in named]
    assert rest == [], f"{rest} would be shown under 'What else': name it in web/groups.json"
    assert len(named) == len(set(named))


@in_browser
def test_an_option_without_a_group_is_asked_in_the_last(visit, build, mutant, tmp_path):
    mutant.write(f"{PACKAGE}/motd.py", "TEA = 1\n")
    mutant.add_switch("motd", ["{slug}/motd.py"])
    folder = tmp_path / "page"
    build.write(folder, mutant.root)
    page = visit("?motd=no", address=f"{folder.as_uri()}/index.html")
    assert page.locator("#questions legend").last.inner_text() == "What else"
    assert not page.locator("#motd").is_checked()
    page.locator("#motd").check()
    assert weight(page, "motd", "yes") == "+1 file, +1 line"


def test_a_name_that_the_page_does_not_know_stops_the_build(build, mutant):
    mutant.write("x.txt", "{{ cookiecutter._commit }}\n")
    with pytest.raises(SystemExit, match="_commit"):
        build.template_data(mutant.root)


@pytest.mark.proof
@pytest.mark.parametrize("target", ["web", "build/web"])
def test_make_makes_the_page_anew(tmp_path, target):
    """Although there is a folder of that name."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/ready").touch()
    (tmp_path / target).mkdir(parents=True)
    command = ["make", "--dry-run", target]
    said = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)  # noqa: S607
    assert b"web/build.py" in said.stdout


@in_browser
def test_the_page_is_made_and_served_and_names_an_address(visit, build, template, tmp_path):
    """As `make web` does it, which the test above runs dry."""
    copy = shutil.copytree(template, tmp_path / "copy")
    url = "https://example.com/template.git"
    env = {**os.environ, "REPOSITORY_URL": url}
    command = [sys.executable, "web/build.py", "--serve"]
    said = {"stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, cwd=copy, env=env, **said) as server:
        try:
            served = [
                re.search(r"http://\S+", line) for line in (server.stdout.readline() for _ in "12")
            ]
            page = visit(address=served[1][0])
            assert page.locator("#command").inner_text().endswith(url)
            assert page.locator(f"footer a[href='{url}']").inner_text() == url
        finally:
            server.terminate()
    assert (copy / "build/web/index.html").is_file()


def test_the_page_is_published_with_its_address():
    """By a workflow that runs the one command that makes it."""
    path = ROOT / ".github/workflows/web.yml"
    [job] = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
    [step] = [step for step in job["steps"] if "run" in step]
    assert (step["run"], list(step["env"])) == ("make build/web", ["REPOSITORY_URL"])
