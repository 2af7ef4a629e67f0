from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import COUNT, LOAD_WEIGHT, Rich, State
from polyroute.heuristics.kernels.incumbent import penalised_cost
from polyroute.heuristics.kernels.undo_log import save, undo
from polyroute.heuristics.kernels.vehicle_change import change_kind
from polyroute.vrp.problem import Problem
from tests.heuristics.assertions import assert_frozen, assert_state, frozen
from tests.heuristics.checked import is_allowed, measure
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays, fleet_of
from tests.heuristics.random_problems.plain import Rng
from tests.heuristics.random_problems.rich import mixed_fleet, sizes, skills, two_depots
from tests.heuristics.states import Plan, kinds_in, plan_of, random_plan, state_of

pytestmark = pytest.mark.plain

CLIENTS = 9
FAMILIES = {"mixed fleet": mixed_fleet, "skills": skills, "two depots": two_depots, "sizes": sizes}


def situations(
    family: str, number: int, **fields: object
) -> Iterator[tuple[Rng, Problem, Rich, State, Plan]]:
    rng = np.random.default_rng(1)
    for _ in cases(number):
        problem = FAMILIES[family](rng, CLIENTS).replace(**fields)
        p = arrays(problem)
        assert isinstance(p, Rich)
        plan = random_plan(rng, problem, int(rng.integers(1, 5)))
        yield rng, problem, p, state_of(rng, problem, p, plan), plan


def penalised(problem: Problem, s: State, route: list[int], kind: int) -> float:
    """What one route costs if a vehicle of that kind drives it, by the checker."""
    if not is_allowed(problem, route, kind):
        return np.inf
    cost, *excess = measure(problem, tuple(route), kind)
    return float(cost + s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] @ np.array(excess))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_changed_route_gets_the_kind_that_suits_it_best(family: str) -> None:
    changed = 0
    for _, problem, p, s, plan in situations(family, 40, count=[9, 9, 9]):
        before = kinds_in(s)
        save(s, 0)
        change_kind(p, s)
        assert_state(problem, p, s, plan)
        after = kinds_in(s)
        assert after[1:] == before[1:]
        if plan[0]:
            costs = [penalised(problem, s, plan[0], k) for k in range(3)]
            assert costs[after[0]] == min(costs)
            changed += after[0] != before[0]
    assert changed > 0


@pytest.mark.parametrize("family", FAMILIES)
def test_kinds_in_use_are_exchanged_where_that_pays(family: str) -> None:
    exchanged = 0
    for _, problem, p, s, plan in situations(family, 60):
        copies, before = frozen(s), penalised_cost(s)
        kinds = kinds_in(s)
        for r in range(len(plan)):
            save(s, r)
        change_kind(p, s)
        assert plan_of(s) == plan
        assert_state(problem, p, s, plan)
        assert penalised_cost(s) <= before
        assert (s.used <= p.vehicle[:, COUNT]).all()
        exchanged += kinds_in(s) != kinds
        undo(p, s)
        assert_frozen(s, copies)
    assert exchanged > 0


def test_two_vehicles_trade_routes_where_none_is_left() -> None:
    for rng, _, _, _, _ in situations("sizes", 20):
        problem = sizes(rng, CLIENTS).replace(count=[1, 0, 1])
        p = arrays(problem)
        clients = rng.permutation(np.arange(1, CLIENTS + 1)).tolist()
        plan = [clients[:3], clients[3:]]
        s = state_of(rng, problem, p, plan)
        assert fleet_of(problem) == [0, 1]
        save(s, 0)
        change_kind(p, s)
        kept, traded = (
            sum(penalised(problem, s, route, kind) for route, kind in zip(plan, kinds, strict=True))
            for kinds in ([0, 1], [1, 0])
        )
        assert kinds_in(s) == ([1, 0] if traded < kept else [0, 1])
