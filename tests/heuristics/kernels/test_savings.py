from __future__ import annotations

import numpy as np
import pytest

from polyroute.data import solomon, uchoa
from polyroute.heuristics.kernels.savings import savings
from polyroute.vrp.problem import Problem
from tests.heuristics.checked import measure_plan
from tests.heuristics.compiled import COMPILED, cases
from tests.heuristics.in_arrays import arrays, can_compute
from tests.heuristics.random_problems.plain import FAMILIES, places
from tests.heuristics.states import Plan, served

pytestmark = pytest.mark.both


def excess(problem: Problem, plan: Plan) -> list[int]:
    vector: list[int] = measure_plan(problem, plan).tolist()
    return vector[1:]


@pytest.mark.parametrize("family", FAMILIES)
def test_savings_serve_everyone_once_and_exceed_nothing_by_merging(family: str) -> None:
    rng = np.random.default_rng(1)
    for case in range(24):
        problem = FAMILIES[family](rng, 1 + case % 12)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        plan = savings(problem, p).lists()
        assert all(plan)
        assert served(plan) == [*problem.clients]
        assert all(excess(problem, [route]) == [0, 0, 0] for route in plan if len(route) > 1)
        alone = measure_plan(problem, [[u] for u in problem.clients])
        assert measure_plan(problem, plan)[0] <= alone[0]


@pytest.mark.parametrize("family", ["tsp", "atsp"])
def test_savings_need_no_second_vehicle_where_merging_always_saves(family: str) -> None:
    rng = np.random.default_rng(2)
    for case in cases(20):
        n = 2 + case
        if family == "tsp":
            problem = Problem(coords=places(rng, n, 10_000), count=[1])
        else:
            lengths = rng.integers(100, 200, (1, n + 1, n + 1))
            lengths[:, 0, :] += 200
            lengths[:, :, 0] += 200
            problem = Problem(distance=lengths, count=[1])
        (route,) = savings(problem, arrays(problem)).lists()
        assert sorted(route) == [*problem.clients]


def test_savings_join_the_pair_that_saves_most_first() -> None:
    # 1 and 2 are close together and far away: 10 + 11 − 1 saved; 3 lies the other way
    problem = Problem(
        coords=np.array([[0, 0], [10, 0], [11, 0], [-4, 0]]),
        delivery=np.array([[0], [1], [1], [1]]),
        capacity=np.array([[2]]),
    )
    assert sorted(map(sorted, savings(problem, arrays(problem)).lists())) == [[1, 2], [3]]


def test_savings_follow_the_cheap_direction() -> None:
    # from 1 to 2 costs 1, back 50
    lengths = np.array([[[0, 10, 10], [10, 0, 1], [10, 50, 0]]])
    problem = Problem(distance=lengths)
    assert savings(problem, arrays(problem)).lists() == [[1, 2]]


@pytest.mark.parametrize("windows", [False, True])
def test_coincident_clients_share_a_route(windows: bool) -> None:
    clients = 6
    problem = Problem(
        coords=np.array([[0, 0]] + [[5, 5]] * clients),
        tw_late=np.full((clients + 1, 1), 1000) if windows else None,
    )
    (route,) = savings(problem, arrays(problem)).lists()
    assert sorted(route) == [*problem.clients]


@pytest.mark.parametrize("windows", [False, True])
def test_clients_at_the_depot_may_stay_alone(windows: bool) -> None:
    problem = Problem(
        coords=np.zeros((5, 2), dtype=int),
        tw_late=np.full((5, 1), 1000) if windows else None,
    )
    assert served(savings(problem, arrays(problem)).lists()) == [*problem.clients]


@pytest.mark.parametrize("windows", [False, True])
def test_a_client_that_fills_a_vehicle_rides_alone(windows: bool) -> None:
    problem = Problem(
        coords=np.array([[0, 0], [10, 0], [11, 0], [12, 0]]),
        delivery=np.array([[0], [3], [10], [4]]),
        capacity=np.array([[10]]),
        tw_late=np.full((4, 1), 1000) if windows else None,
    )
    assert sorted(map(sorted, savings(problem, arrays(problem)).lists())) == [[1, 3], [2]]


@pytest.mark.skipif(not COMPILED, reason="too long as plain Python")
@pytest.mark.parametrize("generator", ["uchoa", "solomon"])
def test_savings_are_fair_at_a_thousand_clients(generator: str) -> None:
    rng = np.random.default_rng(3)
    if generator == "uchoa":
        problem = uchoa.generate(uchoa.CvrpClass(1000), rng)
    else:
        problem = solomon.generate(solomon.VrptwClass(1000), rng)
    plan = savings(problem, arrays(problem)).lists()
    assert served(plan) == [*problem.clients]
    distance, *broken = measure_plan(problem, plan)
    assert not any(broken)
    alone = measure_plan(problem, [[u] for u in problem.clients])[0]
    assert distance < 0.6 * alone
