from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import DEPOT, MAX_ROUTES
from polyroute.heuristics.kernels.incumbent import penalised_cost
from polyroute.heuristics.kernels.plan import plan_of
from polyroute.heuristics.layout.subproblem import cut, renumber
from tests.heuristics.checked import penalised
from tests.heuristics.in_arrays import arrays, can_compute
from tests.heuristics.random_problems.plain import FAMILIES
from tests.heuristics.states import random_plan, served, state_of

pytestmark = pytest.mark.both


@pytest.mark.plain
@pytest.mark.parametrize("computed", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_part_costs_what_its_routes_cost_in_the_whole(family: str, computed: bool) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        problem = FAMILIES[family](rng, 12)
        if computed and not can_compute(problem):
            continue
        p = arrays(problem, computed=computed)
        routes = [route for route in random_plan(rng, problem, 5) if route]
        halves = [routes[::2], routes[1::2]]
        plans = [plan_of(half) for half in halves]
        part, number = renumber(plans, problem.num_nodes)
        for index, (plan, half) in enumerate(zip(plans, halves, strict=True)):
            if not half:
                continue
            piece, names = cut(p, plan, index, part, number, 9)
            assert names.tolist() == [DEPOT, *plan.visits.tolist()]
            assert piece.fleet[MAX_ROUTES] == 9
            local = [[int(number[u]) for u in route] for route in half]
            s = state_of(rng, problem, piece, local)
            assert penalised_cost(s) == penalised(problem, s, half)


def test_a_part_keeps_near_clients_of_its_own_in_their_order() -> None:
    rng = np.random.default_rng(2)
    problem = FAMILIES["cvrp"](rng, 15)
    p = arrays(problem)
    routes = [route for route in random_plan(rng, problem, 6) if route]
    plans = [plan_of(routes[:3]), plan_of(routes[3:])]
    part, number = renumber(plans, problem.num_nodes)
    for index, plan in enumerate(plans):
        piece, names = cut(p, plan, index, part, number, 3)
        for i, u in enumerate(names.tolist()):
            own = [int(v) for v in p.near[u] if part[v] == index]
            kept = piece.near[i]
            assert [names[j] for j in kept if j != DEPOT] == own
            assert (piece.near_length[i, len(own) :] == np.inf).all()
            lengths = [p.near_length[u, k] for k, v in enumerate(p.near[u]) if part[v] == index]
            assert piece.near_length[i, : len(own)].tolist() == lengths


def test_every_client_is_numbered_in_one_part() -> None:
    plans = [plan_of([[5, 2], [1]]), plan_of([[4]])]
    part, number = renumber(plans, 7)
    assert part.tolist() == [-1, 0, 0, -1, 1, 0, -1]
    assert number.tolist() == [-1, 3, 2, -1, 1, 1, -1]
    assert served(plans[0].lists()) == [1, 2, 5]
