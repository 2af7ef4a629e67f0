"""Lengths of TSPLIB and LKH-3 that no arc rule has."""

from __future__ import annotations

import pytest

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.vrplib import read_vrplib
from polyroute.vrp.io.vrplib.measures import TABULATED

POINTS = [(0, 0, 0), (3.3, 4.4, 2), (-1.2, 6, 7.5)]

EXPECTED = {
    "EUC_3D": [6, 10, 7],  # √34.25 = 5.85, √93.69 = 9.68, √53.06 = 7.28
    "CEIL_3D": [6, 10, 8],
    "FLOOR_3D": [5, 9, 7],
    "EXACT_3D": [5.852, 9.679, 7.284],
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
    lengths = [found[0, 1], found[0, 2], found[1, 2]]
    assert [length / problem.scales.length for length in lengths] == EXPECTED[measure]
    assert (found == found.T).all()
    assert problem.coords.tolist() == [[0, 0], [33, 44], [-12, 60]]
    assert read_vrplib(file(measure, " a shop")).node_name == ("a shop",) * 3


@pytest.mark.parametrize(
    ("measure", "scale", "rule", "length"),
    [
        ("EUC_2D", 1, ArcRule.NEAREST, 6),  # √30.25 = 5.5 from the first to the second
        ("EXACT_2D", 1, ArcRule.NEAREST, 6),
        ("FLOOR_2D", 10, ArcRule.TRUNC1, 5.5),
        ("EUC_2D", 1000, ArcRule.MILLI, 5.5),
        ("EXACT_2D", 1000, ArcRule.MILLI, 5.5),
        ("EXACT_2D", 10, None, 5.5),
        ("CEIL_2D", 100, None, 5.5),
        ("MAN_2D", 10, None, 7.7),
        ("MAX_2D", 10, None, 4.4),
    ],
)
def test_a_scale_keeps_decimals(
    measure: str, scale: int, rule: ArcRule | None, length: float
) -> None:
    text = file("MAN_2D").replace("MAN_2D", f"{measure}\nSCALE : {scale}")
    problem = read_vrplib(text)
    assert problem.distance is None if rule is not None else problem.distance is not None
    assert rule is None or problem.arc_rule is rule
    assert problem.distance_matrix()[0, 1] == length * problem.scales.length
    if rule is not None:
        assert read_vrplib(text, "ceil").distance_matrix()[0, 1] == 6


def test_a_scale_that_makes_no_decimals_is_refused() -> None:
    for scale in ("3", "0", "1.5", "10000000"):
        with pytest.raises(ReadError, match="line 4: SCALE is"):
            read_vrplib(file("MAN_2D").replace("MAN_2D", f"MAN_2D\nSCALE : {scale}"))
    with pytest.raises(ReadError, match="line 4: SCALE is '10', expected 1, or none, beside"):
        read_vrplib(file("MAN_2D").replace("MAN_2D", "ATT\nSCALE : 10"))


def test_explicit_lengths_are_rounded_to_their_scale() -> None:
    text = "TYPE : TSP\nDIMENSION : 2\nEDGE_WEIGHT_TYPE : EXPLICIT\nSCALE : 10\n"
    text += "EDGE_WEIGHT_FORMAT : UPPER_ROW\nEDGE_WEIGHT_SECTION\n1.25\nEOF\n"
    assert read_vrplib(text).distance_matrix()[0, 1] == 13


def test_they_take_no_other_rule_and_all_their_coordinates() -> None:
    with pytest.raises(ReadError, match="expected coordinates in the plane"):
        read_vrplib(file("MAN_2D"), "none")
    with pytest.raises(ReadError, match=r"line 5: .*found 3 values, expected 4 .node, x, y, z"):
        read_vrplib(file("MAN_2D").replace("MAN_2D", "MAN_3D"))
    with pytest.raises(ReadError, match=r"line 5: .*found 4 values, expected 3 .node, x, y."):
        read_vrplib(file("MAN_3D").replace("MAN_3D", "MAN_2D"))
