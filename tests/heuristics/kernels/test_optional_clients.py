from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import ARC_IN, ARC_OUT, NEXT, PREV, ROUTE, Rich, State
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN, allowance
from polyroute.heuristics.kernels.incumbent import penalised_cost
from polyroute.heuristics.kernels.optional_clients import consider_presence
from polyroute.heuristics.kernels.undo_log import undo
from polyroute.vrp.problem import Problem
from tests.heuristics.assertions import assert_frozen, assert_state, frozen
from tests.heuristics.checked import is_allowed, penalised_choice
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays, everybody, node_of
from tests.heuristics.random_problems.plain import Rng
from tests.heuristics.random_problems.rich import RICH, mixed_fleet
from tests.heuristics.states import Plan, kinds_in, plan_of, random_plan, state_of

pytestmark = pytest.mark.plain

CLIENTS = 8


def with_prizes(rng: Rng, n: int) -> Problem:
    """Vehicles that cost differently in every way; most clients may be left out."""
    required = np.concatenate([[1], rng.random(n) < 0.2]).astype(int)
    return mixed_fleet(
        rng, n, required=required, prize=np.concatenate([[0], rng.integers(0, 150, n)])
    )


FAMILIES = {name: RICH[name] for name in ("prizes", "alternatives")} | {"dear time": with_prizes}


def situations(family: str, seed: int) -> Iterator[tuple[Problem, Rich, State, Plan, int]]:
    """Random states, and everybody on one of their routes."""
    rng = np.random.default_rng(seed)
    for _ in cases(40):
        problem = FAMILIES[family](rng, CLIENTS)
        p = arrays(problem)
        assert isinstance(p, Rich)
        plan = random_plan(rng, problem, 3)
        s = state_of(rng, problem, p, plan)
        for u in (u for route in plan for u in route):
            yield problem, p, s, plan, u


def without(plan: Plan, u: int) -> Plan:
    return [[v for v in route if v != u] for route in plan]


def beside(problem: Problem, s: State, plan: Plan, u: int) -> Iterator[Plan]:
    """The plans in which somebody who is left out comes beside `u`."""
    r = int(s.link[u, ROUTE])
    at = plan[r].index(u)
    present = {node_of(problem, v) for route in plan for v in route}
    for v in everybody(problem):
        taken = any(
            node_of(problem, v) in group.clients and not present.isdisjoint(group.clients)
            for group in problem.groups
        )
        if s.link[v, ROUTE] < 0 and not taken:
            for i in (at, at + 1):
                route = [*plan[r][:i], v, *plan[r][i:]]
                if is_allowed(problem, route, kinds_in(s)[r]):
                    yield [*plan[:r], route, *plan[r + 1 :]]


def most_saved(p: Rich, s: State, u: int) -> float:
    """What leaving `u` out saves at most, as the local search knows it."""
    r, a, b = s.link[u, ROUTE], s.link[u, PREV], s.link[u, NEXT]
    freed = s.cum[u, ARC_IN] + s.cum[u, ARC_OUT] - leg(p, s, r, a, b)
    return float(freed + allowance(p, s, r))


@pytest.mark.parametrize("family", FAMILIES)
def test_clients_are_left_out_or_taken_in_exactly_where_that_pays(family: str) -> None:
    dropped = adopted = 0
    for problem, p, s, plan, u in situations(family, 1):
        copies, now, kinds = frozen(s), penalised_cost(s), kinds_in(s)
        out = without(plan, u)
        drops = (
            not problem.required[node_of(problem, u)]
            and penalised_choice(problem, p, s, (out, kinds)) - now < LEAST_GAIN
        )
        grown = [
            penalised_choice(problem, p, s, (new, kinds)) for new in beside(problem, s, plan, u)
        ]
        adopts = min(grown, default=np.inf) - now < LEAST_GAIN
        assert consider_presence(p, s, u, most_saved(p, s, u), CLIENTS) == (drops or adopts)
        assert penalised_cost(s) <= now
        if drops:
            assert plan_of(s) == out
            dropped += 1
        elif adopts:
            adopted += 1
            assert penalised_cost(s) - now < LEAST_GAIN
        else:
            assert plan_of(s) == plan
        assert_state(problem, p, s, plan_of(s))
        undo(p, s)
        assert_frozen(s, copies)
    assert dropped > 0
    assert adopted > 0


def test_nobody_who_must_be_served_is_left_out() -> None:
    for problem, p, s, plan, u in situations("prizes", 2):
        if problem.required[node_of(problem, u)]:
            consider_presence(p, s, u, np.inf, 0)
            assert plan_of(s) == plan
