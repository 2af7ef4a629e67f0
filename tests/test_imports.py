"""Imports point one way, and nothing heavy is imported before it is used."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import ROOT, printed

OURS = {"vrp", "data", "heuristics", "models", "solve", "train"}
MAY_IMPORT = {
    "vrp": {"vrp"},
    "data": {"vrp", "data"},
    "heuristics": {"vrp", "heuristics"},
    "models": {"vrp", "data", "heuristics", "models"},
}
ONLY_IN = {
    "numba": ("heuristics/",),
    "torch": ("vrp/batch.py", "vrp/env.py", "models/", "train.py"),
    "lightning": ("models/", "train.py"),
    "rl4co": ("models/rl4co_bridge.py",),
}
SOURCES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))
HEAVY = ("jsonschema", "matplotlib", "numba", "ortools", "pyvrp", "rich", "scipy", "torch")


def imported(path: Path) -> Iterator[str]:
    """Top-level names of what a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            yield (node.module or "").partition(".")[0]


def loaded_after(statement: str) -> set[str]:
    """Top-level names in `sys.modules` after `statement`, in a process of its own."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(printed(code).split())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way_and_heavy_packages_stay_in_their_place(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    names = set(imported(path))
    assert names & OURS <= MAY_IMPORT[place.partition("/")[0]]
    for package, homes in ONLY_IN.items():
        assert package not in names or place.startswith(homes), f"{place} imports {package}"


@pytest.mark.parametrize("statement", ["import vrp", "import solve", "import data"])
def test_importing_a_package_needs_numpy_at_most(statement: str) -> None:
    assert loaded_after(statement).isdisjoint(HEAVY)


def test_parsing_the_command_line_imports_nothing_heavy() -> None:
    statement = (
        "from polyroute.vrp.cli.options import parse_options\n"
        "parse_options(['a.vrp', '--time', '1'])"
    )
    assert loaded_after(statement).isdisjoint(HEAVY)


def test_the_search_needs_no_drawing_and_no_learning() -> None:
    loaded = loaded_after("import polyroute.heuristics.search.solver")
    assert "numba" in loaded
    assert loaded.isdisjoint({"matplotlib", "ortools", "pyvrp", "rich", "torch"})


@pytest.mark.parametrize(
    "module", ["kernels.arrays", "jit.far_call", "jit.by_address", "search.solver"]
)
def test_the_cache_folder_is_chosen_before_numba_is_imported(module: str) -> None:
    code = f"import polyroute.heuristics.{module}, os; print(os.environ['NUMBA_CACHE_DIR'])"
    assert "polyroute" in printed(code, without="NUMBA_CACHE_DIR")
