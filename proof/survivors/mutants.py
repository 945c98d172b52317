"""Each small change of a module that some test ought to notice."""

import ast
import copy
import re

# What people read: no test should hang on its words.
SENTENCE = re.compile(r"[A-Z]\w* \w+")

SWAPPED = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}


def mutants(source):
    """Each mutant of a module: the line, what was changed there, and the module's code."""
    tree = ast.parse(source)
    for node, field, index, new in changes(tree):
        changed = copy.deepcopy((tree, node))
        # Copied together, so that the node is in the tree.
        whole, place = changed
        old = getattr(place, field)
        said = ast.unparse(old if index is None else old[index])
        if index is None:
            setattr(place, field, new)
        elif new is None:
            del old[index]
        else:
            old[index] = new
        line = line_of(node, field, index)
        becomes = "nothing" if new is None else ast.unparse(new)
        code = ast.unparse(ast.fix_missing_locations(whole))
        yield line, f"{first_line(said)} -> {first_line(becomes)}", code


def line_of(node, field, index):
    """Where the node that is replaced stands."""
    old = getattr(node, field)
    old = old if index is None else old[index]
    return getattr(old, "lineno", None) or getattr(getattr(old, "value", node), "lineno", 1)


def first_line(text):
    return text.partition("\n")[0][:90]


def changes(tree):
    """Each change: the node, its field, the place in the field's list, and what comes there."""
    for node in walk(tree):
        for field, old in ast.iter_fields(node):
            if isinstance(old, list):
                for index, each in enumerate(old):
                    for new in instead_of(node, field, each):
                        yield node, field, index, new
            elif isinstance(old, ast.AST):
                for new in instead_of(node, field, old):
                    yield node, field, None, new


def walk(node):
    """The nodes whose code runs: annotations, imports and docstrings do not."""
    yield node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.Import | ast.ImportFrom):
                if not is_docstring(child):
                    yield from walk(child)


def is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def instead_of(node, field, old):
    """What can stand in a node's place; `None` where it can go."""
    if field in ("annotation", "returns", "decorator_list", "slice", "bases"):
        return
    if isinstance(old, ast.keyword) and isinstance(node, ast.Call) and old.arg:
        yield None
    elif isinstance(old, ast.Compare):
        yield ast.Compare(old.left, [SWAPPED[type(old.ops[0])](), *old.ops[1:]], old.comparators)
    elif isinstance(old, ast.BoolOp):
        yield ast.BoolOp(SWAPPED[type(old.op)](), old.values)
    elif isinstance(old, ast.BinOp) and type(old.op) in SWAPPED:
        yield ast.BinOp(old.left, SWAPPED[type(old.op)](), old.right)
    elif isinstance(old, ast.UnaryOp) and isinstance(old.op, ast.Not):
        yield old.operand
    elif isinstance(old, ast.Constant) and not isinstance(node, ast.FormattedValue | ast.JoinedStr):
        yield from other_constants(old.value)
    elif isinstance(old, ast.Return) and old.value and not is_none(old.value):
        yield ast.Return(ast.Constant(None))
    elif isinstance(old, ast.Raise):
        yield ast.Pass()
    elif isinstance(old, ast.Expr) and not is_docstring(old):
        # Without the call; a `yield` makes its function another.
        if not isinstance(old.value, ast.Yield):
            yield ast.Pass()
    elif isinstance(old, ast.Assign):
        if not any(isinstance(each, ast.Name) for each in old.targets):
            yield ast.Pass()
    if field == "test" and not isinstance(old, ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield ast.UnaryOp(ast.Not(), old)


def is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def other_constants(value):
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and value and not SENTENCE.match(value):
        yield ast.Constant(f"X{value}")
