"""A column has one name, the name one number, and no kernel reads a column by a bare number."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from polyroute.heuristics.kernels import arrays
from tests.processes import ROOT

KERNELS = sorted((ROOT / "heuristics" / "kernels").rglob("*.py"))
ROOMS = [*KERNELS, *sorted((ROOT / "heuristics" / "layout").rglob("*.py"))]
TABLES = {
    *("node", "rule", "fleet", "vehicle", "tie", "stopover"),
    *("link", "cum", "shape", "figure", "total", "tally", "best", "best_shape", "labels"),
}
"""Arrays of `p` and `s` whose last index is a column; the first one of `ints` is a row."""

RECORDS = {"a", "b", "piece", "whole", "row", "vehicle", "figure"}
"""What kernels call a piece, or a row of a table."""


def constants(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Upper-case names that a module binds to integers, by themselves or in a row."""
    for node in tree.body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = integers(node.value)
            if len(values) == len(names):
                yield from (
                    (name.id, value)
                    for name, value in zip(names, values, strict=True)
                    if isinstance(name, ast.Name) and name.id.isupper()
                )


def integers(value: ast.expr) -> list[int]:
    """The integers that an expression of literals or a `range` of them stands for, if any."""
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "range":
        return list(range(*(ast.literal_eval(bound) for bound in value.args)))
    try:
        found = ast.literal_eval(value)
    except ValueError:
        return []
    items = found if isinstance(found, tuple) else (found,)
    return [item for item in items if type(item) is int]


def bare_columns(tree: ast.Module) -> Iterator[str]:
    """Columns of tables, entries of pieces and rows of `ints` that are read by number."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Subscript):
            continue
        index = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        place = index[-1]
        if is_table(node.value, "ints"):
            place = index[0]
        elif not (
            any(is_table(node.value, table) for table in TABLES)
            or (isinstance(node.value, ast.Name) and node.value.id in {*RECORDS, "w"})
            or isinstance(node.value, ast.Call)
        ):
            continue
        if isinstance(place, ast.Constant) and isinstance(place.value, int):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def is_table(value: ast.expr, name: str) -> bool:
    """Whether an expression is the array `name` of `p` or of `s`."""
    return (
        isinstance(value, ast.Attribute)
        and value.attr == name
        and isinstance(value.value, ast.Name)
        and value.value.id in {"p", "s"}
    )


def test_a_name_stands_for_one_number_in_all_rooms() -> None:
    bound = defaultdict(lambda: defaultdict(set))
    for path in ROOMS:
        for name, value in constants(ast.parse(path.read_text(encoding="utf-8"))):
            bound[name][value].add(path.name)
    assert len(bound) > 150
    assert {name: dict(found) for name, found in bound.items() if len(found) > 1} == {}


def test_columns_are_bound_where_the_search_for_them_looks() -> None:
    tree = ast.parse(Path(str(arrays.__file__)).read_text(encoding="utf-8"))
    found = dict(constants(tree))
    named = {
        name: value for name, value in vars(arrays).items() if name.isupper() and type(value) is int
    }
    assert found == named


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.stem)
def test_columns_are_read_by_name(path: Path) -> None:
    assert list(bare_columns(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    ["piece[2]", "join(a, b)[1]", "s.cum[u, 3]", "p.fleet[0]", "s.ints[4, u]", "w[x, 5]"],
)
def test_a_bare_column_is_found(code: str) -> None:
    assert list(bare_columns(ast.parse(code)))


@pytest.mark.parametrize("code", ["s.shape.shape[0]", "s.ints[PATH, 0]", "p.near[u, k]", "rng[0]"])
def test_what_is_no_column_is_passed_over(code: str) -> None:
    assert not list(bare_columns(ast.parse(code)))
