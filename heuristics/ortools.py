"""Baseline: the routing library of Google OR-Tools, guided local search."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from heuristics.peer import (
    fleet_sizes,
    horizon,
    need_time,
    notes_on_threads,
    parse_params,
    require,
    without_forbidden,
)
from heuristics.watch import Watch
from vrp.api import Budget, Callback, Outcome
from vrp.errors import PolyrouteError
from vrp.problem import NOWHERE, UNLIMITED, Array, Problem
from vrp.solution import Route, Solution

if TYPE_CHECKING:
    from ortools.constraint_solver import pywrapcp

ROUTING = "ortools.constraint_solver"


class OrToolsSolver:
    """OR-Tools as its routing guide recommends it: a greedy start, then guided local search.

    The start is PATH_CHEAPEST_ARC, or PARALLEL_CHEAPEST_INSERTION under time windows. The search
    draws no random numbers: the seed changes nothing. An unlimited fleet is cut to
    `heuristics.peer.fleet_sizes`. The budget starts after the model is built.
    """

    SUPPORTS = frozenset(
        "delivery capacity several_loads tw_early tw_late service required prize count "
        "several_vehicle_types fixed_cost unit_distance_cost several_depots start_depot end_depot "
        "open_routes shift_early shift_late max_distance max_duration max_stops profile profiles "
        "asymmetric".split()
    )

    def solve(
        self,
        problem: Problem,
        budget: Budget,
        *,
        seed: int,
        threads: int,
        start: Solution | None,
        callback: Callback | None,
        params: dict[str, str],
    ) -> Outcome:
        """Solve `problem`; a start must be complete and feasible."""
        parse_params("ortools", params, {})
        seconds = need_time("ortools", budget)
        prepared = perf_counter()
        cp = require(f"{ROUTING}.pywrapcp", "ortools")
        model = _Model(cp, problem)
        routing = model.routing
        search = _search_parameters(cp, problem, seconds)
        with Watch(budget, callback) as watch:
            self._observe(model, watch)
            routing.CloseModelWithParameters(search)
            initial = None if start is None else model.assignment(start)
        compile_seconds = perf_counter() - prepared
        with watch:
            found = routing.SolveFromAssignmentWithParameters(initial, search)
        notes = notes_on_threads(threads)
        if found is None:
            notes += (f"OR-Tools ended with status {routing.status()}",)
        return Outcome(
            Solution(()) if found is None else model.solution(found),
            iterations=int(routing.solver().Solutions()),
            trace=watch.trace,
            interrupted=watch.interrupted,
            compile_seconds=compile_seconds,
            notes=notes,
        )

    def _observe(self, model: _Model, watch: Watch) -> None:
        """Trace improvements and stop on demand.

        A limit of ours would be asked a million times a second and slow the search down by a
        tenth, so it is set only where the run can end for another reason than the clock.
        """
        routing = model.routing

        def note() -> None:
            cost = int(routing.CostVar().Max())
            watch.improved(
                int(routing.solver().Solutions()),
                cost,
                feasible=True,
                num_routes=model.num_routes(),
            )
            if watch.must_stop():
                routing.solver().FinishCurrentSearch()

        routing.AddAtSolutionCallback(note)
        if not watch.is_idle:
            routing.AddSearchMonitor(routing.solver().CustomLimit(watch.must_stop))


def _search_parameters(cp: ModuleType, problem: Problem, seconds: float) -> object:
    enums = require(f"{ROUTING}.routing_enums_pb2", "ortools")
    search = cp.DefaultRoutingSearchParameters()
    timed = not {"tw_early", "tw_late"}.isdisjoint(problem.active)
    first = enums.FirstSolutionStrategy
    search.first_solution_strategy = (
        first.PARALLEL_CHEAPEST_INSERTION if timed else first.PATH_CHEAPEST_ARC
    )
    search.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromTimedelta(timedelta(seconds=seconds))
    return search


@dataclass
class _Model:
    """The problem as a routing model: OR-Tools' nodes are ours, and one for open routes' ends."""

    cp: ModuleType
    problem: Problem
    types: list[int] = field(init=False)  # vehicle type of each vehicle

    def __post_init__(self) -> None:
        problem = self.problem
        self.types = [v for v, size in enumerate(fleet_sizes(problem)) for _ in range(size)]
        self.num_nodes = problem.num_nodes + ("open_routes" in problem.active)
        nowhere = problem.num_nodes
        ends = [nowhere if e == NOWHERE else int(e) for e in problem.end_depot[self.types]]
        starts = [int(depot) for depot in problem.start_depot[self.types]]
        self.manager = self.cp.RoutingIndexManager(self.num_nodes, len(self.types), starts, ends)
        self.routing: pywrapcp.RoutingModel = self.cp.RoutingModel(self.manager)
        self._add_costs()
        self._add_loads()
        self._add_limits()
        if problem.has_time:
            self._add_time()
        for node in problem.clients:
            if not problem.required[node]:
                self.routing.AddDisjunction([self._index(node)], int(problem.prize[node]))

    # -- building --------------------------------------------------------------------------

    def _add_costs(self) -> None:
        problem, routing = self.problem, self.routing
        evaluator: dict[tuple[int, int], int] = {}
        for vehicle, v in enumerate(self.types):
            key = int(problem.profile[v]), int(problem.unit_distance_cost[v])
            if key not in evaluator:
                evaluator[key] = self._register(problem.distance_matrix(key[0]), key[1])
            routing.SetArcCostEvaluatorOfVehicle(evaluator[key], vehicle)
            routing.SetFixedCostOfVehicle(int(problem.fixed_cost[v]), vehicle)

    def _add_loads(self) -> None:
        problem = self.problem
        demands = [(f"load {dim}", problem.delivery[:, dim], problem.capacity[:, dim])
                   for dim in range(problem.size("L"))]  # fmt: skip
        if "max_stops" in problem.active:
            ones = np.ones(problem.num_nodes, dtype=np.int64)
            ones[: problem.num_depots] = 0
            demands.append(("stops", ones, problem.max_stops))
        for name, demand, bound in demands:
            total = int(demand.sum())
            demand = np.pad(demand, (0, self.num_nodes - len(demand)))
            unary = self.routing.RegisterUnaryTransitVector(demand.tolist())
            bounds = [min(int(bound[v]), total) for v in self.types]
            self.routing.AddDimensionWithVehicleCapacity(unary, 0, bounds, True, name)

    def _add_limits(self) -> None:
        problem = self.problem
        if "max_distance" not in problem.active:
            return
        transit = [self._register(problem.distance_matrix(p)) for p in range(problem.size("P"))]
        self.routing.AddDimensionWithVehicleTransitAndCapacity(
            [transit[int(problem.profile[v])] for v in self.types],
            0,
            [int(problem.max_distance[v]) for v in self.types],
            True,
            "distance",
        )

    def _add_time(self) -> None:
        """Cumulated time at a node is when its service begins; waiting is slack."""
        problem, routing = self.problem, self.routing
        service = problem.service.copy()
        service[: problem.num_depots] = 0
        transit = [
            self._register(problem.duration_matrix(p) + service[:, None])
            for p in range(problem.size("P"))
        ]
        end = horizon(problem)
        routing.AddDimensionWithVehicleTransits(
            [transit[int(problem.profile[v])] for v in self.types], end, end, False, "time"
        )
        time = routing.GetDimensionOrDie("time")
        for node in problem.clients:
            early, late = int(problem.tw_early[node, 0]), int(problem.tw_late[node, 0])
            time.CumulVar(self._index(node)).SetRange(early, min(late, end))
        for vehicle, v in enumerate(self.types):
            shift = int(problem.shift_late[v])
            early, late = self._opening(int(problem.start_depot[v]))
            begin = time.CumulVar(routing.Start(vehicle))
            begin.SetRange(max(early, int(problem.shift_early[v])), min(late, shift, end))
            early, late = self._opening(int(problem.end_depot[v]))
            time.CumulVar(routing.End(vehicle)).SetRange(early, min(late, shift, end))
            if problem.max_duration[v] < UNLIMITED:
                time.SetSpanUpperBoundForVehicle(int(problem.max_duration[v]), vehicle)

    def _opening(self, depot: int) -> tuple[int, int]:
        if depot == NOWHERE:
            return 0, UNLIMITED
        return int(self.problem.tw_early[depot, 0]), int(self.problem.tw_late[depot, 0])

    def _register(self, matrix: Array, unit: int = 1) -> int:
        """Hand a matrix over; nowhere, the end of open routes, is at no distance."""
        padded = np.pad(without_forbidden(matrix) * unit, (0, self.num_nodes - len(matrix)))
        return int(self.routing.RegisterTransitMatrix(padded.tolist()))

    def _index(self, node: int) -> int:
        return int(self.manager.NodeToIndex(node))

    # -- plans -----------------------------------------------------------------------------

    def num_routes(self) -> int:
        """Vehicles in use, while a solution is being reported."""
        routing = self.routing
        firsts = (routing.NextVar(routing.Start(k)).Value() for k in range(len(self.types)))
        return sum(not routing.IsEnd(first) for first in firsts)

    def assignment(self, start: Solution) -> pywrapcp.Assignment:
        """The start as OR-Tools holds it; raises PolyrouteError if it is not feasible."""
        free = {v: [k for k, kind in enumerate(self.types) if kind == v] for v in set(self.types)}
        routes: list[list[int]] = [[] for _ in self.types]
        placed = True
        for route in start.routes:
            vehicles = free.get(route.vehicle_type, [])
            placed = placed and bool(vehicles)
            if vehicles:
                routes[vehicles.pop(0)] = list(route.visits)
        taken = self.routing.ReadAssignmentFromRoutes(routes, True) if placed else None
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
                routes.append(Route(tuple(visits), v))
        return Solution(tuple(routes))
