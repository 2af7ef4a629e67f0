"""Lengths of TSPLIB and LKH-3 that no arc rule has."""

from __future__ import annotations

import pytest

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.vrplib import read_vrplib
from polyroute.vrp.io.vrplib.measures import TABULATED

POINTS = [(0, 0, 0), (3.3, 4.4, 2), (-1.2, 6, 7.5)]

EXPECTED = {
    "EUC_3D": [6, 10, 7],  # √34.25 = 5.85, √93.69 = 9.68, √54.5 = 7.28
    "CEIL_3D": [6, 10, 8],
    "FLOOR_3D": [5, 9, 7],
    "MAN_3D": [10, 15, 12],  # 9.7, 14.7, 11.6
    "MAX_3D": [4, 8, 6],  # 4.4, 7.5, 5.5
    "MAN_2D": [8, 7, 6],  # 7.7, 7.2, 6.1
    "MAX_2D": [4, 6, 5],  # 4.4, 6, 4.5
}


def file(measure: str, name: str = "") -> str:
    rows = (
        " ".join(map(str, (node, *point[: TABULATED[measure][0]])))
        for node, point in enumerate(POINTS, start=1)
    )
    head = f"TYPE : TSP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : {measure}\nNODE_COORD_SECTION\n"
    return head + "\n".join(row + name for row in rows) + "\nEOF\n"


@pytest.mark.parametrize("measure", TABULATED)
def test_lengths_follow_their_definition(measure: str) -> None:
    problem = read_vrplib(file(measure))
    found = problem.distance_matrix()
    assert [found[0, 1], found[0, 2], found[1, 2]] == EXPECTED[measure]
    assert (found == found.T).all()
    assert problem.coords.tolist() == [[0, 0], [33, 44], [-12, 60]]
    assert read_vrplib(file(measure, " a shop")).node_name == ("a shop",) * 3


def test_they_take_no_other_rule_and_all_their_coordinates() -> None:
    with pytest.raises(ReadError, match="expected coordinates in the plane"):
        read_vrplib(file("MAN_2D"), "none")
    with pytest.raises(ReadError, match=r"line 5: .*found 3 values, expected 4 .node, x, y, z"):
        read_vrplib(file("MAN_2D").replace("MAN_2D", "MAN_3D"))
    with pytest.raises(ReadError, match=r"line 5: .*found 4 values, expected 3 .node, x, y."):
        read_vrplib(file("MAN_3D").replace("MAN_3D", "MAN_2D"))
