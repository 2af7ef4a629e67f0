"""What kernels work on: a handful of arrays in named tuples, and the names of their columns.

`Load` and `Timed` hold the problem and never change during a search; the class of the tuple
chooses the specialisation (see `heuristics.segment`). `State` holds the solution under search.
All measures are float64 that hold the problem's integers exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Array = np.ndarray

DEPOT = 0

# Columns of `node`.
X, Y, DEMAND, EARLY, LATE, SERVICE, RELEASE = range(7)
# Entries of `fleet`.
CAPACITY, MAX_ROUTES, MAX_DISTANCE, MAX_DURATION, MIRRORED, FORBIDDEN = range(6)
# Entries of `rule`: see `vrp.arcs`.
DIGITS, GRID, HALF, FACTOR, MODE = range(5)
ROUND_DOWN, ROUND_UP, ROUND_ATT = 0.0, 1.0, 2.0


class Load(NamedTuple):
    """A problem whose routes are bound by their load alone."""

    node: Array  # (N, 7) float64
    matrix: Array  # (N, N) float64, or (0, 0): compute lengths from coordinates
    times: Array  # (0, 0): unused
    near: Array  # (N, K) int32, nearest clients first
    near_length: Array  # (N, K) float64
    rule: Array  # (5,) float64
    fleet: Array  # (6,) float64


class Timed(NamedTuple):
    """A problem with time windows or release times, or with limits on distance or duration."""

    node: Array
    matrix: Array
    times: Array  # (N, N) float64, or (0, 0): travel times equal distances
    near: Array
    near_length: Array
    rule: Array
    fleet: Array


# Columns of `link`.
PREV, NEXT, ROUTE, POS = range(4)
# Columns of `cum`: what lies up to and including a node and from it on, and the arcs beside it.
ARC_IN, ARC_OUT, PRE_LOAD, SUF_LOAD = range(4)
LOAD_COLUMNS = 4  # SUF_LOAD is for `Timed` only; with it a row is half a cache line
PRE_DIST, PRE_DUR, PRE_WARP, PRE_EARLY, PRE_LATE = 4, 5, 6, 7, 8
SUF_DIST, SUF_DUR, SUF_WARP, SUF_EARLY, SUF_LATE = 9, 10, 11, 12, 13
PRE_RELEASE, SUF_RELEASE = 14, 15
TIMED_COLUMNS = 16  # two cache lines
# Columns of `shape`.
FIRST, LAST, SIZE = range(3)
# Columns of `figure`, and the first entries of `total`: distance and the excess over each limit.
DISTANCE, OVERLOAD, LATENESS, OVERRUN = range(4)
# Further entries of `total`.
LOAD_WEIGHT, TIME_WEIGHT, DISTANCE_WEIGHT, BEST = 4, 5, 6, 7
# Column of `figure` beyond the common ones.
ROUTE_LOAD = 4
# Entries of `tally`.
NUM_FREE, NUM_SAVED, NUM_LOGGED, NUM_DIRTY, NUM_QUEUED, QUEUE_HEAD, STAMP, NUM_OUT = range(8)
CLOSED = 8  # whether the next recreation must do with the routes in use


class State(NamedTuple):
    """A solution under search, with what undoing and improving it needs.

    A node outside of every route has ``link[u, ROUTE] == -1``. The depot's row of `cum` holds
    the empty beginning and the empty end of every route.
    """

    link: Array  # (N, 4) int64
    cum: Array  # (N, LOAD_COLUMNS or TIMED_COLUMNS) float64
    shape: Array  # (R, 3) int64
    figure: Array  # (R, 5) float64
    total: Array  # (8,) float64
    tally: Array  # (9,) int64
    ints: Array  # (8, max(N, R)) int64: the rows below
    log: Array  # (N + 2 R,) int64: saved routes, for undoing
    best: Array  # (N, 4) int64: `link` of the best feasible solution
    best_shape: Array  # (R, 3) int64
    rng: Array  # (1,) uint64


# Rows of `ints`.
FREE, ON_FREE, SAVED_AT, DIRTY, QUEUE, QUEUED, OUT, IS_DIRTY = range(8)
