"""Neighbour lists where many clients share a place: few of each, and of many places.

Lists of the nearest would hold nobody from elsewhere. So of one place a few are listed first,
different ones for different nodes, and then more of each.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.layout.lengths import MATRIX_NODES
from polyroute.heuristics.layout.proximity import proximity
from polyroute.vrp.problem import Problem

Array = np.ndarray

CHUNK = 512
"""Nodes whose lists are made at a time."""

LEADING = 12
"""Leading columns of a list, of which the local search looks at no more by default."""

OF_OWN, OF_OTHER = 4, 2
"""So many clients of a node's own place are among the first, and of any other place."""

MORE_OF_OWN, MORE_OF_OTHER = 16, 4
"""Behind them so many are listed in each turn, until a list is full."""

NOISE = 1e-2
"""Equals come in any order, another one for each node. No lengths differ by so little."""


def nearest_by_places(problem: Problem, place: Array, number: int, windows: bool) -> Array:
    """Lists that hold few of many clients at one place, and clients of many places, (N, K) int32.

    `place` (N,) is the place of each node. K is `number`, or less if too few are looked at.
    """
    rng = np.random.default_rng(0)
    if problem.num_nodes <= MATRIX_NODES or problem.coords is None:
        clients = np.arange(problem.num_depots, problem.num_nodes)
        pool = np.broadcast_to(clients, (problem.num_nodes, len(clients)))
    else:
        pool = _near_places(problem, place, number, rng)
    own = np.arange(problem.num_nodes)[:, None]
    number = min(number, int(((pool >= 0) & (pool != own)).sum(axis=1).min()))
    rows = []
    for start in range(0, problem.num_nodes, CHUNK):
        nodes = np.arange(start, min(start + CHUNK, problem.num_nodes))
        found = pool[nodes]
        near = proximity(problem, nodes[:, None], np.maximum(found, 0), windows).astype(np.float64)
        near += NOISE * rng.random(near.shape)
        near[(found < 0) | (found == nodes[:, None])] = np.inf
        order = np.argsort(near, axis=1)
        found = np.take_along_axis(found, order, axis=1)
        near = np.take_along_axis(near, order, axis=1)
        chosen = _mixed(place[found], near < np.inf, place[nodes], number)
        rows.append(np.take_along_axis(found, chosen, axis=1))
    return np.concatenate(rows).astype(np.int32)


def _near_places(problem: Problem, place: Array, number: int, rng: np.random.Generator) -> Array:
    """Clients to choose lists from, (N, M), -1 for none: some of each of the nearest places."""
    from scipy.spatial import cKDTree  # takes a quarter of a second

    assert problem.coords is not None
    clients = problem.num_depots + rng.permutation(problem.num_clients)
    clients = clients[np.argsort(place[clients], kind="stable")]
    size = np.bincount(place[clients], minlength=place.max() + 1)
    begin = np.cumsum(size) - size
    taken = np.flatnonzero(size)
    points = problem.coords[clients[begin[taken]]].astype(np.float64)
    _, ranked = cKDTree(points).query(problem.coords, k=min(number + 1, len(taken)))
    where = taken[ranked.reshape(problem.num_nodes, -1)]
    turn = np.arange(problem.num_nodes)[:, None]
    of_own = max(number // 2, OF_OWN)
    of_other = max(-(-number // where.shape[1]), MORE_OF_OTHER)
    pools = []
    for column in range(where.shape[1]):
        there = where[:, column, None]
        index = np.arange(max(of_own, of_other) if column == 0 else of_other)
        member = clients[begin[there] + (turn + index) % size[there]]
        pools.append(np.where(index < size[there], member, -1))
    return np.concatenate(pools, axis=1)


def _mixed(place: Array, is_one: Array, own: Array, number: int) -> Array:
    """Columns of `number` clients of many places for each row, nearest first, (n, number).

    `place` (n, M) is the place of each of them, where there `is_one` (n, M), and `own` (n,) that of
    the row's node.
    """
    level = _levels(place)
    mine = place == own[:, None]
    first = is_one & (level < np.where(mine, OF_OWN, OF_OTHER))
    first &= np.cumsum(first, axis=1) <= LEADING
    turn = level // np.where(mine, MORE_OF_OWN, MORE_OF_OTHER)
    turn[first] = -1
    turn[~is_one] = place.shape[1]
    chosen = np.sort(np.argsort(turn, axis=1, kind="stable")[:, :number], axis=1)
    behind = ~np.take_along_axis(first, chosen, axis=1)
    return np.take_along_axis(chosen, np.argsort(behind, axis=1, kind="stable"), axis=1)


def _levels(place: Array) -> Array:
    """For each entry of a row how many of the same place are before it, (n, M)."""
    if place.max() < 2**16:
        place = place.astype(np.uint16)  # which NumPy sorts in linear time
    order = np.argsort(place, axis=1, kind="stable")
    there = np.take_along_axis(place, order, axis=1)
    column = np.arange(place.shape[1])
    begins = np.ones(place.shape, dtype=bool)
    begins[:, 1:] = there[:, 1:] != there[:, :-1]
    since = column - np.maximum.accumulate(np.where(begins, column, 0), axis=1)
    level = np.empty_like(since)
    np.put_along_axis(level, order, since, axis=1)
    return level
