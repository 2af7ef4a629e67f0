from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.plan import NOT_SERVED, plan_of
from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.layout.vehicle_kinds import VehicleKinds
from polyroute.vrp.api import solve
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Group, Pair
from tests import random_attributes
from tests.heuristics.random_problems.rich import EVERY

CLIENTS = 8


def on_a_line(**fields: object) -> Problem:
    """A depot and four clients."""
    return Problem(coords=[[x, 0] for x in range(5)], **fields)  # type: ignore[arg-type]


def test_vehicles_of_a_kind_are_given_out_within_their_counts() -> None:
    problem = on_a_line(fixed_cost=[5, 7, 5], count=[1, 1, 2])
    layout = Layout.of(problem)
    assert layout.kinds.counts == (3, 1)
    plan = plan_of([[1], [2], [3], [4]], [0, 1, 0, 0])
    found = layout.to_solution(plan)
    assert sorted(route.vehicle_type for route in found.routes) == [0, 1, 2, 2]
    assert evaluate(problem, found).feasible


def test_who_is_left_out_is_on_no_route() -> None:
    problem = on_a_line(required=[1, 0, 0, 1, 1], prize=[0, 3, 4, 0, 0])
    layout = Layout.of(problem)
    plan = plan_of([[4, 3], [1], [2]], [0, NOT_SERVED, NOT_SERVED])
    (route,) = layout.to_solution(plan).routes
    assert len(route.visits) == 2


def told(problem: Problem, solution: Solution) -> list[tuple[tuple[int, ...], int]]:
    """Visits and kind of each route that visits anybody."""
    kinds = VehicleKinds.of(problem)
    kind_of = {one: kind for kind, types in enumerate(kinds.types) for one in types}
    return [
        (route.visits, kind_of[route.vehicle_type]) for route in solution.routes if route.visits
    ]


def allowed_of(problem: Problem, solution: Solution) -> Solution:
    """The routes without those whom their vehicles may not serve."""
    routes = (
        Route(tuple(u for u in visits if problem.allowed[u, vehicle]), vehicle)
        for visits, vehicle in ((route.visits, route.vehicle_type) for route in solution.routes)
    )
    return Solution(tuple(routes))


@pytest.mark.parametrize("family", EVERY)
def test_a_start_comes_back_as_it_was(family: str) -> None:
    rng = np.random.default_rng(2)
    for _ in range(10):
        problem = EVERY[family](rng, CLIENTS).replace(pins=())
        layout = Layout.of(problem)
        start = allowed_of(problem, random_attributes.random_plan(rng, problem))
        plan = layout.to_plan(start)
        assert sorted(plan.visits) == sorted({*plan.visits})
        back = layout.to_solution(plan)
        assert told(problem, back) == told(problem, start)
        assert evaluate(problem, back).objective == evaluate(problem, start).objective


def test_a_client_is_kept_at_his_first_place_and_unused_types_are_left_out() -> None:
    problem = on_a_line(fixed_cost=[1, 2, 3], count=[2, 0, 1])
    layout = Layout.of(problem)
    start = Solution((Route((1, 2, 1), 2), Route((3,), 1), Route((2, 4), 0), Route((1,), 0)))
    back = layout.to_solution(layout.to_plan(start))
    assert told(problem, back) == [((1, 2), 1), ((4,), 0)]


def test_who_may_not_be_served_where_a_start_has_him_is_left_out() -> None:
    # Kernels take it for granted that whoever is on a route may be there.
    problem = Problem(
        coords=[[x, 0] for x in range(9)],
        allowed=[[1, 1], [0, 1], *[[1, 1]] * 7],
        pairs=(Pair(2, 3), Pair(4, 5)),
        groups=(Group((6, 7)),),
    )
    layout = Layout.of(problem)
    start = Solution((Route((1, 2, 6, 5, 8, 4), 0), Route((3, 7, 4, 1, 5), 1)))
    assert told(problem, layout.to_solution(layout.to_plan(start))) == [
        ((6, 8), 0),
        ((4, 1, 5), 1),
    ]
    result = solve(problem, iterations=20, start=start)
    assert result.feasible
