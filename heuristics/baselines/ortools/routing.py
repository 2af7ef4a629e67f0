"""A routing model of OR-Tools before any cost or rule: nodes, vehicles, and tables to refer to."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from polyroute.heuristics.baselines.fleet import fleet_sizes
from polyroute.vrp.problem import NOWHERE, Array, Problem

if TYPE_CHECKING:
    from ortools.constraint_solver import pywrapcp


class Routing:
    """OR-Tools' nodes are ours, and one more for open routes' ends.

    `types` is the vehicle type of each vehicle, `model` what OR-Tools solves.
    """

    def __init__(self, cp: ModuleType, problem: Problem) -> None:
        self.cp, self.problem = cp, problem
        self.types = [v for v, size in enumerate(fleet_sizes(problem)) for _ in range(size)]
        self.num_nodes = problem.num_nodes + ("open_routes" in problem.active)
        nowhere = problem.num_nodes
        ends = [nowhere if e == NOWHERE else int(e) for e in problem.end_depot[self.types]]
        starts = [int(depot) for depot in problem.start_depot[self.types]]
        self.manager = cp.RoutingIndexManager(self.num_nodes, len(self.types), starts, ends)
        self.model: pywrapcp.RoutingModel = cp.RoutingModel(self.manager)
        for depot in set(range(problem.num_depots)).difference(starts, ends):
            self.model.AddDisjunction([self.index(depot)], 0)
            self.model.ActiveVar(self.index(depot)).SetValue(0)

    def index(self, node: int) -> int:
        """OR-Tools' number of a node at which no vehicle begins or ends."""
        return int(self.manager.NodeToIndex(node))

    def register(self, matrix: Array) -> int:
        """Hand a matrix over; nowhere, the end of open routes, is at no distance.

        Nor are depots from each other: nothing but an idle vehicle goes from one to another.
        """
        depots = slice(0, self.problem.num_depots)
        padded = np.pad(matrix, (0, self.num_nodes - len(matrix)))
        padded[depots, depots] = 0
        return int(self.model.RegisterTransitMatrix(padded.tolist()))

    def add_sum(self, name: str, matrix: Callable[[int], Array], bounds: list[int]) -> None:
        """Let what a type's matrix adds up to on a route stay within each vehicle's bound."""
        registered: dict[bytes, int] = {}
        transits = []
        for v in self.types:
            key = matrix(v).tobytes()
            if key not in registered:
                registered[key] = self.register(matrix(v))
            transits.append(registered[key])
        self.model.AddDimensionWithVehicleTransitAndCapacity(transits, 0, bounds, True, name)

    def add_count(
        self, name: str, amounts: Array, bounds: list[int], *, from_zero: bool = True
    ) -> pywrapcp.RoutingDimension:
        """Let the nodes' amounts that a route has passed stay from 0 to each vehicle's bound."""
        padded = np.pad(amounts.astype(np.int64), (0, self.num_nodes - len(amounts)))
        unary = self.model.RegisterUnaryTransitVector(padded.tolist())
        self.model.AddDimensionWithVehicleCapacity(unary, 0, bounds, from_zero, name)
        return self.model.GetDimensionOrDie(name)
