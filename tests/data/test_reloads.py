"""Instances with reloads can be solved by construction, and are read back as they were drawn."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.data.positions import Positions
from polyroute.data.reloads import ReloadClass, generate
from polyroute.data.write import reload_text
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import ProblemError, UnsupportedError
from polyroute.vrp.io.native_writer import problem_to_json
from polyroute.vrp.io.vrplib import read_vrplib
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution


def draw(seed: int = 0, **settings: object) -> Problem:
    return generate(ReloadClass(**settings), np.random.default_rng(seed), "one")  # type: ignore[arg-type]


@pytest.mark.parametrize("positions", Positions)
@pytest.mark.parametrize("depots", [1, 2, 3])
def test_a_vehicle_for_each_client_is_a_feasible_plan(positions: Positions, depots: int) -> None:
    problem = draw(size=40, positions=positions, depots=depots, width=0.0, release=1.0, density=1.0)
    kinds = np.repeat(np.arange(depots), problem.count).tolist()
    routes = (Route((node,), kind) for node, kind in zip(problem.clients, kinds, strict=True))
    assert evaluate(problem, Solution(tuple(routes))).feasible
    assert all(item.depots == tuple(range(depots)) for item in problem.reloads)


@pytest.mark.parametrize("depots", [1, 2])
def test_an_instance_is_read_back_as_it_was_drawn(depots: int) -> None:
    problem = draw(size=21, depots=depots)
    found = read_vrplib(reload_text(problem))
    assert problem_to_json(found) == problem_to_json(problem.replace(node_id=found.node_id))


def test_given_vehicles_cost_nothing_and_are_shared_out_among_the_depots() -> None:
    problem = draw(size=30, depots=2, vehicles=5)
    assert problem.count.tolist() == [3, 2]
    assert not problem.fixed_cost.any()


def test_capacity_is_that_of_the_average_trip() -> None:
    problem = draw(size=300, trip_size=5)
    assert problem.capacity[0, 0] == np.ceil(5 * problem.delivery[1:].mean())
    assert draw(size=30, trip_size=1).capacity[0, 0] == draw(size=30).delivery.max()


def test_what_the_text_cannot_say_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="pickup"):
        reload_text(draw(size=3).replace(pickup=[[0], [1], [1], [1]]))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"depots": 0}, "depots is 0, expected a finite number from 1"),
        ({"depots": 6}, "depots is 6, expected at most 5, one a vehicle"),
        ({"depots": 3, "vehicles": 2}, "depots is 3, expected at most 2, one a vehicle"),
        ({"release": 1.5}, "release is 1.5, expected 0 to 1"),
        ({"trip_size": float("nan")}, "trip_size is nan, expected a finite number from 1"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        ReloadClass(5, **settings)
