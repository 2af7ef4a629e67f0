"""Places: clients at one address, or so near to each other that it makes no difference."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.layout.neighbours import FEW_NODES
from polyroute.vrp.problem import UNLIMITED, Problem

Array = np.ndarray

SAME = 1e-3
"""Nodes are at one place if less than that share of the mean way to a depot lies between them."""

MANY = 5
"""A problem has shared places if so many clients are at one."""


def shared_places(problem: Problem) -> Array | None:
    """A number for each node, (N,) int64, that those at one place share; None if hardly any do.

    Of nodes that a given matrix holds, those are at one place between whom it has next to no way in
    either direction, and of points in the plane those that lie so near.
    """
    if problem.num_clients < MANY:
        return None
    place = _given(problem) if problem.distance is not None else _in_the_plane(problem)
    return place if np.bincount(place[problem.num_depots :]).max() >= MANY else None


def longest_within(problem: Problem, place: Array | None, near: Array, costs: Array) -> float:
    """The dearest arc from a client to a near one at the same place, -1 without shared places.

    `near` (N, K) lists near clients, and `costs` (C, K) what it costs to go to those of clients.
    """
    if place is None:
        return -1.0
    near = near[problem.num_depots :]
    same = place[near] == place[problem.num_depots :, None]
    return float(costs[same].max(initial=-1.0))


def _given(problem: Problem) -> Array:
    """By the first profile's matrix."""
    assert problem.distance is not None
    matrix = problem.distance[0]
    near = matrix <= _reach(matrix[0, problem.num_depots :])
    tails, heads = np.nonzero(near & near.T)
    return _joined(tails, heads, problem.num_nodes)


def _in_the_plane(problem: Problem) -> Array:
    """By the coordinates, each of them looked at once."""
    assert problem.coords is not None
    points, place = np.unique(problem.coords, axis=0, return_inverse=True)
    ways = np.linalg.norm(problem.coords[problem.num_depots :] - problem.coords[0], axis=1)
    found = _joined(*_close(points.astype(np.float64), _reach(ways)), len(points))
    return found[place.reshape(-1)]


def _close(points: Array, reach: float) -> tuple[Array, Array]:
    """The pairs of `points` (P, 2) that are at most `reach` apart, both ends (M,) int64."""
    if len(points) <= FEW_NODES:
        x, y = (np.abs(column[:, None] - column[None, :]) for column in points.T)
        tails, heads = np.nonzero(x * x + y * y <= reach * reach)
        return tails, heads
    from scipy.spatial import cKDTree  # takes a quarter of a second

    pairs = cKDTree(points).query_pairs(reach, output_type="ndarray")
    return pairs[:, 0], pairs[:, 1]


def _reach(ways: Array) -> float:
    """The longest way within a place; `ways` lead from a depot to the clients."""
    there = ways[ways < UNLIMITED]
    return SAME * float(there.mean()) if there.size else 0.0


def _joined(tails: Array, heads: Array, number: int) -> Array:
    """The components of a graph of `number` nodes, each by its least node, (number,) int64."""
    # Not by SciPy, whose import takes longer than all of this on most problems.
    found = np.arange(number)
    while True:
        joined = found.copy()
        np.minimum.at(joined, tails, found[heads])
        np.minimum.at(joined, heads, found[tails])
        joined = joined[joined]
        if (joined == found).all():
            return found
        found = joined
