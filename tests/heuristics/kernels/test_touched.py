from __future__ import annotations

from collections import deque

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import DEPOT, NUM_QUEUED
from polyroute.heuristics.kernels.touched import pop_touched, touch, touch_all
from tests.heuristics.in_arrays import arrays
from tests.heuristics.random_problems.plain import cvrp
from tests.heuristics.states import no_routes, state_of

pytestmark = pytest.mark.plain

CLIENTS = 9


def test_touched_nodes_queue_once_and_leave_in_order() -> None:
    rng = np.random.default_rng(10)
    problem = cvrp(rng, CLIENTS)
    s = no_routes(problem, arrays(problem), 1)
    queue: deque[int] = deque()
    for _ in range(300):
        if rng.random() < 0.55:
            u = int(rng.integers(CLIENTS + 1))
            touch(s, u)
            if u != DEPOT and u not in queue:
                queue.append(u)
        else:
            assert pop_touched(s) == (queue.popleft() if queue else DEPOT)
        assert s.tally[NUM_QUEUED] == len(queue)


def test_touching_all_leaves_out_who_is_on_no_route() -> None:
    rng = np.random.default_rng(11)
    problem = cvrp(rng, 5)
    p = arrays(problem)
    s = state_of(rng, problem, p, [[4, 2], [5]])
    touch_all(s)
    assert [pop_touched(s) for _ in range(4)] == [2, 4, 5, DEPOT]
