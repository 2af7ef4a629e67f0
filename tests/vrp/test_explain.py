"""Why nothing is feasible, and why a client is left out: by hand, and against all plans."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.explain import places
from polyroute.vrp.obstacles import obstacles
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break, Group, Pair, Pin, Reload
from tests.cases import column, line
from tests.naive import best_solution

# A depot at 0 and clients at 10 and 20 on a line, unless told otherwise.
HOPELESS = {
    "a window that closes too early": (
        {"tw_late": column(100, 7, 100)},
        "client 1 cannot be served, even alone: late by 3 at client 1",
    ),
    "a release after the window": (
        {"release": [0, 30, 0], "tw_late": column(100, 35, 100)},
        "client 1 cannot be served, even alone: late by 5 at client 1",
    ),
    "a depot that closes before the return": (
        {"tw_early": column(0, 0, 85), "service": [0, 0, 5]},
        "client 2 cannot be served, even alone: shift overrun by 10",
    ),
    "a demand above every capacity": (
        {"delivery": column(0, 1, 9), "capacity": [[4], [7]]},
        "client 2 cannot be served, even alone: capacity exceeded by 5 with vehicle type 1; "
        "capacity exceeded by 2 with vehicle type 2",
    ),
    "nobody may serve him": (
        {"allowed": [[1], [0], [1]]},
        "client 1 cannot be served, even alone: vehicle type not allowed",
    ),
    "too far": (
        {"max_distance": [30]},
        "client 2 cannot be served, even alone: distance limit exceeded by 10",
    ),
    "too long a day": (
        {"max_duration": [42], "service": [0, 0, 5]},
        "client 2 cannot be served, even alone: duration limit exceeded by 3",
    ),
    "a pair that no vehicle can serve in time": (
        {"pairs": (Pair(2, 1),), "pickup": column(0, 0, 1), "delivery": column(0, 1, 0),
         "tw_late": column(100, 25, 100)},
        "the pair of client 2 and client 1 cannot be served, even alone: late by 5 at client 1",
    ),
    "too few vehicles for the load": (
        {"delivery": column(0, 4, 4), "capacity": [[5]], "count": [1]},
        "8 must be delivered, and all vehicles together hold 5",
    ),
    "too few trips for the load": (
        {"delivery": column(0, 9, 9), "capacity": [[9]], "count": [1],
         "reloads": (Reload(0, (0,), 0),)},
        "18 must be delivered, and all vehicles together hold 9 on all their trips",
    ),
    "a break that makes the day too long": (
        {"max_duration": [42], "breaks": (Break(0, ((0, 99),), 3),)},
        "client 2 cannot be served, even alone: duration limit exceeded by 1",
    ),
    "a break before the shift": (
        {"shift_early": [8], "breaks": (Break(0, ((0, 2), (4, 6)), 1),), "required": [1, 1, 0]},
        "client 1 cannot be served, even alone: break begun late by 2",
    ),
    "a break so late that the depot closes": (
        {"breaks": (Break(0, ((98, 99),), 5),), "required": [1, 1, 0]},
        "client 1 cannot be served, even alone: shift overrun by 3",
    ),
    "a release too late for any trip": (
        {"release": [0, 30, 0], "tw_late": column(100, 35, 100), "reloads": (Reload(0, (0,)),)},
        "client 1 cannot be served, even alone: late by 5 at client 1",
    ),
    "a pinned client whom that vehicle may not serve": (
        {"allowed": [[1, 1], [0, 1], [1, 1]], "count": [1, 9], "pins": (Pin(0, (1,)),)},
        "client 1 is pinned to vehicle type 1, which cannot serve him: vehicle type not allowed",
    ),
    "pinned clients of whom the second is late behind the first": (
        {"tw_late": column(100, 100, 25), "count": [1, UNLIMITED], "capacity": [[1], [1]],
         "pins": (Pin(0, (1, 2)),), "service": [0, 9, 0]},
        "client 2 is pinned to vehicle type 1, which cannot serve him after those pinned before "
        "him: late by 4 at client 2",
    ),
    "pinned clients who are too much together": (
        {"delivery": column(0, 4, 5), "capacity": [[8], [9]], "count": [1, UNLIMITED],
         "pins": (Pin(0, (2, 1)),)},
        "client 1 is pinned to vehicle type 1, which cannot serve him after those pinned before "
        "him: capacity exceeded by 1",
    ),
    "a pinned client whom nobody can serve, told once": (
        {"tw_late": column(100, 7, 100), "count": [1], "pins": (Pin(0, (1,)),)},
        "client 1 cannot be served, even alone: late by 3 at client 1",
    ),
    "no vehicle": ({"count": [0]}, "there is no vehicle"),
}  # fmt: skip


def on_a_line(**fields: object) -> Problem:
    given = {"tw_late": column(100, 100, 100), **fields}
    if "capacity" in fields and len(fields["capacity"]) == 2:  # type: ignore[arg-type]
        given["count"] = [1, 1]
    return line(0, 10, 20, **given)


@pytest.mark.parametrize("what", HOPELESS)
def test_the_culprit_is_named(what: str) -> None:
    fields, message = HOPELESS[what]
    problem = on_a_line(**fields)
    assert [found.message for found in obstacles(problem)] == [message]
    assert best_solution(problem) is None


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"tw_late": column(100, 7, 100), "lateness_cost": [UNLIMITED, 1, UNLIMITED]},
        {"tw_late": column(100, 7, 100), "required": [1, 0, 1]},
        {"tw_late": column(100, 7, 100), "groups": (Group((1, 2)),)},
        {"max_distance": [20], "end_depot": [NOWHERE]},
        {"delivery": column(0, 9, 4), "capacity": [[5], [9]]},
        {
            "delivery": column(0, 9, 9),
            "capacity": [[9]],
            "count": [1],
            "reloads": (Reload(0, (0,), 1),),
        },
        {"max_duration": [43], "breaks": (Break(0, ((0, 99),), 3),)},
    ],
)
def test_what_can_be_done_is_no_obstacle(fields: dict[str, object]) -> None:
    problem = on_a_line(**fields)
    assert obstacles(problem) == ()
    assert best_solution(problem) is not None


def test_a_depot_nearer_to_the_client_is_no_obstacle() -> None:
    # Depots at 0 and 9: released at 30, the goods are at 10 at 31 from the nearer one.
    problem = line(
        0, 9, 10, num_depots=2, release=[0, 0, 30], tw_late=column(100, 100, 31),
        reloads=(Reload(0, (1,)),),
    )  # fmt: skip
    assert obstacles(problem) == ()
    assert best_solution(problem) is not None
    (found,) = obstacles(problem.replace(tw_late=np.array([[100], [100], [30]])))
    assert found.message == "client 1 cannot be served, even alone: late by 1 at client 1"
    (found,) = obstacles(problem.replace(reloads=()))
    assert found.message == "client 1 cannot be served, even alone: late by 9 at client 1"


def test_a_detour_that_saves_time_is_no_obstacle() -> None:
    # 50 to client 2, but 20 by way of client 1
    times = np.array([[[0, 10, 50], [10, 0, 10], [10, 10, 0]]])
    problem = Problem(distance=times, tw_late=column(100, 100, 20))
    assert obstacles(problem) == ()
    assert best_solution(problem) is not None
    (found,) = obstacles(problem.replace(tw_late=column(100, 100, 19)))
    assert found.message == "client 2 cannot be served, even alone: late by 1 at client 2"


def test_a_client_whom_no_way_leads_to_is_named() -> None:
    lengths = np.full((3, 3), 5)
    lengths[:, 2] = UNLIMITED
    np.fill_diagonal(lengths, 0)
    (found,) = obstacles(Problem(distance=lengths[None]))
    assert found.message == "client 2 cannot be served, even alone: no way leads there and back"
    assert found.node == 2


def test_every_obstacle_is_one() -> None:
    rng = np.random.default_rng(5)
    named = 0
    for _ in range(150):
        n = int(rng.integers(1, 5))
        problem = line(
            *rng.integers(-9, 10, n + 1),
            delivery=column(0, *rng.integers(0, 6, n)),
            capacity=[[int(rng.integers(4, 9))]],
            count=[int(rng.integers(1, 4))],
            tw_early=column(0, *rng.integers(0, 15, n)),
            tw_late=column(30, *rng.integers(15, 25, n)),
            service=[0, *rng.integers(0, 4, n)],
            release=[0, *rng.integers(0, 12, n)],
            max_duration=[int(rng.integers(12, 30))],
            reloads=(Reload(0, (0,), 1),) if rng.integers(3) == 0 else (),
            breaks=(Break(0, ((4, 9),), 3),) if rng.integers(3) == 0 else (),
        )
        found = obstacles(problem)
        named += bool(found)
        if found:
            assert best_solution(problem) is None
    assert 30 < named < 140


def test_an_unserved_client_is_told_what_he_would_break() -> None:
    problem = on_a_line(delivery=column(0, 4, 3), capacity=[[5]], count=[1])
    (place,) = places(problem, Solution((Route((1,)),)), 2)
    # 0 → 1 → 2 → 0 is 40 long, 20 more
    assert place.cost == 20
    assert place.describe(problem).startswith(
        "vehicle type 1, route 1: cost +20, capacity exceeded by 2"
    )


def test_each_vehicle_type_has_a_place_and_the_best_comes_first() -> None:
    problem = line(
        0, 10, 20, delivery=column(0, 4, 3), capacity=[[5], [9]], count=[1, 1],
        fixed_cost=[0, 70], unit_distance_cost=[1, 1],
    )  # fmt: skip
    solution = Solution((Route((1,), 0),))
    first, second = places(problem, solution, 2)
    assert (first.vehicle_type, first.route, first.cost, first.broken) == (1, None, 110, ())
    assert (second.vehicle_type, second.route) == (0, 0)
    assert [found.rule for found in second.broken] == ["capacity"]


def test_a_reload_is_tried_where_it_helps() -> None:
    problem = on_a_line(
        delivery=column(0, 4, 3), capacity=[[5]], count=[1], reloads=(Reload(0, (0,), 1),)
    )
    (place,) = places(problem, Solution((Route((1,)),)), 2)
    assert (place.reload, place.cost, place.broken) == (0, 40, ())
    assert place.describe(problem) == "vehicle type 1, route 1 with a reload at depot 1: cost +40"
    twice = Solution((Route((1,), reloads=((0, 0),)),))
    (place,) = places(problem, twice, 2)  # no second reload, but before the first there is room
    assert (place.reload, place.visits, place.broken) == (None, (2, 1), ())


def test_a_new_route_takes_its_breaks_and_others_keep_theirs() -> None:
    problem = on_a_line(count=[2], breaks=(Break(0, ((12, 20),), 5), Break(0, ((0, 15),), 1)))
    started = Solution((Route((1,), breaks=((1, 1), (1, 0))),))
    for solution in (Solution(()), started):
        (place,) = places(problem, solution, 2)
        assert place.broken == ()
    assert place.route == 0
    assert place.cost == 20


def test_both_ends_of_a_pair_are_placed() -> None:
    problem = line(
        0, 10, 20, 30, pairs=(Pair(3, 1),), pickup=column(0, 0, 0, 2), delivery=column(0, 2, 1, 0),
        capacity=[[3]], count=[1],
    )  # fmt: skip
    (place,) = places(problem, Solution((Route((2,)),)), 1)
    assert place.visits in ((2, 3, 1), (3, 2, 1))
    assert place.cost == 20
    assert place.broken == ()
    assert evaluate(problem, Solution((Route(place.visits),))).feasible
