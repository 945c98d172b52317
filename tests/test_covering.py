"""A covering array covers, and one that does not is noticed."""

import pytest

from proof import covering, recipes, runner
from proof.stages import running, static


@pytest.mark.parametrize("strength", [2, 3])
def test_an_array_that_misses_something_is_noticed(whole, strength):
    rows = covering.rows(whole, strength)
    assert covering.missed(whole, rows, strength) == []
    assert covering.missed(whole, rows[: len(rows) // 2], strength)


def test_what_a_row_becomes_is_what_counts(whole):
    """A row that no project has covers what its implications leave of it."""
    rule = next(rule for rule in whole.implications if rule["then"].endswith("=no"))
    illegal = {option: "yes" if "yes" in v else v[0] for option, v in values_of(whole).items()}
    for term in rule["if"][0]:
        option, _, value = term.partition("=")
        illegal[option] = "" if value == "no" else value
    assert whole.settle(illegal) != illegal
    kept = covering.missed(whole, [whole.settle(illegal)], 1)
    assert covering.missed(whole, [illegal], 1) == kept


def test_constraints_that_are_forgotten_are_noticed(whole, monkeypatch):
    """Rows that the generator thinks legal may become others, and leave a tuple uncovered."""
    kept = covering.rows(whole, 3, runner.INERT)
    monkeypatch.setattr(covering, "constraints", lambda template: [])
    rows = covering.rows(whole, 3, runner.INERT)
    legal = set(covering.legal_tuples(whole, 3, runner.INERT))
    assert set(covering.missed(whole, rows, 3, runner.INERT)) == legal - tuples(rows, 3)
    assert tuples(kept, 3) >= legal


def tuples(rows, strength):
    """What some rows hold, by another way than the one that is tested."""
    return {
        (one, two, three)
        for row in rows
        for items in [sorted(row.items())]
        for a, one in enumerate(items)
        for b, two in enumerate(items[a + 1 :], a + 1)
        for three in items[b + 1 :]
    }


def values_of(template):
    return {option: list(values) for option, values in template.options.items()}


def test_what_does_not_run_otherwise_is_run_once(whole):
    """A licence changes nothing that runs: the rows are few, and each is another project."""
    rows, missed = runner.array(3)
    assert missed == []
    assert len(rows) < 60
    assert len({runner.key_of("any", row) for row in rows}) == len(rows)


def test_the_readmes_projects_are_rows(whole):
    """They are run, and checked with each licence and each oldest Python."""
    named = list(recipes.rows(whole))
    assert runner.defaults(whole) in named
    assert {**runner.smallest(whole), "license": "none"} in named
    rows, _ = static.rows()
    assert all(row in rows for row in named)
    for option in ("license", "python_version"):
        assert {row[option] for row in rows} == set(whole.options[option])
    ran, _ = running.rows()
    for row in named:
        alike = [each for each in ran if {**row, **{o: each[o] for o in runner.INERT}} == each]
        assert len(alike) == 1
    assert running.STRENGTH == 3
