from __future__ import annotations

import numpy as np
import pytest

from polyroute.data import solomon
from polyroute.heuristics.kernels.regret import regret
from polyroute.heuristics.kernels.savings import savings
from polyroute.vrp.problem import Problem
from tests.heuristics.checked import measure_plan
from tests.heuristics.compiled import COMPILED
from tests.heuristics.in_arrays import arrays, can_compute
from tests.heuristics.random_problems.plain import FAMILIES, vrptw
from tests.heuristics.states import served

pytestmark = pytest.mark.both


@pytest.mark.parametrize("family", FAMILIES)
def test_insertion_by_regret_serves_everyone_once_and_exceeds_nothing(family: str) -> None:
    rng = np.random.default_rng(1)
    for case in range(24):
        problem = FAMILIES[family](rng, 1 + case % 12)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        plan = regret(problem, p, 1 + case % 4).lists()
        assert all(plan)
        assert served(plan) == [*problem.clients]
        for route in plan:
            if len(route) > 1:
                assert measure_plan(problem, [route]).tolist()[1:] == [0, 0, 0]


def test_who_has_no_second_choice_comes_first() -> None:
    # One vehicle for two: 3 is as near to 1 as to 2, which are far apart; 2 fits nowhere else.
    problem = Problem(
        coords=np.array([[0, 0], [10, 0], [-10, 0], [0, 1]]),
        delivery=np.array([[0], [1], [1], [1]]),
        capacity=np.array([[2]]),
    )
    plan = regret(problem, arrays(problem), 2).lists()
    assert sorted(map(sorted, plan)) in ([[1], [2, 3]], [[1, 3], [2]])


def test_more_vehicles_are_taken_only_where_a_client_finds_no_gap() -> None:
    problem = Problem(
        coords=np.array([[0, 0], [10, 0], [-10, 0], [0, 10]]),
        delivery=np.array([[0], [1], [1], [1]]),
        capacity=np.array([[2]]),
    )
    p = arrays(problem)
    # beside 1 or 2, client 3 is a detour of 14; a vehicle of his own would drive 20
    for vehicles in (1, 2, 3):
        assert len(regret(problem, p, vehicles).lists()) == 2


@pytest.mark.skipif(not COMPILED, reason="too long as plain Python")
def test_few_vehicles_are_met_more_often_than_by_savings() -> None:
    rng = np.random.default_rng(3)
    fewer = 0
    for case in range(12):
        problem = solomon.generate(solomon.VrptwClass(100), rng) if case else vrptw(rng, 40)
        p = arrays(problem)
        start = savings(problem, p).num_routes
        limited = regret(problem, p, start - 3).num_routes
        fewer += limited < start
    assert fewer >= 9
