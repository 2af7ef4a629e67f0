"""Christofides' and Taillard's files: what they become, and what each defect is answered by."""

from __future__ import annotations

from pathlib import Path

import pytest

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io import detect_format
from polyroute.vrp.io.christofides import read_christofides
from polyroute.vrp.io.taillard import read_taillard
from polyroute.vrp.problem import UNLIMITED, Problem, Quantity
from polyroute.vrp.solution import Route, Solution
from tests.vrp.io.texts import CHRISTOFIDES, CORDEAU, DLP, LILIM, TAILLARD, spoilt


def cost(problem: Problem, *routes: Route) -> float:
    value = problem.scales.show(evaluate(problem, Solution(routes)).cost, Quantity.COST)
    assert value is not None
    return value


def test_depot_customers_and_limits_are_read() -> None:
    problem = read_christofides(CHRISTOFIDES)
    assert problem.arc_rule is ArcRule.NONE
    assert problem.node_id == ("0", "1", "2", "3")
    assert problem.delivery[:, 0].tolist() == [0, 7, 30, 16]
    assert problem.capacity.tolist() == [[40]]
    assert problem.count.tolist() == [UNLIMITED]
    time = problem.scales.time
    assert problem.service.tolist() == [0, 10 * time, 10 * time, 10 * time]
    assert problem.max_duration.tolist() == [200 * time]
    # 3 4 5 both ways, and the stop: the limit is of the duration
    assert evaluate(problem, Solution((Route((1,)),))).duration == 20 * time


@pytest.mark.parametrize("longest", ["0", "999999", "999999.0"])
def test_no_longest_time_is_none(longest: str) -> None:
    problem = read_christofides(spoilt(CHRISTOFIDES, "40 200 10", f"40 {longest} 0"), "nearest")
    assert not problem.active & {"max_duration", "service"}
    assert problem.variant == "CVRP"


def test_a_mixed_fleet_has_its_costs() -> None:
    problem = read_taillard(TAILLARD)
    assert problem.count.tolist() == [2, 1]
    assert problem.capacity[:, 0].tolist() == [10, 20]
    # √50 both ways, then √200, √500 and √500; 20 for each of the small vehicles
    found = cost(problem, Route((1,), 0), Route((2, 3), 0))
    assert found == pytest.approx(40 + 2 * 50**0.5 + 200**0.5 + 2 * 500**0.5, abs=1e-5)
    assert cost(problem, Route((1, 2, 3), 1)) > 35 + 1.2 * 50


def test_each_format_of_numbers_alone_is_known_by_its_first_lines(tmp_path: Path) -> None:
    texts = {
        "christofides": CHRISTOFIDES,
        "taillard": TAILLARD,
        "cordeau": CORDEAU,
        "dlp": DLP,
        "lilim": LILIM,
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        assert detect_format(tmp_path / name) == name


DEFECTS = [
    ("3 40 200 10", "4 40 200 10", 5, "found 3 customers, expected 4"),
    ("3 40 200 10", "2 40 200 10", 5, "found 3 customers, expected 2"),
    ("3 40 200 10", "3.5 40 200 10", 1, "number of customers is '3.5', expected a whole number"),
    ("3 40 200 10", "3 -40 200 10", 1, "the capacity is '-40', expected 0 or more"),
    ("3 40 200 10", "3 40 200", 1, "found 3 values, expected the number of customers, the cap"),
    ("3 40 200 10", "3 20 200 10", 4, "the demand is 30, expected at most the capacity 20"),
    (" 30 40\n", " 30 40 5\n", 2, "found 3 values, expected x, y of the depot"),
    ("49 49 30", "49 49", 4, "found 2 values, expected x, y, the demand of a customer"),
    ("49 49 30", "49 forty 30", 4, "y is 'forty', expected a number"),
    ("49 49 30", "49 49 -30", 4, "the demand is -30, expected 0 or more"),
]


@pytest.mark.parametrize(("old", "new", "line", "fragment"), DEFECTS)
def test_a_defect_of_christofides_is_named_with_its_line(
    old: str, new: str, line: int, fragment: str
) -> None:
    with pytest.raises(ReadError) as caught:
        read_christofides(spoilt(CHRISTOFIDES, old, new))
    assert fragment in str(caught.value)
    assert caught.value.line == line


FLEET_DEFECTS = [
    ("3 2 999999.0 0.0 0 0", "3 2 999999.0 0.0 0 7", 2, "the last two numbers are 0 and 7"),
    ("3 2 999999.0 0.0 0 0", "3 9 999999.0 0.0 0 0", 2, "number of vehicle types is 9, expected"),
    ("3 2 999999.0 0.0 0 0", "3 0 999999.0 0.0 0 0", 2, "number of vehicle types is 0, expected"),
    ("1 20 35 1.2", "1 20 35", 4, "expected number, capacity, fixed cost, cost a unit of distance"),
    ("1 20 35 1.2", "1 20 35 -1", 4, "cost a unit of distance is -1, expected 0 or more"),
    ("30 30 5", "30 30 25", 7, "the demand is 25, expected at most the capacity 20"),
    (" 50 20 5\n", "", 7, "found 2 customers, expected 3"),
]


@pytest.mark.parametrize(("old", "new", "line", "fragment"), FLEET_DEFECTS)
def test_a_defect_of_taillard_is_named_with_its_line(
    old: str, new: str, line: int, fragment: str
) -> None:
    with pytest.raises(ReadError) as caught:
        read_taillard(spoilt(TAILLARD, old, new))
    assert fragment in str(caught.value)
    assert caught.value.line == line
