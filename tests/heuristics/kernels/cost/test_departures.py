"""Routes whose clients have many windows: the least duration over all departures."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import LATER, PATH
from polyroute.heuristics.kernels.cost.departures import MOST_LATER, NUM_LATER
from polyroute.heuristics.kernels.cost.labelling import label_route
from polyroute.heuristics.kernels.cost.labels import end_label
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import columns_of, empty_state
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.rich import to_rich
from polyroute.heuristics.layout.vehicle_kinds import VehicleKinds
from polyroute.vrp.check import judge_route
from polyroute.vrp.problem import UNLIMITED, Problem
from polyroute.vrp.solution import Route
from tests.cases import column, line

pytestmark = pytest.mark.plain


def days(rng: np.random.Generator, *, clients: int, number: int) -> Problem:
    """Clients with up to so many windows each, a day apart or so; time is dear, lateness may be."""
    early = np.zeros((clients + 1, number), dtype=np.int64)
    late = np.full((clients + 1, number), UNLIMITED)
    early[1:] = 40 * np.arange(number) + rng.integers(0, 10, (clients, 1))
    late[1:] = early[1:] + rng.integers(0, 28, (clients, number))
    few = rng.random(clients + 1) < 0.2
    early[few], late[few] = early[few][:, -1:], late[few][:, -1:]
    late[0], early[0] = 40 * number + 60, 0
    price = np.where(rng.random(clients + 1) < 0.3, rng.integers(0, 4, clients + 1), UNLIMITED)
    price[0] = UNLIMITED
    return line(
        *rng.integers(-8, 9, clients + 1),
        tw_early=early,
        tw_late=late,
        lateness_cost=price,
        unit_duration_cost=[int(rng.integers(0, 3))],
        max_duration=[int(rng.integers(20, 200))],
        regular_duration=[int(rng.integers(20, 100))],
        overtime_cost=[int(rng.integers(0, 2))],
    )


def labelled(problem: Problem) -> tuple[float, float, int]:
    """Cost and lateness of the route of all clients, and how many later stretches it ends with."""
    p = to_rich(problem, Facts.of(problem), VehicleKinds.of(problem), 10)
    s = empty_state(p, np.zeros(columns_of(p)), 1, seeded(0))
    n = problem.num_clients
    s.ints[PATH, :n] = np.arange(1, n + 1)
    cost, _, late, _ = label_route(p, s, 0, n, np.inf)
    count = s.labels.shape[1] - int(p.fleet[LATER]) + NUM_LATER
    return cost, late, int(s.labels[end_label(p), count]) if p.fleet[LATER] else 0


def test_the_best_departure_over_many_windows_is_the_checkers() -> None:
    rng = np.random.default_rng(1)
    several = 0
    for _ in range(100):
        problem = days(rng, clients=int(rng.integers(1, 9)), number=int(rng.integers(2, 6)))
        cost, late, stretches = labelled(problem)
        figures, found = judge_route(problem, Route(tuple(problem.clients)))
        assert (cost, late) == (figures.cost, sum(item.amount for item in found))
        several += stretches > 1
    assert several > 10


def test_too_many_departures_to_tell_apart_only_make_a_route_dearer() -> None:
    # Whoever is met at noon makes those behind him wait: a departure for each client and each day.
    clients, number = 30, 4
    days = 100 * np.arange(number)
    early, late = np.zeros((2, clients + 1, number), dtype=np.int64)
    early[1:], late[1:] = (
        days + np.arange(clients)[:, None],
        days + 50 + np.arange(clients)[:, None],
    )
    late[0] = 1000
    problem = line(
        *range(clients + 1),
        tw_early=early,
        tw_late=late,
        unit_duration_cost=[1],
        service=[0] + [1] * clients,
    )
    cost, late_by, stretches = labelled(problem)
    figures, found = judge_route(problem, Route(tuple(problem.clients)))
    assert stretches == MOST_LATER
    assert not found
    assert late_by == 0.0
    assert cost >= figures.cost


TWO = {"tw_early": [[0, 0], [3, 30], [9, 9]], "tw_late": [[99, 99], [5, 40], [70, 70]]}


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        (TWO, False),
        (TWO | {"unit_duration_cost": [1]}, True),
        (TWO | {"max_duration": [50]}, True),
        (TWO | {"overtime_cost": [1], "regular_duration": [9]}, True),
        ({"tw_late": column(99, 60, 60), "lateness_cost": [UNLIMITED, 1, 1]}, False),
        (
            {
                "tw_late": column(99, 60, 60),
                "lateness_cost": [UNLIMITED, 1, 1],
                "max_duration": [40],
            },
            True,
        ),
    ],
)
def test_later_departures_are_followed_where_windows_and_durations_ask(fields, asked) -> None:
    problem = line(0, 5, 9, **fields)
    p = to_rich(problem, Facts.of(problem), VehicleKinds.of(problem), 10)
    assert (p.fleet[LATER] > 0) == asked
