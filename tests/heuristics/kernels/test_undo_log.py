from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import NUM_LOGGED, NUM_SAVED
from polyroute.heuristics.kernels.links import unlink
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.undo_log import commit, save, undo
from tests.heuristics.assertions import assert_frozen, assert_state, frozen
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays
from tests.heuristics.kernels.edits import edit
from tests.heuristics.random_problems.plain import cvrp
from tests.heuristics.random_problems.rich import ANYWHERE, EVERY
from tests.heuristics.states import random_plan, state_of

pytestmark = pytest.mark.plain

CLIENTS = 9


@pytest.mark.parametrize("family", ANYWHERE)
def test_undo_puts_back_what_was_before_the_last_commit(family: str) -> None:
    rng = np.random.default_rng(4)
    for _ in cases(20):
        problem = EVERY[family](rng, CLIENTS)
        p = arrays(problem)
        plan = random_plan(rng, problem, 4)
        s = state_of(rng, problem, p, plan)
        for _ in range(6):
            copies, kept = frozen(s), [list(route) for route in plan]
            for _ in range(int(rng.integers(1, 4))):
                edit(rng, p, s, plan, int(rng.integers(1, 5)))
            if rng.random() < 0.5:
                commit(s)
                assert_state(problem, p, s, plan)
            else:
                undo(p, s)
                plan = kept
                assert_frozen(s, copies)
                assert_state(problem, p, s, plan)
            assert s.tally[NUM_LOGGED] == s.tally[NUM_SAVED] == 0


def test_a_full_log_has_room_for_every_client_and_route() -> None:
    rng = np.random.default_rng(5)
    problem = cvrp(rng, CLIENTS)
    p = arrays(problem)
    s = state_of(rng, problem, p, [[u] for u in problem.clients])
    for r in range(CLIENTS):
        save(s, r)
        save(s, r)
    assert s.tally[NUM_LOGGED] == 4 * CLIENTS <= len(s.log)


def test_a_client_left_out_and_undone_is_back() -> None:
    rng = np.random.default_rng(6)
    problem = cvrp(rng, 3)
    p = arrays(problem)
    s = state_of(rng, problem, p, [[1, 2, 3]])
    copies = frozen(s)
    save(s, 0)
    unlink(p, s, 2)
    refresh(p, s, 0)
    assert_state(problem, p, s, [[1, 3]])
    undo(p, s)
    assert_frozen(s, copies)
