"""A problem as a routing model of OR-Tools, and plans to and fro."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from polyroute.heuristics.baselines.common import (
    fleet_sizes,
    membership_oddities,
    usable_types,
    visits_by_vehicle,
    without_forbidden,
)
from polyroute.heuristics.baselines.ortools.time_dimension import (
    TimeRules,
    most_paid,
    time_oddities,
)
from polyroute.vrp.errors import PolyrouteError, UnsupportedError
from polyroute.vrp.problem import NOWHERE, Array, Backhaul, Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import UNLIMITED

if TYPE_CHECKING:
    from ortools.constraint_solver import pywrapcp

NEVER = -1
"""The penalty of what must be served."""


@dataclass
class Model:
    """OR-Tools' nodes are ours, and one for open routes' ends.

    A plan that costs `c` in the model costs `c - offset` here, and is feasible if `c` is below
    `dearest`.
    """

    cp: ModuleType
    problem: Problem
    types: list[int] = field(init=False)  # vehicle type of each vehicle
    offset: int = field(init=False)
    dearest: int = field(init=False)
    time: TimeRules | None = field(init=False)

    def __post_init__(self) -> None:
        problem = self.problem
        _refuse_combinations(problem)
        self.types = [v for v, size in enumerate(fleet_sizes(problem)) for _ in range(size)]
        self.num_nodes = problem.num_nodes + ("open_routes" in problem.active)
        nowhere = problem.num_nodes
        ends = [nowhere if e == NOWHERE else int(e) for e in problem.end_depot[self.types]]
        starts = [int(depot) for depot in problem.start_depot[self.types]]
        self.manager = self.cp.RoutingIndexManager(self.num_nodes, len(self.types), starts, ends)
        self.routing: pywrapcp.RoutingModel = self.cp.RoutingModel(self.manager)
        for depot in set(range(problem.num_depots)).difference(starts, ends):
            self.routing.AddDisjunction([self.index(depot)], 0)
            self.routing.ActiveVar(self.index(depot)).SetValue(0)
        self.dearest = self._add_costs(self._add_choice())
        self._add_bars()
        self._add_counts()
        self._add_loads()
        self._add_limits()
        self._add_pins()
        self.time = TimeRules(self) if problem.has_time else None

    # -- costs -----------------------------------------------------------------------------

    def _add_choice(self) -> Array:
        """Who may stay away, and what it costs to visit each node by each type: (N, V).

        A type pays what it earns less by preference than the best one; a member of a group, what
        its prize falls short of the dearest member's, which is the group's penalty.
        """
        problem, routing = self.problem, self.routing
        best = problem.preference.max(axis=1)
        extra: Array = best[:, None] - problem.preference
        self.offset = int(best.sum())
        prize = np.where(problem.required, 0, problem.prize) + best
        for group in problem.groups:
            members = list(group.clients)
            dearest = int(prize[members].max())
            extra[members] += dearest - prize[members, None]
            self.offset -= int(prize[members].sum()) - dearest
            penalty = NEVER if group.required else dearest
            routing.AddDisjunction([self.index(node) for node in members], penalty)
        grouped = {node for group in problem.groups for node in group.clients}
        for node in problem.clients:
            if not problem.required[node] and node not in grouped:
                routing.AddDisjunction([self.index(node)], int(prize[node]))
        return extra

    def _add_costs(self, extra: Array) -> int:
        """Distances at their price, fixed costs, and `extra` costs of visits (N, V).

        Returns more than any plan costs that uses no forbidden arc.
        """
        problem, routing = self.problem, self.routing
        evaluator: dict[tuple[object, ...], int] = {}
        longest = 0
        for vehicle, v in enumerate(self.types):
            profile, unit = int(problem.profile[v]), int(problem.unit_distance_cost[v])
            key = profile, unit, extra[:, v].tobytes()
            if key not in evaluator:
                distance = problem.distance_matrix(profile)
                costs = np.where(distance >= UNLIMITED, 0, distance) * unit + extra[:, v]
                longest = max(longest, int(costs.max()))
                evaluator[key] = self.register(costs)
            routing.SetArcCostEvaluatorOfVehicle(evaluator[key], vehicle)
            routing.SetFixedCostOfVehicle(int(problem.fixed_cost[v]), vehicle)
        visits = longest * 2 + int(problem.fixed_cost.max()) + int(problem.prize.max())
        visits += int(problem.preference.max())
        return 1 + problem.num_nodes * (visits + (most_paid(problem) if problem.has_time else 0))

    # -- rules -----------------------------------------------------------------------------

    def _add_bars(self) -> None:
        """Whoever uses a forbidden arc or visits whom he may not pays the dearest plan for each.

        Were it not possible at all, the greedy start would often find no plan to improve upon.
        """
        problem, routing = self.problem, self.routing
        bars = []
        for v in range(problem.num_vehicle_types):
            profile = int(problem.profile[v])
            barred = problem.distance_matrix(profile) >= UNLIMITED
            barred |= problem.duration_matrix(profile) >= UNLIMITED
            bars.append((barred | ~problem.allowed[:, v]).astype(np.int64))
        if any(barred.any() for barred in bars):
            most = [problem.num_nodes] * len(self.types)
            self._add_dimension("bars", lambda v: bars[v], most)
            dimension = routing.GetDimensionOrDie("bars")
            for k in range(len(self.types)):
                dimension.SetCumulVarSoftUpperBound(routing.End(k), 0, self.dearest)

    def _add_counts(self) -> None:
        """Rules that count visits: stops, pairs in order, linehauls before backhauls."""
        problem, routing = self.problem, self.routing
        solver = routing.solver()
        client = np.arange(problem.num_nodes) >= problem.num_depots
        if problem.active & {"max_stops", "pairs"}:
            most = np.minimum(problem.max_stops, problem.num_clients)
            self._add_count("stops", client, [int(most[v]) for v in self.types])
        for pair in problem.pairs:
            order = routing.GetDimensionOrDie("stops")
            first, last = self.index(pair.pickup), self.index(pair.delivery)
            routing.AddPickupAndDelivery(first, last)
            solver.Add(routing.VehicleVar(first) == routing.VehicleVar(last))
            solver.Add(order.CumulVar(first) <= order.CumulVar(last))
        if problem.backhaul is Backhaul.NONE:
            return
        everybody = [problem.num_clients] * len(self.types)
        delivers = problem.delivery.sum(axis=1) > 0
        if problem.backhaul is Backhaul.LINEHAUL_FIRST:
            takes = problem.pickup.sum(axis=1) > 0
            picked = self._add_count("picked up", takes, everybody)
            for node in np.flatnonzero(delivers):
                picked.CumulVar(self.index(int(node))).SetMax(0)
        if not problem.backhaul_only_routes:
            brought = self._add_count("delivered", delivers, everybody)
            for vehicle in range(len(self.types)):
                some = brought.CumulVar(routing.End(vehicle))
                solver.Add(some >= routing.ActiveVehicleVar(vehicle))

    def _add_loads(self) -> None:
        """What is on board; where goods are picked up, it begins with what the route delivers.

        A vehicle under way begins with what it carries, whatever it delivers.
        """
        problem, routing = self.problem, self.routing
        from_pairs = [pair.delivery for pair in problem.pairs]
        loaded = problem.delivery.copy()
        loaded[from_pairs] = 0
        both = bool(problem.active & {"pickup", "pairs", "under_way"})
        for dim in range(problem.size("L")):
            total = int(problem.delivery[:, dim].sum() + problem.pickup[:, dim].sum())
            total += int(problem.on_board[:, dim].max())
            room = [min(int(problem.capacity[v, dim]), total) for v in self.types]
            most = [total if problem.under_way[v] else room[k] for k, v in enumerate(self.types)]
            brought = self._add_count(f"brought {dim}", loaded[:, dim], most)
            if not both:
                continue
            change = problem.pickup[:, dim] - problem.delivery[:, dim]
            load = self._add_count(f"load {dim}", change, room, from_zero=False)
            for k, v in enumerate(self.types):
                begin, end = load.CumulVar(routing.Start(k)), brought.CumulVar(routing.End(k))
                on_board = int(problem.on_board[v, dim])
                routing.solver().Add(begin == (on_board if problem.under_way[v] else end))

    def _add_limits(self) -> None:
        problem = self.problem
        if "max_distance" in problem.active:
            matrices = [
                without_forbidden(problem.distance_matrix(p)) for p in range(problem.size("P"))
            ]
            self._add_dimension(
                "distance",
                lambda v: matrices[problem.profile[v]],
                [int(problem.max_distance[v]) for v in self.types],
            )

    def _add_pins(self) -> None:
        """The first visits of a vehicle, where they are given; it is the only one of its type."""
        routing = self.routing
        for pin in self.problem.pins:
            begin = routing.Start(self.types.index(pin.vehicle_type))
            chain = [begin, *(self.index(node) for node in pin.visits)]
            for here, onward in pairwise(chain):
                routing.solver().Add(routing.NextVar(here) == onward)

    # -- handing over ----------------------------------------------------------------------

    def _add_dimension(self, name: str, matrix: Callable[[int], Array], bounds: list[int]) -> None:
        """Let what a type's matrix adds up to on a route stay within each vehicle's bound."""
        registered: dict[bytes, int] = {}
        transits = []
        for v in self.types:
            key = matrix(v).tobytes()
            if key not in registered:
                registered[key] = self.register(matrix(v))
            transits.append(registered[key])
        self.routing.AddDimensionWithVehicleTransitAndCapacity(transits, 0, bounds, True, name)

    def _add_count(
        self, name: str, amounts: Array, bounds: list[int], *, from_zero: bool = True
    ) -> pywrapcp.RoutingDimension:
        """Let the nodes' amounts that a route has passed stay from 0 to each vehicle's bound."""
        padded = np.pad(amounts.astype(np.int64), (0, self.num_nodes - len(amounts)))
        unary = self.routing.RegisterUnaryTransitVector(padded.tolist())
        self.routing.AddDimensionWithVehicleCapacity(unary, 0, bounds, from_zero, name)
        return self.routing.GetDimensionOrDie(name)

    def register(self, matrix: Array) -> int:
        """Hand a matrix over; nowhere, the end of open routes, is at no distance.

        Nor are depots from each other: nothing but an idle vehicle goes from one to another.
        """
        depots = slice(0, self.problem.num_depots)
        padded = np.pad(matrix, (0, self.num_nodes - len(matrix)))
        padded[depots, depots] = 0
        return int(self.routing.RegisterTransitMatrix(padded.tolist()))

    def index(self, node: int) -> int:
        """OR-Tools' number of a node that is no depot."""
        return int(self.manager.NodeToIndex(node))

    # -- plans -----------------------------------------------------------------------------

    def num_routes(self) -> int:
        """Vehicles in use, while a solution is being reported."""
        routing = self.routing
        firsts = (routing.NextVar(routing.Start(k)).Value() for k in range(len(self.types)))
        return sum(not routing.IsEnd(first) for first in firsts)

    def assignment(self, start: Solution) -> pywrapcp.Assignment:
        """The start as OR-Tools holds it; raises PolyrouteError if it is not feasible."""
        routes = visits_by_vehicle(self.types, start)
        taken = None if routes is None else self.routing.ReadAssignmentFromRoutes(routes, True)
        if taken is None:
            raise PolyrouteError("solver 'ortools' takes a complete, feasible start only")
        return taken

    def solution(self, found: pywrapcp.Assignment) -> Solution:
        """Our plan from OR-Tools' assignment."""
        routes = []
        for vehicle, v in enumerate(self.types):
            visits = []
            index = found.Value(self.routing.NextVar(self.routing.Start(vehicle)))
            while not self.routing.IsEnd(index):
                visits.append(self.manager.IndexToNode(index))
                index = found.Value(self.routing.NextVar(index))
            if visits:
                pauses = () if self.time is None else self.time.breaks(found, vehicle, visits)
                routes.append(Route(tuple(visits), v, breaks=pauses))
        return Solution(tuple(routes))


def _refuse_combinations(problem: Problem) -> None:
    """Raise UnsupportedError for what has an exact translation alone, but not together."""
    found = membership_oddities(problem)
    found |= time_oddities(problem)
    if any(pin.vehicle_type not in usable_types(problem) for pin in problem.pins):
        found.add("pins of a vehicle that cannot leave")
    if found:
        raise UnsupportedError("solver 'ortools'", found)
