from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import GAIN, MISSED, SIZE
from polyroute.heuristics.kernels.plan import NOT_SERVED, linked, plan_of
from polyroute.heuristics.search.costed import Costed, joined_costed, with_missing
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays, everybody
from tests.heuristics.random_problems.rich import alternatives, prizes
from tests.heuristics.states import random_plan, state_of

pytestmark = pytest.mark.both


def test_joined_and_renamed_routes_keep_their_figures() -> None:
    first = Costed(plan_of([[1, 2]]), np.array([4.0]), np.array([1.0]))
    second = Costed(plan_of([[3]]), np.array([2.0]), np.zeros(1))
    both = joined_costed([first, second])
    assert (both.plan.lists(), both.cost, both.exceeded) == ([[1, 2], [3]], 6, 1)
    assert both.select(np.array([1])).plan.lists() == [[3]]
    assert both.renamed(np.array([0, 7, 8, 9])).plan.lists() == [[7, 8], [9]]


@pytest.mark.parametrize("make", [prizes, alternatives])
def test_those_who_are_left_out_cost_what_they_save(make: Callable) -> None:
    for number in cases(20):
        rng = np.random.default_rng(number)
        problem = make(rng, 9)
        p = arrays(problem)
        s = state_of(rng, problem, p, random_plan(rng, problem, 3))
        plan = linked(s.link, s.shape)
        on_board = np.zeros(plan.num_routes)
        served = Costed(plan, s.figure[s.shape[:, SIZE] > 0, 0], on_board)
        found = with_missing(p, served, float(s.total[MISSED]))
        assert sorted(found.plan.visits) == everybody(problem)
        assert found.cost == served.cost + s.total[MISSED]
        assert found.plan.driven().lists() == plan.lists()
        if make is prizes:
            left_out = found.plan.kinds == NOT_SERVED
            gains = p.node[found.plan.visits, GAIN]
            bounds = found.plan.bounds[:-1]
            assert found.lengths[left_out].tolist() == gains[bounds][left_out].tolist()
