"""Lengths and travel times for kernels: from tables, or by a rule from coordinates."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    BRINGS,
    PICKS,
    ROUND_ATT,
    ROUND_DOWN,
    ROUND_UP,
    Rich,
)
from polyroute.heuristics.kernels.tables import tabulate
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.profiles import Profiles
from polyroute.heuristics.layout.worst_case import closed_length
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import UNLIMITED, Problem

Array = np.ndarray

MATRIX_NODES = 3000
"""Up to so many nodes lengths are tabulated; beyond, computing them is faster than cache misses."""

LARGEST_TABLE = 20_000
"""Nodes up to which a table of lengths may be made where they cannot be computed one by one."""


def plain_tables(problem: Problem, facts: Facts) -> tuple[Array, Array, float]:
    """Lengths and travel times as far as they are given apart, and the length of forbidden arcs.

    A forbidden arc takes no time, as in `vrp.check`, and is longer than any solution without one:
    not UNLIMITED, of which a few would leave the exact range of float64.
    """
    nothing, forbidden = np.zeros((0, 0)), float(UNLIMITED)
    if not facts.lengths_given:
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
    apart = facts.timed and (problem.duration is not None or bool(closed.any()))
    return matrix, times if apart else nothing, forbidden


def rich_tables(
    problem: Problem, facts: Facts, profiles: Profiles, order: Array, node: Array
) -> tuple[Array, Array, float]:
    """Lengths, travel times as far as they are given apart, and the length of forbidden arcs.

    That is a power of two above the length of any plan, so that a route's length tells how many
    of them it has.
    """
    nothing = np.zeros((0, 0, 0))
    barred = facts.phased and not problem.backhaul_only_routes
    tabulated = facts.phased and (barred or problem.num_nodes <= MATRIX_NODES)
    if not facts.lengths_given and not tabulated:
        span = problem.coords.max(axis=0) - problem.coords.min(axis=0)
        longest = (float(np.hypot(*span)) / problem.scales.grid + 2.0) * problem.scales.length
        return nothing, nothing, closed_length(problem, longest)
    if problem.num_nodes > LARGEST_TABLE:
        raise ProblemError(
            f"{problem.num_nodes} nodes need a table of lengths, "
            f"expected at most {LARGEST_TABLE} for that"
        )
    matrix = in_order(profiles.lengths(problem), order)
    times = in_order(profiles.times(problem), order)
    forbidden = (matrix >= UNLIMITED) | (times >= UNLIMITED)
    if facts.phased:
        follows = np.outer(node[:, PICKS] != 0, node[:, BRINGS] != 0)
        forbidden |= follows[None]
    if barred:
        only_picks = (node[:, PICKS] != 0) & (node[:, BRINGS] == 0)
        depots = np.arange(len(order) - problem.num_depots, len(order))
        forbidden[:, depots[:, None], np.flatnonzero(only_picks)[None, :]] = True
    closed = closed_length(problem, float(matrix.max(where=~forbidden, initial=0)))
    apart = problem.duration is not None or profiles.priced or forbidden.any()
    lengths = matrix.astype(np.float64, order="C")
    lengths[forbidden] = closed
    return lengths, times.astype(np.float64, order="C") if apart else nothing, closed


def in_order(tables: Array, order: Array) -> Array:
    """Tables between nodes, (P, N, N), with the nodes in another order; none stay none."""
    return tables[:, order][:, :, order] if len(tables) else tables


def computed_lengths(p: Rich, size: int) -> Array:
    """The lengths of all arcs between the first `size` nodes as the one profile of a table."""
    matrix = np.empty((1, size, size))
    tabulate(p, matrix[0])
    return matrix


def rule_row(problem: Problem) -> Array:
    """The arc rule as numbers: ``floor(DIGITS * root / GRID + HALF) * FACTOR``, or its kin."""
    rule, scales = problem.arc_rule, problem.scales
    digits = {ArcRule.TRUNC1: 10, ArcRule.MILLI: 1000, ArcRule.NONE: scales.length}.get(rule, 1)
    half = 0.5 if rule in (ArcRule.NEAREST, ArcRule.MILLI, ArcRule.NONE) else 0.0
    mode = {ArcRule.CEIL: ROUND_UP, ArcRule.ATT: ROUND_ATT}.get(rule, ROUND_DOWN)
    return np.array([digits, scales.grid, half, scales.length // digits, mode], dtype=np.float64)
