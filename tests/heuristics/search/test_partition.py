from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.plan import plan_of
from polyroute.heuristics.search.partition import split


@pytest.mark.parametrize("number", [1, 2, 3, 7])
def test_parts_share_the_routes_out_evenly(number: int) -> None:
    rng = np.random.default_rng(3)
    place = rng.integers(0, 100, (401, 2)).astype(float)
    for _ in range(10):
        plan = plan_of(np.split(rng.permutation(np.arange(1, 401)), 100))
        parts = split(plan, number, place, rng)
        assert len(parts) == number
        assert sorted(np.concatenate(parts).tolist()) == [*range(100)]
        clients = [int(plan.sizes[part].sum()) for part in parts]
        # each cut is off by one route of four clients at most
        assert max(clients) - min(clients) <= 4 * 2 * 3


def test_parts_lie_apart() -> None:
    rng = np.random.default_rng(4)
    towns = np.array([[0, 0], [1000, 0], [0, 1000], [1000, 1000]])
    place = np.concatenate([[[500, 500]], np.repeat(towns, 20, axis=0)]).astype(float)
    plan = plan_of(np.split(np.arange(1, 81), 20))
    for _ in range(10):
        found = {tuple(sorted(part.tolist())) for part in split(plan, 2, place, rng)}
        assert len(found) == 2
        for part in found:
            counts = np.bincount(np.array(part) // 5, minlength=4)
            assert sum(0 < count < 5 for count in counts) <= 1


def test_there_are_never_more_parts_than_routes() -> None:
    rng = np.random.default_rng(5)
    plan = plan_of([[1, 2], [3]])
    assert len(split(plan, 5, np.zeros((4, 2)), rng)) == 2
