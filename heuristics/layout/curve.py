"""Clients in the order of a space-filling curve, so that what is near on the map is in memory.

Files list clients in any order. Numbered along Hilbert's curve (Hilbert 1891, Mathematische Annalen
38:459), clients that are tried together share cache lines in every table.
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.problem import ATTRIBUTES, Problem

Array = np.ndarray

CURVE_BITS = 16
"""The curve passes through a grid of 2^16 cells a side."""


def curve_order(problem: Problem) -> Array:
    """The nodes in the order of the curve, depots first as they were: (N,) int64.

    Without positions, the order that they have.
    """
    first = problem.num_depots
    nodes = np.arange(problem.num_nodes)
    if problem.coords is None or problem.num_clients == 0:
        return nodes
    place = problem.coords[first:].astype(np.float64)
    corner = place.min(axis=0)
    side = max(float((place - corner).max()), 1.0)
    cells = ((place - corner) / side * (2**CURVE_BITS - 1)).astype(np.int64)
    along = np.argsort(_curve_position(cells[:, 0], cells[:, 1]), kind="stable")
    return np.concatenate([nodes[:first], along + first])


def _curve_position(x: Array, y: Array) -> Array:
    """How far along Hilbert's curve each cell lies."""
    position = np.zeros(len(x), dtype=np.int64)
    for bit in reversed(range(CURVE_BITS)):
        size = 1 << bit
        right, top = (x & size) > 0, (y & size) > 0
        position += size * size * ((3 * right) ^ top)
        x, y = x & (size - 1), y & (size - 1)
        # the lower quadrants are passed through turned, the right one of them mirrored as well
        mirrored = right & ~top
        x, y = np.where(mirrored, size - 1 - x, x), np.where(mirrored, size - 1 - y, y)
        x, y = np.where(top, x, y), np.where(top, y, x)
    return position


def reordered(problem: Problem, order: Array) -> Problem:
    """The same problem with node `order[i]` as node i; depots must stay where they are.

    Names and ids are left out: nobody sees this problem but the search.
    """
    changes: dict[str, object] = {"node_id": (), "node_name": ()}
    for item in ATTRIBUTES:
        value = getattr(problem, item.name)
        if value is None:
            continue
        for axis, letter in enumerate(item.axes):
            if letter == "N":
                value = np.take(value, order, axis=axis)
        changes[item.name] = value
    number = dict(zip(order.tolist(), range(len(order)), strict=True))
    for table in ("pairs", "groups", "reloads", "pins"):
        changes[table] = tuple(record.renumber(number) for record in getattr(problem, table))
    return problem.replace(**changes)
