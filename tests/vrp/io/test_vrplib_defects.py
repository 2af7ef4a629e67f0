"""What is wrong in files of LKH-3, PyVRP and OptaPlanner: one sentence each, with its line."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.vrp.errors import PolyrouteError, ReadError
from polyroute.vrp.io.vrplib import read_vrplib
from tests.vrp.io.dialects import (
    BOTH,
    DEMANDS,
    GROUPED,
    LISTED,
    LOADS,
    PAIRED,
    PLAIN,
    SIZED,
    TIMED,
    ZERO,
)
from tests.vrp.io.texts import spoilt

DEFECTS = [
    # (text, old, new, line, fragment of the message)
    (GROUPED, "1 2 3\n2 4", "1 2 3\n1 4", 18, "group 1 is listed twice, expected once"),
    (GROUPED, "1 2 3\n2 4", "1 2 3\n2 3 4", 18, "node 3 is in a group already"),
    (GROUPED, "1 2 3\n2 4", "1 2 2\n2 4", 17, "node 2 is in a group already"),
    (GROUPED, "1 2 3\n2 4", "1 2 9\n2 4", 17, "node is 9, expected 1 to 4"),
    (GROUPED, "1 2 3\n2 4", "1 2 -3\n2 4", 17, "node is '-3', expected a whole number from 0"),
    (GROUPED, "1 2 3\n2 4", "1 1 3\n2 4", 17, "node 1 is a depot, expected a client"),
    (GROUPED, "1 2 3\n2 4", "one 2 3\n2 4", 17, "node is 'one', expected a number"),
    (LISTED, "3 4 -1", "3 9 -1", 17, "BACKHAUL_SECTION: node is 9, expected 1 to 4"),
    (LISTED, "3 4 -1", "3 -1 4", 17, "found '4' after the -1 that ends the list"),
    (LISTED, "3 4 -1", "3 x -1", 17, "BACKHAUL_SECTION: node is 'x', expected a number"),
    (LISTED, DEMANDS, "", 12, "found a list of nodes, expected a DEMAND_SECTION beside it"),
    (PAIRED, "2 4 0 90 1 0 4", "2 4 0 90 1 0 9", 14, "delivery is 9, expected a client's number"),
    (PAIRED, "2 4 0 90 1 0 4", "2 4 0 90 1 0 1", 14, "delivery is 1, expected a client's number"),
    (PAIRED, "2 4 0 90 1 0 4", "2 4 0 90 1 0 5", 14, "delivery is 5, which names 3, expected 2"),
    (PAIRED, "2 4 0 90 1 0 4", "2 4 0 90 1 0 0", 14, "expected one of them to be 0"),
    (PAIRED, "2 4 0 90 1 0 4", "2 5 0 90 1 0 4", 14, "demand is 5 and that of its delivery -4"),
    (PAIRED, "2 4 0 90 1 0 4", "2 4 0 90 1 4", 14, "found 6 values, expected 7"),
    (PAIRED, "2 4 0 90 1 0 4", "2 4 95 90 1 0 4", 14, "ready time is 95, expected at most the due"),
    (PAIRED, "2 4 0 90 1 0 4\n", "", 16, "node 2 is missing, expected 1 to 5"),
    (PAIRED, "1 0 0 100 0 0 0", "1 0 0 100 0 3 0", 13, "pickup of the depot is 3, expected 0"),
    (PAIRED, "1 0 0 100 0 0 0", "1 7 0 100 0 0 0", 13, "demand of the depot is 7, expected 0"),
    (PAIRED, "CAPACITY : 10", "CAPACITY : 3", 14, "demand is 4, expected at most the CAPACITY 3"),
    (
        PAIRED,
        "PICKUP_",
        "DEMAND_SECTION\n1 0\nPICKUP_",
        14,
        "found both DEMAND_SECTION and PICKUP_",
    ),
    (
        PAIRED,
        "DEPOT_SECTION",
        "TIME_WINDOW_SECTION\n1 0 100\n2 0 99\n3 5 80\n4 0 70\n5 0 60\nDEPOT_SECTION",
        14,
        "due time is 90, expected 99 as in TIME_WINDOW_SECTION",
    ),
    (SIZED, "3 9 0 0 0 3 4", "3 9 0 0 0 -3 4", 14, "pickup is -3, expected 0 or more"),
    (SIZED, "3 9 0 0 0 3 4", "3 9 0 0 0 3 14", 14, "delivery is 14, expected at most the CAPACITY"),
    (BOTH, "BACKHAUL_SECTION\n1 0\n2 0\n", "BACKHAUL_SECTION\n1 0\n", 19, "node 2 is missing"),
    (BOTH, "2 0\n3 3", "2 0\n3 -3", 19, "backhaul is -3, expected 0 or more"),
    (BOTH, "2 0\n3 3", "2 0\n3 30", 19, "backhaul is 30, expected at most the CAPACITY 10"),
    (BOTH, "LINEHAUL_SECTION", "DEMAND_SECTION\n1 0\nLINEHAUL_SECTION", 13, "found both DEMAND_S"),
    (LOADS, ": 10 5", ": 10", 12, "found 2 loads of a node, expected 1 as in CAPACITY"),
    (LOADS, ": 10 5", ": 10 5 6", 12, "found 2 loads of a node, expected 3 as in CAPACITY"),
    (LOADS, ": 10 5", ": 10 -5", 5, "CAPACITY is '10 -5', expected 0 or more"),
    (LOADS, "2 4 1", "2 4 6", 13, "demand 2 is 6, expected at most the CAPACITY 5"),
    (LOADS, "2 4 1", "2 4", 13, "found 2 values, expected 3 (node, demand 1, demand 2)"),
    (ZERO, "0 0 0\n", "5 0 0\n", 17, "DEPOT_SECTION: node is 0, expected one of 5, 1, 2, 3"),
    (ZERO, "3 0 10\n", "", 9, "NODE_COORD_SECTION: node 3 is missing, expected 0 to 3"),
    (ZERO, "SECTION\n 0\n", "SECTION\n 4\n", 17, "DEPOT_SECTION: node is 4, expected 0 to 3"),
    (PLAIN, "2 3 4\n", "2 3 Shop\n", 8, "NODE_COORD_SECTION: y is 'Shop', expected a number"),
    (
        PLAIN,
        "CAPACITY : 10",
        "CAPACITY : 10\nVEHICLES : 2\nSALESMEN : 2",
        7,
        "found both VEHICLES and SALESMEN",
    ),
]


@pytest.mark.parametrize(("text", "old", "new", "line", "fragment"), DEFECTS)
def test_defect_is_named_with_its_line(
    text: str, old: str, new: str, line: int, fragment: str
) -> None:
    with pytest.raises(PolyrouteError) as caught:
        read_vrplib(spoilt(text, old, new))
    message = str(caught.value)
    assert fragment in message
    assert "\n" not in message
    assert isinstance(caught.value, ReadError)
    assert caught.value.line == line, message


def test_the_texts_here_are_right() -> None:
    for text in (PLAIN, TIMED, PAIRED, GROUPED, LISTED, SIZED, BOTH, LOADS, ZERO):
        assert np.isfinite(read_vrplib(text).coords).all()
