"""Plans in ``.sol`` files, in and out."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import ReadError, UnsupportedError
from polyroute.vrp.io.sol import format_sol, read_sol
from polyroute.vrp.io.solomon import read_solomon
from polyroute.vrp.io.vrplib import read_vrplib
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break
from tests.vrp.io.texts import CVRP, MULTITRIP, SOL, SOLOMON


@pytest.fixture
def problem() -> Problem:
    return read_vrplib(CVRP)


def test_clients_count_from_1_in_the_order_of_the_file(problem: Problem) -> None:
    solution = read_sol(SOL, problem)
    assert [route.visits for route in solution.routes] == [(1, 2), (4, 3)]
    assert [problem.node_id[node] for node in solution.routes[0].visits] == ["1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "route 1: 1 2\nROUTE # 2 : 4 3\n",
        "  Route #1: 1 2 \n\nRoute #2:\t4 3\t\nRoute #3:\ncost: 54.0\nTime 12.5\nOptimal: True\n",
        "Vehicle types: [0, 1]\nSolver = none\nRoute #1: 1 2\nRoute #2: 4 3\nGap: 0.1",
        "# found by hand\nCost 54\nRoute #1: 1 2\nRoute #2: 4 3",
    ],
)
def test_other_dialects_say_the_same(text: str, problem: Problem) -> None:
    assert read_sol(text, problem) == read_sol(SOL, problem)


SINTEF = """\
Instance name : tiny
Authors       : nobody
Date          : 28-Nov-2026
Reference     : made by hand
Solution
Route 1 : 1 2
Route 2 : 4 3
"""
OR_TOOLS = """\
Objective: 54
Route for vehicle 0:
 0 Load(0) ->  1 Load(4) ->  2 Load(10) ->  0 Load(10)
Route distance: 22miles
Distance of the route: 22m
Load of the route: 10

Route for vehicle 1:
0 Time(0,0) -> 4 Time(10,12) ->
 3 Time(21,30) -> 0 Time(32,40)
Time of the route: 32min

Total Distance of all routes: 54m
"""


@pytest.mark.parametrize(
    "text",
    [
        SINTEF,
        OR_TOOLS,
        "Route #1: 0 1 2 0\nRoute #2: 0 4 3 0\n",
        "Route 1: 0 1 2\nRoute 2: 4 3 0\n",
    ],
)
def test_sintef_s_and_or_tools_plans_say_the_same(text: str, problem: Problem) -> None:
    assert read_sol(text, problem) == read_sol(SOL, problem)


def test_an_open_route_begins_at_its_depot_and_does_not_end_there(problem: Problem) -> None:
    opened = problem.replace(end_depot=np.array([NOWHERE]))
    assert read_sol("Route 1: 0 1 2\n", opened) == Solution((Route((1, 2)),))
    with pytest.raises(ReadError, match=r"line 1: client is 0, expected 1 to 4 \(its depots"):
        read_sol("Route 1: 0 1 2 0\n", opened)


def test_partial_and_repeated_plans_are_read_for_the_checker_to_judge(problem: Problem) -> None:
    evaluation = evaluate(problem, read_sol("Route #1: 1 1 3\n", problem))
    assert {violation.rule for violation in evaluation.violations} == {
        "missing",
        "duplicate",
        "capacity",
    }


@pytest.mark.parametrize(
    ("text", "line", "fragment"),
    [
        ("Route #1: 1 2\nRoute #2: 3 5\n", 2, "client is 5, expected 1 to 4"),
        ("Route #1: 0 1 0 2 0\n", 1, "client is 0, expected 1 to 4 (its depots may begin and end"),
        ("Route #1: -1 2\n", 1, "client is '-1', expected a whole number from 0"),
        ("0 -> 1 -> 0\n", 1, "found '0 -> 1 -> 0', expected 'Route #k: client …' or 'Cost x'"),
        ("Route #1: 1 two\n", 1, "client is 'two', expected a number"),
        ("Route #1: 1 2\n3 4\n", 2, "found '3 4', expected 'Route #k: client …' or 'Cost x'"),
        ("Route 1 2\nRoute two: 3\n", 2, "found 'Route two: 3', expected"),
        ("Route 1 2\nRute 2: 3 4\n", 2, "found 'Rute 2: 3 4', expected 'Route #k"),
    ],
)
def test_defect_is_named_with_its_line(
    text: str, line: int, fragment: str, problem: Problem
) -> None:
    with pytest.raises(ReadError) as caught:
        read_sol(text, problem)
    assert fragment in str(caught.value)
    assert caught.value.line == line


def test_what_is_written_reads_back(problem: Problem) -> None:
    solution = Solution((Route((1, 2)), Route(()), Route((4, 3))))
    # 5 + 10 + 7, then 10 + 11 + 8
    assert format_sol(problem, solution, evaluate(problem, solution)) == (
        "Route #1: 1 2\nRoute #2: 4 3\nCost 51\n"
    )
    text = format_sol(problem, solution, evaluate(problem, solution))
    assert read_sol(text, problem) == Solution((Route((1, 2)), Route((4, 3))))


def test_cost_is_written_in_the_files_own_units() -> None:
    problem = read_solomon(SOLOMON)
    solution = Solution((Route((2, 1)),))
    # 18.0, then √(6² + 32²) = 32.55, then 15.2
    assert format_sol(problem, solution, evaluate(problem, solution)).endswith("\nCost 65.7\n")


def test_route_k_belongs_to_vehicle_k_where_vehicles_differ() -> None:
    fleet = Problem(
        coords=np.array([[0, 0], [9, 0], [3, 4], [6, 8]]),
        num_depots=2,
        count=np.array([2, 1]),
        start_depot=np.array([0, 1]),
        end_depot=np.array([0, 1]),
    )
    text = "Route #1: \nRoute #2: 3\nRoute #3: 2\nCost 0\n"
    solution = read_sol(text, fleet)
    # clients have their node's number: 2 and 3 behind two depots
    assert solution == Solution((Route((3,), 0), Route((2,), 1)))
    written = format_sol(fleet, solution, evaluate(fleet, solution))
    assert written.startswith("Route #1: 3\nRoute #2: \nRoute #3: 2\n")
    assert set(read_sol(written, fleet).routes) == set(solution.routes)
    with pytest.raises(ReadError, match="line 4: found route 4, but 3 vehicles"):
        read_sol("Route #1:\nRoute #2:\nRoute #3:\nRoute #4: 2\n", fleet)
    with pytest.raises(ReadError, match="client is 0, expected 2 to 3"):
        read_sol("Route #1:\nRoute #2:\nRoute #3: 0 2\n", fleet)
    assert read_sol("Route #1: 0 2 0\nRoute #2:\nRoute #3: 1 3 1\n", fleet) == Solution(
        (Route((2,), 0), Route((3,), 1))
    )


def test_what_cannot_be_told_by_counting_vehicles_is_refused(problem: Problem) -> None:
    fleet = Problem(coords=problem.coords, count=np.array([1, UNLIMITED]))
    twice = Problem(coords=problem.coords, count=np.array([1, 1]))
    solution = Solution((Route((1,)), Route((2,))))
    with pytest.raises(UnsupportedError, match=r"\.sol reader does not support several vehicle"):
        read_sol(SOL, fleet)
    with pytest.raises(UnsupportedError, match=r"\.sol writer does not support several vehicle"):
        format_sol(fleet, solution, evaluate(fleet, solution))
    with pytest.raises(UnsupportedError, match="more routes than vehicles"):
        format_sol(twice, solution, evaluate(twice, solution))


def test_a_depot_s_number_within_a_route_is_a_reload() -> None:
    trips = read_vrplib(MULTITRIP)  # depots are nodes 0 and 1
    text = "Route #1: 2 0 3\nRoute #2: 1 0 4 1\nRoute #3: 0 0\nCost 0\n"
    solution = read_sol(text, trips)
    first = Route((2, 3), 0, reloads=((1, 0),))
    second = Route((4,), 0, reloads=((0, 1), (0, 0), (1, 1)))
    assert solution == Solution((first, second))
    written = format_sol(trips, solution, evaluate(trips, solution))
    # 5 and 10 both ways; 9 and 9 to the other depot and back, 10 (√106) and 5, and 9 home
    assert written == "Route #1: 2 0 3\nRoute #2: 1 0 4 1\nRoute #3: \nCost 72\n"
    assert read_sol(written, trips) == solution
    with pytest.raises(ReadError, match="line 1: client is 5, expected 0 to 4"):
        read_sol("Route #1: 2 0 5\n", trips)


def test_breaks_have_no_place_in_a_sol(problem: Problem) -> None:
    paused = problem.replace(breaks=(Break(0, ((0, 9),), 1),))
    solution = Solution((Route((1, 2), breaks=((1, 0),)),))
    with pytest.raises(UnsupportedError, match=r"the \.sol writer does not support breaks"):
        format_sol(paused, solution, evaluate(paused, solution))
    assert read_sol(SOL, paused) == read_sol(SOL, problem)
