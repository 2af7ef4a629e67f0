"""A problem in the order and the arrays that the search works on, and its plans back again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from polyroute.heuristics.kernels.arrays import Load, Rich, Timed
from polyroute.heuristics.kernels.plan import Plan
from polyroute.heuristics.layout.curve import curve_order, reordered
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.plain import to_plain
from polyroute.heuristics.layout.plans import to_plan, to_solution
from polyroute.heuristics.layout.rich import to_rich
from polyroute.heuristics.layout.stopovers import Stopovers, stopovers_of
from polyroute.heuristics.layout.vehicle_kinds import VehicleKinds
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution

Array = np.ndarray


@dataclass(frozen=True)
class Layout:
    """How the search numbers the nodes and the vehicles of a problem."""

    problem: Problem  # its clients along a curve
    order: Array  # (N,) int64: the node of the given problem behind each one of these
    kinds: VehicleKinds
    facts: Facts

    @classmethod
    def of(cls, problem: Problem, facts: Facts | None = None) -> Layout:
        """Clients in the order of a curve, vehicle types that are the same together.

        `facts` are those of `problem`, where they are known already.
        """
        order = curve_order(problem)
        kinds = VehicleKinds.of(problem)
        return cls(reordered(problem, order), order, kinds, facts or Facts.of(problem))

    def to_arrays(self, neighbours: int) -> Load | Timed | Rich:
        """The arrays for kernels, with so many near clients of each."""
        problem, facts = self.problem, self.facts
        if facts.rich:
            return to_rich(problem, facts, self.kinds, neighbours)
        return to_plain(problem, facts, neighbours)

    def to_plan(self, start: Solution) -> Plan:
        """A given start as a plan of the search."""
        number = np.argsort(self.order).tolist()
        routes = (Route(tuple(number[u] for u in r.visits), r.vehicle_type) for r in start.routes)
        return to_plan(self.problem, self.kinds, Solution(tuple(routes)))

    def stopovers(
        self, p: Load | Timed | Rich, plan: Plan, prices: Array
    ) -> list[Stopovers] | None:
        """Where the routes of a plan reload and take their breaks, if they are labelled.

        `prices` are those of a unit too much of load, time and distance.
        """
        if not self.facts.labelled:
            return None
        assert isinstance(p, Rich), "only such routes are labelled"
        return stopovers_of(p, prices, plan)

    def to_solution(self, plan: Plan, stopovers: Sequence[Stopovers] | None = None) -> Solution:
        """A plan of the search as a solution of the given problem, its routes with `stopovers`."""
        found = to_solution(self.problem, self.kinds, plan, stopovers)
        routes = (
            replace(route, visits=tuple(int(self.order[u]) for u in route.visits))
            for route in found.routes
        )
        return Solution(tuple(routes))
