from __future__ import annotations

import numpy as np
import pytest

from heuristics.arrays import COUNT, DEPOT, GAIN, MAX_ROUTES, MISSED, Rich
from heuristics.merge import limits_of
from heuristics.parts import cut, renumber
from heuristics.plan import NOT_SERVED, joined, plan_of
from tests.heuristics.random_problems import (
    EVERY,
    FAMILIES,
    arrays,
    can_compute,
    cases,
    everybody,
    fleet_of,
    load_visits,
    mixed_fleet,
    no_routes,
    random_plan,
    served,
    state_of,
)

pytestmark = pytest.mark.kernels


@pytest.mark.parametrize("computed", [False, True])
@pytest.mark.parametrize("family", EVERY)
def test_routes_have_the_same_figures_in_a_part(family: str, computed: bool) -> None:
    compared = 0
    for case in cases(12):
        rng = np.random.default_rng(case)
        problem = EVERY[family](rng, 12)
        if problem.groups or (computed and not can_compute(problem)):
            continue
        p = arrays(problem, computed=computed)
        routes = random_plan(rng, problem, 5)
        whole = state_of(rng, problem, p, routes)
        kinds = fleet_of(problem) if isinstance(p, Rich) else [0] * len(routes)
        left_out = sorted(set(everybody(problem)) - set(served(routes)))
        halves = [[r for r in range(side, len(routes), 2) if routes[r]] for side in range(2)]
        plans = [plan_of([routes[r] for r in half], [kinds[r] for r in half]) for half in halves]
        alone = plan_of([[u] for u in left_out], [NOT_SERVED] * len(left_out))
        plans[0] = joined([plans[0], alone])
        part, number = renumber(plans, problem.num_clients + 1)
        for index, half in enumerate(halves):
            piece, names = cut(p, plans[index], index, part, number, limits_of(p))
            clients = [DEPOT, *plans[index].visits.tolist()]
            assert names[: len(clients)].tolist() == clients
            s = no_routes(problem, piece, 5)
            local = [[int(number[u]) for u in routes[r]] for r in half]
            load_visits(piece, s, local, [kinds[r] for r in half])
            assert s.figure[: len(half)].tolist() == whole.figure[half].tolist()
            if isinstance(p, Rich):
                assert s.total[MISSED] == (p.node[left_out, GAIN].sum() if index == 0 else 0.0)
            compared += len(half)
    assert compared or family == "alternatives" or computed


def test_a_part_has_the_vehicles_that_it_is_given() -> None:
    rng = np.random.default_rng(1)
    problem = mixed_fleet(rng, 9)
    p = arrays(problem)
    routes = random_plan(rng, problem, 2)
    part, number = renumber([plan_of(routes)], 10)
    piece, _ = cut(p, plan_of(routes), 0, part, number, np.array([1, 0, 2, 3]))
    assert isinstance(piece, Rich)
    assert piece.vehicle[:, COUNT].tolist() == [1, 0, 2]
    assert piece.fleet[MAX_ROUTES] == 3
    assert limits_of(p).tolist() == [2, 3, 2, 7]


def test_a_part_keeps_near_clients_of_its_own_in_their_order() -> None:
    rng = np.random.default_rng(2)
    problem = FAMILIES["cvrp"](rng, 15)
    p = arrays(problem)
    routes = [route for route in random_plan(rng, problem, 6) if route]
    plans = [plan_of(routes[:3]), plan_of(routes[3:])]
    part, number = renumber(plans, problem.num_nodes)
    for index, plan in enumerate(plans):
        piece, names = cut(p, plan, index, part, number, np.array([3, 3]))
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
