from __future__ import annotations

from pathlib import Path

import pytest

from polyroute.heuristics.compare import machine
from polyroute.heuristics.compare.machine import OURS, ROOT, solver_version


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small tree of our rooms in place of the real one."""
    for name in (
        "vrp/check.py",
        "models/policy.py",
        "heuristics/kernels/ruin.py",
        "heuristics/kernels/moves/swap.py",
        "heuristics/search/solver.py",
        "heuristics/baselines/hgs.py",
        "heuristics/baselines/pyvrp/data.py",
        "heuristics/compare/report.py",
        "data/random.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("before = 1\n")
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "vrp/check.py",
        "models/policy.py",
        "heuristics/kernels/ruin.py",
        "heuristics/kernels/moves/swap.py",
        "heuristics/kernels/moves/new.py",
        "heuristics/search/solver.py",
    ],
)
def test_a_change_of_what_a_search_may_run_is_another_version(tree: Path, name: str) -> None:
    before = solver_version("search")
    (tree / name).write_text("after = 2\n")
    assert solver_version("search") != before


@pytest.mark.parametrize(
    "name",
    [
        "heuristics/baselines/hgs.py",
        "heuristics/baselines/pyvrp/data.py",
        "heuristics/compare/report.py",
        "heuristics/compare/new.py",
        "data/random.py",
        "heuristics/kernels/notes.txt",
    ],
)
def test_a_change_of_a_baseline_or_a_report_leaves_the_version_alone(tree: Path, name: str) -> None:
    before = solver_version("search")
    (tree / name).write_text("after = 2\n")
    assert solver_version("search") == before


def test_every_room_that_is_hashed_is_there() -> None:
    for room in OURS:
        assert list((ROOT / room).rglob("*.py")), room
