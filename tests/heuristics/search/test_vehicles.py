from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.state import depot_row
from polyroute.heuristics.search.vehicles import everybody_alone, limits_of
from tests.heuristics.in_arrays import arrays
from tests.heuristics.random_problems.plain import FAMILIES
from tests.heuristics.random_problems.rich import mixed_fleet
from tests.naive import best_solution

pytestmark = pytest.mark.both


def test_limits_are_the_vehicles_of_each_kind_and_of_all() -> None:
    rng = np.random.default_rng(1)
    assert limits_of(arrays(mixed_fleet(rng, 9))).tolist() == [2, 3, 2, 7]
    assert limits_of(arrays(mixed_fleet(rng, 4))).tolist() == [2, 3, 2, 4]


@pytest.mark.parametrize("family", FAMILIES)
def test_who_cannot_be_served_alone_makes_a_problem_hopeless(family: str) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        problem = FAMILIES[family](rng, 3)
        if problem.distance is not None:  # a detour may save time there
            continue
        plenty = problem.replace(count=[3])
        alone = everybody_alone(arrays(plenty), depot_row(plenty, arrays(plenty)))
        assert alone == (best_solution(plenty) is not None)
