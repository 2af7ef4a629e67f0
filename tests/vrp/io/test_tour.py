"""Tours in ``.tour`` files, in and out."""

from __future__ import annotations

import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import ReadError, UnsupportedError
from polyroute.vrp.io.solomon import read_solomon
from polyroute.vrp.io.tour import format_tour, read_tour
from polyroute.vrp.io.vrplib import read_vrplib
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break, Reload
from tests.vrp.io.texts import CVRP, SOLOMON, TOUR, TSP, spoilt


@pytest.fixture
def problem() -> Problem:
    return read_vrplib(TSP)


def test_tour_is_turned_to_begin_at_the_depot(problem: Problem) -> None:
    assert read_tour(TOUR, problem) == Solution((Route((1, 2, 3)),))
    assert read_tour(spoilt(TOUR, "2\n3\n4\n1\n", "4 1\n2 3\n"), problem) == Solution(
        (Route((1, 2, 3)),)
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "fragment"),
    [
        ("TYPE : TOUR", "TYPE : TSP", 2, "TYPE is 'TSP', expected TOUR"),
        ("TYPE : TOUR", "TYPE : TOUR\nCAPACITY : 3", 3, "header CAPACITY is unknown"),
        ("DIMENSION : 4", "DIMENSION : 5", 9, "found 4 nodes, expected DIMENSION = 5"),
        ("2\n3\n4", "2\n3\n5", 7, "node is 5, expected 1 to 4"),
        ("2\n3\n4", "2\n3\nx", 7, "TOUR_SECTION: node is 'x', expected a number"),
        ("2\n3\n4", "1\n3\n4", 9, "found the depot, node 1, 2 times, expected once"),
        ("-1\n", "-1\n3\n", 10, "found '3' after the -1 that ends the list"),
        ("TOUR_SECTION\n2\n3\n4\n1\n-1\n", "", 4, "TOUR_SECTION is missing"),
        ("EOF", "X_SECTION\nEOF", 10, "section X_SECTION is unknown"),
    ],
)
def test_defect_is_named_with_its_line(
    old: str, new: str, line: int, fragment: str, problem: Problem
) -> None:
    with pytest.raises(ReadError) as caught:
        read_tour(spoilt(TOUR, old, new), problem)
    assert fragment in str(caught.value)
    assert caught.value.line == line, str(caught.value)


def test_what_is_written_reads_back(problem: Problem) -> None:
    solution = Solution((Route((3, 1, 2)),))
    text = format_tour(problem, solution, evaluate(problem, solution))
    assert "COMMENT : Length 18\n" in text  # two sides of 3.5, two diagonals, rounded up
    assert read_tour(text, problem) == solution


def test_a_plan_of_several_routes_is_refused() -> None:
    problem = read_vrplib(CVRP)
    solution = Solution((Route((1, 2)), Route((3, 4))))
    with pytest.raises(UnsupportedError, match="a plan of 2 routes"):
        format_tour(problem, solution, evaluate(problem, solution))


def test_reloads_and_breaks_are_refused(problem: Problem) -> None:
    solution = Solution((Route((3, 1, 2)),))
    for changes, name in (
        ({"reloads": (Reload(0, (0,)),)}, "reloads"),
        ({"breaks": (Break(0, ((0, 9),), 1),)}, "breaks"),
    ):
        spoken = problem.replace(**changes)
        with pytest.raises(UnsupportedError, match=rf"\.tour writer does not support {name}"):
            format_tour(spoken, solution, evaluate(spoken, solution))


def test_any_problem_with_one_depot_takes_a_tour() -> None:
    assert read_tour(TOUR, read_solomon(SOLOMON)) == Solution((Route((1, 2, 3)),))
