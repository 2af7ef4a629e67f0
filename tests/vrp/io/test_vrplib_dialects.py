"""What LKH-3, PyVRP, VRPLIB and OptaPlanner write beyond CVRPLIB."""

from __future__ import annotations

import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.vrplib import read_vrplib
from polyroute.vrp.problem import UNLIMITED, Backhaul, Problem
from polyroute.vrp.remarks import Remark
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Group, Pair
from tests.vrp.io.dialects import (
    COLUMNS,
    DEMANDS,
    PAIRED,
    PLAIN,
    SIZES,
    TIMED,
    WINDOWS,
    renumbered,
    typed,
)
from tests.vrp.io.texts import spoilt


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


def test_a_group_may_stand_beside_each_node() -> None:
    groups = "MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 7\n2 9\n3 8\n4 9\n"
    assert read_vrplib(typed("GVRP", DEMANDS + groups)).groups == (Group((1, 3)),)
    alone = "MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 1\n2 3\n3 2\n4 4\n"  # each is his own group
    assert not read_vrplib(typed("GVRP", DEMANDS + alone)).groups
    with_depot = groups.replace("1 7", "1 9")
    with pytest.raises(ReadError, match="node 1 is a depot, expected a client"):
        read_vrplib(typed("GVRP", DEMANDS + with_depot))


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


def test_windows_that_lkh_means_as_none_are_none() -> None:
    endless = SIZES.replace(" 9 0 0 0 ", " 9 0 10000000 10 ").replace(
        "1 0 0 0 0", "1 0 0 10000000 0"
    )
    text = typed("VRPMPD", endless).replace("CAPACITY", "DISTANCE : 200\nCAPACITY")
    problem = read_vrplib(text)
    assert not problem.active & {"tw_early", "tw_late"}
    assert problem.max_duration.tolist() == [200]
    assert problem.service.tolist() == [0, 10, 10, 10]
    assert "tw_late" in read_vrplib(text.replace("VRPMPD", "VRPMPDTW")).active


def test_a_type_with_windows_may_have_none() -> None:
    text = typed("VRPBTW", DEMANDS + "BACKHAUL_SECTION\n3 4 -1\n")
    with pytest.warns(Remark, match="line 2: TYPE VRPBTW speaks of time windows, and there are"):
        assert read_vrplib(text).variant == "VRPB"


def test_loads_and_capacities_that_miss_each_other_get_a_remark() -> None:
    with pytest.warns(Remark, match="line 5: CAPACITY bounds nothing: no DEMAND_SECTION tells"):
        assert "delivery" not in read_vrplib(typed("CVRP", "")).active
    with pytest.warns(Remark, match="line 10: nothing bounds the loads in DEMAND_SECTION: there"):
        assert "capacity" not in read_vrplib(typed("VRP").replace("CAPACITY : 10\n", "")).active


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
