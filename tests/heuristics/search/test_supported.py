from __future__ import annotations

import pytest

from polyroute.vrp.api import solve
from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.problem import Problem
from polyroute.vrp.structure import Group, Pair

TOGETHER: dict[str, dict[str, object]] = {
    "a client in two pairs": {"pairs": (Pair(1, 2), Pair(2, 3))},
    "a client in two groups": {"groups": (Group((1, 2)), Group((2, 3)))},
    "a client of a pair in a group": {"pairs": (Pair(1, 2),), "groups": (Group((2, 3)),)},
}
"""What is not taken together, and a problem of four clients that has it."""


@pytest.mark.parametrize("what", TOGETHER)
def test_what_is_not_taken_together_is_refused_by_name(what: str) -> None:
    problem = Problem(coords=[[x, 0] for x in range(5)], **TOGETHER[what])  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match=f"does not support {what}"):
        solve(problem, iterations=1)
