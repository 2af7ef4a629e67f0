"""Kernels are compiled before the clock runs, in sets, and by a command for all problems."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from polyroute.heuristics.jit.far_call import address_of
from polyroute.heuristics.kernels import (
    anneal,
    fleet_minimisation,
    local_search,
    recreate,
    regret,
    state,
)
from polyroute.heuristics.kernels.cost import labelling, route_labelled, split, split_proposal
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.search import squeeze, warm_up
from polyroute.heuristics.search.supported import FEWEST_FIRST
from polyroute.heuristics.search.warm_up import SETS, KernelSet, main, warm_up_set
from polyroute.vrp.problem import Problem
from polyroute.vrp.structure import Reload
from tests.heuristics.compiled import COMPILED
from tests.heuristics.random_problems.plain import FAMILIES, cvrp
from tests.passes import HALVES

KERNELS = {
    "load_routes": state.load_routes,
    "recreate": recreate.recreate,
    "rounds": anneal.rounds,
    "improve": local_search.improve,
    "label_route": labelling.label_route,
    "price_route": route_labelled.price_route,
    "measure_route": route_labelled.measure_route,
    "split_route": split.split_route,
    "price_split": split_proposal.price_split,
    "squeeze": fleet_minimisation.squeeze,
    "insert_all": regret.insert_all,
}


@pytest.fixture(autouse=True)
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is warm in this process yet."""
    monkeypatch.setattr(warm_up, "_warm", set())


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the marks of sets in the cache are: there are none."""
    monkeypatch.setattr(warm_up, "ready_mark", lambda name: tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({}, "load"),
        ({"count": [2]}, "load-few-vehicles"),
        ({"tw_late": np.array([[9], [9], [9], [9]])}, "timed"),
        ({"objective": FEWEST_FIRST, "service": [0, 1, 1, 1]}, "timed-few-vehicles"),
        ({"fixed_cost": [1]}, "rich"),
        ({"preference": [[0], [1], [2], [3]]}, "labelled"),
        ({"preference": [[0], [1], [2], [3]], "count": [1]}, "labelled-few-vehicles"),
        ({"reloads": (Reload(0, (0,)),)}, "reloads"),
        ({"reloads": (Reload(0, (0,)),), "preference": [[0], [1], [2], [3]]}, "labelled"),
    ],
)
def test_a_problem_needs_the_set_that_its_attributes_ask_for(
    attributes: dict[str, object], name: str
) -> None:
    problem = Problem(coords=[[0, 0], [1, 1], [2, 2], [3, 3]], count=[3]).replace(**attributes)
    assert KernelSet.of(Facts.of(problem)) == SETS[name]


@pytest.mark.parametrize("few", [False, True])
def test_what_few_vehicles_need_is_compiled_before_the_clock_runs(
    few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Squeezing was compiled within the time limit: 2.4 s instead of 2.
    squeezed = []
    begin = squeeze.Squeezer.begin
    monkeypatch.setattr(
        squeeze.Squeezer, "begin", lambda self, start: (squeezed.append(start), begin(self, start))
    )
    problem = cvrp(np.random.default_rng(1), 3)
    problem = problem.replace(objective=FEWEST_FIRST) if few else problem
    warm_up.warm_up(Facts.of(problem))
    assert bool(squeezed) == few


def test_labelling_is_compiled_before_the_clock_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def noted(kernel: Callable[..., object], *arguments: object) -> int:
        asked.append(kernel)
        return address_of(kernel, *arguments)

    monkeypatch.setattr(route_labelled, "address_of", noted)
    monkeypatch.setattr(warm_up, "search_whole", lambda *_: None)
    problem = Problem(coords=[[0, 0], [1, 1], [2, 2]], preference=[[0], [1], [2]])
    warm_up.warm_up(Facts.of(problem))
    assert asked[0] == labelling.label_route


@pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
@pytest.mark.parametrize("name", SETS)
def test_what_two_processes_share_is_what_a_search_calls(name: str) -> None:
    kernels = SETS[name]
    for job in kernels.jobs(kernels.kernels()):
        job()
    compiled = {kernel: len(KERNELS[kernel].signatures) for kernel in kernels.kernels()}
    warm_up._search_tiny(kernels)
    assert compiled == {kernel: len(KERNELS[kernel].signatures) for kernel in kernels.kernels()}
    assert all(compiled.values())


def test_what_another_set_left_in_the_cache_is_not_compiled_again(marks: Path) -> None:
    assert SETS["labelled"].missing() == SETS["labelled"].kernels()
    (marks / "rich").touch()
    assert SETS["labelled"].missing() == ["label_route", "price_route", "measure_route"]
    assert SETS["rich-few-vehicles"].missing() == ["squeeze"]
    assert SETS["load"].missing() == ["load_routes", "improve", "rounds", "recreate"]


def test_where_nothing_is_compiled_nothing_is_marked(
    marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm_up, "IS_COMPILED", False)
    warm_up_set(SETS["load"])
    assert not list(marks.iterdir())


@pytest.mark.parametrize("ready", [False, True])
def test_a_second_process_helps_with_what_is_not_in_the_cache(
    ready: bool, marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = []
    monkeypatch.setattr(warm_up, "IS_COMPILED", True)
    monkeypatch.setattr(warm_up, "can_share", lambda: True)
    monkeypatch.setattr(
        warm_up, "compile_from_the_front", lambda jobs, *command: shared.append(command)
    )
    if ready:
        (marks / "load").touch()
    assert warm_up_set(SETS["load"]) > 0.0
    names = "load_routes,improve,rounds,recreate"
    command = (warm_up.MODULE, warm_up.BACK, "load", names)
    assert shared == ([] if ready else [command])
    assert (marks / "load").exists()
    assert gc.isenabled()
    assert warm_up_set(SETS["load"]) == 0.0


def test_the_tiny_problem_of_a_set_needs_that_set() -> None:
    for kernels in SETS.values():
        for by_table in (False, True):
            found = KernelSet.of(Facts.of(warm_up._tiny(kernels, by_table=by_table)))
            assert found.name.split("-")[0] == kernels.name.split("-")[0]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_set(family: str) -> None:
    problem = FAMILIES[family](np.random.default_rng(1), 4)
    assert KernelSet.of(Facts.of(problem)) in SETS.values()


# -- the command -----------------------------------------------------------------------------------


def test_the_command_prints_a_line_for_each_set_with_its_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(warm_up, "IS_COMPILED", True)
    monkeypatch.setattr(warm_up, "warm_up_set", lambda kernels: 1.25 if kernels.few else 12.5)
    assert main(["rich", "load-few-vehicles"]) == 0
    assert capsys.readouterr().out == (
        "rich                     12.5 s\nload-few-vehicles         1.2 s\n"
    )
    assert main([]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(SETS)
    assert sorted(name for half in HALVES for name in half) == sorted(SETS)


def test_the_command_lists_the_sets(
    marks: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(warm_up, "IS_COMPILED", True)
    (marks / "timed").touch()
    assert main(["--list", "load", "timed"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        ["load", "not compiled"],
        ["timed", "compiled"],
    ]


def test_what_cannot_be_compiled_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["walked"]) == 2
    error = capsys.readouterr().err
    known = ", ".join(SETS)
    assert error == f"polyroute warm-up: error: set 'walked' is unknown, expected one of {known}\n"
    monkeypatch.setattr(warm_up, "IS_COMPILED", False)
    assert main(["load"]) == 2
    assert "warm-up: error: NUMBA_DISABLE_JIT is set, so that" in capsys.readouterr().err
