"""Lengths that TSPLIB and LKH-3 define and no arc rule has: tabulated when the file is read.

Reference: G. Reinelt, "TSPLIB 95", 1995, §2.1 to §2.3; K. Helsgaun, "An extension of the
Lin-Kernighan-Helsgaun TSP solver", 2017.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.exact import LARGEST_TABLE
from polyroute.vrp.io.keywords import Header, KeywordFile
from polyroute.vrp.io.text import integer

Array = np.ndarray

LARGEST_SCALE = 10**6


def _nearest(values: Array) -> Array:
    return np.floor(values + 0.5)


def _straight(steps: Array) -> Array:
    return np.sqrt((steps * steps).sum(axis=-1))


Measure = tuple[int, Callable[[Array], Array]]

TABULATED: dict[str, Measure] = {
    "EUC_3D": (3, lambda steps: _nearest(_straight(steps))),
    "CEIL_3D": (3, lambda steps: np.ceil(_straight(steps))),
    "FLOOR_3D": (3, lambda steps: np.floor(_straight(steps))),
    "EXACT_3D": (3, lambda steps: _nearest(_straight(steps))),
    "MAN_2D": (2, lambda steps: _nearest(steps.sum(axis=-1))),
    "MAN_3D": (3, lambda steps: _nearest(steps.sum(axis=-1))),
    "MAX_2D": (2, lambda steps: _nearest(steps).max(axis=-1)),
    "MAX_3D": (3, lambda steps: _nearest(steps).max(axis=-1)),
}
"""Each EDGE_WEIGHT_TYPE of this kind: how many coordinates it takes, and the lengths from how far
two points are apart in each."""

SCALED: dict[str, Measure] = {
    "EUC_2D": (2, TABULATED["EUC_3D"][1]),
    "CEIL_2D": (2, TABULATED["CEIL_3D"][1]),
    "FLOOR_2D": (2, TABULATED["FLOOR_3D"][1]),
    "EXACT_2D": (2, TABULATED["EUC_3D"][1]),
}
"""What is tabulated, too, where a SCALE has no arc rule of its own."""

EXACT_SCALE = 1000
"""LKH-3's SCALE for exact lengths where the file has none."""


def read_scale(file: KeywordFile) -> int:
    """LKH-3's SCALE, by which lengths are multiplied before they are rounded; 1 unless given."""
    if "SCALE" not in file.headers:
        return 1
    header = file.headers["SCALE"]
    scale = integer(header.value, "SCALE", header.line, 1)
    rest = scale
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or scale > LARGEST_SCALE:
        raise header.error("10, 100 or the like, so that lengths have few decimals")
    return scale


def tabulate(points: Array, measure: Header, scale: int) -> Array:
    """The lengths between all of `points`, rounded to one part in `scale`.

    Returns float64 (nodes, nodes); raises ReadError for too many nodes.
    """
    if len(points) > LARGEST_TABLE:
        raise ReadError(
            f"{len(points)} nodes, whose lengths {measure.value} tabulates, expected at most "
            f"{LARGEST_TABLE}",
            line=measure.line,
        )
    lengths = (TABULATED | SCALED)[measure.value.upper()][1]
    matrix = np.empty((len(points), len(points)))
    for node, point in enumerate(points):  # row by row: three coordinates would take the memory
        matrix[node] = lengths(np.abs(points - point) * scale) / scale
    return matrix
