"""Neighbour lists: for each node the clients that belong near it, nearest first.

Where many clients share a place (`layout.places`), lists of the nearest would hold nobody else. So
of one place a few are listed first, different ones for different nodes, then more of each.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.lengths import MATRIX_NODES
from polyroute.vrp.problem import UNLIMITED, Problem

Array = np.ndarray

WAIT_WEIGHT = 0.2
WARP_WEIGHT = 1.0
"""What unavoidable waiting and lateness add to proximity, per unit of time (Vidal et al. 2013)."""

CHUNK = 512

FIRST = 12
"""Leading columns of a list, of which the local search looks at no more by default."""

OF_OWN, OF_OTHER = 4, 2
"""So many clients of a node's own place are among the first, and of any other place."""

MORE_OF_OWN, MORE_OF_OTHER = 16, 4
"""Behind them so many are listed in each turn, until a list is full."""

PLACES = 100
"""Beyond `MATRIX_NODES` so many places are looked at, and of each so many as fill a few turns."""


def nearest(problem: Problem, facts: Facts, number: int, place: Array | None = None) -> Array:
    """For each node the `number` nearest clients, itself left out: (N, K) int32.

    `place` is the place of each node, if clients share any (`layout.places`).
    Under time windows near also means near in time. K is smaller where there are fewer clients.
    """
    number = min(number, problem.num_clients - 1)
    if number <= 0:
        return np.zeros((problem.num_nodes, 0), dtype=np.int32)
    windows = bool(problem.active & {"tw_early", "tw_late"})
    if place is not None:
        return _by_places(problem, place, number, windows)
    if not facts.lengths_given and not (windows and problem.num_nodes <= MATRIX_NODES):
        pool = _by_tree(problem, min(3 * number, problem.num_clients - 1) if windows else number)
        return _rank(problem, pool, number) if windows else pool
    return _by_rows(problem, number, windows)


def _by_tree(problem: Problem, number: int) -> Array:
    """Nearest clients by a k-d tree on the coordinates; equal distances in the tree's order."""
    first = problem.num_depots
    tree = cKDTree(problem.coords[first:].astype(np.float64))
    _, found = tree.query(problem.coords.astype(np.float64), k=number + 1)
    found = found.astype(np.int64) + first
    own = found == np.arange(problem.num_nodes)[:, None]
    own[~own.any(axis=1), -1] = True  # a depot, or a client hidden by others at its place
    return found[~own].reshape(problem.num_nodes, number).astype(np.int32)


def _by_rows(problem: Problem, number: int, windows: bool) -> Array:
    """Nearest clients from whole rows of lengths, a chunk of rows at a time."""
    clients = np.arange(problem.num_depots, problem.num_nodes)
    rows = []
    for start in range(0, problem.num_nodes, CHUNK):
        nodes = np.arange(start, min(start + CHUNK, problem.num_nodes))
        near = proximity(problem, nodes[:, None], clients[None, :], windows)
        near[nodes[:, None] == clients[None, :]] = np.inf
        rows.append(clients[np.argsort(near, axis=1, kind="stable")[:, :number]])
    return np.concatenate(rows).astype(np.int32)


def _by_places(problem: Problem, place: Array, number: int, windows: bool) -> Array:
    """Lists that hold few of many clients at one place, and clients of many places."""
    rng = np.random.default_rng(0)
    clients = np.arange(problem.num_depots, problem.num_nodes)
    rows = []
    for start in range(0, problem.num_nodes, CHUNK):
        nodes = np.arange(start, min(start + CHUNK, problem.num_nodes))
        pool = np.broadcast_to(clients, (len(nodes), len(clients)))
        near = proximity(problem, nodes[:, None], pool, windows).astype(np.float64)
        near[nodes[:, None] == pool] = np.inf
        order = np.lexsort((rng.random(near.shape), near), axis=1)
        pool = np.take_along_axis(pool, order, axis=1)[:, : len(clients) - 1]
        rows.append(_mixed(pool, place[pool], place[nodes], number))
    return np.concatenate(rows).astype(np.int32)


def _mixed(pool: Array, place: Array, own: Array, number: int) -> Array:
    """Of each row of `pool`, nearest first, `number` clients of many places, (n, number).

    `place` (n, M) is the place of each of them, `own` (n,) that of the row's node.
    """
    level = _levels(place)
    mine = place == own[:, None]
    first = level < np.where(mine, OF_OWN, OF_OTHER)
    first &= np.cumsum(first, axis=1) <= FIRST
    turn = level // np.where(mine, MORE_OF_OWN, MORE_OF_OTHER)
    turn[first] = -1
    chosen = np.sort(np.argsort(turn, axis=1, kind="stable")[:, :number], axis=1)
    behind = ~np.take_along_axis(first, chosen, axis=1)
    chosen = np.take_along_axis(chosen, np.argsort(behind, axis=1, kind="stable"), axis=1)
    return np.take_along_axis(pool, chosen, axis=1)


def _levels(place: Array) -> Array:
    """For each entry of a row how many of the same place are before it, (n, M)."""
    order = np.argsort(place, axis=1, kind="stable")
    there = np.take_along_axis(place, order, axis=1)
    column = np.arange(place.shape[1])
    begins = np.ones(place.shape, dtype=bool)
    begins[:, 1:] = there[:, 1:] != there[:, :-1]
    since = column - np.maximum.accumulate(np.where(begins, column, 0), axis=1)
    level = np.empty_like(since)
    np.put_along_axis(level, order, since, axis=1)
    return level


def _rank(problem: Problem, pool: Array, number: int) -> Array:
    """The `number` closest of each row of `pool`."""
    nodes = np.arange(problem.num_nodes)[:, None]
    order = np.argsort(proximity(problem, nodes, pool, True), axis=1, kind="stable")
    return np.take_along_axis(pool, order[:, :number], axis=1)


def proximity(problem: Problem, tail: Array, head: Array, windows: bool) -> Array:
    """How well two nodes follow each other in the better direction; float64, broadcast."""
    there = _directed(problem, tail, head, windows)
    if problem.is_symmetric and not windows:
        return there
    return np.minimum(there, _directed(problem, head, tail, windows))


def _directed(problem: Problem, tail: Array, head: Array, windows: bool) -> Array:
    length = problem.distances_between(tail, head).astype(np.float64)
    if not windows:
        return length
    time = problem.durations_between(tail, head)
    ready = problem.service[tail] + time
    early, late = problem.tw_early.min(axis=1), problem.tw_late.max(axis=1)
    wait = np.maximum(early[head] - ready - late[tail], 0)
    warp = np.maximum(early[tail] + ready - late[head], 0)
    length += WAIT_WEIGHT * np.minimum(wait, UNLIMITED) + WARP_WEIGHT * warp
    return length
