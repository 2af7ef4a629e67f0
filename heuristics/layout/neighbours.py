"""Neighbour lists: for each node the clients that belong near it, nearest first."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.layout.by_places import nearest_by_places
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.lengths import MATRIX_NODES
from polyroute.heuristics.layout.proximity import proximity
from polyroute.vrp.problem import Problem

Array = np.ndarray

CHUNK = 512

FEW_NODES = 1500
"""Up to so many nodes all are compared: that is quicker than to import what builds a tree."""


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
        return nearest_by_places(problem, place, number, windows)
    if not facts.lengths_given and not (windows and problem.num_nodes <= MATRIX_NODES):
        search = _by_comparing if problem.num_nodes <= FEW_NODES else _by_tree
        pool = search(problem, min(3 * number, problem.num_clients - 1) if windows else number)
        return _rank(problem, pool, number) if windows else pool
    return _by_rows(problem, number, windows)


def _by_comparing(problem: Problem, number: int) -> Array:
    """Nearest clients by their coordinates, each node compared with all, a chunk at a time."""
    first, places = problem.num_depots, problem.coords.astype(np.float64)
    rows = []
    for start in range(0, problem.num_nodes, CHUNK):
        here = places[start : start + CHUNK]
        apart = ((here[:, None, :] - places[None, first:, :]) ** 2).sum(axis=2)
        own = np.arange(max(start, first), start + len(here))
        apart[own - start, own - first] = np.inf
        pool = np.argpartition(apart, number - 1, axis=1)[:, :number]
        order = np.argsort(np.take_along_axis(apart, pool, axis=1), axis=1, kind="stable")
        rows.append(np.take_along_axis(pool, order, axis=1) + first)
    return np.concatenate(rows).astype(np.int32)


def _by_tree(problem: Problem, number: int) -> Array:
    """Nearest clients by a k-d tree on the coordinates; equal distances in the tree's order."""
    from scipy.spatial import cKDTree  # takes a quarter of a second

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


def _rank(problem: Problem, pool: Array, number: int) -> Array:
    """The `number` closest of each row of `pool`."""
    nodes = np.arange(problem.num_nodes)[:, None]
    order = np.argsort(proximity(problem, nodes, pool, True), axis=1, kind="stable")
    return np.take_along_axis(pool, order[:, :number], axis=1)
