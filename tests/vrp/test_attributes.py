"""The page on attributes says what solvers declare and what files hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from polyroute.vrp.api import SOLVERS, load_solver
from polyroute.vrp.cli.attributes import READ, features, page
from polyroute.vrp.io import FORMATS, detect_format, read_problem
from polyroute.vrp.problem import Problem
from tests.benchmarks import ROOT as BENCHMARKS
from tests.cases import CASES

ROOT = Path(__file__).parents[2]
SUFFIXES = (".vrp", ".vrpb", ".txt", ".tsp", ".atsp")
SETS = (
    "atsp dimacs-cvrp golden hfvrp hfvrp-dlp mdvrp-cordeau mdvrptw ovrp pcvrptw pdptw-lilim "
    "sdvrptw solomon tsp vrpb X"
).split()


def assert_held(path: Path, problem: Problem) -> None:
    """Assert that the page knows that the file's format can hold what it holds."""
    held = READ[detect_format(path)].split()
    assert problem.active <= set(held), path.name


def test_the_page_is_what_is_generated() -> None:
    text = (ROOT / "docs" / "attributes.md").read_text(encoding="utf-8")
    assert text == page(), (
        "write it anew: python -m polyroute.vrp.cli.attributes > docs/attributes.md"
    )


def test_the_page_has_a_row_for_every_feature() -> None:
    used = frozenset().union(*(case.problem.active for case in CASES))
    supported = frozenset().union(*(load_solver(name).SUPPORTS for name in SOLVERS))
    assert used == features().keys()
    assert supported <= features().keys()


def test_the_page_knows_every_format_and_what_our_instances_hold() -> None:
    assert READ.keys() == FORMATS.keys() - {"json"}
    for path in sorted((ROOT / "instances").iterdir()):
        if path.suffix in SUFFIXES:
            assert_held(path, read_problem(path))


@pytest.mark.parametrize("name", SETS)
def test_the_page_knows_what_benchmark_files_hold(name: str) -> None:
    paths = [path for path in (BENCHMARKS / name).glob("*") if path.suffix in SUFFIXES]
    if not paths:
        pytest.skip(f"benchmark set {name} not found at {BENCHMARKS}")
    path = min(paths, key=lambda path: path.stat().st_size)
    assert_held(path, read_problem(path))
