"""Places: clients at one address, or so near to each other that it makes no difference."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from polyroute.vrp.problem import UNLIMITED, Problem

Array = np.ndarray

SAME = 1e-3
"""Nodes are at one place if less than that share of the mean way to a depot lies between them."""

MANY = 5
"""A problem has shared places if so many clients are at one."""


def shared_places(problem: Problem) -> Array | None:
    """The place of each node, (N,) int64 from 0, or None where clients hardly share any.

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
    pairs = cKDTree(points).query_pairs(_reach(ways), output_type="ndarray")
    found = _joined(pairs[:, 0], pairs[:, 1], len(points))
    return found[place.reshape(-1)]


def _reach(ways: Array) -> float:
    """The longest way within a place; `ways` lead from a depot to the clients."""
    there = ways[ways < UNLIMITED]
    return SAME * float(there.mean()) if there.size else 0.0


def _joined(tails: Array, heads: Array, number: int) -> Array:
    """The components of a graph of `number` nodes, numbered."""
    graph = coo_array((np.ones(len(tails), dtype=bool), (tails, heads)), shape=(number, number))
    return connected_components(graph, directed=False)[1].astype(np.int64)
