"""A problem in the layout of kernels."""

from __future__ import annotations

import numpy as np

from heuristics._jit import kernel
from heuristics.arrays import (
    DEMAND,
    EARLY,
    LATE,
    ROUND_ATT,
    ROUND_DOWN,
    ROUND_UP,
    SERVICE,
    Load,
    Timed,
    X,
)
from heuristics.segment import computed_arc
from vrp.arcs import ArcRule
from vrp.errors import ProblemError
from vrp.problem import Problem

Array = np.ndarray

MATRIX_NODES = 3000
"""Up to so many nodes lengths are tabulated; beyond, computing them is faster than cache misses."""

GEO_NODES = 20_000
"""GEO lengths are always tabulated: this bounds the table to 3.2 GB."""

TIMED_FEATURES = frozenset(
    "tw_early tw_late service max_distance max_duration shift_early shift_late".split()
)


def to_arrays(problem: Problem, near: Array) -> Load | Timed:
    """The problem in the layout of kernels, with neighbour lists `near` (N, K).

    Raises ProblemError for a GEO instance too large to tabulate.
    """
    timed = not TIMED_FEATURES.isdisjoint(problem.active)
    num_nodes = problem.num_nodes
    node = np.zeros((num_nodes, 6))
    if problem.coords is not None:
        node[:, X:DEMAND] = problem.coords
    node[:, DEMAND] = problem.delivery[:, 0]
    node[:, EARLY] = problem.tw_early[:, 0]
    node[:, LATE] = problem.tw_late[:, 0]
    node[:, SERVICE] = problem.service
    node[: problem.num_depots, SERVICE] = 0.0
    matrix = times = np.zeros((0, 0))
    if is_given(problem):
        matrix = problem.distance_matrix().astype(np.float64)
    if timed and problem.duration is not None:
        times = problem.duration_matrix().astype(np.float64)
    clients = np.arange(num_nodes)[:, None]
    near_length = problem.distances_between(clients, near).astype(np.float64)
    fleet = np.array(
        [
            problem.capacity[0, 0],
            min(int(problem.count[0]), problem.num_clients),
            problem.max_distance[0],
            problem.max_duration[0],
            problem.is_symmetric,
        ],
        dtype=np.float64,
    )
    cls = Timed if timed else Load
    p = cls(node, matrix, times, near, near_length, rule_row(problem), fleet)
    if not len(matrix) and num_nodes <= MATRIX_NODES:
        matrix = np.empty((num_nodes, num_nodes))
        tabulate(p, matrix)
        p = p._replace(matrix=matrix)
    return p


@kernel
def tabulate(p, matrix):
    """Fill `matrix` (N, N) with the lengths of all arcs."""
    for u in range(len(matrix)):
        for v in range(len(matrix)):
            matrix[u, v] = computed_arc(p, u, v)


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
