"""How the temperature falls."""

from __future__ import annotations

from itertools import pairwise

import pytest

from polyroute.heuristics.search.scale import REHEATED, fallen


@pytest.mark.parametrize("falls", [1, 2, 5])
def test_the_temperature_falls_so_many_times_and_ends_cold(falls: int) -> None:
    depths = [fallen(share / 1000, falls) for share in range(1001)]
    assert depths[0] == 0.0
    assert depths[-1] == 1.0
    rises = [later for earlier, later in pairwise(depths) if later < earlier]
    assert rises == pytest.approx([REHEATED] * (falls - 1), abs=0.01)
