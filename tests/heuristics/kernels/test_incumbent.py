from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import BEST, DEPOT, NUM_DIRTY, ROUTE, State
from polyroute.heuristics.kernels.incumbent import keep_best, keep_if_best
from polyroute.heuristics.kernels.links import free_route, link_in, unlink
from polyroute.heuristics.kernels.plan import linked
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.undo_log import commit, save, undo
from polyroute.vrp.problem import Problem
from tests.heuristics.checked import measure_plan
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays
from tests.heuristics.kernels.edits import edit
from tests.heuristics.random_problems.rich import ANYWHERE, EVERY
from tests.heuristics.states import (
    Plan,
    kinds_in,
    load_visits,
    no_routes,
    plan_of,
    random_plan,
    state_of,
)

pytestmark = pytest.mark.plain

CLIENTS = 9


def kept(s: State) -> Plan:
    return sorted(linked(s.best, s.best_shape).lists())


@pytest.mark.parametrize("family", ANYWHERE)
def test_the_best_kept_is_a_copy_of_what_was_current(family: str) -> None:
    rng = np.random.default_rng(8)
    for _ in cases(10):
        problem = EVERY[family](rng, CLIENTS)
        p = arrays(problem)
        plan = random_plan(rng, problem, 4)
        s = state_of(rng, problem, p, plan)
        expected: Plan | None = None
        for _ in range(20):
            edit(rng, p, s, plan, 3)
            if rng.random() < 0.4:
                keep_best(s)
                assert s.tally[NUM_DIRTY] == 0
                assert s.total[BEST] == measure_plan(problem, plan, kinds_in(s))[0]
                assert np.array_equal(s.best[1:], s.link[1:])
                assert np.array_equal(s.best_shape, s.shape)
                expected = sorted(list(route) for route in plan if route)
            if rng.random() < 0.5:
                undo(p, s)
                plan = plan_of(s)
            else:
                commit(s)
            if expected is not None:
                assert kept(s) == expected


def test_only_a_feasible_and_shorter_solution_becomes_the_best() -> None:
    problem = Problem(
        coords=np.array([[0, 0], [10, 0], [20, 0]]),
        delivery=np.array([[0], [4], [5]]),
        capacity=np.array([[8]]),
    )
    p = arrays(problem)
    s = no_routes(problem, p, 2)
    load_visits(p, s, [[1, 2]])  # 1 too much on board
    keep_if_best(s)
    assert s.total[BEST] == np.inf
    save(s, 0)
    save(s, 1)
    unlink(p, s, 2)
    refresh(p, s, 0)
    link_in(p, s, 2, int(free_route(s)), DEPOT)
    refresh(p, s, s.link[2, ROUTE])
    keep_if_best(s)
    assert s.total[BEST] == 20 + 40
    assert kept(s) == [[1], [2]]
    undo(p, s)
    keep_if_best(s)
    assert kept(s) == [[1], [2]]
