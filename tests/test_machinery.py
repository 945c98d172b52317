"""The table of the machinery's tests, and what is copied by it."""

import re

from proof import runner
from proof.checks import mentioned
from proof.machinery import FILES, HERE, REQUIREMENTS, add_tests
from proof.template import PACKAGE, options_of_rows


def test_every_file_has_a_row():
    assert set(FILES) == {path.name for path in HERE.glob("*.py")} - {"__main__.py"}


def test_rows_name_options(questions):
    rows = [*FILES.values(), *REQUIREMENTS.values()]
    terms = {term for row in rows for alternative in row for term in alternative}
    assert {term.partition("=")[0] for term in terms} <= set(questions["_options"])


# What a test can say of an option beside its distinctive words.
OWN_WORDS = {"config": ["config"], "errors": ["error"], "pages": ["navigation", "site-nav"]}


def test_a_row_is_no_narrower_than_its_tests(whole):
    """It names an option for the sake of what the tests import, or of what they speak of."""
    for name, row in FILES.items():
        text = f"{name}\n{(HERE / name).read_text(encoding='utf-8')}".lower()
        for option in options_of_rows([row]):
            values = {term.partition("=")[2] for term in sum(row, []) if term.startswith(option)}
            own = words_of(whole.options[option], values)
            named = own.union(values, OWN_WORDS.get(option, [])) - {""}
            spoken_of = any(mentioned(text, word) for word in named)
            terms = {term for term in sum(row, []) if term.partition("=")[0] == option}
            assert spoken_of or terms <= terms_imported(text, whole), (name, option)


def words_of(option, values):
    """The words of some values of an option that no other value has; of all, where it is bare."""
    if "" in values:
        return set().union(*option.values())
    others = [words for value, words in option.items() if value not in values]
    return set().union(*(option.get(value, ()) for value in values)).difference(*others)


def terms_imported(text, whole):
    """The terms under which the modules are there that a test imports."""
    names = re.findall(r"(?:from|import) tea_time\.([\w.]+)", text)
    for several in re.findall(r"from tea_time import (.+)", text):
        names += several.split(", ")
    paths = [f"{PACKAGE}/{name.replace('.', '/')}" for name in names]
    rows = [
        whole.row(path)
        for name in paths
        for path in (f"{name}.py", f"{name}/__init__.py")
        if path in whole.sources
    ]
    return {term for row in rows for terms in row or [] for term in terms}


def test_only_what_applies_is_copied(whole, tmp_path):
    project = tmp_path / "my_shop"
    (project / "tests").mkdir(parents=True)
    add_tests(project, runner.smallest(whole))
    copied = {path.name: path.read_text(encoding="utf-8") for path in project.rglob("*.py")}
    assert "test_factory.py" in copied
    assert "test_plain_errors.py" in copied
    assert "test_api.py" not in copied
    assert "test_database.py" not in copied
    assert not any("tea_time" in text for text in copied.values())
