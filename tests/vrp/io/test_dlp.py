"""DLP files: what they become, and what each defect is answered by."""

from __future__ import annotations

import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.dlp import read_dlp
from polyroute.vrp.problem import Quantity
from polyroute.vrp.solution import Route, Solution
from tests.vrp.io.texts import DLP, spoilt


def test_a_mixed_fleet_on_a_matrix_is_read() -> None:
    problem = read_dlp(DLP)
    assert problem.variant == "HFCVRP"
    assert problem.node_id == ("0", "1", "2", "3")
    assert problem.distance[0, 1].tolist() == [1000, 0, 1500, 2500]
    assert problem.delivery[:, 0].tolist() == [0, 4, 6, 9]
    assert problem.count.tolist() == [2, 1]
    assert problem.capacity[:, 0].tolist() == [10, 20]


def test_costs_are_fixed_and_by_the_kilometre() -> None:
    problem = read_dlp(DLP)
    plan = Solution((Route((1, 2), 0), Route((3,), 1)))
    # 100 + 0.6 · 4.5 km and 80 + 1.6 · 6 km
    assert problem.scales.show(evaluate(problem, plan).cost, Quantity.COST) == 192.3


def test_the_depot_may_be_another_node() -> None:
    problem = read_dlp(DLP.replace("0   // the", "2   // the"))
    assert problem.node_id == ("2", "0", "1", "3")
    assert problem.distance[0, 0].tolist() == [0, 2000, 1500, 500]
    # demands are told of the customers in order, whatever their nodes are called
    assert problem.delivery[:, 0].tolist() == [0, 4, 6, 9]


DEFECTS = [
    ("3 2 999999", "3 x 999999", 2, "the number of vehicle types is 'x', expected a number"),
    ("2 10 100 0.6", "2 10 100", 3, "found 3 values, expected number, capacity, fixed cost"),
    ("2 10 100 0.6", "2 10 -100 0.6", 3, "fixed cost is -100, expected 0 or more"),
    ("0   // the", "7   // the", 5, "found '7', expected the depot"),
    ("1000 0 1500 2500", "1000 0 1500", 7, "found 3 distances, expected 4"),
    ("1000 0 1500 2500", "1000 0 -1 2500", 7, "found -1, expected distances from 0 on"),
    ("3 9\n", "", 12, "demands: customer 3 is missing, expected 1 to 3"),
    ("2 6\n", "2 -6\n", 12, "demand is -6, expected 0 or more"),
]


@pytest.mark.parametrize(("old", "new", "line", "fragment"), DEFECTS)
def test_defect_is_named_with_its_line(old: str, new: str, line: int, fragment: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_dlp(spoilt(DLP, old, new))
    assert fragment in str(caught.value)
    assert caught.value.line == line, str(caught.value)


def test_given_lengths_are_not_rounded() -> None:
    with pytest.raises(ReadError, match="found a matrix, expected coordinates in the plane"):
        read_dlp(DLP, "trunc1")


def test_every_cut_is_refused() -> None:
    for end in range(len(DLP) - 4):
        with pytest.raises(ReadError):
            read_dlp(DLP[:end])
