"""A plan's numbering, and what of the problem it leaves out."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.vrp.errors import ProblemError
from polyroute.vrp.solution import Event, Route, Solution
from tests.cases import line


def test_visits_become_routes_of_plain_integers_without_empty_ones() -> None:
    solution = Solution.from_visits([np.array([2, 1]), [], (3,)], vehicle_type=1)
    assert solution.routes == (Route((2, 1), 1), Route((3,), 1))
    assert all(type(node) is int for route in solution.routes for node in route.visits)


def test_numbers_count_clients_from_one_whatever_the_depots() -> None:
    problem = line(0, 5, 10, 20, 30, num_depots=2)
    solution = Solution.from_numbers(problem, [[1, 3], [2]])
    assert [route.visits for route in solution.routes] == [(2, 4), (3,)]
    assert solution.numbers(problem) == [[1, 3], [2]]


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_number_that_is_no_client_is_refused(number: int) -> None:
    problem = line(0, 10, 20)
    with pytest.raises(ProblemError, match=f"route 2 visits client {number}, expected 1 to 2"):
        Solution.from_numbers(problem, [[1], [number]])


def test_unserved_clients_are_listed_in_order() -> None:
    problem = line(0, 10, 20, 30, 40)
    assert Solution.from_visits([[3]]).unserved(problem) == [1, 2, 4]
    assert Solution(()).unserved(problem) == [1, 2, 3, 4]


def test_events_are_in_order_a_reload_before_a_break() -> None:
    route = Route((5, 6), 1, reloads=((0, 1), (1, 0), (1, 1), (2, 0)), breaks=((1, 3), (2, 4)))
    assert route.events == (
        ("reload", 1),
        ("visit", 5),
        ("reload", 0),
        ("reload", 1),
        ("break", 3),
        ("visit", 6),
        ("reload", 0),
        ("break", 4),
    )
    assert Route.of_events(route.events, 1) == route
    assert route.trips == ((), (5,), (), (6,), ())
    plain = Route((5, 6))
    assert plain.events == (("visit", 5), ("visit", 6))
    assert plain.trips == ((5, 6),)
    assert Route(()).trips == ((),)


def test_a_reload_right_after_a_break_is_refused() -> None:
    events = [Event("visit", 5), Event("break", 0), Event("reload", 0)]
    with pytest.raises(ProblemError, match="a reload follows a break at the same stop"):
        Route.of_events(events)


def test_plans_are_values() -> None:
    assert Solution.from_visits([[1, 2]]) == Solution((Route((1, 2)),))
    assert hash(Solution.from_visits([[1, 2]])) == hash(Solution((Route((1, 2)),)))
    assert len(Route((4, 5, 6))) == 3
