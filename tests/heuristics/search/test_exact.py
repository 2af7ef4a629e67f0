"""The search against the exact optimum, over random combinations of all attributes it knows."""

from __future__ import annotations

import json

import numpy as np
import pytest

from polyroute.vrp.api import solve
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import UNLIMITED, Backhaul, Objective, Problem
from polyroute.vrp.solution import Solution
from polyroute.vrp.structure import Group
from tests.effort import in_full
from tests.heuristics.compiled import COMPILED
from tests.heuristics.random_problems.plain import BY_RULE
from tests.heuristics.random_problems.rich import EVERY, RICH, anything
from tests.oracle import optimum
from tests.processes import printed

ITERATIONS = 2000 if COMPILED else 20
FEWEST = (Objective.VEHICLES, Objective.COST)


def drawn(seed: int) -> Problem:
    """A problem of three to six clients with a few attributes, or with many."""
    rng = np.random.default_rng(seed)
    return anything(rng, int(rng.integers(3, 7)))


def assert_optimal(problem: Problem, seed: int, patience: int = 1) -> None:
    """Assert that the search finds the optimum, or that there is no plan."""
    result = solve(problem, iterations=ITERATIONS * patience, seed=seed)
    evaluation = evaluate(problem, result.solution)
    assert result.evaluation == evaluation
    exact = optimum(problem)
    if exact is None:
        assert not evaluation.feasible
        return
    if evaluation.feasible:
        assert evaluation.objective >= exact[1]
    if COMPILED:  # else too few iterations to find it
        assert evaluation.feasible, evaluation.violations
        assert evaluation.objective == exact[1]


@pytest.mark.both
@pytest.mark.parametrize("seed", range(in_full(50, 20)) if COMPILED else range(5))
def test_random_problems_of_any_kind_are_solved_to_their_optimum(seed: int) -> None:
    assert_optimal(drawn(seed), seed)


@pytest.mark.parametrize("seed", range(in_full(15, 6)) if COMPILED else range(3))
def test_random_problems_are_solved_with_the_fewest_vehicles(seed: int) -> None:
    assert_optimal(drawn(seed).replace(objective=FEWEST), seed)


def test_no_vehicle_goes_where_nobody_must_be_served_and_vehicles_come_first() -> None:
    problem = Problem(
        coords=[[0, 0], [10, 0], [20, 0]],
        required=[1, 0, 1],
        prize=[0, 90, 0],
        groups=(Group((2,), required=False),),
        objective=FEWEST,
    )
    result = solve(problem, iterations=10)
    assert result.evaluation.objective == (0, 90)


@pytest.mark.parametrize("family", [name for name in RICH if name != "anything"])
def test_small_problems_of_each_class_are_solved_to_their_optimum(family: str) -> None:
    rng = np.random.default_rng(1)
    for clients in in_full((2, 4, 5, 6), (3, 5)) if COMPILED else (2, 4):
        # two matrices without a triangle inequality: 2,000 iterations miss one optimum in a hundred
        assert_optimal(RICH[family](rng, clients), clients, patience=10)


def runs() -> dict[str, object]:
    """A short run of every class, vehicles first in every other: its routes and its trace."""
    rng = np.random.default_rng(2)
    told = {}
    for number, (name, make) in enumerate((BY_RULE | EVERY).items()):
        problem = make(rng, 8)
        if number % 2:
            problem = problem.replace(objective=FEWEST)
        result = solve(problem, iterations=in_full(60, 30), seed=3)
        routes = [[[*route.visits], route.vehicle_type] for route in result.solution.routes]
        told[name] = [routes, [[found.iterations, found.cost] for found in result.trace]]
    return told


SCRIPT = """
import json
from tests.heuristics.search.test_exact import runs
print(json.dumps(runs()))
"""


def test_runs_are_the_same_compiled_and_as_plain_python() -> None:
    # What the compiler alone does wrong shows nowhere else: kernels are tested in plain Python.
    assert runs() == json.loads(printed(SCRIPT, NUMBA_DISABLE_JIT="1"))


def test_a_client_draws_others_along_to_the_only_vehicle_that_may_serve_him() -> None:
    # Client 2 may not go by the cheap vehicle, and gives, so that somebody who gets must come
    # before him. But client 1 alone always went by the cheap one.
    problem = Problem(
        coords=[[0, 0], [10, 0], [20, 0]],
        delivery=[[0], [6], [0]],
        pickup=[[0], [0], [5]],
        backhaul=Backhaul.LINEHAUL_FIRST,
        backhaul_only_routes=False,
        allowed=[[1, 1], [1, 1], [1, 0]],
        unit_distance_cost=[3, 1],
        count=[1, 2],
    )
    assert_found(problem, 3 * 40)


def test_an_alternative_that_is_dear_is_served_if_others_depend_on_him() -> None:
    # Client 1 is at the door, but nobody gets to client 3 except from client 2.
    lengths = np.full((1, 4, 4), 20)
    lengths[0, [0, 1], 3] = UNLIMITED
    lengths[0, 0, 1] = lengths[0, 1, 0] = 1
    problem = Problem(distance=lengths, groups=(Group((1, 2)),), max_stops=[2])
    assert_found(problem, 60)


def test_of_vehicles_that_cost_the_same_those_are_tried_that_suit_later_clients() -> None:
    # The optimum has a route of 3, 6, 1, 5 and 2, which only the third vehicle can take; all
    # routes were begun with the first.
    problem = Problem(
        coords=[[7, 6], [20, 7], [15, 1], [0, 14], [6, 6], [20, 7], [16, 14]],
        pickup=[[0], [0], [0], [7], [2], [5], [0]],
        capacity=[[8], [9], [16]],
        shift_early=[0, 1, 6],
        shift_late=[120, 121, 126],
        tw_early=[[1], [9], [30], [26], [33], [52], [40]],
        tw_late=[[150], [60], [79], [51], [46], [58], [99]],
    )
    assert_found(problem, 54)


def test_many_who_pay_for_a_vehicle_only_together_are_served() -> None:
    # Ten of them, as many as were invited at once, do not pay for the way there.
    clients = 30
    problem = Problem(
        coords=[[0, 0], [0, 1], *([1000, 0] for _ in range(clients))],
        required=[1, 1] + [0] * clients,
        prize=[0, 0] + [100] * clients,
        max_stops=[clients],
    )
    start = Solution.from_visits([[1]])
    result = solve(problem, iterations=500, seed=0, start=start)
    assert result.evaluation.cost == 2002


def assert_found(problem: Problem, cost: int) -> None:
    """Assert that the optimum is found, which is that."""
    for seed in range(3):
        result = solve(problem, iterations=2000 if COMPILED else 500, seed=seed)
        assert result.feasible
        assert result.evaluation.cost == cost


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2150))
def test_many_random_problems_are_solved_with_the_fewest_vehicles(seed: int) -> None:
    assert_optimal(drawn(seed).replace(objective=FEWEST), seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1500))
def test_many_random_problems_of_any_kind_are_solved_to_their_optimum(seed: int) -> None:
    assert_optimal(drawn(seed), seed)
