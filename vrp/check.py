"""The definition of cost and feasibility, in slow plain Python: every other engine must agree.

`evaluate` recomputes a solution from nothing but the problem. No solver's own figures are used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from vrp.errors import ProblemError
from vrp.problem import NOWHERE, UNLIMITED, Backhaul, Kind, Objective, Problem
from vrp.solution import Route, Solution


@dataclass(frozen=True)
class Violation:
    """A broken rule: by how much (in the problem's integers), on which route, at which node."""

    rule: str
    amount: int
    kind: Kind = Kind.COUNT
    route: int | None = None  # index into Solution.routes
    node: int | None = None

    def describe(self, problem: Problem) -> str:
        """One clause for people: ``capacity exceeded by 3 on route 2 at client 17``."""
        text = RULES[self.rule].format(amount=problem.scales.show(self.amount, self.kind))
        if self.route is not None:
            text += f" on route {self.route + 1}"
        if self.node is not None:
            text += f" at {problem.label(self.node)}"
        return text


RULES = {
    "missing": "required client not served",
    "duplicate": "client served {amount} times too often",
    "unreachable": "forbidden arc",
    "capacity": "capacity exceeded by {amount}",
    "negative_load": "{amount} more delivered than on board",
    "time_window": "late by {amount}",
    "shift": "shift overrun by {amount}",
    "max_distance": "distance limit exceeded by {amount}",
    "max_duration": "duration limit exceeded by {amount}",
    "max_stops": "{amount} stops too many",
    "count": "{amount} vehicles too many",
    "allowed": "vehicle type not allowed",
    "pair": "pickup not before its delivery on the same route",
    "group": "{amount} alternatives too many or too few served",
    "backhaul_order": "delivery after a pickup",
    "backhaul_only": "route without a delivery",
}
"""Every rule by name, with the sentence that tells of its violation."""


@dataclass(frozen=True)
class Stop:
    """An event of a route, in order; times, loads and distances in the problem's integers."""

    event: str  # start, delivery, pickup, service, end
    node: int
    arrive: int
    wait: int
    begin: int
    leave: int
    load: tuple[int, ...]  # on board after the event, one number a load dimension
    distance: int  # driven so far


@dataclass(frozen=True)
class RouteEvaluation:
    """A route's figures. `duration` is driving, service and waiting, lateness not taken off."""

    distance: int
    duration: int
    load: tuple[int, ...]  # most on board, one number a load dimension
    lateness: int  # at soft windows
    cost: int
    longest_arc: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Evaluation:
    """What a solution costs, term by term, and every rule that it breaks."""

    terms: dict[str, int]
    routes: tuple[RouteEvaluation, ...]
    violations: tuple[Violation, ...]
    unserved: tuple[int, ...]  # client nodes
    objective: tuple[int, ...] = field(default=())

    @property
    def feasible(self) -> bool:
        """Whether no rule is broken."""
        return not self.violations

    @cached_property
    def cost(self) -> int:
        """Sum of the cost terms, in the problem's cost scale."""
        return sum(self.terms.values())

    @property
    def distance(self) -> int:
        """Total distance."""
        return sum(route.distance for route in self.routes)

    @property
    def duration(self) -> int:
        """Total duration."""
        return sum(route.duration for route in self.routes)

    @property
    def num_routes(self) -> int:
        """Number of vehicles in use."""
        return sum(1 for route in self.routes if route.stops)


def evaluate(problem: Problem, solution: Solution) -> Evaluation:
    """Price `solution` and list what it breaks.

    Cost is the sum of fixed cost, distance, duration, overtime, soft lateness and the prizes of
    unserved optional clients, less the preferences earned. Empty routes cost nothing and are
    left out of the count of vehicles, but they keep their place in `Evaluation.routes`.

    Raises
    ------
    ProblemError
        If a route names a vehicle type or a client that the problem does not have.
    """
    check_names(problem, solution)
    violations: list[Violation] = []
    terms = dict.fromkeys(
        ("fixed", "distance", "duration", "overtime", "lateness", "prizes", "preferences"), 0
    )
    routes = []
    for index, route in enumerate(solution.routes):
        routes.append(_evaluate_route(problem, route, index, terms, violations))
    unserved = tuple(solution.unserved(problem))
    terms["prizes"] = sum(int(problem.prize[n]) for n in unserved if not problem.required[n])
    violations.extend(_presence(problem, solution, unserved))
    violations.extend(_fleet(problem, solution))
    evaluation = Evaluation(terms, tuple(routes), tuple(violations), unserved)
    values = {
        Objective.VEHICLES: sum(1 for route in solution.routes if route.visits),
        Objective.COST: evaluation.cost,
        Objective.LATENESS: sum(route.lateness for route in routes),
        Objective.LONGEST_ROUTE: max((route.duration for route in routes), default=0),
        Objective.BOTTLENECK_ARC: max((route.longest_arc for route in routes), default=0),
        Objective.UNSERVED_PRIORITY: sum(int(problem.prize[node]) for node in unserved),
    }
    objective = tuple(values[term] for term in problem.objective)
    return Evaluation(terms, tuple(routes), tuple(violations), unserved, objective)


def judge_route(problem: Problem, route: Route) -> tuple[RouteEvaluation, tuple[Violation, ...]]:
    """The figures of one route, and what it breaks on its own; pairs are not looked at."""
    found: list[Violation] = []
    terms: dict[str, int] = Counter()
    return _evaluate_route(problem, route, 0, terms, found), tuple(found)


def check_names(problem: Problem, solution: Solution) -> None:
    """Raise ProblemError if a route names a vehicle type or a client that there is not."""
    for index, route in enumerate(solution.routes):
        if not 0 <= route.vehicle_type < problem.num_vehicle_types:
            raise ProblemError(
                f"route {index + 1} has vehicle type {route.vehicle_type}, "
                f"expected 0 to {problem.num_vehicle_types - 1}"
            )
        for node in route.visits:
            if node not in problem.clients:
                raise ProblemError(
                    f"route {index + 1} visits node {node}, expected a client "
                    f"({problem.num_depots} to {problem.num_nodes - 1})"
                )


def _evaluate_route(
    problem: Problem, route: Route, index: int, terms: dict[str, int], found: list[Violation]
) -> RouteEvaluation:
    """One route: adds its cost to `terms` and its violations to `found`."""
    kind = route.vehicle_type
    num_loads = problem.size("L")
    if not route.visits:
        return RouteEvaluation(0, 0, (0,) * num_loads, 0, 0, 0, ())
    start, end = int(problem.start_depot[kind]), int(problem.end_depot[kind])
    path = [start, *route.visits] + ([] if end == NOWHERE else [end])
    profile = int(problem.profile[kind])
    tail, head = np.array(path[:-1]), np.array(path[1:])
    arcs = [int(d) for d in problem.distances_between(tail, head, profile)]
    times = [int(t) for t in problem.durations_between(tail, head, profile)]
    for position, (arc, time) in enumerate(zip(arcs, times, strict=True)):
        if arc >= UNLIMITED or time >= UNLIMITED:
            found.append(Violation("unreachable", 1, route=index, node=path[position + 1]))
            arcs[position] = times[position] = 0
    distance = sum(arcs)
    loads = _loads(problem, route, index, found)
    schedule = _schedule(problem, route, path, times, index, found)
    _limits(problem, route, index, distance, schedule.duration, found)
    _rules(problem, route, index, found)

    cost = {
        "fixed": int(problem.fixed_cost[kind]),
        "distance": int(problem.unit_distance_cost[kind]) * distance,
        "duration": int(problem.unit_duration_cost[kind]) * schedule.duration,
        "overtime": int(problem.overtime_cost[kind])
        * max(schedule.duration - int(problem.regular_duration[kind]), 0),
        "lateness": schedule.lateness_cost,
        "preferences": -sum(int(problem.preference[node, kind]) for node in route.visits),
    }
    for name, value in cost.items():
        terms[name] += value
    return RouteEvaluation(
        distance=distance,
        duration=schedule.duration,
        load=tuple(max(load[dim] for load in loads) for dim in range(num_loads)),
        lateness=schedule.lateness,
        cost=sum(cost.values()),
        longest_arc=max(arcs, default=0),
        stops=tuple(_stops(problem, path, arcs, schedule, loads)),
    )


# -- load ----------------------------------------------------------------------------------


def _loads(
    problem: Problem, route: Route, index: int, found: list[Violation]
) -> list[tuple[int, ...]]:
    """What is on board after the start and after each visit.

    Everything that a route delivers is on board when it leaves, except goods that it picks up
    itself (pairs); a vehicle under way starts with what it carries.
    """
    kind = route.vehicle_type
    dims = range(problem.size("L"))
    visited = set(route.visits)
    from_pairs = {pair.delivery for pair in problem.pairs if pair.pickup in visited}
    if problem.under_way[kind]:
        load = [int(problem.on_board[kind, dim]) for dim in dims]
    else:
        loaded = [node for node in route.visits if node not in from_pairs]
        load = [sum(int(problem.delivery[node, dim]) for node in loaded) for dim in dims]
    after = [tuple(load)]
    for node in route.visits:
        for dim in dims:
            load[dim] += int(problem.pickup[node, dim]) - int(problem.delivery[node, dim])
        after.append(tuple(load))
    for dim in dims:
        capacity = int(problem.capacity[kind, dim])
        most = max(after, key=lambda loads: loads[dim])
        if most[dim] > capacity:
            where = after.index(most)
            at = route.visits[where - 1] if where else None
            amount = most[dim] - capacity
            found.append(Violation("capacity", amount, Kind.LOAD, route=index, node=at))
        least = min(after, key=lambda loads: loads[dim])
        if least[dim] < 0:
            node = route.visits[after.index(least) - 1]
            found.append(Violation("negative_load", -least[dim], Kind.LOAD, route=index, node=node))
    return after


# -- time ----------------------------------------------------------------------------------


@dataclass
class _Schedule:
    """Times at each node of a path that departs as late as is free."""

    arrive: list[int]
    begin: list[int]
    leave: list[int]
    wait: list[int]
    duration: int
    lateness: int
    lateness_cost: int


def _schedule(
    problem: Problem,
    route: Route,
    path: list[int],
    times: list[int],
    index: int,
    found: list[Violation],
) -> _Schedule:
    """Schedule a path; a late vehicle is set back to the window's end and goes on (time warp).

    The route first leaves as early as it may, which gives the least lateness; then the departure
    is put off for as long as that only shortens waiting. With several windows each visit takes
    the first window that it can still meet.
    """
    kind = route.vehicle_type
    windows = [_windows(problem, route, path, position) for position in range(len(path))]
    if problem.under_way[kind]:
        earliest = int(problem.ready_time[kind])
        windows[0] = [(earliest, earliest)]
    else:
        release = max(int(problem.release[node]) for node in route.visits)
        earliest = max(int(problem.shift_early[kind]), windows[0][0][0], release)
    arrive, begin, leave, wait, warp = _forward(problem, path, times, windows, earliest)
    end_slack = _open_slack(problem, route, path, leave)
    room = _free_delay(problem, path, windows, begin, wait, warp, max(end_slack, 0))
    if room:
        arrive, begin, leave, wait, warp = _forward(problem, path, times, windows, earliest + room)

    lateness = lateness_cost = 0
    for position, amount in enumerate(warp):
        if not amount:
            continue
        node = path[position]
        depot = node < problem.num_depots
        price = int(problem.lateness_cost[node])
        if depot:
            found.append(Violation("shift", amount, Kind.TIME, route=index))
        elif price >= UNLIMITED:
            found.append(Violation("time_window", amount, Kind.TIME, route=index, node=node))
        else:
            lateness += amount
            lateness_cost += amount * price
    if end_slack < 0:
        found.append(Violation("shift", -end_slack, Kind.TIME, route=index))
    service = sum(int(problem.service[node]) for node in route.visits)
    duration = sum(times) + service + sum(wait)
    return _Schedule(arrive, begin, leave, wait, duration, lateness, lateness_cost)


def _windows(
    problem: Problem, route: Route, path: list[int], position: int
) -> list[tuple[int, int]]:
    """The windows at a position of the path, earliest first; the shift bounds both ends."""
    node, kind = path[position], route.vehicle_type
    pairs = zip(problem.tw_early[node], problem.tw_late[node], strict=True)
    windows = sorted({(int(early), int(late)) for early, late in pairs})
    if node >= problem.num_depots:
        return windows
    early, late = windows[0][0], windows[-1][1]
    if position == 0:
        early = max(early, int(problem.shift_early[kind]))
    return [(early, min(late, int(problem.shift_late[kind])))]


def _open_slack(problem: Problem, route: Route, path: list[int], leave: list[int]) -> int:
    """What is left of the shift when an open route ends, at its last client, service included."""
    if path[-1] < problem.num_depots:
        return UNLIMITED
    return int(problem.shift_late[route.vehicle_type]) - leave[-1]


def _forward(
    problem: Problem,
    path: list[int],
    times: list[int],
    windows: list[list[tuple[int, int]]],
    departure: int,
) -> tuple[list[int], list[int], list[int], list[int], list[int]]:
    """Arrival, begin, leave, wait and warp at each node for a given departure.

    At a soft window nothing is set back: service begins late, and `warp` holds the lateness.
    """
    arrive, begin, leave, wait, warp = [], [], [], [], []
    clock = departure
    for position, node in enumerate(path):
        if position:
            clock += times[position - 1]
        arrive.append(clock)
        early, late = next(
            (window for window in windows[position] if clock <= window[1]), windows[position][-1]
        )
        wait.append(max(early - clock, 0) if position else 0)
        clock = max(clock, early) if position else clock
        warp.append(max(clock - late, 0))
        if int(problem.lateness_cost[node]) >= UNLIMITED:
            clock = min(clock, late)
        begin.append(clock)
        inside = position > 0 and node >= problem.num_depots
        clock += int(problem.service[node]) if inside else 0
        leave.append(clock)
    return arrive, begin, leave, wait, warp


def _free_delay(
    problem: Problem,
    path: list[int],
    windows: list[list[tuple[int, int]]],
    begin: list[int],
    wait: list[int],
    warp: list[int],
    end_slack: int,
) -> int:
    """The least delay of the departure that takes all waiting away which a delay can.

    A delay reaches a node less by the waiting before it; it must not make any node later than
    its window (or later still), and it dies where the vehicle is set back.
    """
    waited = 0
    room = UNLIMITED
    for position, node in enumerate(path):
        waited += wait[position]
        _, late = next(
            (window for window in windows[position] if begin[position] <= window[1]),
            windows[position][-1],
        )
        room = min(room, waited + max(late - begin[position], 0))
        if warp[position] and int(problem.lateness_cost[node]) >= UNLIMITED:
            break
    else:
        room = min(room, waited + end_slack)
    return min(waited, room)


# -- limits and rules ----------------------------------------------------------------------


def _limits(
    problem: Problem,
    route: Route,
    index: int,
    distance: int,
    duration: int,
    found: list[Violation],
) -> None:
    kind = route.vehicle_type
    for rule, value, limit, measure in (
        ("max_distance", distance, problem.max_distance[kind], Kind.LENGTH),
        ("max_duration", duration, problem.max_duration[kind], Kind.TIME),
        ("max_stops", len(route.visits), problem.max_stops[kind], Kind.COUNT),
    ):
        if value > int(limit):
            found.append(Violation(rule, value - int(limit), measure, route=index))


def _rules(problem: Problem, route: Route, index: int, found: list[Violation]) -> None:
    """Who may serve whom, and in which order."""
    for node in route.visits:
        if not problem.allowed[node, route.vehicle_type]:
            found.append(Violation("allowed", 1, route=index, node=node))
    if problem.backhaul is Backhaul.NONE:
        return
    delivers = [bool(problem.delivery[node].any()) for node in route.visits]
    if problem.backhaul is Backhaul.LINEHAUL_FIRST:
        picked = False
        for node, brings in zip(route.visits, delivers, strict=True):
            if picked and brings:
                found.append(Violation("backhaul_order", 1, route=index, node=node))
            picked = picked or bool(problem.pickup[node].any())
    if not problem.backhaul_only_routes and not any(delivers):
        found.append(Violation("backhaul_only", 1, route=index))


def _presence(
    problem: Problem, solution: Solution, unserved: tuple[int, ...]
) -> Iterator[Violation]:
    """Who is served how often, and with whom."""
    times = Counter(node for route in solution.routes for node in route.visits)
    grouped = {node for group in problem.groups for node in group.clients}
    for node in unserved:
        if problem.required[node] and node not in grouped:
            yield Violation("missing", 1, node=node)
    for node, count in times.items():
        if count > 1:
            yield Violation("duplicate", count - 1, node=node)
    for group in problem.groups:
        served = sum(node in times for node in group.clients)
        if served > 1 or (group.required and not served):
            yield Violation("group", abs(served - 1), node=group.clients[0])
    place = {
        node: (index, position)
        for index, route in enumerate(solution.routes)
        for position, node in enumerate(route.visits)
    }
    for pair in problem.pairs:
        first, second = place.get(pair.pickup), place.get(pair.delivery)
        if first is None and second is None:
            continue
        if first is None or second is None or first[0] != second[0] or first[1] > second[1]:
            index = first[0] if first is not None else None
            yield Violation("pair", 1, route=index, node=pair.delivery)


def _fleet(problem: Problem, solution: Solution) -> Iterator[Violation]:
    used = Counter(route.vehicle_type for route in solution.routes if route.visits)
    for kind, number in sorted(used.items()):
        if number > int(problem.count[kind]):
            yield Violation("count", number - int(problem.count[kind]))


def _stops(
    problem: Problem,
    path: list[int],
    arcs: list[int],
    schedule: _Schedule,
    loads: list[tuple[int, ...]],
) -> Iterator[Stop]:
    driven = 0
    for position, node in enumerate(path):
        driven += arcs[position - 1] if position else 0
        if position == 0:
            event = "start"
        elif node < problem.num_depots:
            event = "end"
        elif problem.delivery[node].any():
            event = "delivery"
        else:
            event = "pickup" if problem.pickup[node].any() else "service"
        yield Stop(
            event=event,
            node=node,
            arrive=schedule.arrive[position],
            wait=schedule.wait[position],
            begin=schedule.begin[position],
            leave=schedule.leave[position],
            load=loads[min(position, len(loads) - 1)],
            distance=driven,
        )
