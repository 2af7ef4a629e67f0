"""Imports point one way, in no circle, and nothing heavy is imported before it is used."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.processes import ROOT, printed

HOUSE = ("polyroute", "vrp", "data", "heuristics", "models")
MAY_IMPORT = {
    "vrp": {"vrp"},
    "data": {"data", "vrp"},
    "heuristics": set(),
    "heuristics.jit": {"heuristics.jit", "vrp"},
    "heuristics.kernels": {"heuristics.kernels", "heuristics.jit", "vrp"},
    "heuristics.layout": {"heuristics.layout", "heuristics.kernels", "heuristics.jit", "vrp"},
    "heuristics.search": {
        "heuristics.search",
        "heuristics.layout",
        "heuristics.kernels",
        "heuristics.jit",
        "vrp",
    },
    "heuristics.baselines": {"heuristics.baselines", "vrp"},
    "heuristics.compare": {"heuristics.compare", "heuristics.baselines", "vrp"},
    "models": {"models", "heuristics.search", "data", "vrp"},
    "polyroute": {"polyroute", "heuristics.compare", "vrp"},
}
"""The rooms, and into which of them each may look. The page on architecture draws it."""

ONLY_IN = {
    "numba": ("heuristics/jit/", "heuristics/kernels/"),
    "torch": ("vrp/batch.py", "vrp/env/", "models/", "train.py"),
    "lightning": ("models/", "train.py"),
    "rl4co": ("models/rl4co_bridge.py",),
}
SOURCES = sorted(path for folder in HOUSE for path in (ROOT / folder).rglob("*.py"))
EACH = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
HEAVY = ("jsonschema", "matplotlib", "numba", "ortools", "pyvrp", "rich", "scipy", "torch")


def name_of(path: Path) -> str:
    """What a file is imported as."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    inside = parts if parts[0] == "polyroute" else ("polyroute", *parts)
    return ".".join(inside[:-1] if inside[-1] == "__init__" else inside)


MODULES = frozenset(map(name_of, SOURCES))


def room(name: str) -> str:
    """The room of one of our modules."""
    parts = name.split(".")[1:]
    if not parts or parts[0] not in HOUSE:
        return "polyroute"
    return ".".join(parts[:2]) if parts[0] == "heuristics" and len(parts) > 1 else parts[0]


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in MODULES else module


def loaded_after(statement: str) -> set[str]:
    """Top-level names in `sys.modules` after `statement`, in a process of its own."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(printed(code).split())


@EACH
def test_a_room_looks_only_into_those_below_it(path: Path) -> None:
    ours = {room(name) for name in imported(path) if name.partition(".")[0] == "polyroute"}
    assert ours <= MAY_IMPORT[room(name_of(path))]


@EACH
def test_every_import_of_ours_has_the_one_name_and_heavy_packages_stay_in_their_place(
    path: Path,
) -> None:
    place = path.relative_to(ROOT).as_posix()
    names = {name.partition(".")[0] for name in imported(path)}
    assert names.isdisjoint({*HOUSE, "solve", "train"} - {"polyroute"})
    for package, homes in ONLY_IN.items():
        assert package not in names or place.startswith(homes), f"{place} imports {package}"


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {name_of(path): set(imported(path)) & MODULES for path in SOURCES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' <- '.join(error.args[1])}")


@pytest.mark.parametrize("statement", ["import polyroute", "import solve", "import polyroute.data"])
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
    "module", "kernels.arrays jit.far_call jit.by_address search.solver".split()
)
def test_the_cache_folder_is_chosen_before_numba_is_imported(module: str) -> None:
    code = f"import polyroute.heuristics.{module}, os; print(os.environ['NUMBA_CACHE_DIR'])"
    assert "polyroute" in printed(code, without="NUMBA_CACHE_DIR")
