"""Random faults, to see whether the tests notice: ``python -m tests.mutants --seed 19``.

Each mutant is one small change to one function of a kernel, of the checker or of a reader. With
``--apply K`` the K-th is written into the working tree, which is best a copy.
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).parents[1]

GROUPS = {
    "kernels": "heuristics/kernels/**/*.py",
    "checker": "vrp/check.py",
    "readers": "vrp/io/*.py",
}
TURNS = ("kernels", "checker", "kernels", "readers")
"""The groups that mutants are drawn from, in turns."""

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ADDED: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
EXTREME = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}

Change = Callable[[ast.AST], None]
Site = tuple[int, Change]
"""The place of a node in the order of `ast.walk`, and what is done to it."""


@dataclass(frozen=True)
class Mutant:
    path: Path
    line: int
    kind: str
    before: str
    after: str
    source: str
    """The whole file, changed; comments are lost."""

    def __str__(self) -> str:
        place = f"{self.path.relative_to(ROOT)}:{self.line}"
        return f"{place} {self.kind}: {self.before!r} -> {self.after!r}"


# -- what is changed -----------------------------------------------------------------------------


def swap_comparison(node: ast.AST) -> None:
    assert isinstance(node, ast.Compare)
    node.ops[0] = COMPARED[type(node.ops[0])]()


def swap_sum(node: ast.AST) -> None:
    assert isinstance(node, (ast.BinOp, ast.AugAssign))
    node.op = ADDED[type(node.op)]()


def swap_extreme(node: ast.AST) -> None:
    assert isinstance(node, ast.Call)
    if isinstance(node.func, ast.Name):
        node.func.id = EXTREME[node.func.id]
    else:
        assert isinstance(node.func, ast.Attribute)
        node.func.attr = EXTREME[node.func.attr]


def swap_logic(node: ast.AST) -> None:
    assert isinstance(node, ast.BoolOp)
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()


def negate(node: ast.AST) -> None:
    assert isinstance(node, (ast.If, ast.While, ast.IfExp))
    node.test = ast.UnaryOp(ast.Not(), node.test)


def up(node: ast.AST) -> None:
    assert isinstance(node, ast.Constant)
    node.value += 1  # type: ignore[operator]


def down(node: ast.AST) -> None:
    assert isinstance(node, ast.Constant)
    node.value -= 1  # type: ignore[operator]


def delete(node: ast.AST) -> None:
    """Leave out the first statement of a block."""
    body = node.body  # type: ignore[attr-defined]
    body[0] = ast.Pass()


def changes_of(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """The kinds of changes that a node allows."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            yield "comparison", swap_comparison
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in ADDED:
            yield "sum", swap_sum
        case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name)) if name in EXTREME:
            yield "extreme", swap_extreme
        case ast.BoolOp():
            yield "logic", swap_logic
        case ast.Constant(value=value) if type(value) in (int, float):
            yield from (("constant", up), ("constant", down))
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield "condition", negate
    if isinstance(node, (ast.If, ast.For, ast.While)):
        first = node.body[0]
        if isinstance(first, (ast.Expr, ast.AugAssign, ast.Return, ast.Continue, ast.Raise)):
            yield "deletion", delete


# -- where ---------------------------------------------------------------------------------------


def within_functions(tree: ast.Module) -> Iterator[tuple[int, ast.AST]]:
    """What functions do, by its place in `ast.walk`: neither annotations nor decorators."""
    chosen = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for statement in function.body
        for node in ast.walk(statement)
    }
    left = {
        id(inner)
        for node in ast.walk(tree)
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if part is not None
        for inner in ast.walk(part)
    }
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in chosen - left:
            yield place, node


@cache
def sites(path: Path) -> dict[str, list[Site]]:
    """Every change to a file, by kind."""
    found: dict[str, list[Site]] = {}
    for place, node in within_functions(ast.parse(path.read_text(encoding="utf-8"))):
        for kind, change in changes_of(node):
            found.setdefault(kind, []).append((place, change))
    return found


def mutant(path: Path, kind: str, site: Site) -> Mutant:
    """A file with one change."""
    place, change = site
    tree = ast.parse(path.read_text(encoding="utf-8"))
    node = [*ast.walk(tree)][place]
    old = copy.deepcopy(node)
    change(node)
    line: int = node.lineno  # type: ignore[attr-defined]
    return Mutant(path, line, kind, brief(old), brief(node), ast.unparse(tree) + "\n")


def brief(node: ast.AST) -> str:
    """An expression, or the head of a statement and the line after it."""
    return " ".join(ast.unparse(node).split("\n")[:2])


def draw(seed: int, number: int) -> list[Mutant]:
    """So many different mutants, of the groups in turns and of every kind alike."""
    rng = random.Random(seed)
    found: dict[tuple[Path, str], Mutant] = {}
    paths = {name: sorted(ROOT.glob(pattern)) for name, pattern in GROUPS.items()}
    for group in cycle(TURNS):
        if len(found) >= number:
            break
        kinds: dict[str, list[tuple[Path, Site]]] = {}
        for path in paths[group]:
            for kind, there in sites(path).items():
                kinds.setdefault(kind, []).extend((path, site) for site in there)
        kind = rng.choice(sorted(kinds))
        path, site = rng.choice(kinds[kind])
        made = mutant(path, kind, site)
        found[made.path, made.source] = made
    return [*islice(found.values(), number)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=19)
    parser.add_argument("--number", type=int, default=50)
    parser.add_argument("--apply", type=int, metavar="K", help="write the K-th, counted from 0")
    options = parser.parse_args()
    drawn = draw(options.seed, options.number)
    if options.apply is not None:
        chosen = drawn[options.apply]
        chosen.path.write_text(chosen.source, encoding="utf-8")
        print(chosen)
        return
    for number, each in enumerate(drawn):
        print(number, each)


if __name__ == "__main__":
    main()
