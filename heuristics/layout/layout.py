"""A problem in the order and the arrays that the search works on, and its plans back again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from polyroute.heuristics.kernels.arrays import Load, Rich, Timed
from polyroute.heuristics.kernels.plan import Plan
from polyroute.heuristics.layout.curve import curve_order, reordered
from polyroute.heuristics.layout.exact import Stopovers
from polyroute.heuristics.layout.neighbours import nearest
from polyroute.heuristics.layout.plain import to_arrays
from polyroute.heuristics.layout.rich import VehicleKinds, to_plan, to_rich, to_solution
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution

Array = np.ndarray

PLAIN = frozenset(
    "delivery capacity count tw_early tw_late service release max_distance max_duration "
    "shift_early shift_late asymmetric objective".split()
)
"""What `Load` and `Timed` know; anything more needs `Rich`."""


def is_rich(problem: Problem) -> bool:
    """Whether the problem needs `Rich`."""
    return not problem.active <= PLAIN


def not_taken(problem: Problem) -> list[str]:
    """What the search does not take although it takes each part of it by itself.

    A unit is put back as a whole: a client, a group of which one is served, or the ends of a pair.
    """
    found = []
    ends = [node for pair in problem.pairs for node in (pair.pickup, pair.delivery)]
    members = [node for group in problem.groups for node in group.clients]
    if len(set(ends)) < len(ends):
        found.append("a client in two pairs")
    if len(set(members)) < len(members):
        found.append("a client in two groups")
    if not set(ends).isdisjoint(members):
        found.append("a client of a pair in a group")
    return found


@dataclass(frozen=True)
class Layout:
    """How the search numbers the nodes and the vehicles of a problem."""

    problem: Problem  # its clients along a curve
    order: Array  # (N,) int64: the node of the given problem behind each one of these
    kinds: VehicleKinds

    @classmethod
    def of(cls, problem: Problem) -> Layout:
        """Clients in the order of a curve, vehicle types that are the same together."""
        order = curve_order(problem)
        return cls(reordered(problem, order), order, VehicleKinds.of(problem))

    def to_arrays(self, neighbours: int) -> Load | Timed | Rich:
        """The arrays for kernels, with so many near clients of each."""
        if is_rich(self.problem):
            return to_rich(self.problem, self.kinds, neighbours)
        return to_arrays(self.problem, nearest(self.problem, neighbours))

    def to_plan(self, start: Solution) -> Plan:
        """A given start as a plan of the search."""
        number = np.argsort(self.order).tolist()
        routes = (Route(tuple(number[u] for u in r.visits), r.vehicle_type) for r in start.routes)
        return to_plan(self.problem, self.kinds, Solution(tuple(routes)))

    def to_solution(self, plan: Plan, stopovers: Sequence[Stopovers] | None = None) -> Solution:
        """A plan of the search as a solution of the given problem, its routes with `stopovers`."""
        found = to_solution(self.problem, self.kinds, plan, stopovers)
        routes = (
            replace(route, visits=tuple(int(self.order[u]) for u in route.visits))
            for route in found.routes
        )
        return Solution(tuple(routes))
