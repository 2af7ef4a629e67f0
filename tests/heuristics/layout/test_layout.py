from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.jit.options import kernel
from polyroute.heuristics.kernels.arrays import (
    DEPOT,
    FORBIDDEN,
    HOME,
    IS_PICKUP,
    PARTNER,
    SIBLING,
    Load,
    Rich,
    Timed,
)
from polyroute.heuristics.kernels.cost.arcs import cost_by, length_by
from polyroute.heuristics.kernels.plan import NOT_SERVED, plan_of
from polyroute.heuristics.layout import rich as convert_rich
from polyroute.heuristics.layout.layout import Layout, is_rich
from polyroute.heuristics.layout.rich import VehicleKinds
from polyroute.vrp.api import solve
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import ProblemError, UnsupportedError
from polyroute.vrp.problem import UNLIMITED, Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Group, Pair
from tests import random_attributes
from tests.heuristics.random_problems import (
    EVERY,
    FAMILIES,
    RICH,
    arc_cost,
    arrays,
    can_compute,
    cases,
    cvrp,
    everybody,
    kinds_of,
    node_of,
    skills,
    two_depots,
)

CLIENTS = 8


@kernel
def tabulate_costs(p, kind, out):
    """Fill `out` (M, M) with what vehicles of one kind pay for arcs between clients."""
    for u in range(1, len(out)):
        for v in range(1, len(out)):
            out[u, v] = cost_by(p, kind, u, v)


@kernel
def tabulate_lengths(p, kind, out):
    """Fill `out` (N, N) with lengths for one kind of vehicle."""
    for u in range(1, len(out)):
        for v in range(1, len(out)):
            out[u, v] = length_by(p, kind, u, v)


@pytest.mark.parametrize("family", EVERY)
def test_a_class_of_arrays_is_chosen_by_what_the_problem_uses(family: str) -> None:
    problem = EVERY[family](np.random.default_rng(1), CLIENTS)
    p = Layout.of(problem).to_arrays(20)
    assert isinstance(p, Rich) == is_rich(problem)
    if family in FAMILIES:
        assert isinstance(p, (Load, Timed))
    elif family != "anything":
        assert isinstance(p, Rich)


TOGETHER: dict[str, dict[str, object]] = {
    "a client in two pairs": {"pairs": (Pair(1, 2), Pair(2, 3))},
    "a client in two groups": {"groups": (Group((1, 2)), Group((2, 3)))},
    "a client of a pair in a group": {"pairs": (Pair(1, 2),), "groups": (Group((2, 3)),)},
}
"""What is not taken together, and a problem of four clients that has it."""


@pytest.mark.parametrize("what", TOGETHER)
def test_what_is_not_taken_together_is_refused_by_name(what: str) -> None:
    problem = Problem(coords=[[x, 0] for x in range(5)], **TOGETHER[what])  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match=f"does not support {what}"):
        solve(problem, iterations=1)


# -- kinds of vehicles ---------------------------------------------------------------------------


def fleet(**fields: object) -> Problem:
    """Four clients on a line, and a fleet."""
    return Problem(coords=[[x, 0] for x in range(5)], **fields)  # type: ignore[arg-type]


def test_vehicle_types_that_differ_in_name_and_number_only_are_one_kind() -> None:
    problem = fleet(
        fixed_cost=[5, 7, 5, 5], count=[1, 2, 1, 0], vehicle_name=("red", "blue", "green", "grey")
    )
    assert VehicleKinds.of(problem) == VehicleKinds(((0, 2), (1,)), (2, 2), (1, 2, 1, 0))


@pytest.mark.parametrize(
    "fields",
    [
        {"fixed_cost": [1, 2]},
        {"capacity": [[3], [4]]},
        {"allowed": np.array([[1, 1], [1, 0], [1, 1], [1, 1], [1, 1]])},
        {"shift_late": [90, 80]},
        {"max_stops": [1, 2]},
        {"overtime_cost": [1, 2]},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_vehicle_types_that_differ_otherwise_are_two_kinds(fields: dict[str, object]) -> None:
    assert VehicleKinds.of(fleet(count=[1, 1], **fields)).types == ((0,), (1,))


def test_there_are_no_more_vehicles_of_a_kind_than_clients() -> None:
    assert VehicleKinds.of(fleet(count=[UNLIMITED, UNLIMITED])) == VehicleKinds(
        ((0, 1),), (4,), (4, 4)
    )


def test_vehicles_of_a_kind_are_given_out_within_their_counts() -> None:
    problem = fleet(fixed_cost=[5, 7, 5], count=[1, 1, 2])
    layout = Layout.of(problem)
    assert layout.kinds.counts == (3, 1)
    plan = plan_of([[1], [2], [3], [4]], [0, 1, 0, 0])
    found = layout.to_solution(plan)
    assert sorted(route.vehicle_type for route in found.routes) == [0, 1, 2, 2]
    assert evaluate(problem, found).feasible


def test_who_is_left_out_is_on_no_route() -> None:
    problem = fleet(required=[1, 0, 0, 1, 1], prize=[0, 3, 4, 0, 0])
    layout = Layout.of(problem)
    plan = plan_of([[4, 3], [1], [2]], [0, NOT_SERVED, NOT_SERVED])
    (route,) = layout.to_solution(plan).routes
    assert len(route.visits) == 2


# -- numbers, there and back -----------------------------------------------------------------------


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
    problem = fleet(fixed_cost=[1, 2, 3], count=[2, 0, 1])
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


# -- what kernels read ---------------------------------------------------------------------------


@pytest.mark.plain
@pytest.mark.parametrize("family", RICH)
def test_arcs_cost_each_kind_what_the_problem_says(family: str) -> None:
    rng = np.random.default_rng(3)
    for case in cases(8):
        problem = RICH[family](rng, CLIENTS)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        if not isinstance(p, Rich):
            continue
        clients = everybody(problem)
        least = np.full((CLIENTS + 1, CLIENTS + 1), np.inf)
        for kind in range(len(p.vehicle)):
            costs = np.zeros((CLIENTS + 1, CLIENTS + 1))
            tabulate_costs(p, kind, costs)
            for u in clients:
                for v in clients:
                    wall = costs[u, v] == p.fleet[FORBIDDEN]
                    assert wall or u == v or costs[u, v] == arc_cost(problem, kind, u, v)
                    assert wall or u == v or arc_cost(problem, kind, u, v) is not None
            least = np.minimum(least, np.minimum(costs, costs.T))
        for u in clients:
            assert p.near_length[u].tolist() == [least[u, v] for v in p.near[u]]


@pytest.mark.plain
@pytest.mark.parametrize("family", ["two depots", "two depots, open"])
def test_depots_lie_behind_the_clients(family: str) -> None:
    problem = RICH[family](np.random.default_rng(4), CLIENTS)
    p = arrays(problem)
    assert isinstance(p, Rich)
    lengths = np.zeros((len(p.node), len(p.node)))
    tabulate_lengths(p, 0, lengths)
    order = [*problem.clients, 0, 1]
    assert lengths[1:, 1:].tolist() == problem.distance_matrix()[order][:, order].tolist()
    for u in everybody(problem):
        starts = [arc_cost(problem, kind, DEPOT, u) for kind in range(len(p.vehicle))]
        assert p.node[u, HOME] == min(starts)  # type: ignore[type-var]


def test_who_may_serve_whom_is_told_by_kinds() -> None:
    problem = skills(np.random.default_rng(5), CLIENTS)
    p = arrays(problem)
    assert isinstance(p, Rich)
    for u in everybody(problem):
        types = [types[0] for types in kinds_of(problem).types]
        assert p.allowed[u].tolist() == problem.allowed[node_of(problem, u)][types].tolist()


def test_partners_and_alternatives_are_told_in_the_kernels_numbers() -> None:
    rng = np.random.default_rng(6)
    for family in ("pairs", "alternatives"):
        problem = RICH[family](rng, CLIENTS)
        p = arrays(problem)
        assert isinstance(p, Rich)
        pairs = {pair.pickup: pair.delivery for pair in problem.pairs}
        pairs |= {pair.delivery: pair.pickup for pair in problem.pairs}
        for u in everybody(problem):
            partner = pairs.get(node_of(problem, u))
            expected = DEPOT if partner is None else partner - problem.num_depots + 1
            assert p.tie[u, PARTNER] == expected
            firsts = {pair.pickup for pair in problem.pairs}
            assert p.tie[u, IS_PICKUP] == (node_of(problem, u) in firsts)
        for group in problem.groups:
            first = group.clients[0] - problem.num_depots + 1
            circle, v = [first], int(p.tie[first, SIBLING])
            while v != first:
                circle.append(v)
                v = int(p.tie[v, SIBLING])
            assert [node_of(problem, u) for u in circle] == list(group.clients)


def test_a_table_that_would_be_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert_rich, "LARGEST_TABLE", 5)
    problem = RICH["linehaul always"](np.random.default_rng(7), CLIENTS)
    with pytest.raises(ProblemError, match="9 nodes need a table of lengths, expected at most 5"):
        arrays(problem)
    arrays(cvrp(np.random.default_rng(7), CLIENTS, fixed_cost=[3]))
    arrays(two_depots(np.random.default_rng(7), CLIENTS))
