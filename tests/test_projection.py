"""Every text that any project can hold is one that a careful engineer would leave."""

import itertools
import random
import re
from collections import defaultdict

import pytest
from conftest import bytes_below, files_below
from cookiecutter.prompt import YesNoPrompt

from proof import claims
from proof.checks import RAW, strange_mirrors
from proof.projection import faults
from proof.report import lines, smeared
from proof.template import PACKAGE, SLUGS, TEXTS, as_bytes


def test_every_text_is_whole(whole):
    """No scar, no word of what is off, nothing to parse, format or lint differently."""
    assert list(faults(whole)) == []


def test_each_sentence_of_a_guide_has_what_shows_it(template):
    assert list(claims.missing_evidence(template)) == []


@pytest.mark.parametrize(
    ("pattern", "shown", "words"),
    [
        (
            "`test_mail: development_tells",
            "`test_mail: nobody_needs",
            "there is no test_mail: nobody",
        ),
        (
            "`test_auth: the_limits_are_those_of_the_guide`",
            "`no claim`",
            "nothing shows 'Within 15 minutes",
        ),
    ],
)
def test_evidence_that_is_not_there_is_missed(mutant, pattern, shown, words):
    mutant.edit("proof/claims.md", pattern, shown)
    assert any(words in fault for fault in claims.missing_evidence(mutant.root))


@pytest.mark.parametrize(
    ("path", "said", "other", "words"),
    [
        (
            "flask_factory/cli.py",
            "a commit with --to",
            "a commit with --checkout",
            "cli.py: says '",
        ),
        ("hooks/pre_gen_project.py", "begins or ends with", "ends with", "pre_gen_project.py: "),
        ("hooks/post_gen_project.py", "db upgrade", "db migrate", "post_gen_project.py: says '"),
        ("flask_factory_needs_cookiecutter_2_7.py", "or add -f to", "or add -s to", "extension: "),
    ],
)
def test_a_program_that_says_something_else_is_noticed(mutant, path, said, other, words):
    before = set(claims.faults(mutant.template(), []))
    mutant.edit(path, said, other)
    [fault] = set(claims.faults(mutant.template(), [])) - before
    assert f"The template's {words}" in fault and other in fault


@pytest.fixture(scope="module")
def checked(whole):
    """The texts that the test above looks at, by slug."""
    return {slug: {(each.path, each.text) for each in whole.renderings(slug)} for slug in SLUGS}


@pytest.mark.parametrize("seed", range(12))
def test_a_random_project_is_the_one_predicted(project, whole, checked, seed):
    """The reasoning, tested: Cookiecutter's own output, file by file and byte by byte."""
    chance = random.Random(seed)  # noqa: S311
    asked = {option: chance.choice(list(values)) for option, values in whole.options.items()}
    answers = {option: value or "no" for option, value in asked.items()}
    slug = chance.choice(SLUGS)
    folder = project(**TEXTS, **answers, project_slug=slug)
    values = whole.settle(asked)
    predicted = whole.project(values, slug)
    assert files_below(folder) == sorted(predicted)
    assert bytes_below(folder) == {path: as_bytes(text) for path, text in predicted.items()}
    exhausted = {
        whole.render(path, values, slug)
        for path in whole.sources
        if whole.is_exhausted(path) and whole.stays(path, values)
    }
    assert exhausted <= checked[slug]


def test_the_table_names_every_value_of_every_option(questions):
    prompts = questions["__prompts__"]
    assert list(prompts) == [key for key in questions if not key.startswith("_")]
    for option, each in questions["_options"].items():
        values = each["values"]
        # Nothing of it, or where that is no answer the one that Python and Flask have.
        least = next((value for value in ("", "none") if value in values), next(iter(values)))
        assert each["before"] == (least or "no")
        assert each["about"]
        if isinstance(questions[option], bool):
            assert list(values) == ["yes", ""]
        else:
            assert list(values) == questions[option]
            assert list(prompts[option]) == ["__prompt__", *values]
        assert f"__{option}" in questions


def test_a_url_of_the_table_is_one_of_the_code(whole, questions):
    code = "".join(text for path, text in whole.texts.items() if path.endswith(".py"))
    for option, each in questions["_options"].items():
        words = f"{each['about']} {questions['__prompts__'][option]}"
        for url in re.findall(r"(?<!\S)`?(/[^\s`]+)", words):
            assert f'"{url}"' in code, (option, url)


def test_the_mirrors_follow_the_implications(whole):
    """What Cookiecutter renders is what the hooks recompute, for all values that interact."""
    assert list(strange_mirrors(whole)) == []


# Labels that say what a value does and not its name.
EXPLAINED = {
    ("errors", "negotiated"): "html.*browsers.*json.*clients",
    ("errors", "html"): "html|always a page",
    ("errors", "none"): "flask's",
}


def test_each_question_is_put_in_its_own_words(whole, questions):
    """Wordings that were exchanged would be answered by the wrong value."""
    for option, values in whole.options.items():
        prompt = questions["__prompts__"][option]
        labels = {"__prompt__": prompt} if isinstance(prompt, str) else prompt
        # Enough of the name for "Licence", "an error" and "Health checks".
        word = {"auth": "accounts"}.get(option, option.split("_")[0][:4])
        assert word in labels["__prompt__"].lower(), option
        for value in values if len(labels) > 1 else ():
            said = re.split(r"[^a-z0-9.]+", labels[value].lower())
            words = EXPLAINED.get((option, value)) or value.partition("-")[0]
            assert re.search(words, labels[value].lower()), (option, value)
            others = {other.partition("-")[0] for other in values if other != value}
            assert (option, value) in EXPLAINED or not others & set(said), (option, value)


def test_what_an_option_needs_is_said(questions):
    """A rule that switches an option off is in the README's row, and names what is missing."""
    needs = defaultdict(set)
    for rule in questions["_implications"]:
        option, _, value = rule["then"].partition("=")
        if value == "no":
            needs[option].add(rule["because"].removeprefix("it needs "))
        for term in itertools.chain(*rule["if"]):
            missing, _, value = term.partition("=")
            named = missing in rule["because"].lower()
            # Accounts bring what the example needs.
            assert value not in ("no", "none") or named or missing == "auth", rule
    for option, each in needs.items():
        said = questions["_options"][option]["about"].partition("needs ")[2]
        assert set(said.split(", and ")) == each, option


def test_a_mirror_understands_every_word(whole, questions):
    """All those that Cookiecutter takes itself where it asks."""
    words = {"yes": YesNoPrompt.yes_choices, "no": YesNoPrompt.no_choices}
    assert {word: set(each) for word, each in questions["_words"].items()} == {
        word: set(each) for word, each in words.items()
    }
    environment = whole.environment
    for option, values in whole.options.items():
        if list(values) == ["yes", ""]:
            mirror = environment.from_string(questions[f"__{option}"])
            for word in (*questions["_words"]["yes"], *questions["_words"]["no"]):
                answers = {**questions, "__pages": "yes", "__api": "yes", option: word}
                expected = "yes" if word in questions["_words"]["yes"] else ""
                assert mirror.render(cookiecutter=answers) == expected, (option, word)


def test_an_option_is_named_in_its_own_files_and_the_shared_ones(whole):
    """A smeared option is seen at once; `python -m proof.report` shows what each one costs."""
    excused = {
        ("migrations/versions/auth.py", "example"),  # It follows the notes where there are any.
        (f"{PACKAGE}/api/__init__.py", "pages"),
        (f"{PACKAGE}/auth/throttle.py", "database"),  # The dialect of an upsert.
        (f"{PACKAGE}/database/__init__.py", "health"),
        (f"{PACKAGE}/database/sqlite.py", "health"),
        (f"{PACKAGE}/telemetry/__init__.py", "database"),
    }
    assert set(smeared(whole)) <= excused
    assert len(list(lines(whole))) > len(whole.options)


def test_a_file_of_many_options_is_covered(whole):
    """Where all combinations are too many: four options at a time, and each block in both states."""
    path = max(whole.sources, key=lambda each: len(whole.combinations(whole.own_options(each))))
    options = whole.own_options(path)
    rows = whole.enough_combinations(path, limit=10)
    assert len(rows) < len(whole.combinations(options))
    for names in itertools.combinations(options, 4):
        legal = {tuple(row.items()) for row in whole.combinations(list(names))}
        assert {tuple((name, row[name]) for name in names) for row in rows} == legal
    assert len(whole.blocks(path)) > 3


def test_no_block_is_inside_another(whole):
    for path, text in whole.texts.items():
        depth = 0
        for tag in re.findall(r"\{%-? *(if|endif)", RAW.sub("", text)):
            depth += 1 if tag == "if" else -1
            assert depth <= 1 or path.endswith(".html"), path
