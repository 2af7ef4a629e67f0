"""Distinct points on an integer grid: uniform, or attracted by seeds.

Only `Generator.random` is drawn from, whose stream NumPy keeps across versions.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import numpy as np

from polyroute.vrp.errors import ProblemError

Array = np.ndarray


class Positions(Enum):
    """How clients lie: at random, in clusters, or half of them each."""

    RANDOM = "R"
    CLUSTERED = "C"
    MIXED = "RC"


def random_integers(rng: np.random.Generator, low: int, high: int, count: int) -> Array:
    """`count` integers from `low` to `high`, both included, int64."""
    return low + np.floor(rng.random(count) * (high - low + 1)).astype(np.int64)


def place_clients(
    rng: np.random.Generator,
    positions: Positions,
    number: int,
    num_seeds: int,
    decay: float,
    side: int,
    taken: Array,
) -> Array:
    """Distinct points on the grid [0, side]² that avoid `taken`.

    The seeds are uniform and belong to the points. Then come the clustered points, each drawn
    with a probability proportional to Σ exp(−d / decay) over the distances d to the seeds (Uchoa
    et al. 2017, §3.1), then the uniform ones.

    Parameters
    ----------
    number
        How many points.
    num_seeds
        Attracting seeds; unused where all points are uniform.
    decay
        Distance at which the attraction falls to 1/e.
    taken
        Points (M, 2) that are occupied already.

    Returns
    -------
    (number, 2) int64: seeds, clustered, uniform.

    Raises
    ------
    ProblemError
        If the grid has no room for so many points.
    """

    def uniform(count: int) -> Array:
        return np.floor(rng.random((count, 2)) * (side + 1)).astype(np.int64)

    clustered = {Positions.RANDOM: 0, Positions.CLUSTERED: number}.get(positions, number // 2)
    num_seeds = min(num_seeds, clustered)
    points = draw_distinct(uniform, num_seeds, taken, side)

    def attracted(count: int) -> Array:
        return draw_around(rng, points[:num_seeds], decay, side, count)

    for draw, count in ((attracted, clustered - num_seeds), (uniform, number - clustered)):
        more = draw_distinct(draw, count, np.concatenate((taken, points)), side)
        points = np.concatenate((points, more))
    return points


def check_places(places: int | None, number: int) -> None:
    """Raise ProblemError unless `number` clients can share that many places."""
    if places is not None and not 1 <= places <= number:
        raise ProblemError(f"places is {places}, expected 1 to {number}, one for each client")


def at_places(rng: np.random.Generator, places: Array, number: int) -> Array:
    """Points (number, 2), each at one of `places` (P, 2): first one at each, then at random.

    Blocks of flats, malls and depots give many clients the same address.
    """
    more = random_integers(rng, 0, len(places) - 1, number - len(places))
    return places[np.concatenate((np.arange(len(places)), more))]


def draw_around(
    rng: np.random.Generator, seeds: Array, decay: float, side: int, count: int
) -> Array:
    """At most `count` grid points, each with probability ∝ Σ exp(−d / decay) over the seeds.

    Exact, in constant time a point: a place in the plane falls around a uniform seed with density
    exp(−d / decay), which makes its distance the sum of two exponentials; it moves to the nearest
    grid point and stays with probability exp((d − d′ − ½√2) / decay) ≤ 1, d′ being that point's
    distance. Summed over the unit square around a point, what stays is ∝ exp(−d′ / decay).
    """
    u = rng.random((count, 5))
    seed = seeds[(u[:, 0] * len(seeds)).astype(np.int64)]
    distance = -decay * (np.log1p(-u[:, 1]) + np.log1p(-u[:, 2]))
    angle = 2.0 * np.pi * u[:, 3]
    step = distance[:, None] * np.stack((np.cos(angle), np.sin(angle)), axis=1)
    offset = np.floor(step + 0.5)
    moved = np.sqrt((offset * offset).sum(axis=1))
    stays = u[:, 4] < np.exp((distance - moved - np.sqrt(0.5)) / decay)
    points = seed + offset.astype(np.int64)
    inside = ((points >= 0) & (points <= side)).all(axis=1)
    return points[stays & inside]


def draw_distinct(draw: Callable[[int], Array], number: int, taken: Array, side: int) -> Array:
    """The first `number` points from `draw` that are new, neither in `taken` nor drawn before."""
    width = side + 1
    used = taken[:, 0] * width + taken[:, 1]
    kept: list[Array] = []
    missing = number
    while missing:
        points = draw(max(2 * missing, 1024))
        keys = points[:, 0] * width + points[:, 1]
        _, first = np.unique(keys, return_index=True)
        fresh = np.sort(first)
        fresh = fresh[~np.isin(keys[fresh], used)][:missing]
        if 1000 * len(fresh) < min(missing, len(points)):
            raise ProblemError(
                f"the grid [0, {side}]² has no room for {number} more points, expected a larger one"
            )
        used = np.concatenate((used, keys[fresh]))
        kept.append(points[fresh])
        missing -= len(fresh)
    return np.concatenate(kept) if kept else np.empty((0, 2), dtype=np.int64)
