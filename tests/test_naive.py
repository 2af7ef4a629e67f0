"""The oracle itself, on problems whose best plan is plain to see."""

from __future__ import annotations

from polyroute.vrp.problem import NOWHERE, Objective, Problem
from polyroute.vrp.structure import Break, Group, Pair, Pin, Reload
from tests.cases import column, line
from tests.naive import best_solution


def best(problem: Problem) -> tuple[int, list[tuple[int, ...]]]:
    found = best_solution(problem)
    assert found is not None
    solution, evaluation = found
    return evaluation.cost, [route.visits for route in solution.routes]


def test_a_tour_goes_out_and_back() -> None:
    assert best(line(0, 30, 10, 20, count=[1]))[0] == 60


def test_capacity_splits_a_tour() -> None:
    # the far two together, the near one alone
    problem = line(0, 10, 20, 30, delivery=column(0, 1, 1, 1), capacity=[[2]])
    assert best(problem)[0] == 60 + 20


def test_open_routes_drop_the_way_back() -> None:
    assert best(line(0, 10, -15, end_depot=[NOWHERE])) == (25, [(1,), (2,)])


def test_windows_force_an_order() -> None:
    # service at client 1 on the way out would make client 2 late
    late = column(200, 60, 20, 100)
    problem = line(0, 10, 20, 30, count=[1], tw_late=late, service=[0, 5, 0, 0])
    assert best(problem) == (60, [(2, 3, 1)])


def test_vehicles_first_pays_for_fewer_routes() -> None:
    problem = line(0, 10, -10, fixed_cost=[0], unit_distance_cost=[1], end_depot=[NOWHERE])
    assert best(problem) == (20, [(1,), (2,)])
    fewest = problem.replace(objective=(Objective.VEHICLES, Objective.COST))
    assert best(fewest) == (30, [(1, 2)])


def test_a_prize_below_the_detour_is_left() -> None:
    assert best(line(0, 10, 40, required=[1, 1, 0], prize=[0, 0, 59])) == (79, [(1,)])
    assert best(line(0, 10, 40, required=[1, 1, 0], prize=[0, 0, 61])) == (80, [(1, 2)])


def test_pairs_and_groups_are_kept() -> None:
    problem = line(0, 20, 10, 90, 5, pairs=(Pair(1, 2),), groups=(Group((3, 4)),), count=[1])
    cost, (route,) = best(problem)
    assert cost == 40
    assert route.index(1) < route.index(2)
    assert 3 not in route


def test_a_reload_makes_up_for_a_second_vehicle() -> None:
    # the far two together and the near one alone, on two trips
    problem = line(0, 10, 20, 30, delivery=column(0, 1, 1, 1), capacity=[[2]], count=[1])
    assert best_solution(problem) is None
    assert best(problem.replace(reloads=(Reload(0, (0,), 1),)))[0] == 60 + 20
    # a depot at 25 is nearer: out to 20, to 25 and 30, and back past 10; or the other way round
    nearer = line(0, 25, 10, 20, 30, num_depots=2, delivery=column(0, 0, 1, 1, 1), capacity=[[2]],
                  count=[1], reloads=(Reload(0, (1,), 1),))  # fmt: skip
    assert best(nearer)[0] == 60


def test_a_break_is_taken_where_it_costs_least() -> None:
    # The break at 15 waits 5 at client 1 unless the vehicle leaves at 5: then client 2 is late.
    problem = line(
        0, 10, 20, count=[1], unit_duration_cost=[1], tw_late=column(100, 100, 24),
        breaks=(Break(0, ((15, 30),), 5),),
    )  # fmt: skip
    solution, evaluation = best_solution(problem) or (None, None)
    assert solution is not None
    assert evaluation is not None
    # after client 2 at 20, or on the way back; nobody waits
    assert evaluation.cost == 40 + 45
    assert solution.routes[0].breaks[0][0] > 0


def test_pinned_visits_come_first() -> None:
    problem = line(0, 10, 20, 30, count=[1])
    assert best(problem.replace(pins=(Pin(0, (2, 1)),))) == (80, [(2, 1, 3)])


def test_a_client_out_of_reach_leaves_no_solution() -> None:
    assert best_solution(line(0, 10, max_distance=[19])) is None
