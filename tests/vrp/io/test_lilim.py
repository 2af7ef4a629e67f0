"""Li-Lim files: what they become, and what each defect is answered by."""

from __future__ import annotations

import pytest

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.lilim import read_lilim
from polyroute.vrp.solution import Solution
from polyroute.vrp.structure import Pair
from tests.vrp.io.texts import LILIM, spoilt


def test_fleet_tasks_and_pairs_are_read() -> None:
    problem = read_lilim(LILIM, "nearest")
    assert problem.node_id == ("0", "1", "2", "3", "4")
    assert problem.count.tolist() == [2]
    assert problem.capacity.tolist() == [[10]]
    assert problem.pickup[:, 0].tolist() == [0, 6, 0, 0, 5]
    assert problem.delivery[:, 0].tolist() == [0, 0, 5, 6, 0]
    assert problem.tw_early[:, 0].tolist() == [0, 0, 10, 0, 0]
    assert problem.tw_late[:, 0].tolist() == [100, 50, 90, 90, 60]
    assert problem.service.tolist() == [0, 2, 2, 2, 2]
    assert problem.pairs == (Pair(1, 3), Pair(4, 2))


def test_arcs_are_not_rounded_unless_asked_for() -> None:
    assert read_lilim(LILIM).arc_rule is ArcRule.NONE
    assert read_lilim(LILIM, "trunc1").arc_rule is ArcRule.TRUNC1


def test_goods_ride_from_pickup_to_delivery() -> None:
    # 0 → 1 (5) → 3 (√10) → 0 (5), then 0 → 4 (15) → 2 (5) → 0 (10); on 1, 4, 2, 3 ride 11
    problem = read_lilim(LILIM, "floor")
    apart = evaluate(problem, Solution.from_visits([[1, 3], [4, 2]]))
    assert apart.feasible
    assert apart.cost == 5 + 3 + 5 + 15 + 5 + 10
    together = evaluate(problem, Solution.from_visits([[1, 4, 2, 3]]))
    assert [(v.rule, v.amount) for v in together.violations] == [("capacity", 1)]


DEFECTS = [
    ("2\t10\t1\n", "2\t10\n", 1, "found 2 values, expected the number, the capacity and the speed"),
    ("2\t10\t1\n", "2\t10\t3\n", 1, "the speed is 3, expected 1"),
    ("2\t10\t1\n", "0\t10\t1\n", 1, "the number of vehicles is '0', expected a whole number"),
    ("6\t0\t50", "16\t0\t50", 3, "demand is 16, expected at most the capacity 10"),
    ("6\t0\t50", "6\t60\t50", 3, "ready time is 60, expected at most the due date 50"),
    ("6\t0\t50\t2\t0\t3", "6\t0\t50\t2\t0\t9", 3, "delivery is 9, expected a client's number"),
    ("6\t0\t50\t2\t0\t3", "6\t0\t50\t2\t0\t0", 3, "expected one of them to be 0"),
    ("6\t0\t50\t2\t0\t3", "6\t0\t50\t2\t0\t2", 3, "delivery is 2, which names 4, expected 1"),
    ("6\t0\t50\t2", "7\t0\t50\t2", 3, "demand is 7 and that of its delivery -6"),
    ("0\t0\t0\t0\t0\t100\t0", "0\t0\t0\t4\t0\t100\t0", 2, "demand of the depot is 4"),
    ("\t4\t0\n3", "\t4\n3", 4, "found 8 values, expected 9 (task, x, y, demand"),
]


@pytest.mark.parametrize(("old", "new", "line", "fragment"), DEFECTS)
def test_defect_is_named_with_its_line(old: str, new: str, line: int, fragment: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_lilim(spoilt(LILIM, old, new))
    assert fragment in str(caught.value)
    assert caught.value.line == line, str(caught.value)
