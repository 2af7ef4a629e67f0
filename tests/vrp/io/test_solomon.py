"""Solomon files: what they become, and what each defect is answered by."""

from __future__ import annotations

from pathlib import Path

import pytest

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import PolyrouteError, ReadError
from polyroute.vrp.io import detect_format
from polyroute.vrp.io.solomon import read_solomon
from polyroute.vrp.problem import Scales
from tests.vrp.io.texts import SOLOMON, spoilt


def test_fleet_depot_and_customers_are_read() -> None:
    problem = read_solomon(SOLOMON)
    assert problem.name == "R-tiny"
    assert problem.variant == "VRPTW"
    assert problem.node_id == ("0", "1", "2", "3")
    assert problem.count.tolist() == [3]
    assert problem.capacity.tolist() == [[20]]
    assert problem.delivery[:, 0].tolist() == [0, 10, 7, 13]
    assert problem.service.tolist() == [0, 100, 100, 100]
    assert problem.tw_early[:, 0].tolist() == [0, 1610, 500, 1160]
    assert problem.tw_late[:, 0].tolist() == [2300, 1710, 600, 1260]


def test_arcs_are_truncated_to_one_decimal() -> None:
    problem = read_solomon(SOLOMON)
    assert problem.arc_rule is ArcRule.TRUNC1
    assert problem.scales == Scales(length=10, time=10, cost=10)
    # (35, 35) to (41, 49), (35, 17), (55, 45): √232 = 15.23, 18, √500 = 22.36
    assert problem.distance_matrix()[0].tolist() == [0, 152, 180, 223]
    assert problem.duration_matrix()[0].tolist() == [0, 152, 180, 223]


def test_rule_that_is_asked_for_replaces_truncation() -> None:
    problem = read_solomon(SOLOMON, "none")
    assert problem.scales.length == problem.scales.time == 10**7
    assert problem.distance_matrix()[0, 1] == round(232**0.5 * 10**7)
    assert problem.tw_late[0, 0] == 230 * 10**7


@pytest.mark.parametrize(
    "title", ["CUST NO ", "CUST. NO", "CUST. NO.", "Cust No.", "CUSTNO", "Customer No.", "cust no"]
)
def test_titles_differ_in_case_stops_and_blanks(title: str, tmp_path: Path) -> None:
    text = SOLOMON.replace("CUST NO.", title).replace("VEHICLE", "Vehicle")
    text = text.replace("NUMBER ", "Number ").replace("CUSTOMER", "Customer")
    assert read_solomon(text).equals(read_solomon(SOLOMON))
    for line in ("Vehicle\n", "Customer\n"):  # detection takes any of the titles
        text = text.replace(line, "", 1)
    (tmp_path / "a.txt").write_text(text)
    assert detect_format(tmp_path / "a.txt") == "solomon"


def test_customers_may_have_any_numbers() -> None:
    text = SOLOMON.replace("    0      35      35", "70 35 35").replace("    2      35", "9 35")
    problem = read_solomon(text)
    assert problem.node_id == ("70", "1", "9", "3")
    assert problem.replace(node_id=("0", "1", "2", "3")).equals(read_solomon(SOLOMON))


def test_customers_may_come_in_any_order() -> None:
    lines = SOLOMON.split("\n")
    lines[9], lines[12] = lines[12], lines[9]
    assert read_solomon("\n".join(lines)).equals(read_solomon(SOLOMON))


DEFECTS = [
    ("R-tiny\n", "", 3, "found 'NUMBER CAPACITY', expected the line VEHICLE"),
    ("NUMBER     CAPACITY\n", "", 4, "found '3 20', expected the line NUMBER CAPACITY"),
    ("  3         20\n", "", 6, "found 'CUSTOMER', expected the number and the capacity"),
    ("  3         20\n", "  3 x\n", 5, "CAPACITY is 'x', expected a number"),
    ("  3         20\n", "  0 20\n", 5, "NUMBER is '0', expected a whole number from 1 on"),
    ("CUSTOMER\n", "", 7, "expected the line CUSTOMER"),
    ("CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME\n", "", 9, "CUST NO."),
    ("   10      161", "   21      161", 11, "demand is 21, expected at most the CAPACITY 20"),
    ("   10      161", "  -10      161", 11, "demand is -10, expected 0 or more"),
    ("   10      161", "  ten      161", 11, "CUSTOMER: demand is 'ten', expected a number"),
    ("      161      171", "      181      171", 11, "ready time is 181, expected at most the due"),
    ("      161      171", "      161", 11, "found 6 values, expected 7 (customer, x, y, demand"),
    ("    2      35      17", "    1      35      17", 12, "customer 1 is listed twice"),
    ("    2      35      17", "  2.5      35      17", 12, "customer is 2.5, expected 0 to 3"),
    (
        "    0      35      35       0",
        "    0      35      35       4",
        10,
        "demand of the depot is 4",
    ),
    ("      230        0", "      230        9", 10, "service time of the depot is 9, expected 0"),
    (
        "    0      35      35       0        0      230        0\n",
        "",
        10,
        "demand of the depot is 10, expected 0",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "fragment"), DEFECTS)
def test_defect_is_named_with_its_line(old: str, new: str, line: int, fragment: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_solomon(spoilt(SOLOMON, old, new))
    assert fragment in str(caught.value)
    assert caught.value.line == line, str(caught.value)


def test_every_cut_is_refused_or_ends_a_row() -> None:
    for end in range(len(SOLOMON)):
        try:
            read_solomon(SOLOMON[:end])
        except PolyrouteError as error:
            assert "\n" not in str(error)
