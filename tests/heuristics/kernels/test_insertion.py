from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import (
    COUNT,
    DEPOT,
    FORM,
    KIND,
    MIXED,
    NUM_OUT,
    OUT,
    PARTNER,
    ROUTE,
    SIBLING,
    WAITING,
    Rich,
    State,
)
from polyroute.heuristics.kernels.links import unlink
from polyroute.heuristics.kernels.recreate import recreate
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.undo_log import save, undo
from polyroute.vrp.problem import Problem
from tests.heuristics.assertions import assert_frozen, assert_state, frozen
from tests.heuristics.checked import Choice, is_allowed, penalised_choice
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays
from tests.heuristics.random_problems.rich import RICH, sizes
from tests.heuristics.states import kinds_in, plan_of, random_plan, state_of

pytestmark = pytest.mark.plain

CLIENTS = 9

FAMILIES = {
    name: RICH[name]
    for name in (
        "open routes",
        "two depots",
        "mixed fleet",
        "mixed pickups",
        "few stops",
        "skills",
        "prizes",
        "alternatives",
        "pairs",
        "pairs, mixed fleet",
    )
} | {"sizes": sizes}
"""Classes in the plane without any forbidden order."""


def insertions(route: list[int], unit: Sequence[int]) -> Iterator[list[int]]:
    """Every way to put a unit into a route, in its order."""
    first, *rest = unit
    for i in range(len(route) + 1):
        if not rest:
            yield [*route[:i], first, *route[i:]]
        for j in range(i, len(route) + 1 if rest else i):
            yield [*route[:i], first, *route[i:j], rest[0], *route[j:]]


def kinds_for(p: Rich, s: State, r: int, used: list[int]) -> list[int]:
    """The kinds of vehicles that may drive route `r`, if that one changes."""
    mine = int(s.shape[r, KIND])
    free = [k for k in range(len(used)) if used[k] < p.vehicle[k, COUNT]]
    return [mine, *(k for k in free if k != mine and p.vehicle[k, FORM] == p.vehicle[mine, FORM])]


def choices(problem: Problem, p: Rich, s: State, units: list[list[int]]) -> Iterator[Choice]:
    """What can be done with a unit that is on no route, or with one of its alternatives."""
    plan, kinds = plan_of(s), kinds_in(s)
    yield plan, kinds
    used = [
        sum(bool(plan[r]) and kinds[r] == k for r in range(len(plan)))
        for k in range(len(p.vehicle))
    ]
    for unit in units:
        for r, route in enumerate(plan):
            new = [k for k in range(len(used)) if used[k] < p.vehicle[k, COUNT]]
            for kind in kinds_for(p, s, r, used) if route else new:
                for longer in insertions(route, unit):
                    if is_allowed(problem, longer, kind):
                        yield (
                            [*plan[:r], longer, *plan[r + 1 :]],
                            [*kinds[:r], kind, *kinds[r + 1 :]],
                        )


def take_out(p: Rich, s: State, u: int) -> list[int]:
    """Take the unit of `u` off its route and let it wait; returns it."""
    partner = int(p.tie[u, PARTNER])
    unit = [u] if partner == DEPOT else [u, partner]
    for v in unit:
        r = int(s.link[v, ROUTE])
        save(s, r)
        unlink(p, s, v)
        refresh(p, s, r)
        s.link[v, ROUTE] = WAITING
    s.ints[OUT, 0], s.tally[NUM_OUT] = u, 1
    return unit


def alternatives_of(p: Rich, u: int) -> list[list[int]]:
    """Who may be served in place of `u`."""
    others, v = [], int(p.tie[u, SIBLING])
    while v != u:
        others.append([v])
        v = int(p.tie[v, SIBLING])
    return others


@pytest.mark.parametrize("family", FAMILIES)
def test_a_unit_goes_where_it_costs_least(family: str) -> None:
    rng = np.random.default_rng(1)
    best = total = 0
    for _ in cases(60):
        problem = FAMILIES[family](rng, CLIENTS)
        p = arrays(problem)
        assert isinstance(p, Rich)
        plan = random_plan(rng, problem, 4)
        on_routes = [u for route in plan for u in route]
        firsts = [u for u in on_routes if p.tie[u, PARTNER] == DEPOT]
        if problem.pairs:
            firsts = [pair.pickup for pair in problem.pairs if pair.pickup in on_routes]
        if not firsts:
            continue
        s = state_of(rng, problem, p, plan)
        copies = frozen(s)
        u = int(rng.choice(firsts))
        unit = take_out(p, s, u)
        every = choices(problem, p, s, [unit, *alternatives_of(p, u)])
        least = min(penalised_choice(problem, p, s, choice) for choice in every)
        recreate(p, s)
        assert_state(problem, p, s, plan_of(s))
        found = penalised_choice(problem, p, s, (plan_of(s), kinds_in(s)))
        assert found >= least
        best += found == least
        total += 1
        undo(p, s)
        assert_frozen(s, copies)
    assert total > 0
    # A gap or a vehicle is passed over unseen now and then, on purpose. Where another kind may take
    # the route over, gaps are passed over by what their arcs cost the present one.
    assert best >= (0.75 if p.fleet[MIXED] else 0.9) * total
