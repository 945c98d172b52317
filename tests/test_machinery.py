"""The table of the machinery's tests, and what is copied by it."""

from proof.machinery import FILES, HERE, REQUIREMENTS, add_tests

SMALLEST = {
    "pages": "",
    "api": "",
    "config": "",
    "errors": "none",
    "health": "",
    "database": "none",
    "example": "",
}


def test_every_file_has_a_row():
    assert set(FILES) == {path.name for path in HERE.glob("*.py")} - {"__main__.py"}


def test_rows_name_options(questions):
    rows = [*FILES.values(), *REQUIREMENTS.values()]
    terms = {term for row in rows for alternative in row for term in alternative}
    assert {term.partition("=")[0] for term in terms} <= set(questions["_options"])


def test_only_what_applies_is_copied(tmp_path):
    project = tmp_path / "my_shop"
    (project / "tests").mkdir(parents=True)
    add_tests(project, SMALLEST)
    copied = {path.name: path.read_text(encoding="utf-8") for path in project.rglob("*.py")}
    assert "test_factory.py" in copied
    assert "test_plain_errors.py" in copied
    assert "test_api.py" not in copied
    assert "test_database.py" not in copied
    assert not any("tea_time" in text for text in copied.values())
