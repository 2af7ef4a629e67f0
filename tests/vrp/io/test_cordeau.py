"""Cordeau files: what they become, and what each defect is answered by."""

from __future__ import annotations

import pytest

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.cordeau import read_cordeau, read_cordeau_plan
from polyroute.vrp.problem import UNLIMITED
from tests.vrp.io.texts import CORDEAU, CORDEAU_TIMED, RES, spoilt


def test_depots_come_first_and_have_a_vehicle_type_each() -> None:
    problem = read_cordeau(CORDEAU, "nearest")
    assert problem.variant == "MDHFVRPL"  # one depot has no limits
    assert problem.num_depots == 2
    assert problem.node_id == ("4", "5", "1", "2", "3")
    assert problem.coords.tolist() == [[0, 0], [10, 0], [3, 4], [6, 8], [10, 8]]
    assert problem.delivery[:, 0].tolist() == [0, 0, 5, 5, 4]
    assert problem.service.tolist() == [0, 0, 1, 1, 1]
    assert problem.count.tolist() == [2, 2]
    assert problem.max_duration.tolist() == [60, UNLIMITED]
    assert problem.capacity[:, 0].tolist() == [10, UNLIMITED]
    assert problem.start_depot.tolist() == problem.end_depot.tolist() == [0, 1]


def test_windows_are_read_where_the_type_has_them() -> None:
    problem = read_cordeau(CORDEAU_TIMED, "floor")
    assert problem.tw_early[:, 0].tolist() == [0, 10, 0]
    assert problem.tw_late[:, 0].tolist() == [100, 20, 30]
    assert problem.max_duration.tolist() == [UNLIMITED]


def test_nodes_may_stand_in_any_order() -> None:
    lines = CORDEAU.split("\n")
    lines[3:6] = [lines[5], lines[3], lines[4]]
    assert read_cordeau("\n".join(lines)).equals(read_cordeau(CORDEAU))


def test_arcs_are_not_rounded_unless_asked_for() -> None:
    assert read_cordeau(CORDEAU).arc_rule is ArcRule.NONE


def test_a_plan_is_read_with_its_depots() -> None:
    problem = read_cordeau(CORDEAU, "nearest")
    solution = read_cordeau_plan(RES, problem)
    assert [(r.visits, r.vehicle_type) for r in solution.routes] == [((2, 3), 0), ((4,), 1)]
    # 5 + 5 + 10 from the first depot, 8 + 8 from the second
    assert evaluate(problem, solution).cost == 36
    marked = RES.replace("0 1 2 0", "4 1 2 4")
    assert read_cordeau_plan(marked, problem) == solution


DEFECTS = [
    ("2 2 3 2", "2 2 3", 1, "found 3 values, expected the type, the number of vehicles"),
    ("2 2 3 2", "1 2 3 2", 1, "the type is 1 (PVRP), expected 2 (MDVRP) or 6 (MDVRPTW)"),
    ("2 2 3 2", "2 0 3 2", 1, "the number of vehicles is '0', expected a whole number from 1"),
    ("2 2 3 2", "2 2 4 2", 8, "found 8 lines, expected 9"),
    ("60 10", "60", 2, "found 1 values, expected the duration and the load"),
    ("60 10", "-60 10", 2, "duration is -60, expected 0 or more"),
    ("2 6 8 1 5 1 2 1 2", "2 6 8 1 5 1 2 1", 5, "found 8 values, expected 7 and the 2 visit"),
    ("2 6 8 1 5 1 2 1 2", "7 6 8 1 5 1 2 1 2", 6, "the number of a node is 3, expected 2"),
    ("2 6 8 1 5 1 2 1 2", "x 6 8 1 5 1 2 1 2", 5, "the number of a node is 'x', expected a number"),
    ("2 6 8 1 5 1 2 1 2", "2 6 8 1 5 2 2 1 2", 5, "the frequency is 2, expected 1"),
    ("2 6 8 1 5 1 2 1 2", "2 6 x 1 5 1 2 1 2", 5, "y is 'x', expected a number"),
    ("4 0 0 0 0 0 0", "4 0 0 0 3 0 0", 7, "service time and demand of a depot"),
]


@pytest.mark.parametrize(("old", "new", "line", "fragment"), DEFECTS)
def test_defect_is_named_with_its_line(old: str, new: str, line: int, fragment: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_cordeau(spoilt(CORDEAU, old, new))
    assert fragment in str(caught.value)
    assert caught.value.line == line, str(caught.value)


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ReadError, match="a time window is 25 to 20, expected it to end later"):
        read_cordeau(spoilt(CORDEAU_TIMED, "10 20", "25 20"))


@pytest.mark.parametrize(
    ("old", "new", "line", "fragment"),
    [
        ("2 1 16.0", "3 1 16.0", 3, "the depot is 3, expected 1 to 2"),
        ("0 3 0", "0 9 0", 3, "a client is 9, expected 1 to 3"),
        ("2 1 16.0 4 0 3 0", "2 1", 3, "found 2 values, expected depot, vehicle, duration, load"),
    ],
)
def test_a_spoilt_plan_is_named_with_its_line(old: str, new: str, line: int, fragment: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_cordeau_plan(spoilt(RES, old, new), read_cordeau(CORDEAU))
    assert fragment in str(caught.value)
    assert caught.value.line == line
