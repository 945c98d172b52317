"""Every text that any project can hold is one that a careful engineer would leave."""

import random

import pytest
from conftest import bytes_below

from proof.projection import SLUGS, TEXTS, Template, faults
from proof.report import lines, smeared


@pytest.fixture(scope="module")
def whole(template, rules):
    return Template(template, rules)


def test_every_text_is_whole(whole):
    """No scar, no word of what is off, nothing to parse, format or lint differently."""
    assert list(faults(whole)) == []


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


def test_an_option_is_named_in_its_own_files_and_the_shared_ones(whole):
    """A smeared option is seen at once; `python -m proof.report` shows what each one costs."""
    excused = {("{{cookiecutter.project_slug}}/database/__init__.py", "health")}
    assert set(smeared(whole)) == excused
    assert len(list(lines(whole))) > len(whole.options)
