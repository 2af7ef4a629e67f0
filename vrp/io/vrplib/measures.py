"""Lengths that TSPLIB and LKH-3 define and no arc rule has: tabulated when the file is read.

Reference: G. Reinelt, "TSPLIB 95", 1995, §2.1 to §2.3; K. Helsgaun, "An extension of the
Lin-Kernighan-Helsgaun TSP solver", 2017.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.exact import LARGEST_TABLE
from polyroute.vrp.io.keywords import Header

Array = np.ndarray


def _nearest(values: Array) -> Array:
    return np.floor(values + 0.5)


def _straight(steps: Array) -> Array:
    return np.sqrt((steps * steps).sum(axis=-1))


TABULATED: dict[str, tuple[int, Callable[[Array], Array]]] = {
    "EUC_3D": (3, lambda steps: _nearest(_straight(steps))),
    "CEIL_3D": (3, lambda steps: np.ceil(_straight(steps))),
    "FLOOR_3D": (3, lambda steps: np.floor(_straight(steps))),
    "MAN_2D": (2, lambda steps: _nearest(steps.sum(axis=-1))),
    "MAN_3D": (3, lambda steps: _nearest(steps.sum(axis=-1))),
    "MAX_2D": (2, lambda steps: _nearest(steps).max(axis=-1)),
    "MAX_3D": (3, lambda steps: _nearest(steps).max(axis=-1)),
}
"""Each EDGE_WEIGHT_TYPE of this kind: how many coordinates it takes, and the lengths from how far
two points are apart in each."""


def tabulate(points: Array, measure: Header) -> Array:
    """The lengths between all of `points`, float64 (nodes, nodes); raises ReadError for many."""
    if len(points) > LARGEST_TABLE:
        raise ReadError(
            f"{len(points)} nodes, whose lengths {measure.value} tabulates, expected at most "
            f"{LARGEST_TABLE}",
            line=measure.line,
        )
    lengths = TABULATED[measure.value.upper()][1]
    matrix = np.empty((len(points), len(points)))
    for node, point in enumerate(points):  # row by row: three coordinates would take the memory
        matrix[node] = lengths(np.abs(points - point))
    return matrix
