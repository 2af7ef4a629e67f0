"""What LKH-3, PyVRP, VRPLIB and OptaPlanner write beyond CVRPLIB, and what is wrong there."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import PolyrouteError, ReadError
from polyroute.vrp.io.vrplib import read_vrplib
from polyroute.vrp.problem import UNLIMITED, Backhaul, Problem
from polyroute.vrp.remarks import Remark
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Group, Pair
from tests.vrp.io.texts import spoilt

HEAD = """\
NAME : tiny
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 0 10
"""
DEMANDS = "DEMAND_SECTION\n1 0\n2 4\n3 4\n4 4\n"
WINDOWS = "TIME_WINDOW_SECTION\n1 0 100\n2 0 90\n3 5 80\n4 0 70\n"
SERVICE = "SERVICE_TIME_SECTION\n1 0\n2 1\n3 2\n4 3\n"
TAIL = "DEPOT_SECTION\n 1\n -1\nEOF\n"

PLAIN = HEAD + DEMANDS + TAIL
TIMED = HEAD.replace("CVRP", "VRPTW") + DEMANDS + WINDOWS + SERVICE + TAIL

SHIPMENTS = """\
PICKUP_AND_DELIVERY_SECTION
1 0 0 100 0 0 0
2 4 0 90 1 0 4
3 0 5 80 2 0 0
4 -4 0 70 3 2 0
"""
PAIRED = HEAD.replace("CVRP", "PDPTW") + SHIPMENTS.replace("3 0 5 80 2 0 0\n", "3 4 5 80 2 0 5\n")
PAIRED = PAIRED.replace("4 0 10\n", "4 0 10\n5 5 0\n").replace("DIMENSION : 4", "DIMENSION : 5")
PAIRED += "5 -4 0 60 0 3 0\n" + TAIL


def typed(kind: str, body: str = DEMANDS, tail: str = TAIL) -> str:
    """The file with another TYPE and other sections."""
    return HEAD.replace("TYPE : CVRP", f"TYPE : {kind}") + body + tail


def renumbered(text: str, numbers: dict[str, str]) -> str:
    """The file with other numbers of its nodes, which begin a line or are the depot's."""
    lines = []
    for line in text.split("\n"):
        first, *rest = line.split(" ", 1) if line[:1].isdigit() else [line]
        lines.append(" ".join([numbers.get(first, first), *rest]))
    return "\n".join(lines).replace("DEPOT_SECTION\n 1\n", f"DEPOT_SECTION\n {numbers['1']}\n")


def same_but(one: Problem, other: Problem, *fields: str) -> bool:
    """Whether both are equal but for identity and `fields`."""
    names = ("name", "node_id", "node_name", *fields)
    return one.replace(**{name: getattr(other, name) for name in names}).equals(other)


# -- what is the same, written otherwise ---------------------------------------------------


@pytest.mark.parametrize("kind", ["ACVRP", "VRP", "C VRP".replace(" ", ""), "cvrp"])
def test_a_type_that_says_nothing_more_changes_nothing(kind: str) -> None:
    assert read_vrplib(typed(kind)).equals(read_vrplib(PLAIN))


@pytest.mark.parametrize("kind", ["CVRPTW", "ACVRPTW", "VRPTW", ""])
def test_windows_are_windows_whatever_the_type_is_called(kind: str) -> None:
    text = (
        TIMED.replace("TYPE : VRPTW", f"TYPE : {kind}")
        if kind
        else spoilt(TIMED, "TYPE : VRPTW\n", "")
    )
    assert read_vrplib(text).equals(read_vrplib(TIMED))


def test_lines_behind_a_hash_are_passed_over() -> None:
    text = PLAIN.replace("NODE_COORD", "# here: it begins\nNODE_COORD").replace(
        "\n3 4\n", "\n # x\n3 4\n"
    )
    assert text.count("#") == 2
    assert read_vrplib(text).equals(read_vrplib(PLAIN))


def test_a_linehaul_is_a_demand() -> None:
    assert read_vrplib(PLAIN.replace("DEMAND", "LINEHAUL")).equals(read_vrplib(PLAIN))


def test_without_a_depot_section_the_first_node_is_the_depot() -> None:
    assert read_vrplib(spoilt(PLAIN, "DEPOT_SECTION\n 1\n -1\n", "")).equals(read_vrplib(PLAIN))


def test_an_equals_sign_or_a_unit_changes_nothing() -> None:
    text = spoilt(PLAIN, "CAPACITY : 10", "EDGE_WEIGHT_UNIT_OF_MEASUREMENT: km\nCAPACITY = 10")
    assert read_vrplib(text).equals(read_vrplib(PLAIN))


@pytest.mark.parametrize(
    "numbers", [["0", "1", "2", "3"], ["7", "9", "30", "31"], ["9", "2", "4", "1"]]
)
def test_nodes_may_be_numbered_from_0_or_anyhow(numbers: list[str]) -> None:
    for text in (PLAIN, TIMED):
        other = read_vrplib(renumbered(text, dict(zip("1234", numbers, strict=True))))
        assert other.node_id == tuple(numbers)
        assert same_but(other, read_vrplib(text))


def test_a_row_need_not_be_where_its_number_says() -> None:
    shuffled = spoilt(PLAIN, "2 3 4\n3 6 8\n4 0 10\n", "4 0 10\n2 3 4\n3 6 8\n")
    assert read_vrplib(shuffled).equals(read_vrplib(PLAIN))


def test_a_matrix_is_in_the_order_in_which_odd_numbers_are_listed() -> None:
    matrix = "EDGE_WEIGHT_SECTION\n0 1 2 3\n4 0 5 6\n7 8 0 9\n1 2 3 0\n"
    text = typed("CVRP", matrix + DEMANDS).replace(
        "EUC_2D", "EXPLICIT\nEDGE_WEIGHT_FORMAT : FULL_MATRIX"
    )
    odd = text.replace("1 0 0\n2 3 4\n3 6 8\n4 0 10", "50 0 0\n8 3 4\n90 6 8\n7 0 10")
    odd = odd.replace("1 0\n2 4\n3 4\n4 4", "50 0\n8 4\n90 4\n7 4").replace(" 1\n -1", " 50\n -1")
    problem = read_vrplib(odd)
    assert problem.node_id == ("50", "8", "90", "7")
    assert problem.distance.tolist() == read_vrplib(text).distance.tolist()


def test_a_depot_called_1_where_the_first_node_is_0_is_that_node() -> None:
    text = renumbered(PLAIN, {"1": "0"}).replace("DEPOT_SECTION\n 0", "DEPOT_SECTION\n 1")
    with pytest.warns(
        Remark, match="names node 1, which there is not: the first node, 0, is taken"
    ):
        problem = read_vrplib(text)
    assert problem.node_id == ("0", "2", "3", "4")
    assert same_but(problem, read_vrplib(PLAIN))


def test_what_stands_behind_coordinates_is_a_name() -> None:
    text = PLAIN.replace("1 0 0\n2 3 4", "1 0 0 Depot\n2 3 4 Shop, 2nd floor").replace(
        "6 8", "6 8 7b"
    )
    problem = read_vrplib(text)
    assert problem.node_name == ("Depot", "Shop, 2nd floor", "7b", "")
    assert problem.label(1) == "client 1 (Shop, 2nd floor)"
    assert same_but(problem, read_vrplib(PLAIN))


def test_windows_and_service_may_stand_beside_demands() -> None:
    rows = "DEMAND_SECTION\n1 0 0 100 0\n2 4 0 90 1\n3 4 5 80 2\n4 4 0 70 3\n"
    assert read_vrplib(typed("CVRPTW", rows)).equals(read_vrplib(TIMED))


# -- what means more -----------------------------------------------------------------------


def test_a_tour_may_be_of_several_vehicles() -> None:
    for header in ("VEHICLES", "SALESMEN"):
        for kind in ("TSP", "MTSP"):
            text = typed(kind, "").replace("CAPACITY : 10", f"{header} : 2")
            assert read_vrplib(text).count.tolist() == [2]
    assert read_vrplib(typed("TSPTW", WINDOWS).replace("CAPACITY : 10\n", "")).count.tolist() == [1]


def test_a_demand_may_be_of_several_loads() -> None:
    rows = "DEMAND_SECTION\n1 0 0\n2 4 1\n3 4 2\n4 4 3\n"
    for capacity, section in (
        ("CAPACITY : 10 5", ""),
        ("VEHICLES : 2", "CAPACITY_SECTION\n1 10 5\n2 9 5\n"),
    ):
        text = typed("VRP", rows + section).replace("CAPACITY : 10", capacity)
        problem = read_vrplib(text)
        assert problem.delivery.tolist() == [[0, 0], [4, 1], [4, 2], [4, 3]]
        assert problem.capacity[0].tolist() == [10, 5]


def test_an_optional_client_may_want_more_than_a_vehicle_holds() -> None:
    prizes = "PRIZE_SECTION\n1 0\n2 30\n3 0\n4 0\n"
    text = typed("PCVRP", DEMANDS.replace("2 4", "2 14") + prizes)
    assert read_vrplib(text).required.tolist() == [True, False, True, True]
    groups = "MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 2 3\n"
    assert read_vrplib(typed("VRP", DEMANDS.replace("2 4", "2 14") + groups)).groups


def test_of_a_group_one_is_served() -> None:
    groups = "MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 1\n2 2 3\n3 4\n4\n"
    problem = read_vrplib(typed("CVRP", DEMANDS + groups))
    assert problem.groups == (Group((1, 2)),)
    assert evaluate(problem, Solution.from_visits([[1, 3]])).feasible
    broken = evaluate(problem, Solution.from_visits([[1, 2], [3]])).violations
    assert [violation.rule for violation in broken] == ["group"]


def test_shipments_are_pairs_with_their_times() -> None:
    problem = read_vrplib(PAIRED)
    assert problem.pairs == (Pair(1, 3), Pair(2, 4))
    assert problem.pickup[:, 0].tolist() == [0, 4, 4, 0, 0]
    assert problem.delivery[:, 0].tolist() == [0, 0, 0, 4, 4]
    assert problem.tw_late[:, 0].tolist() == [100, 90, 80, 70, 60]
    assert problem.service.tolist() == [0, 1, 2, 3, 0]
    assert problem.backhaul is Backhaul.NONE


def test_shipments_may_repeat_the_windows_of_another_section() -> None:
    windows = "TIME_WINDOW_SECTION\n1 0 100\n2 0 90\n3 5 80\n4 0 70\n5 0 60\n"
    text = spoilt(PAIRED, "DEPOT_SECTION", windows + "DEPOT_SECTION")
    assert read_vrplib(text).equals(read_vrplib(PAIRED))


def test_one_vehicle_makes_the_shipments_of_a_tour() -> None:
    rows = (
        "PICKUP_AND_DELIVERY_SECTION\n1 0 0 0 0 0 0\n2 0 0 0 0 0 4\n3 0 0 0 0 4 0\n4 0 0 0 0 2 3\n"
    )
    text = typed("PDTSP", rows.replace("3 0 0 0 0 4 0\n4 0 0 0 0 2 3", "4 0 0 0 0 2 0"))
    text = spoilt(text, "3 6 8\n", "").replace("DIMENSION : 4", "DIMENSION : 3")
    problem = read_vrplib(text)
    assert problem.count.tolist() == [1]
    assert problem.pairs == (Pair(1, 2),)
    assert not problem.active & {"tw_early", "tw_late", "service"}


SIZES = "PICKUP_AND_DELIVERY_SECTION\n1 0 0 0 0 0 0\n2 9 0 0 0 0 4\n3 9 0 0 0 3 4\n4 9 0 0 0 5 0\n"
COLUMNS = "LINEHAUL_SECTION\n1 0\n2 4\n3 4\n4 0\nBACKHAUL_SECTION\n1 0\n2 0\n3 3\n4 5\n"


@pytest.mark.parametrize("kind", ["VRPSPD", "VRPMPD", "MVRPB"])
def test_clients_may_both_get_and_give(kind: str) -> None:
    for body in (SIZES, COLUMNS):
        problem = read_vrplib(typed(kind, body))
        assert problem.delivery[:, 0].tolist() == [0, 4, 4, 0]
        assert problem.pickup[:, 0].tolist() == [0, 0, 3, 5]
        assert problem.backhaul is Backhaul.MIXED
        # 8 on board at first; 8 - 4 + 3 + 5 and 5 + 8 - ... : the order decides
        assert evaluate(problem, Solution.from_visits([[1, 2, 3]])).feasible
        found = evaluate(problem, Solution.from_visits([[3, 2, 1]])).violations
        assert [violation.rule for violation in found] == ["capacity"]


def test_a_list_of_backhauls_makes_them_come_last() -> None:
    for ending in ("3 4 -1\n", "3\n4\n-1\n", "3\n4\n"):
        problem = read_vrplib(typed("VRPB", DEMANDS + "BACKHAUL_SECTION\n" + ending))
        assert problem.delivery[:, 0].tolist() == [0, 4, 0, 0]
        assert problem.pickup[:, 0].tolist() == [0, 0, 4, 4]
        assert problem.backhaul is Backhaul.LINEHAUL_FIRST
        assert not problem.backhaul_only_routes


def test_loading_at_the_depot_takes_its_time_before_every_way_out() -> None:
    text = spoilt(TIMED, "SERVICE_TIME_SECTION\n1 0", "SERVICE_TIME_SECTION\n1 15.5")
    problem, plain = read_vrplib(text), read_vrplib(TIMED)
    plan = Solution((Route((1, 2)), Route((3,))))
    late, soon = evaluate(problem, plan), evaluate(plain, plan)
    assert late.cost / problem.scales.cost == soon.cost / plain.scales.cost
    assert late.duration / problem.scales.time == soon.duration + 2 * 15.5
    assert problem.scales.time == 10
    tight = spoilt(text, "4 0 70", "4 0 25")  # 10 to get there and 15.5 to load
    found = evaluate(read_vrplib(tight), plan).violations
    assert [(v.rule, v.amount, v.node) for v in found] == [("time_window", 5, 3)]


def test_a_length_of_2_to_the_50_is_no_way_at_all() -> None:
    text = "TYPE : ATSP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EXPLICIT\n"
    text += "EDGE_WEIGHT_FORMAT : FULL_MATRIX\n"
    text += "EDGE_WEIGHT_SECTION\n0 1 10000000000000000\n2 0 3\n4 5 0\nEOF\n"
    with pytest.warns(Remark, match=r"line 6: EDGE_WEIGHT_SECTION: 1 lengths are 2\^50 or more"):
        problem = read_vrplib(text)
    assert problem.distance[0, 0].tolist() == [0, 1, UNLIMITED]


# -- what is wrong -------------------------------------------------------------------------

GROUPED = typed("CVRP", DEMANDS + "MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 2 3\n2 4\n")
LISTED = typed("VRPB", DEMANDS + "BACKHAUL_SECTION\n3 4 -1\n")
SIZED = typed("VRPSPD", SIZES)
BOTH = typed("VRPSPD", COLUMNS)
LOADS = typed("VRP", "DEMAND_SECTION\n1 0 0\n2 4 1\n3 4 2\n4 4 3\n").replace(": 10", ": 10 5")
ZERO = renumbered(PLAIN, dict(zip("1234", "0123", strict=True)))

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
