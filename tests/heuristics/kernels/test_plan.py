from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import KIND
from polyroute.heuristics.kernels.plan import NOT_SERVED, Plan, joined, linked, plan_of
from tests.heuristics.in_arrays import arrays
from tests.heuristics.random_problems.plain import Rng, cvrp
from tests.heuristics.random_problems.rich import mixed_fleet
from tests.heuristics.states import random_plan, state_of


def some_plan(rng: Rng, clients: int, routes: int) -> tuple[list[list[int]], Plan]:
    visits = [route for route in random_plan(rng, cvrp(rng, clients), routes) if route]
    return visits, plan_of(visits)


def test_a_plan_holds_the_routes_that_it_is_made_of() -> None:
    plan = plan_of([[3, 1], [], [2]])
    assert plan.lists() == [[3, 1], [2]]
    assert plan.num_routes == 2
    assert plan.sizes.tolist() == [2, 1]
    assert plan_of([]).lists() == []


def test_selected_routes_keep_their_visits() -> None:
    rng = np.random.default_rng(1)
    for _ in range(30):
        visits, plan = some_plan(rng, 20, 6)
        chosen = rng.permutation(len(visits))[: rng.integers(len(visits) + 1)]
        assert plan.select(chosen).lists() == [visits[i] for i in chosen]


def test_joined_plans_are_all_their_routes() -> None:
    assert joined([plan_of([[1], [2, 3]]), plan_of([]), plan_of([[4]])]).lists() == [
        [1],
        [2, 3],
        [4],
    ]


def test_kinds_of_vehicles_go_with_their_routes() -> None:
    plan = plan_of([[3, 1], [], [2], [4]], [1, 0, 2, NOT_SERVED])
    assert plan.kinds.tolist() == [1, 2, NOT_SERVED]
    assert plan.select(np.array([2, 0])).kinds.tolist() == [NOT_SERVED, 1]
    assert joined([plan, plan_of([[5]])]).kinds.tolist() == [1, 2, NOT_SERVED, 0]
    assert plan_of([[1], [2]]).kinds.tolist() == [0, 0]


def test_who_is_left_out_takes_no_vehicle() -> None:
    plan = plan_of([[3, 1], [2], [4], [5]], [1, NOT_SERVED, 0, NOT_SERVED])
    assert plan.num_vehicles == 2
    assert plan.driven().lists() == [[3, 1], [4]]
    assert plan.driven().kinds.tolist() == [1, 0]
    assert plan_of([[1]], [NOT_SERVED]).driven().lists() == []


@pytest.mark.both
def test_links_tell_the_kinds_of_vehicles() -> None:
    rng = np.random.default_rng(6)
    problem = mixed_fleet(rng, 5)
    s = state_of(rng, problem, arrays(problem), [[3, 1], [], [2, 4], [5]])
    plan = linked(s.link, s.shape)
    assert plan.lists() == [[3, 1], [2, 4], [5]]
    assert plan.kinds.tolist() == s.shape[[0, 2, 3], KIND].tolist()


@pytest.mark.both
def test_links_are_read_without_empty_routes() -> None:
    rng = np.random.default_rng(2)
    problem = cvrp(rng, 4)
    s = state_of(rng, problem, arrays(problem), [[3, 1], [2, 4], [], []])
    assert linked(s.link, s.shape).lists() == [[3, 1], [2, 4]]
