from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.plan import plan_of
from polyroute.heuristics.search.filling import within


def test_the_largest_routes_of_each_kind_are_kept() -> None:
    plan = plan_of([[1], [2, 3], [4, 5, 6], [7, 8], [9]], [0, 0, 1, 1, 0])
    assert within(plan, np.array([2, 1, 3])).lists() == [[1], [2, 3], [4, 5, 6]]
    assert within(plan, np.array([1, 2, 3])).lists() == [[2, 3], [4, 5, 6], [7, 8]]
    assert within(plan, np.array([3, 2, 2])).lists() == [[2, 3], [4, 5, 6]]
    assert within(plan, np.array([3, 2, 5])).lists() == plan.lists()
