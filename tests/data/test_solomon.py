"""VRPTW instances can be solved by construction, and have the shape of their class."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from polyroute.data.positions import Positions
from polyroute.data.solomon import VrptwClass, arrivals_of_routes, generate
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Solution

CLASSES = pytest.mark.parametrize(("positions", "kind"), list(product(Positions, (1, 2))))


def draw(seed: int = 0, **settings: object) -> Problem:
    return generate(VrptwClass(**settings), np.random.default_rng(seed))  # type: ignore[arg-type]


@CLASSES
@pytest.mark.parametrize("size", [1, 2, 30, 250])
@pytest.mark.parametrize("rule", [ArcRule.TRUNC1, ArcRule.CEIL])
def test_a_vehicle_for_each_client_is_a_feasible_plan(
    positions: Positions, kind: int, size: int, rule: ArcRule
) -> None:
    problem = draw(size=size, positions=positions, type=kind, width=0.0).replace(arc_rule=rule)
    plan = Solution.from_visits([[node] for node in problem.clients])
    assert evaluate(problem, plan).feasible
    assert problem.variant == "VRPTW"
    assert len(np.unique(problem.coords, axis=0)) == size + 1


@pytest.mark.parametrize("density", [0.0, 0.25, 1.0])
def test_density_is_the_share_of_clients_with_a_window(density: float) -> None:
    problem = draw(size=200, density=density)
    windowed = problem.tw_early[1:] > 0
    assert windowed.sum() == round(200 * density)


def test_windows_are_as_wide_as_asked_for_where_nothing_cuts_them() -> None:
    problem = draw(size=1000, type=2, width=0.1)
    share = (problem.tw_late[1:] - problem.tw_early[1:]) / problem.tw_late[0]
    assert share.max() <= 0.151
    assert 0.08 < np.median(share) < 0.105


@CLASSES
def test_service_capacity_and_horizon_are_those_of_the_class(
    positions: Positions, kind: int
) -> None:
    problem = draw(size=100, positions=positions, type=kind)
    scale = problem.scales.time
    expected = 90 if positions is Positions.CLUSTERED else 10
    assert (problem.service[1:] == expected * scale).all()
    assert problem.capacity[0, 0] == {1: 200, 2: 1000}[kind]
    assert problem.count[0] == 100
    assert problem.tw_late[0, 0] > {1: 200, 2: 700}[kind] * scale


def test_service_can_be_chosen() -> None:
    problem = draw(size=10, service=7)
    assert (problem.service[1:] == 7 * problem.scales.time).all()


def test_clustered_windows_follow_nearest_neighbour_routes() -> None:
    depot = np.array([0, 0])
    clients = np.array([[0, 30], [3, 4], [6, 8]])
    # 5 to client 1, 2 of service, 5 to client 2, 2 of service, √(36 + 484) = 22.8 to client 0
    amount = np.array([1, 1, 1])
    assert arrivals_of_routes(depot, clients, amount, 2, 9, 100).tolist() == [37, 5, 12]
    # two fit on a vehicle: the third starts a route of its own
    assert arrivals_of_routes(depot, clients, amount, 2, 2, 100).tolist() == [30, 5, 12]
    # from 37 it would be home at 69
    assert arrivals_of_routes(depot, clients, amount, 2, 9, 68).tolist() == [30, 5, 12]


def test_a_seed_gives_one_instance_and_another_seed_another() -> None:
    settings = {"size": 60, "positions": Positions.MIXED, "density": 0.5}
    assert draw(3, **settings).equals(draw(3, **settings))
    assert not draw(3, **settings).equals(draw(4, **settings))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "size is 0, expected at least 1"),
        ({"size": 5, "type": 3}, "type is 3, expected 1 or 2"),
        ({"size": 5, "density": 1.5}, "density is 1.5, expected 0 to 1"),
        ({"size": 5, "width": float("nan")}, "width is nan, expected 0 to 1"),
        ({"size": 5, "service": -1}, "service is -1, expected at least 0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        draw(**settings)
