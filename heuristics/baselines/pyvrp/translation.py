"""A problem in PyVRP's terms, and plans to and fro.

What has no field of its own there is said by other means, all of them exact: open routes end at a
depot that is at no distance from anywhere; stops are loads of a dimension of their own; a forbidden
order, or a client whom a type may not serve, lies beyond the distance limit. Where no exact way is
known, the combination is refused by name.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from polyroute.heuristics.baselines.pyvrp.arcs import build_arcs
from polyroute.heuristics.baselines.pyvrp.copies import Copy
from polyroute.heuristics.baselines.pyvrp.data import build_data
from polyroute.heuristics.baselines.pyvrp.loads import build_loads
from polyroute.heuristics.baselines.pyvrp.numbering import number
from polyroute.heuristics.baselines.pyvrp.penalties import weigh
from polyroute.heuristics.baselines.pyvrp.phases import FRESH
from polyroute.heuristics.baselines.pyvrp.refusals import refuse_combinations
from polyroute.vrp.check import judge_route
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import RELOAD, VISIT, Event, Route, Solution

if TYPE_CHECKING:
    import pyvrp
    from pyvrp import Solution as Plan


class Translation:
    """A problem in PyVRP's terms, `data`. A plan that costs `c` there costs `c - offset` here.

    `max_penalty` is the bound that PyVRP's penalties need. Raises UnsupportedError for a
    combination that has no exact translation.
    """

    def __init__(self, api: ModuleType, problem: Problem) -> None:
        refuse_combinations(problem)
        self.api, self.problem = api, problem
        self.numbering = number(problem)
        nodes, steps = zip(*self.numbering.places, strict=True)
        arcs = build_arcs(problem, np.array(nodes), list(steps))
        weights = weigh(problem, arcs, api.PenaltyParams().max_penalty)
        self.max_penalty = weights.max_penalty
        loads = build_loads(problem, weights.goods, weights.stop)
        self.data, self.offset = build_data(api, problem, self.numbering, arcs, loads)

    def solution(self, plan: Plan) -> Solution:
        """PyVRP's plan as ours."""
        return Solution(
            tuple(
                Route.of_events(
                    (self._event(activity) for activity in list(route)[1:-1]),
                    self.numbering.types[route.vehicle_type()],
                )
                for route in plan.routes()
            )
        )

    def _event(self, activity: pyvrp.Activity) -> Event:
        if activity.is_depot():
            return Event(RELOAD, activity.idx)
        return Event(VISIT, self._node(activity))

    def _node(self, activity: pyvrp.Activity) -> int:
        if activity.is_client():
            return self.numbering.copies[activity.idx].node
        pair = self.problem.pairs[activity.idx]
        return pair.pickup if activity.is_pickup() else pair.delivery

    def plan(self, solution: Solution) -> Plan:
        """Our solution as PyVRP's; raises PolyrouteError for what PyVRP cannot hold."""
        types = self.numbering.types
        routes = [route for route in solution.routes if route.visits]
        try:
            return self.api.Solution(
                self.data,
                [
                    self.api.Route(
                        self.data, self._activities(route), types.index(route.vehicle_type)
                    )
                    for route in routes
                ],
            )
        except (RuntimeError, ValueError) as error:
            raise PolyrouteError(f"solver 'pyvrp' cannot take the start: {error}") from None

    def _activities(self, route: Route) -> list[pyvrp.Activity]:
        """A route's visits, each client by the copy whose window and phase the route meets."""
        kinds, numbering = self.api.ActivityType, self.numbering
        begins = [stop.begin for stop in judge_route(self.problem, route)[0].stops[1:]]
        phase, activities = FRESH, []
        for (what, node), begin in zip(route.events, begins, strict=False):
            if what == RELOAD:
                activities.append(self.api.Activity(kinds.DEPOT, node))
            elif node in numbering.members:
                index = min(
                    numbering.members[node],
                    key=lambda k: _misfit(numbering.copies[k], begin, phase),
                )
                phase = numbering.copies[index].step[1]
                activities.append(self.api.Activity(kinds.CLIENT, index))
            else:
                index, is_pickup = numbering.ends[node]
                kind = kinds.PICKUP if is_pickup else kinds.DELIVERY
                activities.append(self.api.Activity(kind, index))
        return activities


def _misfit(copy: Copy, begin: int, phase: int) -> tuple[bool, int]:
    """How little a visit that begins then, in that phase of its route, is one to this copy."""
    return phase not in copy.step[0], max(copy.early - begin, begin - copy.late, 0)
