"""CVRP instances have the properties that Uchoa et al. (2017) give their classes."""

from __future__ import annotations

from itertools import product
from math import ceil

import numpy as np
import pytest

from polyroute.data.positions import Positions
from polyroute.data.uchoa import CvrpClass, Demand, Depot, draw_demand, generate, triangular
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import Problem

RANGES = {
    Demand.UNITARY: (1, 1),
    Demand.SMALL_VARIED: (1, 10),
    Demand.SMALL_EVEN: (5, 10),
    Demand.LARGE_VARIED: (1, 100),
    Demand.LARGE_EVEN: (50, 100),
    Demand.QUADRANT: (1, 100),
    Demand.MANY_SMALL: (1, 100),
}


def draw(seed: int = 0, **settings: object) -> Problem:
    return generate(CvrpClass(**settings), np.random.default_rng(seed))  # type: ignore[arg-type]


@pytest.mark.parametrize(("depot", "positions", "demand"), list(product(Depot, Positions, Demand)))
def test_every_class_makes_a_cvrp_that_can_be_solved(
    depot: Depot, positions: Positions, demand: Demand
) -> None:
    problem = draw(size=60, depot=depot, positions=positions, demand=demand)
    assert problem.variant == "CVRP"
    assert problem.arc_rule is ArcRule.NEAREST
    assert problem.num_clients == 60
    assert len(np.unique(problem.coords, axis=0)) == 61
    assert problem.coords.min() >= 0
    assert problem.coords.max() <= 1000
    assert problem.delivery[1:].min() >= 1
    assert problem.delivery.max() <= problem.capacity[0, 0]


@pytest.mark.parametrize(("demand", "bounds"), RANGES.items())
def test_demands_use_their_whole_range(demand: Demand, bounds: tuple[int, int]) -> None:
    amounts = draw(size=20_000, demand=demand).delivery[1:]
    assert (amounts.min(), amounts.max()) == bounds


def test_demand_by_quadrant_is_large_in_the_first_and_third() -> None:
    clients = np.array([[900, 900], [100, 900], [100, 100], [900, 100]] * 500)
    amounts = draw_demand(np.random.default_rng(0), Demand.QUADRANT, clients, 1000).reshape(-1, 4)
    assert amounts.min(axis=0).tolist() == [51, 1, 51, 1]
    assert amounts.max(axis=0).tolist() == [100, 50, 100, 50]


def test_few_demands_are_large_where_most_are_small() -> None:
    shares = []
    for seed in range(40):
        amounts = draw(seed, size=400, demand=Demand.MANY_SMALL).delivery[1:]
        assert ((amounts <= 10) | (amounts >= 50)).all()
        shares.append((amounts <= 10).mean())
    assert min(shares) >= 0.70
    assert max(shares) <= 0.95
    assert np.std(shares) > 0.03


@pytest.mark.parametrize("route_size", [3.0, 8.5, 25.0])
def test_capacity_follows_from_the_route_size(route_size: float) -> None:
    problem = draw(size=300, route_size=route_size, demand=Demand.LARGE_VARIED)
    assert problem.capacity[0, 0] == ceil(route_size * int(problem.delivery.sum()) / 300)


def test_capacity_is_never_below_the_largest_demand() -> None:
    problem = draw(size=300, route_size=3.0, demand=Demand.MANY_SMALL)
    assert problem.capacity[0, 0] == problem.delivery.max()


def test_depots_lie_where_the_class_says() -> None:
    assert draw(size=5, depot=Depot.CENTRAL).coords[0].tolist() == [500, 500]
    assert draw(size=5, depot=Depot.ECCENTRIC).coords[0].tolist() == [0, 0]
    places = {tuple(draw(seed, size=5, depot=Depot.RANDOM).coords[0]) for seed in range(20)}
    assert len(places) == 20


def test_route_sizes_are_triangular_from_3_over_6_to_25() -> None:
    assert triangular(0.0, 3, 6, 25) == 3
    assert triangular(3 / 22, 3, 6, 25) == pytest.approx(6)
    assert triangular(1.0, 3, 6, 25) == 25
    quantiles = (np.arange(100_000) + 0.5) / 100_000
    assert np.mean([triangular(u, 3, 6, 25) for u in quantiles]) == pytest.approx(34 / 3, abs=1e-3)


def test_what_the_class_leaves_open_is_drawn_from_the_ranges_of_the_paper() -> None:
    settled = [CvrpClass(50).settle(np.random.default_rng(seed)) for seed in range(100)]
    assert {item.cluster_seeds for item in settled} == {3, 4, 5, 6, 7, 8}
    assert all(3 <= (item.route_size or 0) <= 25 for item in settled)
    assert len({item.route_size for item in settled}) == 100


def test_a_larger_grid_stretches_the_clusters() -> None:
    problem = draw(size=500, positions=Positions.CLUSTERED, cluster_seeds=1, grid=10_000)
    spread = np.linalg.norm(problem.coords[1:] - problem.coords[1], axis=1)
    assert 500 < np.median(spread) < 1000  # around 1.68 · 400
    assert problem.coords.max() > 1000


def test_a_seed_gives_one_instance_and_another_seed_another() -> None:
    settings = {"size": 80, "positions": Positions.MIXED, "demand": Demand.MANY_SMALL}
    assert draw(3, **settings).equals(draw(3, **settings))
    assert not draw(3, **settings).equals(draw(4, **settings))


def test_a_hundred_thousand_clustered_clients_are_drawn_at_once() -> None:
    problem = draw(size=100_000, positions=Positions.CLUSTERED, grid=4000)
    assert len(np.unique(problem.coords, axis=0)) == 100_001


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "size is 0, expected a finite number from 1"),
        ({"size": 5, "route_size": 0.5}, "route_size is 0.5, expected a finite number from 1"),
        ({"size": 5, "route_size": float("nan")}, "route_size is nan, expected"),
        ({"size": 5, "cluster_seeds": 0}, "cluster_seeds is 0, expected"),
        ({"size": 5, "grid": 0}, "grid is 0, expected"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        draw(**settings)
