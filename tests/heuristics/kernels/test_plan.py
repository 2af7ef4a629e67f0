from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import KIND
from polyroute.heuristics.kernels.plan import NOT_SERVED, Plan, joined, linked, plan_of, split
from tests.heuristics.random_problems import (
    Rng,
    arrays,
    cvrp,
    mixed_fleet,
    random_plan,
    state_of,
)


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


@pytest.mark.parametrize("number", [1, 2, 3, 7])
def test_parts_share_the_routes_out_evenly(number: int) -> None:
    rng = np.random.default_rng(3)
    place = rng.integers(0, 100, (401, 2)).astype(float)
    for _ in range(10):
        plan = plan_of(np.split(rng.permutation(np.arange(1, 401)), 100))
        parts = split(plan, number, place, rng)
        assert len(parts) == number
        assert sorted(np.concatenate(parts).tolist()) == [*range(100)]
        clients = [int(plan.sizes[part].sum()) for part in parts]
        # each cut is off by one route of four clients at most
        assert max(clients) - min(clients) <= 4 * 2 * 3


def test_parts_lie_apart() -> None:
    rng = np.random.default_rng(4)
    towns = np.array([[0, 0], [1000, 0], [0, 1000], [1000, 1000]])
    place = np.concatenate([[[500, 500]], np.repeat(towns, 20, axis=0)]).astype(float)
    plan = plan_of(np.split(np.arange(1, 81), 20))
    for _ in range(10):
        found = {tuple(sorted(part.tolist())) for part in split(plan, 2, place, rng)}
        assert len(found) == 2
        for part in found:
            counts = np.bincount(np.array(part) // 5, minlength=4)
            assert sum(0 < count < 5 for count in counts) <= 1


def test_there_are_never_more_parts_than_routes() -> None:
    rng = np.random.default_rng(5)
    plan = plan_of([[1, 2], [3]])
    assert len(split(plan, 5, np.zeros((4, 2)), rng)) == 2
