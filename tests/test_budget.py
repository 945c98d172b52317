"""The template and its projects weigh no more than they may; `proof/budget.py` has the limits."""

from proof import budget


def test_each_limit_is_kept(whole):
    """What must be installed to be measured is left to `python -m proof budget`."""
    assert list(budget.excesses(budget.measured(whole))) == []


def test_everything_that_can_be_counted_is(whole):
    left = [name for name in budget.LIMITS if name not in budget.measured(whole)]
    assert len(left) == 3
    assert all(" / " in name or "cases" in name for name in left)


def test_an_excess_is_said():
    name = next(iter(budget.LIMITS))
    assert list(budget.excesses({name: budget.LIMITS[name]})) == []
    [said] = budget.excesses({name: budget.LIMITS[name] + 1})
    assert said == f"{name}: {budget.LIMITS[name] + 1}, and {budget.LIMITS[name]} is the limit"


def test_reserved_names_are_not_counted():
    assert budget.counted('x = 1\nRESERVED = """\n    a\n    b\n"""\ny = 2\n') == 2
