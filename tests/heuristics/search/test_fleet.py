from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from polyroute.data import solomon
from polyroute.heuristics.kernels.state import depot_row
from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.search import fleet
from polyroute.heuristics.search import solver as search
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.params import SearchParams
from polyroute.vrp.api import Budget, read, solve
from polyroute.vrp.problem import Problem
from tests.benchmarks import benchmark, best_known
from tests.heuristics.random_problems import COMPILED, FAMILIES, arrays, vrptw
from tests.naive import best_solution


def limited_run(problem: Problem, iterations: int = 1000) -> tuple:
    clock = Clock(Budget(iterations=iterations), None)
    return search._prepare(Layout.of(problem), SearchParams(), clock, 0, 1, None)


@pytest.mark.both
@pytest.mark.parametrize("family", FAMILIES)
def test_who_cannot_be_served_alone_makes_a_problem_hopeless(family: str) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        problem = FAMILIES[family](rng, 3)
        if problem.distance is not None:  # a detour may save time there
            continue
        plenty = problem.replace(count=[3])
        alone = fleet.everybody_alone(arrays(plenty), depot_row(plenty, arrays(plenty)))
        assert alone == (best_solution(plenty) is not None)


@pytest.mark.skipif(not COMPILED, reason="too long as plain Python")
@pytest.mark.parametrize("name", ["solomon/RC105", "solomon/R112", "homberger/RC2_10_1"])
def test_a_plan_is_found_for_the_published_number_of_vehicles(name: str) -> None:
    # Prices alone found none for the first and the last: they rise until nothing moves.
    path = benchmark(f"{name}.txt")
    (vehicles,) = [item["vehicles"] for item in best_known()[name]["other"]]
    problem = read(path).replace(count=[vehicles])
    result = solve(problem, iterations=100_000, seed=1, target=2**49)
    assert result.feasible
    assert len(result.solution.routes) <= vehicles


def test_a_hopeless_problem_is_not_squeezed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Half of the budget would go into what cannot be had.
    monkeypatch.setattr(fleet, "_search_until_found", None)
    rng = np.random.default_rng(2)
    late = vrptw(rng, 6).replace(tw_early=[[0]] * 7, tw_late=[[500]] + [[0]] * 6)
    heavy = vrptw(rng, 6, capacity=[[9]], count=[2], delivery=[[0]] + [[9]] * 6)
    for problem in (late, heavy):
        result = solve(problem, iterations=100)
        assert not result.feasible
        assert result.iterations == 100


def test_the_temperature_falls_anew_once_the_fleet_is_settled() -> None:
    problem = solomon.generate(solomon.VrptwClass(20), np.random.default_rng(3))
    run, first = limited_run(problem)
    with ThreadPoolExecutor(1) as pool:
        run.consider(first)
        assert fleet.suit_fleet(run, first, pool) is first
        run.clock.fewest_first = True
        run.clock.iterations = 250
        fleet.suit_fleet(run, first, pool)
    begun = run.clock.progress
    assert begun >= 0.25
    assert run.clock.cooling(begun) == 0.0
    assert run.clock.cooling(1.0) == 1.0
