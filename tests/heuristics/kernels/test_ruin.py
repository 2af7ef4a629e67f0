from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    DEPOT,
    IS_PICKUP,
    NUM_OUT,
    PARTNER,
    ROUTE,
    SIBLING,
    WAITING,
    ZEAL,
    Rich,
    State,
)
from polyroute.heuristics.kernels.ruin import ruin
from polyroute.heuristics.kernels.undo_log import refresh_saved, undo
from tests.heuristics.assertions import assert_frozen, assert_state, frozen
from tests.heuristics.in_arrays import arrays, everybody
from tests.heuristics.kernels.ruins import for_ruin, ruined, settings, situations, waiting
from tests.heuristics.random_problems.plain import cvrp
from tests.heuristics.random_problems.rich import EVERY
from tests.heuristics.states import Plan, plan_of, random_plan, served, state_of

pytestmark = pytest.mark.plain


def assert_waiting(p: Rich, s: State, plan: Plan) -> None:
    """Whoever was taken out waits, or who leads his unit does, and of a group only one waits."""
    out = waiting(s)
    for u in out:
        assert s.link[u, ROUTE] == WAITING
        partner, sibling = int(p.tie[u, PARTNER]), int(p.tie[u, SIBLING])
        if partner != DEPOT:
            assert p.tie[u, IS_PICKUP]
            assert s.link[partner, ROUTE] == WAITING
        while sibling != u:
            assert s.link[sibling, ROUTE] == ABSENT
            sibling = int(p.tie[sibling, SIBLING])
    for u in served(plan):
        if s.link[u, ROUTE] < 0:
            assert u in out or int(p.tie[u, PARTNER]) in out


@pytest.mark.parametrize("family", EVERY)
def test_a_ruin_leaves_the_others_in_order_and_can_be_undone(family: str) -> None:
    removed = 0
    for rng, problem, p, s in situations(family, 1, 30):
        copies, plan = frozen(s), plan_of(s)
        ruined(rng, p, s)
        out = waiting(s)
        removed += len(out)
        assert len(set(out)) == len(out)
        gone = [u for u in everybody(problem) if s.link[u, ROUTE] < 0]
        left = [[u for u in route if u not in gone] for route in plan]
        if isinstance(p, Rich):
            assert_waiting(p, s, plan)
        else:
            assert sorted(out) == gone
            assert all(s.link[u, ROUTE] == ABSENT for u in out)
        assert_state(problem, p, s, left)
        s.tally[NUM_OUT] = s.total[ZEAL] = 0  # as the recreation does
        undo(p, s)
        assert_frozen(s, copies)
    assert removed > 0


def test_a_ruin_takes_strings_out_of_routes_and_splits_some() -> None:
    together = apart = whole = 0
    rng = np.random.default_rng(8)
    problem = cvrp(rng, 30)
    p = arrays(problem)
    for _ in range(200):
        plan = random_plan(rng, problem, 4)
        s = state_of(rng, problem, p, plan)
        longest = int(rng.integers(2, 6))
        ruin(p, s, *for_ruin(settings(rng, mean_removed=6.0, longest_string=longest)))
        for route in plan:
            gone = [i for i, u in enumerate(route) if s.link[u, ROUTE] < 0]
            if gone and len(gone) == len(route):
                whole += 1
                continue
            assert len(gone) <= longest
            if gone:
                together += gone[-1] - gone[0] == len(gone) - 1
                apart += gone[-1] - gone[0] > len(gone) - 1
    assert together > 20
    assert apart > 20
    assert whole > 5


def test_a_ruin_takes_all_whom_a_route_serves_at_a_place() -> None:
    blocks = longer = 0
    rng = np.random.default_rng(9)
    problem = cvrp(rng, 40, coords=np.repeat(rng.integers(0, 100, (5, 2)), [1, 10, 10, 10, 10], 0))
    p = arrays(problem)
    place = np.repeat(np.arange(5), [1, 10, 10, 10, 10])
    for _ in range(200):
        # All of a place are together on a route, and the places in any order.
        tours = [sorted(route, key=lambda u: place[u]) for route in random_plan(rng, problem, 3)]
        s = state_of(rng, problem, p, tours)
        copies = frozen(s)
        ruin(p, s, *for_ruin(settings(rng, mean_removed=4.0, longest_string=2, whole_routes=1e-9)))
        for route in tours:
            gone = [u for u in route if s.link[u, ROUTE] < 0]
            there = {int(place[u]) for u in gone}
            if len(gone) > 2:
                longer += 1
                blocks += gone == [u for u in route if int(place[u]) in there] and len(there) == 1
        left = [[u for u in route if s.link[u, ROUTE] >= 0] for route in tours]
        refresh_saved(p, s)
        assert_state(problem, p, s, left)
        s.tally[NUM_OUT] = 0
        undo(p, s)
        assert_frozen(s, copies)
    assert blocks == longer > 20
