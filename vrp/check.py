"""The definition of cost and feasibility, in slow plain Python: every other engine must agree.

`evaluate` recomputes a solution from nothing but the problem. No solver's own figures are used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Backhaul, Objective, Problem, Quantity
from polyroute.vrp.solution import BREAK, RELOAD, VISIT, Route, Solution
from polyroute.vrp.structure import Pin
from polyroute.vrp.timing import Point, Tariff, Times, best_times

START, END = "start", "end"


@dataclass(frozen=True)
class Violation:
    """A broken rule: by how much (in the problem's integers), on which route, at which node.

    `index` is that of the break or of the load dimension, where the rule is on one.
    """

    rule: str
    amount: int
    quantity: Quantity = Quantity.COUNT
    route: int | None = None  # index into Solution.routes
    node: int | None = None
    index: int | None = field(default=None, compare=False, repr=False)

    def describe(self, problem: Problem) -> str:
        """One clause for people: ``capacity exceeded by 3 on route 2 at client 17``."""
        text = RULES[self.rule].format(amount=problem.scales.show(self.amount, self.quantity))
        if self.index is not None and self.quantity is Quantity.LOAD:
            text += f" in load dimension {self.index + 1}" if problem.size("L") > 1 else ""
        elif self.index is not None and len(problem.breaks) > 1:
            text += f" (break {self.index + 1})"
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
    "max_driving": "limit of the time at the wheel exceeded by {amount}",
    "max_stops": "{amount} stops too many",
    "count": "{amount} vehicles too many",
    "allowed": "vehicle type not allowed",
    "pair": "pickup not before its delivery on the same route and trip",
    "group": "{amount} alternatives too many or too few served",
    "backhaul_order": "delivery after a pickup",
    "backhaul_only": "route or trip without a delivery",
    "reload": "{amount} reloads too many, or at a depot where there are none",
    "break": "break begun late by {amount}",
    "break_load": "{amount} too much on board for a break",
    "break_missing": "break not taken, or taken too often",
    "pin": "pinned visit out of its place",
}
"""Every rule by name, with the sentence that tells of its violation."""


@dataclass(frozen=True)
class Stop:
    """An event of a route, in order; times, loads and distances in the problem's integers."""

    event: str  # start, delivery, pickup, service, reload, break, end
    node: int
    arrive: int
    wait: int
    begin: int
    leave: int
    load: tuple[int, ...]  # on board after the event, one number a load dimension
    distance: int  # driven so far
    index: int | None = None  # of a break, into Problem.breaks
    ahead: int = 0  # of a break, driven since `node`, towards the next stop


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
    """Raise ProblemError if a route names what there is not: a vehicle type, a client, a place."""
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
        for what, events, size in (
            ("reload", route.reloads, problem.num_depots),
            ("break", route.breaks, len(problem.breaks)),
        ):
            _check_events(f"route {index + 1} has a {what}", events, len(route.visits), size)


def _check_events(who: str, events: tuple[tuple[int, int], ...], last: int, size: int) -> None:
    least = 0
    for position, number in events:
        if not least <= position <= last:
            raise ProblemError(f"{who} at position {position}, expected {least} to {last}")
        if not 0 <= number < size:
            expected = f"expected 0 to {size - 1}" if size else "but there is none"
            raise ProblemError(f"{who} with number {number}, {expected}")
        least = position


def _evaluate_route(
    problem: Problem, route: Route, index: int, terms: dict[str, int], found: list[Violation]
) -> RouteEvaluation:
    """One route: adds its cost to `terms` and its violations to `found`."""
    kind = route.vehicle_type
    num_loads = problem.size("L")
    if not route.visits:
        return RouteEvaluation(0, 0, (0,) * num_loads, 0, 0, 0, ())
    path = _path(problem, route)
    arcs, travel = _arcs(problem, route, path, index, found)
    distance = sum(arcs)
    loads = _loads(problem, route, path)
    _load_rules(problem, route, path, loads, index, found)
    times = _schedule(problem, route, path, travel, index, found)
    duration = sum(travel) + sum(point.stay for point in path) + sum(times.wait)
    _limits(problem, route, index, (distance, duration, sum(travel)), found)
    _rules(problem, route, index, found)
    _structures(problem, route, index, found)

    cost = {
        "fixed": int(problem.fixed_cost[kind]),
        "distance": int(problem.unit_distance_cost[kind]) * distance
        + _arc_costs(problem, route, path),
        "duration": int(problem.unit_duration_cost[kind]) * duration,
        "overtime": int(problem.overtime_cost[kind])
        * max(duration - int(problem.regular_duration[kind]), 0),
        "lateness": times.lateness_cost,
        "preferences": -sum(int(problem.preference[node, kind]) for node in route.visits),
    }
    for name, value in cost.items():
        terms[name] += value
    return RouteEvaluation(
        distance=distance,
        duration=duration,
        load=tuple(max(load[dim] for load in loads) for dim in range(num_loads)),
        lateness=times.lateness,
        cost=sum(cost.values()),
        longest_arc=max(arcs),
        stops=tuple(_stops(problem, path, arcs, times, loads)),
    )


# -- the path ------------------------------------------------------------------------------


def _path(problem: Problem, route: Route) -> list[Point]:
    """The points of a route from start to end; an open route has no end.

    Nothing leaves a depot before the latest release among the clients of the trip that begins
    there. The shift bounds both ends.
    """
    kind = route.vehicle_type
    shift_early, shift_late = int(problem.shift_early[kind]), int(problem.shift_late[kind])
    releases = iter(
        [max((int(problem.release[node]) for node in trip), default=0) for trip in route.trips]
    )
    node, end = int(problem.start_depot[kind]), int(problem.end_depot[kind])
    early, late = _hours(problem, node)
    window = (max(early, shift_early, next(releases)), min(late, shift_late))
    if problem.under_way[kind]:
        window = (int(problem.ready_time[kind]),) * 2
    path = [Point(START, node, (window,))]
    for what, number in route.events:
        if what == BREAK:
            pause = problem.breaks[number]
            path.append(
                Point(
                    BREAK,
                    node,
                    pause.windows,
                    pause.duration,
                    index=number,
                    on_the_road=pause.on_the_road,
                )
            )
            continue
        node = number
        if what == RELOAD:
            early, late = _hours(problem, node)
            path.append(Point(RELOAD, node, ((max(early, next(releases)), late),)))
        else:
            bounds = zip(problem.tw_early[node], problem.tw_late[node], strict=True)
            windows = tuple(sorted({(int(early), int(late)) for early, late in bounds}))
            stay = int(problem.service[node]) + _setup(problem, kind, path[-1].node, node)
            price = int(problem.lateness_cost[node])
            path.append(Point(VISIT, node, windows, stay, price))
    if end != NOWHERE:
        early, late = _hours(problem, end)
        path.append(Point(END, end, ((early, min(late, shift_late)),)))
    return path


def _hours(problem: Problem, depot: int) -> tuple[int, int]:
    """When a depot is open."""
    return int(problem.tw_early[depot, 0]), int(problem.tw_late[depot, 0])


def _arcs(
    problem: Problem, route: Route, path: list[Point], index: int, found: list[Violation]
) -> tuple[list[int], list[int]]:
    """Length and travel time to each point, 0 where the vehicle stays where it is."""
    profile = int(problem.profile[route.vehicle_type])
    nodes = np.array([point.node for point in path])
    arcs = [0, *problem.distances_between(nodes[:-1], nodes[1:], profile).tolist()]
    times = [0, *problem.durations_between(nodes[:-1], nodes[1:], profile).tolist()]
    for position in range(1, len(path)):
        stays = path[position].node == path[position - 1].node
        if not stays and max(arcs[position], times[position]) >= UNLIMITED:
            found.append(Violation("unreachable", 1, route=index, node=path[position].node))
            stays = True
        if stays:
            arcs[position] = times[position] = 0
    return arcs, times


def _setup(problem: Problem, kind: int, tail: int, head: int) -> int:
    """What a vehicle type needs before its service for having come from there."""
    return 0 if problem.setup is None else int(problem.setup[problem.profile[kind], tail, head])


def _arc_costs(problem: Problem, route: Route, path: list[Point]) -> int:
    """What the arcs of a route cost beside their lengths; those that are forbidden, nothing."""
    if problem.arc_cost is None:
        return 0
    profile = int(problem.profile[route.vehicle_type])
    arcs = [(a.node, b.node) for a, b in pairwise(path) if a.node != b.node]
    return sum(
        int(problem.arc_cost[profile, tail, head])
        for tail, head in arcs
        if not _is_forbidden(problem, profile, tail, head)
    )


def _is_forbidden(problem: Problem, profile: int, tail: int, head: int) -> bool:
    ends = np.array(tail), np.array(head), profile
    longer = max(problem.distances_between(*ends), problem.durations_between(*ends))
    return bool(longer >= UNLIMITED)


# -- load ----------------------------------------------------------------------------------


def _loads(problem: Problem, route: Route, path: list[Point]) -> list[tuple[int, ...]]:
    """What is on board after each point, one number a load dimension.

    Everything that a trip delivers is on board when it leaves the depot, except goods that it
    picks up itself (pairs); a vehicle under way starts with what it carries. At a reload all that
    is left on board is set down.
    """
    dims = range(problem.size("L"))
    trips = iter(route.trips)
    load = [0 for _ in dims]
    after = []
    for point in path:
        if point.what in (START, RELOAD):
            trip = next(trips)
            load = _loaded(problem, trip)
            if point.what == START and problem.under_way[route.vehicle_type]:
                load = [int(problem.on_board[route.vehicle_type, dim]) for dim in dims]
        elif point.what == VISIT:
            for dim in dims:
                load[dim] += int(problem.pickup[point.node, dim])
                load[dim] -= int(problem.delivery[point.node, dim])
        after.append(tuple(load))
    return after


def _loaded(problem: Problem, trip: tuple[int, ...]) -> list[int]:
    """What a trip takes along from the depot, one number a load dimension."""
    visited = set(trip)
    from_pairs = {pair.delivery for pair in problem.pairs if pair.pickup in visited}
    loaded = [node for node in trip if node not in from_pairs]
    return [
        sum(int(problem.delivery[node, dim]) for node in loaded) for dim in range(problem.size("L"))
    ]


def _load_rules(
    problem: Problem,
    route: Route,
    path: list[Point],
    loads: list[tuple[int, ...]],
    index: int,
    found: list[Violation],
) -> None:
    """0 <= load <= capacity, the worst excess of each trip; and what a break allows on board."""
    starts = [position for position, point in enumerate(path) if point.what in (START, RELOAD)]
    for first, last in pairwise([*starts, len(path)]):
        for dim in range(problem.size("L")):
            trip = [load[dim] for load in loads[first:last]]
            capacity = int(problem.capacity[route.vehicle_type, dim])
            for rule, amount, extreme in (
                ("capacity", max(trip) - capacity, max(trip)),
                ("negative_load", -min(trip), min(trip)),
            ):
                if amount > 0:
                    point = path[first + trip.index(extreme)]
                    node = None if point.what == START else point.node
                    broken = Violation(rule, amount, Quantity.LOAD, index, node, dim)
                    found.append(broken)
    for point, load in zip(path, loads, strict=True):
        if point.index is None:
            continue
        limits = problem.breaks[point.index].max_load
        for amount, limit in zip(load if limits else (), limits, strict=True):
            if amount > limit:
                found.append(
                    Violation(
                        "break_load", amount - limit, Quantity.LOAD, route=index, node=point.node
                    )
                )


# -- time ----------------------------------------------------------------------------------


def _schedule(
    problem: Problem,
    route: Route,
    path: list[Point],
    travel: list[int],
    index: int,
    found: list[Violation],
) -> Times:
    """Schedule a path; a late vehicle is set back to the window's end and goes on (time warp)."""
    kind = route.vehicle_type
    is_open = problem.end_depot[kind] == NOWHERE  # the shift ends where it does
    closing = int(problem.shift_late[kind]) if is_open else UNLIMITED
    fields = ("max_duration", "unit_duration_cost", "regular_duration", "overtime_cost")
    tariff = Tariff(*(int(getattr(problem, name)[kind]) for name in fields))
    times = best_times(path, travel, closing, tariff)
    for point, amount in zip(path, times.warp, strict=True):
        if amount and point.price >= UNLIMITED:
            rule = {VISIT: "time_window", BREAK: "break"}.get(point.what, "shift")
            node = None if point.what in (START, END) else point.node
            found.append(Violation(rule, amount, Quantity.TIME, route=index, node=node))
    if times.overrun:
        found.append(Violation("shift", times.overrun, Quantity.TIME, route=index))
    return times


# -- limits and rules ----------------------------------------------------------------------


def _limits(
    problem: Problem,
    route: Route,
    index: int,
    measures: tuple[int, int, int],
    found: list[Violation],
) -> None:
    """What a route's distance, duration and time at the wheel exceed, and its stops."""
    kind = route.vehicle_type
    distance, duration, driving = measures
    for rule, value, limit, measure in (
        ("max_distance", distance, problem.max_distance[kind], Quantity.LENGTH),
        ("max_duration", duration, problem.max_duration[kind], Quantity.TIME),
        ("max_driving", driving, problem.max_driving[kind], Quantity.TIME),
        ("max_stops", len(route.visits), problem.max_stops[kind], Quantity.COUNT),
    ):
        if value > int(limit):
            found.append(Violation(rule, value - int(limit), measure, route=index))


def _rules(problem: Problem, route: Route, index: int, found: list[Violation]) -> None:
    """Who may serve whom, and in which order on each trip."""
    for node in dict.fromkeys(route.visits):
        if not problem.allowed[node, route.vehicle_type]:
            found.append(Violation("allowed", 1, route=index, node=node))
    if problem.backhaul is Backhaul.NONE:
        return
    for trip in route.trips:
        delivers = [bool(problem.delivery[node].any()) for node in trip]
        if problem.backhaul is Backhaul.LINEHAUL_FIRST:
            picked = False
            for node, brings in zip(trip, delivers, strict=True):
                if picked and brings:
                    found.append(Violation("backhaul_order", 1, route=index, node=node))
                picked = picked or bool(problem.pickup[node].any())
        if trip and not problem.backhaul_only_routes and not any(delivers):
            found.append(Violation("backhaul_only", 1, route=index))


def _structures(problem: Problem, route: Route, index: int, found: list[Violation]) -> None:
    """Reloads, breaks and pinned visits of one vehicle."""
    kind = route.vehicle_type
    reload = next((item for item in problem.reloads if item.vehicle_type == kind), None)
    for _, depot in route.reloads:
        if reload is None or depot not in reload.depots:
            found.append(Violation("reload", 1, route=index, node=depot))
    if reload is not None and len(route.reloads) > reload.most:
        found.append(Violation("reload", len(route.reloads) - reload.most, route=index))
    taken = Counter(number for _, number in route.breaks)
    for number, pause in enumerate(problem.breaks):
        due = int(pause.vehicle_type == kind)
        if taken[number] != due:
            amount = abs(taken[number] - due)
            found.append(Violation("break_missing", amount, route=index, index=number))
    for pin in problem.pins:
        if pin.vehicle_type == kind:
            found.extend(_displaced(pin, route.visits, index))


def _displaced(pin: Pin, visits: tuple[int, ...], index: int | None) -> Iterator[Violation]:
    """What is amiss with the pinned visits of the vehicle that makes `visits`."""
    for position, node in enumerate(pin.visits):
        if visits[position : position + 1] != (node,):
            yield Violation("pin", 1, route=index, node=node)
            return


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
        node: (index, number, position)
        for index, route in enumerate(solution.routes)
        for number, trip in enumerate(route.trips)
        for position, node in enumerate(trip)
    }
    for pair in problem.pairs:
        first, second = place.get(pair.pickup), place.get(pair.delivery)
        if first is None and second is None:
            continue
        if first is None or second is None or first[:2] != second[:2] or first > second:
            index = first[0] if first is not None else None
            yield Violation("pair", 1, route=index, node=pair.delivery)


def _fleet(problem: Problem, solution: Solution) -> Iterator[Violation]:
    used = Counter(route.vehicle_type for route in solution.routes if route.visits)
    for kind, number in sorted(used.items()):
        if number > int(problem.count[kind]):
            yield Violation("count", number - int(problem.count[kind]))
    for pin in problem.pins:
        if not used[pin.vehicle_type]:
            yield from _displaced(pin, (), None)


def _stops(
    problem: Problem,
    path: list[Point],
    arcs: list[int],
    times: Times,
    loads: list[tuple[int, ...]],
) -> Iterator[Stop]:
    driven = 0
    for position, point in enumerate(path):
        driven += arcs[position]
        event = point.what
        if event == VISIT:
            event = "pickup" if problem.pickup[point.node].any() else "service"
            event = "delivery" if problem.delivery[point.node].any() else event
        yield Stop(
            event=event,
            node=point.node,
            arrive=times.arrive[position],
            wait=times.wait[position],
            begin=times.begin[position],
            leave=times.leave[position],
            load=loads[position],
            distance=driven,
            index=point.index,
            ahead=times.ahead[position],
        )
