from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from polyroute.data import uchoa
from polyroute.heuristics.kernels.plan import plan_of
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import depot_row
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.decompose import num_parts, search_parts
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.setting import Setting
from polyroute.heuristics.search.worker import Worker
from polyroute.vrp.budget import Budget
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Solution
from tests.heuristics.compiled import COMPILED
from tests.heuristics.in_arrays import arrays


def run_on(problem: Problem, iterations: int, threads: int, flat: bool = True) -> Run:
    p = arrays(problem)
    setting = Setting(
        SearchParams(), 30.0, 0.8, np.array([50.0, 5.0, 5.0]), depot_row(problem, p), flat
    )
    return Run(p, setting, Clock(Budget(iterations=iterations), None), 1, threads)


def generated(clients: int, seed: int = 1) -> Problem:
    return uchoa.generate(uchoa.CvrpClass(clients, route_size=5), np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("clients", "threads", "routes", "parts"),
    [
        (399, 2, 80, 1),
        (500, 1, 100, 1),
        (500, 2, 100, 2),
        (1000, 8, 200, 5),
        (500, 8, 14, 2),
        (500, 2, 1, 1),
        (2500, 1, 500, 3),
        (2500, 2, 500, 4),
        (2500, 1, 13, 2),
    ],
)
def test_parts_are_as_many_as_clients_threads_and_routes_allow(
    clients: int, threads: int, routes: int, parts: int
) -> None:
    assert num_parts(run_on(generated(clients), 1, threads), routes) == parts


def test_what_has_no_positions_is_searched_whole() -> None:
    assert num_parts(run_on(generated(500), 1, 2, flat=False), 100) == 1


@pytest.mark.both
@pytest.mark.parametrize("number", [2, 3, 5])
def test_parts_lose_nobody_and_their_best_plans_add_up(number: int) -> None:
    problem = generated(60 if COMPILED else 24, number)
    iterations = 1000 if COMPILED else 30
    run = run_on(problem, iterations, 2)
    first = Worker(run.p, None, run.setting, seeded(1))
    first.load(plan_of([[u] for u in problem.clients]))
    run.consider(first)
    assert run.best is not None
    before = run.best.cost
    with ThreadPoolExecutor(2) as pool:
        search_parts(run, first, number, pool)
    assert run.clock.iterations == iterations
    evaluation = evaluate(problem, Solution.from_visits(run.result.plan.lists()))
    assert evaluation.feasible
    assert evaluation.distance == run.best.cost < before
    visits = sorted(u for route in run.result.plan.lists() for u in route)
    assert visits == [*problem.clients]
