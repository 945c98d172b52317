"""Every text that any project can hold is one that a careful engineer would leave."""

import ast
import json
import random
import subprocess
import sys
import tomllib
from collections import defaultdict

import pytest
from conftest import bytes_below

from proof.projection import SLUGS, TEXTS, Template, foreign_words, scars

TARGETS = ("py311", "py312", "py313", "py314")


@pytest.fixture(scope="module")
def whole(template, rules):
    return Template(template, rules)


@pytest.fixture(scope="module", params=SLUGS, ids=["shortest slug", "longest slug"])
def renderings(request, whole):
    return list(whole.renderings(request.param))


def faults(renderings, find):
    return [
        f"{rendering.path} {rendering.effective}: {fault}"
        for rendering in renderings
        for fault in find(rendering)
    ]


def test_a_file_reads_only_what_the_projection_varies(whole):
    """The premise: see the projection's own words."""
    known = {*TEXTS, "project_slug", *(f"__{option}" for option in whole.options)}
    for path in whole.sources:
        assert whole.names(path) <= known, path


def test_no_rendering_has_a_scar(renderings):
    assert faults(renderings, scars) == []


def test_no_rendering_speaks_of_what_is_off(renderings, whole):
    assert faults(renderings, lambda rendering: foreign_words(whole.options, rendering)) == []


def test_every_rendering_parses(renderings):
    for rendering in renderings:
        if rendering.path.endswith(".py"):
            ast.parse(rendering.text, rendering.path)
        if rendering.path.endswith(".toml"):
            tomllib.loads(rendering.text)


@pytest.fixture(scope="module")
def packed(renderings, tmp_path_factory):
    """The distinct texts, laid out as few projects, each file anywhere: ruff reads file by file."""
    folder = tmp_path_factory.mktemp("packed")
    variants = defaultdict(dict)
    for rendering in renderings:
        variants[rendering.path][rendering.text] = None
    for path, texts in variants.items():
        for number in range(max(map(len, variants.values()))):
            text = list(texts)[number % len(texts)]
            if number < len(texts) or path.endswith(("pyproject.toml", "__init__.py")):
                file = folder / str(number) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
    return folder


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("command", [["format", "--check"], ["check"]], ids=["format", "check"])
def test_the_formatter_and_the_linter_change_nothing(packed, command, target):
    ruff = [sys.executable, "-m", "ruff", *command, "--quiet", "--no-cache"]
    result = subprocess.run(
        [*ruff, "--target-version", target, "."],
        cwd=packed,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr


@pytest.mark.parametrize("seed", range(12))
def test_a_random_project_is_the_one_predicted(project, whole, seed):
    """The reasoning, tested: Cookiecutter's own output, file by file and byte by byte."""
    chance = random.Random(seed)  # noqa: S311
    asked = {option: chance.choice(list(values)) for option, values in whole.options.items()}
    answers = {option: value or "no" for option, value in asked.items()}
    slug = chance.choice(SLUGS)
    folder = project(**TEXTS, **answers, project_slug=slug)
    predicted = whole.project(whole.settle(asked), slug)
    assert bytes_below(folder) == {path: text.encode() for path, text in predicted.items()}


def test_the_table_names_every_value_of_every_option(questions):
    prompts = questions["__prompts__"]
    assert list(prompts) == [key for key in questions if not key.startswith("_")]
    for option, values in questions["_options"].items():
        if isinstance(questions[option], bool):
            assert list(values) == ["yes", ""]
        else:
            assert list(values) == questions[option]
            assert list(prompts[option]) == ["__prompt__", *values]
        assert f"__{option}" in questions


def test_the_mirrors_follow_the_implications(whole, questions):
    """What Cookiecutter renders is what the hooks recompute, for all values that interact."""
    environment = whole.environment()
    for option in whole.options:
        names = [name for name in whole.options if name in whole.connected([option])]
        for values in whole.combinations_asked(names):
            answers = {**questions, **values}
            for name in names:
                mirror = environment.from_string(questions[f"__{name}"])
                answers[f"__{name}"] = mirror.render(cookiecutter=answers)
            mirrors = {name: answers[f"__{name}"] for name in names}
            assert mirrors == whole.settle(values)


def test_cost_per_option(whole, capsys):
    """How many files each option owns and how many it is named in: a report, printed on demand."""
    report = {}
    for option in whole.options:
        named = [path for path in whole.sources if f"__{option}" in whole.names(path)]
        rows = [path for path in whole.sources if option in whole.own_options(path)]
        report[option] = {"files": len(rows), "with a conditional": named}
    with capsys.disabled():
        print(json.dumps(report, indent=1)) if "-v" in sys.argv else None
    shared = {path for row in report.values() for path in row["with a conditional"]}
    assert len(shared) <= 6, shared
