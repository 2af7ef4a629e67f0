"""Coordinates so close together that rounding leaves nothing of the distances between them.

Degrees of longitude and latitude are the usual case: most cities of a country are 0 or 1 apart.
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.problem import Problem

LOOKED_AT = 200
"""Nodes among which distances are looked at."""

SHARE = 0.75
"""Which share of the distances is lost where this is worth a word."""

ROUNDED = (ArcRule.NEAREST, ArcRule.FLOOR, ArcRule.CEIL)


def coarse_distances(problem: Problem) -> str | None:
    """How many distances rounding makes 0 or 1 that were neither; None where they are few.

    Only problems with coordinates under a rule that rounds to integers are looked at.
    """
    if problem.distance is not None or problem.arc_rule not in ROUNDED:
        return None
    nodes = np.unique(np.linspace(0, problem.num_nodes - 1, LOOKED_AT).astype(np.int64))
    tail, head = np.triu_indices(len(nodes), 1)
    tail, head = nodes[tail], nodes[head]
    apart = (problem.coords[tail] != problem.coords[head]).any(axis=1)
    tail, head = tail[apart], head[apart]
    exact = np.hypot(*(problem.coords[tail] - problem.coords[head]).T) / problem.scales.grid
    rounded = problem.distances_between(tail, head) // problem.scales.length
    lost = int(((rounded <= 1) & (exact != rounded)).sum())
    if len(tail) < 3 or lost < SHARE * len(tail):
        return None
    return f"{lost} of {len(tail)} distances are rounded to 0 or 1"
