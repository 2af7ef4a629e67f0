"""A problem as PyVRP's data, and plans to and fro.

What has no field of its own there is said by other means, all of them exact: open routes end at a
depot that is at no distance from anywhere; stops are loads of a dimension of their own; a forbidden
order, or a client whom a type may not serve, lies beyond the distance limit. Where no exact way is
known, the combination is refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from polyroute.heuristics.baselines.common import goods_oddities, membership_oddities, usable_types
from polyroute.heuristics.baselines.pyvrp.arcs import NOWHERE_AT, build_arcs
from polyroute.heuristics.baselines.pyvrp.copies import FRESH, Copy, copies, steps
from polyroute.heuristics.baselines.pyvrp.loads import build_loads
from polyroute.vrp.check import judge_route
from polyroute.vrp.errors import PolyrouteError, UnsupportedError
from polyroute.vrp.problem import NOWHERE, Backhaul, Problem
from polyroute.vrp.solution import RELOAD, VISIT, Event, Route, Solution
from polyroute.vrp.structure import UNLIMITED

if TYPE_CHECKING:
    import pyvrp
    from pyvrp import Solution as Plan

FINE = 1000
"""Steps of cost a unit of load or time up to which PyVRP's bound of its penalties fits: its own
rounding ``exact`` has as many."""

NO_LIMIT = int(np.iinfo(np.int64).max)
"""PyVRP's own word for no limit."""

LARGEST = 2**61
"""What penalties may amount to: PyVRP's integers have 64 bits, and when they overflow its local
search never ends."""

COMBINATIONS = (
    # the checker takes the first window that can be met, even if a later one saves waiting
    ("several_windows", "unit_duration_cost"),
    ("several_windows", "max_duration"),
    ("several_windows", "overtime_cost"),
    # stops are counted as loads, and a shipment takes off again what it puts on board
    ("pairs", "max_stops"),
    # distances hold the preferences
    ("preference", "max_distance"),
    # stops are counted as loads, which begin anew with each trip
    ("reloads", "max_stops"),
)
"""Features that have an exact translation each, but none together."""


@dataclass
class Translation:
    """A problem in PyVRP's terms, `data`. A plan that costs `c` there costs `c - offset` here."""

    api: ModuleType  # the package
    problem: Problem
    data: pyvrp.ProblemData = field(init=False)
    max_penalty: float = field(init=False)
    offset: int = field(init=False)

    def __post_init__(self) -> None:
        problem, api = self.problem, self.api
        refuse_combinations(problem)
        self._ends = {  # each pair's number and whether it begins there
            node: (index, node == pair.pickup)
            for index, pair in enumerate(problem.pairs)
            for node in (pair.pickup, pair.delivery)
        }
        alone = [node for node in problem.clients if node not in self._ends]
        self._copies = [copy for node in alone for copy in copies(problem, node)]
        self._members: dict[int, list[int]] = {}  # PyVRP's clients of each of ours
        for index, copy in enumerate(self._copies):
            self._members.setdefault(copy.node, []).append(index)
        self._types = usable_types(problem)
        self._best = problem.preference.max(axis=1)  # what the best type earns at each node
        stops = [(copy.node, copy.step) for copy in self._copies]
        stops += [(node, steps(problem, node)[0]) for node in sorted(self._ends)]
        depots = [(node, None) for node in (*range(problem.num_depots), NOWHERE_AT)]
        places = list(dict.fromkeys([*depots, *stops]))
        self._location = {place: index for index, place in enumerate(places)}
        self._arcs = build_arcs(
            problem, np.array([node for node, _ in places]), [step for _, step in places]
        )
        self._weigh()
        clients, groups = self._clients()
        self.data = api.ProblemData(
            locations=[api.Location(0, 0) for _ in places],
            clients=clients,
            depots=self._depots(),
            vehicle_types=[self._vehicle_type(v) for v in self._types],
            distance_matrices=self._arcs.distances,
            duration_matrices=self._arcs.durations,
            groups=groups,
            shipments=self._shipments(),
        )

    # -- what penalties can reach ----------------------------------------------------------

    def _weigh(self) -> None:
        """Bound the penalties, and give loads such weights that the bound is enough for them."""
        problem, arcs = self.problem, self._arcs
        default = self.api.PenaltyParams().max_penalty
        lengths = problem.scales.length * int(problem.unit_distance_cost.max())
        goods = 1 + int((problem.delivery + problem.pickup).sum())
        wanted = default * max(lengths / problem.scales.time / FINE, 1.0)
        self.max_penalty = min(wanted, LARGEST / max(self._largest_excess(), goods))
        dear = max(
            arcs.longest * max(arcs.unit_distance_cost),
            int(problem.fixed_cost.max()),
            int(problem.prize.max()),
        )
        weights = []
        for steps_of_cost, amount in (
            (lengths / problem.scales.load, goods),
            (dear, problem.num_clients),
        ):
            wanted = default * max(steps_of_cost / FINE, 1.0)
            weights.append(max(round(min(wanted, LARGEST / amount) / self.max_penalty), 1))
        self._loads = build_loads(problem, *weights)

    def _largest_excess(self) -> int:
        """An upper bound on what any plan can exceed its limits of distance and time by."""
        problem, arcs = self.problem, self._arcs
        most = 1
        if min(arcs.max_distance) < UNLIMITED:
            most += max(int(distance.max()) for distance in arcs.distances)
        if problem.has_time:
            clocks = (problem.tw_early, problem.tw_late, problem.shift_early, problem.shift_late)
            most += max(int(np.max(c, initial=0, where=c < UNLIMITED)) for c in clocks)
            most += max(int(duration.max()) for duration in arcs.durations)
            most += int(problem.service.max()) + int(problem.release.max())
        return 2 * len(self._location) * most

    # -- building --------------------------------------------------------------------------

    def _depots(self) -> list[pyvrp.Depot]:
        """Ours, and nowhere."""
        problem = self.problem
        ours = [
            self.api.Depot(d, int(problem.tw_early[d, 0]), _limit(problem.tw_late[d, 0]))
            for d in range(problem.num_depots)
        ]
        return [*ours, self.api.Depot(problem.num_depots)]

    def _clients(self) -> tuple[list[pyvrp.Client], list[pyvrp.ClientGroup]]:
        """The copies, and who of them excludes whom."""
        problem, members = self.problem, self._members
        sets = [(list(group.clients), group.required) for group in problem.groups]
        grouped = {node for nodes, _ in sets for node in nodes}
        sets += [
            ([node], bool(problem.required[node]))
            for node, own in members.items()
            if len(own) > 1 and node not in grouped
        ]
        group_of = {node: index for index, (nodes, _) in enumerate(sets) for node in nodes}
        groups = [
            self.api.ClientGroup([k for node in nodes for k in members[node]], required)
            for nodes, required in sets
        ]
        self.offset = int(self._best.sum())
        prizes = {}
        for node, own in members.items():
            prizes[node] = 0 if problem.required[node] else int(problem.prize[node])
            if not problem.required[node] or node in grouped:
                prizes[node] += int(self._best[node])
                self.offset += (len(own) - 1) * prizes[node]
        clients = [
            self.api.Client(
                self._location[copy.node, copy.step],
                delivery=self._loads.delivery[copy.node].tolist(),
                pickup=self._loads.pickup[copy.node].tolist(),
                service_duration=int(problem.service[copy.node]),
                tw_early=copy.early,
                tw_late=_limit(copy.late),
                release_time=min(int(problem.release[copy.node]), copy.late),
                prize=prizes[copy.node],
                required=bool(problem.required[copy.node]) and copy.node not in group_of,
                group=group_of.get(copy.node),
            )
            for copy in self._copies
        ]
        return clients, groups

    def _shipments(self) -> list[pyvrp.Shipment]:
        """The pairs; one whose ends are not both optional must be served."""
        problem, loads, shipments = self.problem, self._loads, []
        for pair in problem.pairs:
            ends = [pair.pickup, pair.delivery]
            first, last = (self._location[node, steps(problem, node)[0]] for node in ends)
            (early, late), (early_last, late_last) = (
                (int(problem.tw_early[node, 0]), _limit(problem.tw_late[node, 0])) for node in ends
            )
            required = bool(problem.required[ends].any())
            shipments.append(
                self.api.Shipment(
                    first,
                    last,
                    early,
                    late,
                    int(problem.service[pair.pickup]),
                    early_last,
                    max(early, late_last),
                    int(problem.service[pair.delivery]),
                    loads.pickup[pair.pickup].tolist(),
                    0 if required else int((problem.prize + self._best)[ends].sum()),
                    required,
                )
            )
        return shipments

    def _vehicle_type(self, v: int) -> pyvrp.VehicleType:
        problem, arcs = self.problem, self._arcs
        end = int(problem.end_depot[v])
        shift, overtime = _limit(problem.max_duration[v]), 0
        if problem.overtime_cost[v]:
            regular = min(_limit(problem.regular_duration[v]), shift)
            shift, overtime = regular, shift - regular
        return self.api.VehicleType(
            num_available=min(int(problem.count[v]), max(problem.num_clients, 1)),
            capacity=[_limit(bound) for bound in self._loads.capacity[v]],
            start_depot=int(problem.start_depot[v]),
            end_depot=problem.num_depots if end == NOWHERE else end,
            fixed_cost=int(problem.fixed_cost[v]),
            tw_early=int(problem.shift_early[v]),
            tw_late=_limit(problem.shift_late[v]),
            shift_duration=shift,
            max_distance=_limit(arcs.max_distance[v]),
            unit_distance_cost=arcs.unit_distance_cost[v],
            unit_duration_cost=int(problem.unit_duration_cost[v]),
            profile=arcs.profile[v],
            max_overtime=overtime,
            unit_overtime_cost=int(problem.overtime_cost[v]),
            **self._reloads(v),
        )

    def _reloads(self, v: int) -> dict[str, Any]:
        """Where a type may reload, and how often."""
        for item in self.problem.reloads:
            if item.vehicle_type == v:
                most = min(item.most, self.problem.num_clients)  # an empty trip is of no use
                return {"reload_depots": list(item.depots), "max_reloads": most}
        return {}

    # -- plans -----------------------------------------------------------------------------

    def solution(self, plan: Plan) -> Solution:
        """PyVRP's plan as ours."""
        return Solution(
            tuple(
                Route.of_events(
                    (self._event(activity) for activity in list(route)[1:-1]),
                    self._types[route.vehicle_type()],
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
            return self._copies[activity.idx].node
        pair = self.problem.pairs[activity.idx]
        return pair.pickup if activity.is_pickup() else pair.delivery

    def plan(self, solution: Solution) -> Plan:
        """Our solution as PyVRP's; raises PolyrouteError for what PyVRP cannot hold."""
        routes = [route for route in solution.routes if route.visits]
        try:
            return self.api.Solution(
                self.data,
                [
                    self.api.Route(
                        self.data, self._activities(route), self._types.index(route.vehicle_type)
                    )
                    for route in routes
                ],
            )
        except (RuntimeError, ValueError) as error:
            raise PolyrouteError(f"solver 'pyvrp' cannot take the start: {error}") from None

    def _activities(self, route: Route) -> list[pyvrp.Activity]:
        """A route's visits, each client by the copy whose window and phase the route meets."""
        kinds = self.api.ActivityType
        begins = [stop.begin for stop in judge_route(self.problem, route)[0].stops[1:]]
        phase, activities = FRESH, []
        for (what, node), begin in zip(route.events, begins, strict=False):
            if what == RELOAD:
                activities.append(self.api.Activity(kinds.DEPOT, node))
            elif node in self._members:
                index = min(
                    self._members[node], key=lambda k: _misfit(self._copies[k], begin, phase)
                )
                phase = self._copies[index].step[1]
                activities.append(self.api.Activity(kinds.CLIENT, index))
            else:
                index, is_pickup = self._ends[node]
                kind = kinds.PICKUP if is_pickup else kinds.DELIVERY
                activities.append(self.api.Activity(kind, index))
        return activities


def _misfit(copy: Copy, begin: int, phase: int) -> tuple[bool, int]:
    """How little a visit that begins then, in that phase of its route, is one to this copy."""
    return phase not in copy.step[0], max(copy.early - begin, begin - copy.late, 0)


def _limit(value: int | np.integer) -> int:
    return NO_LIMIT if value >= UNLIMITED else int(value)


def refuse_combinations(problem: Problem) -> None:
    """Raise UnsupportedError for what PyVRP takes one by one, but not together."""
    together = [pair for pair in COMBINATIONS if problem.active.issuperset(pair)]
    found = {f"{first} with {second}" for first, second in together}
    found |= membership_oddities(problem) | goods_oddities(problem)
    paired = [node for pair in problem.pairs for node in (pair.pickup, pair.delivery)]
    if problem.release[paired].any():
        found.add("pairs with release")
    if any(len({*copies(problem, node)}) > 1 for node in paired):
        found.add("pairs with several_windows")
    if paired and problem.reloads:
        found.add("pairs with reloads")
    ordered = problem.backhaul is Backhaul.LINEHAUL_FIRST or not problem.backhaul_only_routes
    if problem.backhaul is not Backhaul.NONE and ordered:
        if paired:
            found.add("pairs with rules for backhauls")
        if problem.reloads:  # an order begins anew with each trip
            found.add("reloads with rules for backhauls")
    if found:
        raise UnsupportedError("solver 'pyvrp'", found)
