"""A problem in the layout of kernels."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    DEMAND,
    EARLY,
    LATE,
    NODE_COLUMNS,
    RELEASE,
    ROUND_ATT,
    ROUND_DOWN,
    ROUND_UP,
    SERVICE,
    Load,
    Rich,
    Timed,
    X,
)
from polyroute.heuristics.kernels.tables import tabulate
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import UNLIMITED, Problem

Array = np.ndarray

MATRIX_NODES = 3000
"""Up to so many nodes lengths are tabulated; beyond, computing them is faster than cache misses."""

GEO_NODES = 20_000
"""GEO lengths are always tabulated: this bounds the table to 3.2 GB."""

TIMED_FEATURES = frozenset(
    "tw_early tw_late service release max_distance max_duration shift_early shift_late".split()
)


def to_arrays(problem: Problem, near: Array) -> Load | Timed:
    """The problem in the layout of kernels, with neighbour lists `near` (N, K).

    Raises ProblemError for a GEO instance too large to tabulate.
    """
    timed = not TIMED_FEATURES.isdisjoint(problem.active)
    num_nodes = problem.num_nodes
    node = np.zeros((num_nodes, NODE_COLUMNS))
    if problem.coords is not None:
        node[:, X:DEMAND] = problem.coords
    node[:, DEMAND] = problem.delivery[:, 0]
    node[:, EARLY] = problem.tw_early[:, 0]
    node[:, LATE] = problem.tw_late[:, 0]
    node[:, SERVICE] = problem.service
    node[:, RELEASE] = problem.release
    node[: problem.num_depots, SERVICE] = 0.0
    matrix, times, forbidden = _tables(problem, timed)
    nodes = np.arange(num_nodes)[:, None]
    near_length = matrix[nodes, near] if len(matrix) else problem.distances_between(nodes, near)
    fleet = np.array(
        [
            problem.capacity[0, 0],
            min(int(problem.count[0]), problem.num_clients),
            problem.max_distance[0],
            problem.max_duration[0],
            problem.is_symmetric,
            forbidden,
        ],
        dtype=np.float64,
    )
    cls = Timed if timed else Load
    p = cls(node, matrix, times, near, near_length.astype(np.float64), rule_row(problem), fleet)
    if not len(matrix) and num_nodes <= MATRIX_NODES:
        matrix = np.empty((num_nodes, num_nodes))
        tabulate(p, matrix)
        p = p._replace(matrix=matrix)
    return p


def _tables(problem: Problem, timed: bool) -> tuple[Array, Array, float]:
    """Lengths and travel times as far as they are given apart, and the length of forbidden arcs.

    A forbidden arc takes no time, as in `vrp.check`, and is longer than any solution without one:
    not UNLIMITED, of which a few would leave the exact range of float64.
    """
    nothing, forbidden = np.zeros((0, 0)), float(UNLIMITED)
    if not is_given(problem):
        return nothing, nothing, forbidden
    matrix = problem.distance_matrix().astype(np.float64)
    if problem.distance is None:
        return matrix, nothing, forbidden
    times = problem.duration_matrix().astype(np.float64)
    closed = (matrix >= UNLIMITED) | (times >= UNLIMITED)
    if closed.any():
        longest = float(matrix.max(where=~closed, initial=0.0))
        forbidden = (2 * problem.num_clients + 1) * longest + 1.0
        matrix[closed], times[closed] = forbidden, 0.0
    apart = timed and (problem.duration is not None or bool(closed.any()))
    return matrix, times if apart else nothing, forbidden


def computed_lengths(p: Rich, size: int) -> Array:
    """The lengths of all arcs between the first `size` nodes as the one profile of a table."""
    matrix = np.empty((1, size, size))
    tabulate(p, matrix[0])
    return matrix


def is_given(problem: Problem) -> bool:
    """Whether lengths come from a table and not from the plane.

    Raises ProblemError for too large a GEO instance, which must be tabulated.
    """
    if problem.distance is not None:
        return True
    if problem.arc_rule is ArcRule.GEO:
        if problem.num_nodes > GEO_NODES:
            raise ProblemError(
                f"{problem.num_nodes} nodes under rule geo, expected at most {GEO_NODES}"
            )
        return True
    return False


def rule_row(problem: Problem) -> Array:
    """The arc rule as numbers: ``floor(DIGITS * root / GRID + HALF) * FACTOR``, or its kin."""
    rule, scales = problem.arc_rule, problem.scales
    digits = {ArcRule.TRUNC1: 10, ArcRule.MILLI: 1000, ArcRule.NONE: scales.length}.get(rule, 1)
    half = 0.5 if rule in (ArcRule.NEAREST, ArcRule.MILLI, ArcRule.NONE) else 0.0
    mode = {ArcRule.CEIL: ROUND_UP, ArcRule.ATT: ROUND_ATT}.get(rule, ROUND_DOWN)
    return np.array([digits, scales.grid, half, scales.length // digits, mode], dtype=np.float64)
