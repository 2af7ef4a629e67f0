"""A problem as a routing model of OR-Tools, and plans to and fro."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

from polyroute.heuristics.baselines.fleet import visits_by_vehicle
from polyroute.heuristics.baselines.ortools.costs import add_costs
from polyroute.heuristics.baselines.ortools.refusals import refuse_combinations
from polyroute.heuristics.baselines.ortools.routing import Routing
from polyroute.heuristics.baselines.ortools.rules import add_rules
from polyroute.heuristics.baselines.ortools.time_dimension import TimeDimension
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution

if TYPE_CHECKING:
    from ortools.constraint_solver import pywrapcp


MOST_STRICT = 1000
"""Vehicles with breaks times nodes up to which breaks are kept off the road by constraints."""


class Model:
    """A problem in OR-Tools' terms: nodes and vehicles in `routing`, with costs and rules.

    Raises UnsupportedError for a combination that has no exact translation.
    """

    def __init__(self, cp: ModuleType, problem: Problem) -> None:
        refuse_combinations(problem)
        self.routing = Routing(cp, problem)
        self.costs = add_costs(self.routing)
        add_rules(self.routing, self.costs.dearest)
        pausing = {pause.vehicle_type for pause in problem.breaks}
        vehicles = sum(v in pausing for v in self.routing.types)
        self.strict = vehicles * problem.num_nodes <= MOST_STRICT
        self.time = TimeDimension(self.routing, self.strict) if problem.has_time else None

    def num_routes(self) -> int:
        """Vehicles in use, while a solution is being reported."""
        model = self.routing.model
        vehicles = range(len(self.routing.types))
        firsts = (model.NextVar(model.Start(vehicle)).Value() for vehicle in vehicles)
        return sum(not model.IsEnd(first) for first in firsts)

    def assignment(self, start: Solution) -> pywrapcp.Assignment:
        """The start as OR-Tools holds it; raises PolyrouteError if it is not feasible."""
        routes = visits_by_vehicle(self.routing.types, start)
        taken = (
            None if routes is None else self.routing.model.ReadAssignmentFromRoutes(routes, True)
        )
        if taken is None:
            raise PolyrouteError("solver 'ortools' takes a complete, feasible start only")
        return taken

    def current(self) -> Solution:
        """Our plan while a solution is being reported."""
        return self._plan(lambda var: int(var.Value()), lambda pause: int(pause.StartMin()))

    def solution(self, found: pywrapcp.Assignment) -> Solution:
        """Our plan from OR-Tools' assignment."""
        held = found.IntervalVarContainer()
        starts = {
            element.Var().Name(): element.StartValue()
            for element in (held.Element(k) for k in range(held.Size()))
        }
        return self._plan(found.Min, lambda pause: int(starts[pause.Name()]))

    def _plan(
        self,
        value: Callable[[pywrapcp.IntVar], int],
        start: Callable[[pywrapcp.IntervalVar], int],
    ) -> Solution:
        model, manager = self.routing.model, self.routing.manager
        routes = []
        for vehicle, v in enumerate(self.routing.types):
            visits = []
            index = value(model.NextVar(model.Start(vehicle)))
            while not model.IsEnd(index):
                visits.append(manager.IndexToNode(index))
                index = value(model.NextVar(index))
            if visits:
                time = self.time
                pauses = () if time is None else time.breaks(vehicle, visits, value, start)
                routes.append(Route(tuple(visits), v, breaks=pauses))
        return Solution(tuple(routes))
