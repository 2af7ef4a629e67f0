"""Points on the grid: distinct, in range, and distributed as the paper says."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.data.positions import (
    Array,
    Positions,
    draw_around,
    draw_distinct,
    place_clients,
    random_integers,
)
from polyroute.vrp.errors import ProblemError

NOBODY = np.empty((0, 2), dtype=np.int64)


@pytest.mark.parametrize("positions", Positions)
@pytest.mark.parametrize("number", [1, 2, 7, 100, 3000])
def test_points_are_distinct_on_the_grid_and_off_the_taken_ones(
    positions: Positions, number: int
) -> None:
    rng = np.random.default_rng(number)
    taken = np.array([[50, 50]])
    points = place_clients(rng, positions, number, 5, 8.0, 100, taken)
    together = np.concatenate((taken, points))
    assert points.shape == (number, 2)
    assert len(np.unique(together, axis=0)) == number + 1
    assert points.min() >= 0
    assert points.max() <= 100


def test_a_grid_can_be_filled_to_the_last_point() -> None:
    points = place_clients(np.random.default_rng(0), Positions.RANDOM, 25, 1, 1.0, 4, NOBODY)
    assert len(np.unique(points, axis=0)) == 25


@pytest.mark.parametrize("positions", Positions)
def test_more_points_than_the_grid_has_are_refused(positions: Positions) -> None:
    with pytest.raises(ProblemError, match=r"has no room for \d+ more points"):
        place_clients(np.random.default_rng(0), positions, 30, 2, 1.0, 4, NOBODY)


def test_distinct_keeps_the_first_of_each_in_order() -> None:
    stream = iter([np.array([[0, 1], [0, 1], [2, 2], [0, 0], [1, 0]]), np.array([[1, 0], [1, 1]])])

    def draw(_: int) -> Array:
        return next(stream)

    points = draw_distinct(draw, 4, np.array([[0, 0]]), 2)
    assert points.tolist() == [[0, 1], [2, 2], [1, 0], [1, 1]]


@pytest.mark.parametrize("decay", [1.5, 6.0])
def test_attraction_is_the_sum_of_exponentials_of_the_distance(decay: float) -> None:
    side, draws = 20, 300_000
    seeds = np.array([[2, 3], [14, 9], [20, 20]])
    grid = np.stack(np.meshgrid(np.arange(21), np.arange(21), indexing="ij"), axis=-1)
    distance = np.linalg.norm(grid[:, :, None, :] - seeds, axis=-1)
    expected = np.exp(-distance / decay).sum(axis=-1)
    expected /= expected.sum()
    points = draw_around(np.random.default_rng(1), seeds, decay, side, draws)
    found = np.zeros((side + 1, side + 1))
    np.add.at(found, tuple(points.T), 1)
    kept = len(points)
    # chi-square over 441 cells: mean 440, standard deviation 30
    likely = expected * kept > 5
    chi_square = ((found - expected * kept) ** 2 / (expected * kept))[likely].sum()
    degrees = int(likely.sum()) - 1
    assert abs(chi_square - degrees) < 5 * np.sqrt(2 * degrees)


def test_uniform_points_are_spread_evenly() -> None:
    rng = np.random.default_rng(3)
    points = place_clients(rng, Positions.RANDOM, 100_000, 5, 40.0, 1000, NOBODY)
    counts, _, _ = np.histogram2d(*points.T, bins=10, range=[[0, 1001], [0, 1001]])
    assert abs(counts - 1000).max() < 5 * np.sqrt(1000)


def test_half_of_mixed_positions_lie_around_the_seeds() -> None:
    rng = np.random.default_rng(4)
    points = place_clients(rng, Positions.MIXED, 2000, 3, 10.0, 1000, NOBODY)
    seeds = points[:3]
    nearest = np.linalg.norm(points[:, None] - seeds, axis=-1).min(axis=1)
    assert (nearest[:1000] < 150).all()
    assert (nearest[1000:] > 150).mean() > 0.7


def test_random_integers_include_both_ends() -> None:
    numbers = random_integers(np.random.default_rng(5), 3, 8, 1000)
    assert set(numbers.tolist()) == {3, 4, 5, 6, 7, 8}
