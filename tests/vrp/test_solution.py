"""A plan's numbering, and what of the problem it leaves out."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import line
from vrp.errors import ProblemError
from vrp.solution import Route, Solution


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


def test_plans_are_values() -> None:
    assert Solution.from_visits([[1, 2]]) == Solution((Route((1, 2)),))
    assert hash(Solution.from_visits([[1, 2]])) == hash(Solution((Route((1, 2)),)))
    assert len(Route((4, 5, 6))) == 3
