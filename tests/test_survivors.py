"""The mutation tester changes what it says it does, and nothing else."""

import ast

import pytest

from proof.survivors.mutants import mutants


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("x = a == b", ["a == b -> a != b"]),
        ("x = not a", ["not a -> a"]),
        ("x = f(b=c)", ["b=c -> nothing"]),
        ("x[0] = 1", ["x[0] = 1 -> pass", "1 -> 2"]),
        ("f(a)", ["f(a) -> pass"]),
        ("def f():\n    return a", ["return a -> return None"]),
        ("def f():\n    return None", []),
        ("if a:\n    pass", ["a -> not a"]),
        ("if a and b:\n    pass", ["a and b -> a or b"]),
        ("raise E", ["raise E -> pass"]),
        ("x = True", ["True -> False"]),
        ("x = 'a'", ["'a' -> 'Xa'"]),
        ("x = 'It is said.'", []),
        ('"""A docstring."""\nimport a', []),
        ("def f(a: 'int') -> 'int':\n    yield", []),
    ],
)
def test_a_module_is_changed_at_one_place_at_a_time(source, changes):
    found = list(mutants(source))
    assert [said for _, said, _ in found] == changes
    unchanged = ast.unparse(ast.parse(source))
    assert all(code != unchanged for _, _, code in found)


def test_a_change_is_named_by_its_line():
    source = "a = 1\n\n\ndef f():\n    return a + b\n"
    assert [line for line, _, _ in mutants(source)] == [1, 5, 5]
