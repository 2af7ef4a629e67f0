from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import SIZE
from polyroute.heuristics.kernels.links import free_route
from polyroute.heuristics.kernels.undo_log import commit, undo
from tests.heuristics.assertions import assert_state
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays
from tests.heuristics.kernels.edits import edit
from tests.heuristics.random_problems.plain import cvrp
from tests.heuristics.random_problems.rich import ANYWHERE, EVERY
from tests.heuristics.states import load_visits, no_routes, plan_of, random_plan, state_of

pytestmark = pytest.mark.plain

CLIENTS = 9


@pytest.mark.parametrize("family", ANYWHERE)
def test_relinked_routes_are_those_of_a_list(family: str) -> None:
    rng = np.random.default_rng(3)
    for _ in cases(20):
        problem = EVERY[family](rng, CLIENTS)
        p = arrays(problem)
        plan = random_plan(rng, problem, 4)
        s = state_of(rng, problem, p, plan)
        for _ in range(6):
            edit(rng, p, s, plan, 3)
            assert_state(problem, p, s, plan)


def test_a_free_route_is_empty_and_none_is_left_when_all_are_in_use() -> None:
    rng = np.random.default_rng(7)
    problem = cvrp(rng, 4)
    p = arrays(problem)
    s = no_routes(problem, p, 3)
    assert free_route(s) >= 0
    load_visits(p, s, [[*problem.clients]])
    plan = plan_of(s)
    full = 0
    for _ in range(200):
        edit(rng, p, s, plan, 2)
        if rng.random() < 0.3:
            commit(s)
        elif rng.random() < 0.5:
            undo(p, s)
            plan = plan_of(s)
        r = free_route(s)
        full += all(plan)
        assert r == -1 if all(plan) else s.shape[r, SIZE] == 0
    assert full > 0
