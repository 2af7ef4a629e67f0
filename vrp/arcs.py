"""Lengths of arcs between coordinates: the rules of TSPLIB, DIMACS and double precision.

Every length starts as ``sqrt(dx² + dy²)`` on integer grid coordinates. IEEE 754 rounds that
square root correctly, so numpy, Numba and torch get the same bits; ``hypot`` and ``cdist`` do not
promise that.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from polyroute.vrp.errors import ProblemError

Array = np.ndarray


class ArcRule(IntEnum):
    """How the length of an arc follows from coordinates; the value is what kernels receive."""

    NEAREST = 0  # TSPLIB EUC_2D: rounded to the nearest integer, halves up
    FLOOR = 1
    CEIL = 2  # TSPLIB CEIL_2D
    TRUNC1 = 3  # DIMACS VRPTW: truncated to one decimal
    MILLI = 4  # rounded to the nearest thousandth
    NONE = 5  # double precision, rounded to the problem's length scale
    GEO = 6  # TSPLIB GEO: whole kilometres on the sphere, coordinates in DDD.MM
    ATT = 7  # TSPLIB ATT: pseudo-Euclidean

    @property
    def label(self) -> str:
        """The name used on the command line and in files."""
        return self.name.lower()

    @classmethod
    def from_label(cls, label: str) -> ArcRule:
        """The rule called `label`; raises ProblemError that lists the known ones."""
        try:
            return cls[label.upper()]
        except KeyError:
            known = ", ".join(rule.label for rule in cls)
            raise ProblemError(
                f"rounding rule {label!r} is unknown, expected one of {known}"
            ) from None

    @property
    def least_scale(self) -> int:
        """The smallest length scale at which lengths under this rule are integers."""
        return {ArcRule.TRUNC1: 10, ArcRule.MILLI: 1000}.get(self, 1)


EARTH_RADIUS = 6378.388  # km, as TSPLIB95 §2.4 fixes it
TSPLIB_PI = 3.141592  # TSPLIB95 prescribes these digits


def geo_radians(grid: Array, grid_scale: int) -> Array:
    """Latitude and longitude in radians from grid coordinates in DDD.MM (TSPLIB95 §2.4).

    Returns an array of the shape of `grid`. The integer part is truncated, as in the published
    distances; the document's own ``nint`` would give other optima.
    """
    value = grid / grid_scale
    degrees = np.trunc(value)
    minutes = value - degrees
    return TSPLIB_PI * (degrees + 5.0 * minutes / 3.0) / 180.0


def arc_lengths(
    tail: Array, head: Array, rule: ArcRule, grid_scale: int, length_scale: int
) -> Array:
    """Lengths of the arcs from `tail` to `head`.

    Parameters
    ----------
    tail, head
        Integer grid coordinates (..., 2) that broadcast against each other.
    rule
        How the Euclidean length is rounded.
    grid_scale
        Grid steps per unit of the file's coordinates.
    length_scale
        Integer lengths per unit of the file's lengths.

    Returns
    -------
    int64 lengths in `length_scale`.
    """
    if rule is ArcRule.GEO:
        return geo_lengths(tail, head, grid_scale) * length_scale
    dx = (tail[..., 0] - head[..., 0]).astype(np.float64)
    dy = (tail[..., 1] - head[..., 1]).astype(np.float64)
    root = np.sqrt(dx * dx + dy * dy)
    if rule is ArcRule.ATT:
        root = np.sqrt((dx * dx + dy * dy) / 10.0) / grid_scale
        rounded = np.floor(root + 0.5)
        rounded = np.where(rounded < root, rounded + 1.0, rounded)
    elif rule is ArcRule.NEAREST:
        rounded = np.floor(root / grid_scale + 0.5)
    elif rule is ArcRule.FLOOR:
        rounded = np.floor(root / grid_scale)
    elif rule is ArcRule.CEIL:
        rounded = np.ceil(root / grid_scale)
    else:
        digits = {ArcRule.TRUNC1: 10, ArcRule.MILLI: 1000}.get(rule, length_scale)
        half = 0.0 if rule is ArcRule.TRUNC1 else 0.5
        rounded = np.floor(digits * root / grid_scale + half)
        return rounded.astype(np.int64) * (length_scale // digits)
    return rounded.astype(np.int64) * length_scale


def geo_lengths(tail: Array, head: Array, grid_scale: int) -> Array:
    """Great-circle lengths in whole kilometres (TSPLIB95 §2.4): one even between equal points."""
    lat_t, lon_t = np.moveaxis(geo_radians(tail, grid_scale), -1, 0)
    lat_h, lon_h = np.moveaxis(geo_radians(head, grid_scale), -1, 0)
    q1 = np.cos(lon_t - lon_h)
    q2 = np.cos(lat_t - lat_h)
    q3 = np.cos(lat_t + lat_h)
    cosine = np.clip(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3), -1.0, 1.0)
    return np.floor(EARTH_RADIUS * np.arccos(cosine) + 1.0).astype(np.int64)
