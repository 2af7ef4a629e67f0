"""VRPLIB and TSPLIB files: what each part becomes, and what each defect is answered by."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import PolyrouteError, ProblemError, ReadError
from polyroute.vrp.io.vrplib import COORDINATE_RULES, read_vrplib
from polyroute.vrp.io.vrplib.weights import FULL, TRIANGLES
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Problem, Quantity, Scales
from polyroute.vrp.solution import Solution
from polyroute.vrp.structure import Reload
from tests.vrp.io.texts import CVRP, FLEET, MULTITRIP, TSP, VRPB, VRPB_SECTION, VRPTW, spoilt


def distances(problem: Problem) -> list[list[int]]:
    return problem.distance_matrix().tolist()


# -- what is read --------------------------------------------------------------------------


def test_depot_becomes_node_0_and_clients_keep_their_order() -> None:
    problem = read_vrplib(CVRP)
    assert problem.name == "tiny"
    assert problem.variant == "CVRP"
    assert problem.node_id == ("3", "1", "2", "4", "5")
    assert problem.delivery[:, 0].tolist() == [0, 4, 6, 3, 10]
    assert problem.capacity.tolist() == [[10]]
    assert problem.count.tolist() == [UNLIMITED]
    assert problem.coords.tolist() == [[30, 40], [0, 0], [0, 100], [100, 0], [100, 105]]
    assert problem.scales == Scales(grid=10)
    # (3, 4) to (0, 0), (0, 10), (10, 0), (10, 10.5): 5, √45 = 6.7, √65 = 8.1, √91.25 = 9.6
    assert distances(problem)[0] == [0, 5, 7, 8, 10]


def test_windows_services_and_matrix_are_read() -> None:
    problem = read_vrplib(VRPTW)
    assert problem.variant == "VRPTW"
    assert problem.count.tolist() == [2]
    assert problem.service.tolist() == [0, 20, 30]
    assert problem.tw_early[:, 0].tolist() == [0, 10, 100]
    assert problem.tw_late[:, 0].tolist() == [500, 60, 400]
    assert distances(problem) == [[0, 7, 9], [8, 0, 4], [6, 5, 0]]
    assert problem.duration_matrix().tolist() == distances(problem)


def test_tsp_has_one_unlimited_vehicle_from_its_first_node() -> None:
    problem = read_vrplib(TSP)
    assert problem.variant == "TSP"
    assert problem.count.tolist() == [1]
    assert problem.node_id == ("1", "2", "3", "4")
    assert distances(problem)[0] == [0, 4, 5, 4]  # 3.5 and 3.5 √2 = 4.95, rounded up


def test_atsp_diagonal_is_zero_whatever_the_file_holds() -> None:
    text = VRPTW[: VRPTW.index("DEMAND_SECTION")].replace("TYPE: VRPTW", "TYPE: ATSP", 1)
    for line in ("VEHICLES: 2\n", "CAPACITY: 5\n"):
        text = spoilt(text, line, "")
    problem = read_vrplib(spoilt(text, "8 0 4", "8 9999 4"))
    assert problem.variant == "ATSP"
    assert problem.distance.diagonal(axis1=1, axis2=2).tolist() == [[0, 0, 0]]


def test_tabs_quotes_and_trailing_blanks_do_not_matter() -> None:
    tabbed = "\n".join(line.replace(" ", "\t") + " \t " for line in CVRP.split("\n"))
    tabbed = spoilt(tabbed, "\ttiny", '\t"tiny"')
    assert read_vrplib(tabbed).equals(read_vrplib(CVRP))
    assert read_vrplib(CVRP.replace(" :", ":").lower()).equals(read_vrplib(CVRP))


def test_distance_limits_length_where_nothing_takes_time() -> None:
    problem = read_vrplib(spoilt(CVRP, "CAPACITY : 10", "CAPACITY : 10\nDISTANCE : 40.0"))
    assert problem.max_distance.tolist() == [40]
    assert problem.max_duration.tolist() == [UNLIMITED]


def test_distance_limits_duration_where_clients_take_time() -> None:
    more = "CAPACITY : 10\nDISTANCE : 40.5\nSERVICE_TIME : 10"
    problem = read_vrplib(spoilt(CVRP, "CAPACITY : 10", more))
    assert problem.scales == Scales(grid=10, length=10, time=10, cost=10)
    assert problem.max_distance.tolist() == [UNLIMITED]
    assert problem.max_duration.tolist() == [405]
    assert problem.service.tolist() == [0, 100, 100, 100, 100]


def test_coordinates_keep_every_digit() -> None:
    problem = read_vrplib(spoilt(CVRP, "2 0 10\n", "2 29.63060 -4.69307\n"))
    assert problem.scales.grid == 100_000
    assert problem.coords[2].tolist() == [2_963_060, -469_307]


def test_depot_section_may_follow_the_matrix_or_lead_the_file() -> None:
    section = "DEPOT_SECTION\n3\n-1\n"
    moved = spoilt(spoilt(CVRP, section, ""), "NODE_COORD", section + "NODE_COORD")
    assert read_vrplib(moved).equals(read_vrplib(CVRP))


def test_absent_name_is_empty() -> None:
    assert read_vrplib(spoilt(CVRP, "NAME : tiny\n", "")).name == ""


# -- arc rules -----------------------------------------------------------------------------


FAR = "1 6734 1453\n2 2233 10\n"  # att48, cities 1 and 2: √(4501² + 1443²) = √22341250 = 4726.65
ULYSSES = "1 38.24 20.42\n2 39.57 26.15\n"  # ulysses22, cities 1 and 2: 509 km


@pytest.mark.parametrize(
    ("measure", "points", "expected"),
    [
        ("EUC_2D", FAR, 4727),
        ("CEIL_2D", FAR, 4727),
        ("FLOOR_2D", FAR, 4726),
        ("EXACT_2D", FAR, 22341250**0.5),
        ("ATT", FAR, 1495),  # √(22341250 / 10) = 1494.70
        ("GEO", ULYSSES, 509),
    ],
)
def test_each_edge_weight_type_has_its_rule(measure: str, points: str, expected: float) -> None:
    problem = read_vrplib(
        f"TYPE : TSP\nDIMENSION : 2\nEDGE_WEIGHT_TYPE : {measure}\nNODE_COORD_SECTION\n{points}EOF"
    )
    assert problem.arc_rule is COORDINATE_RULES[measure]
    length = int(problem.distances_between(np.array(0), np.array(1)))
    assert length == round(expected * problem.scales.length)


@pytest.mark.parametrize(
    ("rule", "length"), [("floor", 9), ("ceil", 10), ("trunc1", 95), ("milli", 9552)]
)
def test_rule_that_is_asked_for_replaces_the_files_own(rule: str, length: int) -> None:
    problem = read_vrplib(CVRP, rule)
    assert problem.arc_rule.label == rule
    assert distances(problem)[0][4] == length  # √91.25 = 9.5525


def test_unrounded_lengths_are_as_fine_as_the_totals_allow() -> None:
    assert read_vrplib(CVRP, "none").scales.length == 10**7
    far = spoilt(CVRP, "1 0 0\n", "1 123456789 0\n")
    # nine arcs at most of 1.23e8 each make 1.11e9, and 10^6 times that is below 2^50 = 1.126e15
    assert read_vrplib(far, "none").scales.length == 10**6


def test_numbers_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ProblemError, match=r"coords: numbers as large as 5\.6295e\+14"):
        read_vrplib(spoilt(TSP, "4 0 3.5", "4 0 562949953421312"))
    large = spoilt(CVRP, "CAPACITY : 10", "CAPACITY : 1e15")
    with pytest.raises(
        ProblemError, match=r"capacity is as large as 1e\+15, .* less than 2\^50 / 10"
    ):
        read_vrplib(spoilt(large, "2 6\n", "2 6.5\n"))


def test_rule_for_a_matrix_is_refused() -> None:
    with pytest.raises(ReadError, match=r"line 6: EDGE_WEIGHT_TYPE is 'EXPLICIT'.*\(floor\)"):
        read_vrplib(VRPTW, "floor")


# -- matrices ------------------------------------------------------------------------------

SYMMETRIC = np.array([[0, 1, 2, 3], [1, 0, 4, 5], [2, 4, 0, 6], [3, 5, 6, 0]])

LAYOUTS = {
    "FULL_MATRIX": "0 1 2 3  1 0 4 5  2 4 0 6  3 5 6 0",
    "UPPER_ROW": "1 2 3  4 5  6",
    "LOWER_ROW": "1  2 4  3 5 6",
    "UPPER_DIAG_ROW": "0 1 2 3  0 4 5  0 6  0",
    "LOWER_DIAG_ROW": "0  1 0  2 4 0  3 5 6 0",
    "UPPER_COL": "1  2 4  3 5 6",
    "LOWER_COL": "1 2 3  4 5  6",
    "UPPER_DIAG_COL": "0  1 0  2 4 0  3 5 6 0",
    "LOWER_DIAG_COL": "0 1 2 3  0 4 5  0 6  0",
}


def explicit(layout: str, numbers: str, size: int = 4) -> str:
    return (
        f"TYPE : TSP\nDIMENSION : {size}\nEDGE_WEIGHT_TYPE : EXPLICIT\n"
        f"EDGE_WEIGHT_FORMAT : {layout}\nEDGE_WEIGHT_SECTION\n{numbers}\nEOF\n"
    )


@pytest.mark.parametrize("layout", [FULL, *TRIANGLES])
def test_every_edge_weight_format_yields_the_same_matrix(layout: str) -> None:
    numbers = LAYOUTS[layout]
    assert distances(read_vrplib(explicit(layout, numbers))) == SYMMETRIC.tolist()
    broken = numbers.replace("  ", "\n").replace(" 5", "\n5")  # lines may break anywhere
    assert distances(read_vrplib(explicit(layout, broken))) == SYMMETRIC.tolist()


@pytest.mark.parametrize("layout", TRIANGLES)
def test_triangles_follow_their_definition(layout: str) -> None:
    size = 6
    rng = np.random.default_rng(1)
    matrix = rng.integers(1, 100, (size, size))
    matrix = np.triu(matrix, 1) + np.triu(matrix, 1).T
    first = 0 if "DIAG" in layout else 1
    listed = []
    for a in range(size):  # TSPLIB95: row-wise or column-wise, upper or lower triangle
        inner = range(a + first, size) if layout.startswith("UPPER") else range(a + 1 - first)
        if "COL" in layout:
            inner = range(a + 1 - first) if layout.startswith("UPPER") else range(a + first, size)
        listed += [matrix[(b, a) if "COL" in layout else (a, b)] for b in inner]
    text = explicit(layout, " ".join(map(str, listed)), size)
    assert distances(read_vrplib(text)) == matrix.tolist()


def test_decimals_of_a_matrix_are_kept() -> None:
    problem = read_vrplib(explicit("UPPER_ROW", "1.25 2 3 4 5 6.5"))
    assert problem.scales == Scales(length=100, time=100, cost=100)
    assert distances(problem)[0] == [0, 125, 200, 300]


def test_matrix_may_come_with_coordinates_for_drawing() -> None:
    coords = "NODE_COORD_SECTION\n1 0 0\n2 1.5 0\n3 2 2\nDEMAND_SECTION"
    problem = read_vrplib(spoilt(VRPTW, "DEMAND_SECTION", coords))
    assert problem.coords[1].tolist() == [15, 0]
    assert distances(problem) == distances(read_vrplib(VRPTW))


# -- what is refused -----------------------------------------------------------------------


def test_several_depots_and_vehicles_are_read() -> None:
    problem = read_vrplib(FLEET)
    assert problem.num_depots == 2
    assert problem.node_id == ("1", "4", "2", "3", "5")
    assert problem.coords.tolist() == [[0, 0], [9, 0], [3, 4], [6, 8], [9, 5]]
    # the first two vehicles agree in everything but whom they may serve
    assert problem.count.tolist() == [1, 1, 1]
    assert problem.capacity[:, 0].tolist() == [9, 9, 5]
    assert problem.start_depot.tolist() == problem.end_depot.tolist() == [0, 0, 1]
    assert problem.unit_distance_cost.tolist() == [10, 10, 15]  # in tenths
    assert problem.scales.of(Quantity.COST_PER_LENGTH) == 10
    assert problem.max_duration.tolist() == [99, 99, 99]
    assert problem.allowed[2:].tolist() == [
        [True, True, False],
        [True, True, True],
        [False, True, True],
    ]


def test_vehicles_that_agree_become_one_type() -> None:
    problem = read_vrplib(FLEET.replace("1 2 3\n2 2 3 5", "1 2 3 5\n2 2 3 5"))
    assert problem.count.tolist() == [2, 1]


def test_a_limit_of_the_distance_is_none_of_the_duration() -> None:
    for header, field in (("DISTANCE", "max_duration"), ("VEHICLES_MAX_DISTANCE", "max_distance")):
        problem = read_vrplib(VRPTW.replace("VEHICLES: 2", f"VEHICLES: 2\n{header}: 99"))
        assert getattr(problem, field).tolist() == [99]
        assert {"max_distance", "max_duration"} & problem.active == {field}


def test_reloads_are_read_by_vehicle() -> None:
    problem = read_vrplib(MULTITRIP)
    assert problem.variant == "MTMDVRPTWR"
    assert problem.count.tolist() == [2, 1]
    assert problem.reloads == (Reload(0, (0, 1), 2),)
    assert problem.release.tolist() == [0, 0, 0, 30, 0]


def test_a_header_limits_the_reloads_of_every_vehicle() -> None:
    section = "VEHICLES_MAX_RELOADS_SECTION\n1 2\n2 2\n3 0\n"
    text = spoilt(MULTITRIP, section, "")
    assert read_vrplib(text).reloads == (Reload(0, (0, 1), UNLIMITED),)
    text = spoilt(text, "VEHICLES: 3", "VEHICLES: 3\nVEHICLES_MAX_RELOADS: 4")
    assert read_vrplib(text).reloads == (Reload(0, (0, 1), 4),)


def test_vehicles_with_other_reloads_are_of_another_type() -> None:
    for old, new in (("2 1 4\n3", "2 1\n3"), ("2 2\n3 0", "2 1\n3 0")):
        problem = read_vrplib(spoilt(MULTITRIP, old, new))
        assert problem.count.tolist() == [1, 1, 1]
        assert len(problem.reloads) == 2


def test_an_open_route_ends_at_its_last_client() -> None:
    problem = read_vrplib(CVRP.replace("TYPE : CVRP", "TYPE : OVRP"))
    assert problem.variant == "OVRP"
    assert problem.end_depot.tolist() == [NOWHERE]


def test_who_has_a_prize_is_optional() -> None:
    prizes = "PRIZE_SECTION\n1 0\n2 5\n3 0\n4 0\n5 7.5\nDEPOT_SECTION"
    problem = read_vrplib(CVRP.replace("DEPOT_SECTION", prizes).replace(": CVRP", ": PCVRP"))
    # the depot is the file's third node
    assert problem.required.tolist() == [True, True, False, True, False]
    assert problem.prize.tolist() == [0, 0, 50, 0, 75]
    assert problem.scales.cost == 10
    # 50 + 3 · 50 for the two required: a unit of length still costs one
    plan = Solution.from_visits([[1], [3]])
    assert evaluate(problem, plan).cost == 10 * (2 * 5 + 2 * 8) + 50 + 75


def test_backhauls_come_last_and_never_alone() -> None:
    for text in (VRPB, VRPB_SECTION):
        problem = read_vrplib(text)
        assert problem.variant == "VRPB"
        assert problem.delivery[:, 0].tolist() == [0, 4, 0]
        assert problem.pickup[:, 0].tolist() == [0, 0, 3]
        rules = {
            (1, 2): set(),
            (2, 1): {"backhaul_order"},
        }
        for visits, broken in rules.items():
            found = evaluate(problem, Solution.from_visits([visits])).violations
            assert {violation.rule for violation in found} == broken
        alone = evaluate(problem, Solution.from_visits([[1], [2]])).violations
        assert [violation.rule for violation in alone] == ["backhaul_only"]


DEFECTS = [
    # (text, old, new, line, fragment of the message)
    (CVRP, "TYPE : CVRP", "TYPE : CARP", 3, "TYPE is 'CARP', expected CVRP, VRPTW, TSP, PDPTW or"),
    (CVRP, "TYPE : CVRP", "TYPE : CCVRP", 3, "TYPE is 'CCVRP', expected CVRP, VRPTW"),
    (CVRP, "TYPE : CVRP", "TYPE : PVRP", 3, "TYPE is 'PVRP', expected CVRP, VRPTW"),
    (CVRP, "TYPE : CVRP", "TYPE : SDVRP", 22, "VEHICLES_ALLOWED_CLIENTS_SECTION is missing"),
    (CVRP, "TYPE : CVRP", "TYPE : PDPTW", 22, "PICKUP_AND_DELIVERY_SECTION is missing"),
    (CVRP, "TYPE : CVRP", "TYPE : GVRP", 22, "MUTUALLY_EXCLUSIVE_GROUP_SECTION is missing"),
    (CVRP, "TYPE : CVRP", "TYPE : VRPB", 22, "BACKHAUL_SECTION is missing"),
    (CVRP, "TYPE : CVRP", "TYPE : TSP", 6, "found CAPACITY in a file of TYPE TSP"),
    (CVRP, "TYPE : CVRP", "TYPE : VRPR", 22, "RELEASE_TIME_SECTION is missing, or the file is cut"),
    (CVRP, "TYPE : CVRP", "TYPE : DCVRP", 22, "DISTANCE is missing"),
    (CVRP, "DIMENSION : 5\n", "", 21, "header DIMENSION is missing"),
    (CVRP, "DIMENSION : 5", "DIMENSION : five", 4, "DIMENSION is 'five', expected a number"),
    (CVRP, "DIMENSION : 5", "DIMENSION : 5.5", 4, "expected a whole number from 1"),
    (CVRP, "DIMENSION : 5", "DIMENSION : -5", 4, "expected a whole number from 1"),
    (CVRP, "DIMENSION : 5", "DIMENSION : 6", 12, "NODE_COORD_SECTION: node 6 is missing"),
    (CVRP, "DIMENSION : 5", "DIMENSION : 4", 12, "COORD_SECTION: node is 5, expected 1 to 4"),
    (CVRP, "DIMENSION : 5", "DIMENSION : 1000000000000", 12, "node 6 is missing"),
    (CVRP, "DIMENSION : 5", "DIMENSION : 1" + "0" * 5000, 4, "expected a number below 2^50"),
    (CVRP, "DIMENSION : 5", "DIMENSION : 5\nDIMENSION : 5", 5, "DIMENSION is given twice"),
    (CVRP, "EUC_2D", "XRAY1", 5, "EDGE_WEIGHT_TYPE is 'XRAY1', expected EXPLICIT or one of EUC_2D"),
    (CVRP, "EUC_2D", "EUC_3D", 8, "found 3 values, expected 4 (node, x, y, z)"),
    (CVRP, "EDGE_WEIGHT_TYPE : EUC_2D\n", "", 21, "header EDGE_WEIGHT_TYPE is missing"),
    (CVRP, "EUC_2D", "EUC_2D\nEDGE_WEIGHT_FORMAT : UPPER_ROW", 6, "expected FUNCTION, or none"),
    (CVRP, "EUC_2D", "EUC_2D\nEDGE_WEIGHT_SECTION\n1", 6, "found EDGE_WEIGHT_SECTION beside"),
    (CVRP, "CAPACITY : 10\n", "", 21, "CAPACITY or CAPACITY_SECTION is missing"),
    (CVRP, "CAPACITY : 10", "CAPACITY : ten", 6, "CAPACITY is 'ten', expected a number"),
    (CVRP, "CAPACITY : 10", "CAPACITY : -10", 6, "CAPACITY is '-10', expected 0 or more"),
    (CVRP, "CAPACITY : 10", "CAPACITY : nan", 6, "CAPACITY is 'nan', expected a number"),
    (CVRP, "CAPACITY : 10", "CAPACITY : 10\nVEHICLES : 0", 7, "VEHICLES is '0', expected a whole"),
    (CVRP, "CAPACITY : 10", "CAPACITY : 10\nSPEED : 3", 7, "header SPEED is unknown"),
    (CVRP, "CAPACITY : 10", "CAPACITY : 10\n\n1 2 3", 8, "found '1 2 3' outside every section"),
    (CVRP, "2 0 10\n", "2 0 ten\n", 9, "NODE_COORD_SECTION: y is 'ten', expected a number"),
    (CVRP, "2 0 10\n", "two 0 10\n", 9, "NODE_COORD_SECTION: node is 'two', expected a number"),
    (CVRP, "2 0 10\n", "2 inf 10\n", 9, "x is 'inf', expected a number"),
    (CVRP, "2 0 10\n", "2 1e999 10\n", 9, "x is '1e999', expected a number below 2^50"),
    (CVRP, "2 0 10\n", "2 1_0 10\n", 9, "x is '1_0', expected a number"),
    (CVRP, "2 0 10\n", "2 ١ 10\n", 9, "x is '١', expected a number"),
    (CVRP, "2 0 10\n", "2 0.12345678901234567 10\n", 9, "expected a number of at most 15 digits"),
    (CVRP, "2 0 10\n", "2 0\n", 9, "found 2 values, expected 3 (node, x, y)"),
    (CVRP, "2 0 10\n", "2 0-10\n", 9, "found 2 values, expected 3 (node, x, y)"),
    (CVRP, "2 0 10\n", "2 0 10-4\n", 9, "y is '10-4', expected a number"),
    (CVRP, "2 0 10\n", "2 0 10 5\n", 9, "found 4 values, expected 3 (node, x, y)"),
    (CVRP, "2 0 10\n", "1 0 10\n", 9, "NODE_COORD_SECTION: node 1 is listed twice"),
    (CVRP, "2 0 10\n", "2.5 0 10\n", 9, "NODE_COORD_SECTION: node is 2.5, expected 1 to 5"),
    (CVRP, "2 0 10\n", "9 0 10\n", 15, "DEMAND_SECTION: node is 2, expected one of 1, 9, 3"),
    (CVRP, "2 0 10\n", "", 11, "NODE_COORD_SECTION: node 2 is missing"),
    (CVRP, "2 6\n", "2 6\n2 6\n", 16, "DEMAND_SECTION: node 2 is listed twice"),
    (CVRP, "2 6\n", "2 -6\n", 15, "DEMAND_SECTION: demand is -6, expected 0 or more"),
    (CVRP, "2 6\n", "2 11\n", 15, "demand is 11, expected at most the CAPACITY 10"),
    (CVRP, "2 6\n", "", 17, "DEMAND_SECTION: node 2 is missing"),
    (CVRP, "3 0\n", "3 2\n", 16, "demand of the depot is 2, expected 0"),
    (CVRP, "3\n-1", "6\n-1", 20, "DEPOT_SECTION: node is 6, expected 1 to 5"),
    (CVRP, "3\n-1", "0\n-1", 20, "DEPOT_SECTION: node is 0, expected 1 to 5"),
    (CVRP, "3\n-1", "-1", 20, "DEPOT_SECTION: found 0 depots, expected 1"),
    (CVRP, "3\n-1", "3\n4\n-1", 22, "DEPOT_SECTION: found 2 depots, expected 1"),
    (CVRP, "3\n-1", "3\n-1\n4", 22, "found '4' after the -1 that ends the list"),
    (CVRP, "DEPOT_SECTION\n3\n-1\n", "", 14, "where no DEPOT_SECTION tells, is 4, expected 0"),
    (CVRP, "DEPOT_SECTION\n3\n-1\nEOF\n", "", 18, "DEPOT_SECTION is missing, or the file is cut"),
    (CVRP, "3\n-1", "3\n3\n-1", 22, "a depot is listed twice, expected once"),
    (CVRP, "DEPOT_SECTION", "COLOUR_SECTION\n1 2\nDEPOT_SECTION", 19, "section COLOUR_SECTION is"),
    (
        CVRP,
        "DEPOT_SECTION",
        "VEHICLES_RELOAD_TIME_SECTION\n1 1\nDEPOT_SECTION",
        19,
        "section VEHICLES_RELOAD_TIME_SECTION is unknown or not supported",
    ),
    (MULTITRIP, "2 1 4\n3\n", "2 1 3\n3\n", 33, "depot is 3, expected one of 1, 4"),
    (MULTITRIP, "2 1 4\n3\n", "2 1 one\n3\n", 33, "node is 'one', expected a number"),
    (MULTITRIP, "2 1 4\n3\n", "2 1 4\n", 33, "vehicle 3 is missing, expected 1 to 3"),
    (MULTITRIP, "2 1 4\n3\n", "2 1 4\n2\n", 34, "vehicle 2 is listed twice, expected once"),
    (MULTITRIP, "2 1 4\n3\n", "2 1 4\n4\n", 34, "vehicle is 4, expected 1 to 3"),
    (MULTITRIP, "2 2\n3 0", "2 -1\n3 0", 37, "reloads is -1, expected 0 or more"),
    (MULTITRIP, "2 2\n3 0", "2 1.5\n3 0", 37, "reloads is 1.5, expected no fraction"),
    (
        MULTITRIP,
        "VEHICLES: 3",
        "VEHICLES: 3\nVEHICLES_MAX_RELOADS: 1",
        6,
        "expected none without VEHICLES_RELOAD_DEPOT_SECTION or beside VEHICLES_MAX_RELOADS_",
    ),
    (
        CVRP,
        "CAPACITY : 10",
        "CAPACITY : 10\nVEHICLES_MAX_RELOADS : 1",
        7,
        "VEHICLES_MAX_RELOADS is '1', expected none without VEHICLES_RELOAD_DEPOT_SECTION",
    ),
    (
        FLEET,
        "DEPOT_SECTION\n1\n4",
        "VEHICLES_MAX_RELOADS_SECTION\n1 1\n2 1\n3 1\nDEPOT_SECTION\n1\n4",
        34,
        "VEHICLES_MAX_RELOADS_SECTION: found no VEHICLES_RELOAD_DEPOT_SECTION, expected both",
    ),
    (CVRP, "DEPOT_SECTION", "PRIZE_SECTION\n1 2\nDEPOT_SECTION", 20, "node 2 is missing"),
    (FLEET, "3 4\nDEPOT", "3 5\nDEPOT", 30, "depot is 5, expected one of 1, 4"),
    (FLEET, "3 4\nDEPOT", "2 4\nDEPOT", 30, "vehicle 2 is listed twice"),
    (FLEET, "VEHICLES: 3\n", "", 38, "the header VEHICLES is missing"),
    (FLEET, "VEHICLES: 3", "VEHICLES: 3\nCAPACITY: 9", 6, "expected none beside a section"),
    (FLEET, "1 2 3\n2 2 3 5", "1 2 3\n1 2 3 5", 37, "vehicle 1 is listed twice"),
    (FLEET, "2 2 3 5", "2 2 3 9", 37, "client is 9, expected 1 to 5"),
    (FLEET, "3 3 5\nEOF", "EOF", 37, "vehicle 3 is missing, expected 1 to 3"),
    (FLEET, "2 0\n3 6", "2 0\n3 16", 17, "demand is 16, expected at most the CAPACITY 9"),
    (TSP, "1 0.0 0.0", "1 0 0.0 0.0", 6, "found 4 values, expected 3 (node, x, y)"),
    (VRPB_SECTION, "1 0 0\n2 3", "1 -1 0 0\n2 3", 7, "found 4 values, expected 3 (node, x, y)"),
    (
        VRPTW,
        "VEHICLES: 2",
        "VEHICLES: 2\nDISTANCE: 9\nVEHICLES_MAX_DURATION: 9",
        5,
        "DISTANCE is '9', expected none beside a limit of the duration",
    ),
    (VRPB, "3 1 6 8", "3 2 6 8", 9, "kind is 2, expected -1, 0 or 1"),
    (CVRP, "DEPOT_SECTION", "DEMAND_SECTION\n1 4\nDEPOT_SECTION", 19, "DEMAND_SECTION is given"),
    (CVRP, "DEMAND_SECTION", "DEMAND_SECTION 1 4", 13, "found '1 4' after DEMAND_SECTION"),
    (CVRP, "EDGE_WEIGHT_TYPE : EUC_2D", "EDGE_WEIGHT_TYPE : EXPLICIT", 22, "FORMAT is missing"),
    (VRPTW, "8 0 4", "8 0", 11, "found 8 numbers, expected 9 (FULL_MATRIX of 3 nodes)"),
    (VRPTW, "8 0 4", "8 0 4 1", 11, "found 10 numbers, expected 9 (FULL_MATRIX of 3 nodes)"),
    (VRPTW, "8 0 4", "8 0 x", 10, "EDGE_WEIGHT_SECTION is 'x', expected a number"),
    (VRPTW, "8 0 4", "8 0 -4", 10, "found -4, expected a length of 0 or more"),
    (VRPTW, "FULL_MATRIX", "HALF_MATRIX", 7, "EDGE_WEIGHT_FORMAT is 'HALF_MATRIX', expected one"),
    (VRPTW, "2 10 60", "2 70 60", 25, "ready time is 70, expected at most the due time 60"),
    (VRPTW, "2 10 60", "2 -1 60", 25, "ready time is -1, expected 0 or more"),
    (VRPTW, "2 10 60", "2 10", 25, "found 2 values, expected 3 (node, ready time, due time)"),
    (VRPTW, "3 100 400\n", "", 25, "TIME_WINDOW_SECTION: node 3 is missing"),
    (VRPTW, "2 20", "2 -20", 21, "service time is -20, expected 0 or more"),
    (VRPTW, "VEHICLES: 2", "VEHICLES: 2.5", 4, "VEHICLES is '2.5', expected a whole number"),
    (VRPTW, "VEHICLES: 2", "SERVICE_TIME : 9", 19, "both SERVICE_TIME and SERVICE_TIME_SECTION"),
    (TSP, "EOF", "DEMAND_SECTION\n1 0\nEOF", 10, "found DEMAND_SECTION in a file of TYPE TSP"),
    (TSP, "3 3.5 3.5\n4 0 3.5\nEOF\n", "3 3.5 3.", 8, "NODE_COORD_SECTION: node 4 is missing"),
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


@pytest.mark.parametrize("text", [CVRP, VRPTW, TSP])
def test_every_cut_is_refused_or_harmless(text: str) -> None:
    whole = read_vrplib(text)
    for end in range(len(text)):
        try:
            cut = read_vrplib(text[:end])
        except PolyrouteError:
            continue
        assert cut.num_nodes == whole.num_nodes, end
