"""A problem for kernels, and its clients and vehicles by the kernels' numbers."""

from __future__ import annotations

from functools import lru_cache
from itertools import zip_longest

import numpy as np

from polyroute.heuristics.kernels.arrays import Load, Rich, Timed
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.layout.vehicle_kinds import VehicleKinds
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.problem import Backhaul, Problem


def arrays(problem: Problem, computed: bool = False) -> Load | Timed | Rich:
    """The problem for kernels; `computed` leaves the lengths to be computed from coordinates."""
    p = layout_of(problem).to_arrays(40)
    if not computed:
        return p
    if isinstance(p, Rich):
        nothing = np.zeros((0, 0, 0))
        return p._replace(matrix=nothing, times=nothing)
    return p._replace(matrix=np.zeros((0, 0)))


def layout_of(problem: Problem) -> Layout:
    """The layout that leaves the nodes where they are."""
    order = np.arange(problem.num_nodes)
    return Layout(problem, order, VehicleKinds.of(problem), Facts.of(problem))


def can_compute(problem: Problem) -> bool:
    """Whether kernels can compute the lengths, in place of looking them up."""
    if problem.backhaul is Backhaul.LINEHAUL_FIRST and not problem.backhaul_only_routes:
        return False
    return problem.distance is None and problem.arc_rule is not ArcRule.GEO


@lru_cache(maxsize=1000)
def kinds_of(problem: Problem) -> VehicleKinds:
    """Vehicle types that are the same together."""
    return VehicleKinds.of(problem)


def fleet_of(problem: Problem) -> list[int]:
    """The kinds of all vehicles, one after the other in turns."""
    counts = kinds_of(problem).counts
    turns = zip_longest(*([kind] * count for kind, count in enumerate(counts)))
    return [kind for turn in turns for kind in turn if kind is not None]


def node_of(problem: Problem, u: int) -> int:
    """The problem's number of client `u` of the kernels."""
    return u + problem.num_depots - 1


def everybody(problem: Problem) -> list[int]:
    """All clients in the kernels' numbers."""
    return [*range(1, problem.num_clients + 1)]
