"""Why clients are left out of a plan, one reason each, in bounded time.

It looks at no more places than time allows, the nearest first, and says so where that decides:
`explain.places` looks at all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter

import numpy as np

from polyroute.vrp.check import RouteEvaluation, Violation, judge_route
from polyroute.vrp.explain import Place, judge_option, rank
from polyroute.vrp.obstacles import Alone
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Problem, Quantity
from polyroute.vrp.solution import VISIT, Event, Route, Solution

LOOK_SECONDS = 0.3
"""For all clients together."""

LOOKED_AT = 8
"""Places that are tried for a client: of the routes with room for him, those nearest to him."""

VISIT_SECONDS = 1e-4
"""What a visit of a route takes to be judged, on a slow machine."""

HURRIED = "not looked at, to save time"

LARGE_TABLE = 1500
"""Beyond so many nodes in a table, shortest ways through it take too long to look for here."""


class Cause(StrEnum):
    """Why a client is left out; the value is what a summary says of several."""

    ALTERNATIVE = "with an alternative who is served"
    ALONE = "whom no vehicle can serve, even alone"
    PRICE = "dearer than the prize"
    FITS = "who would fit"
    NO_PLACE = "without a place that breaks no rule"
    UNKNOWN = "not looked at (--explain does)"


@dataclass(frozen=True)
class Reason:
    """Why a client is left out: `rule` is the one that is broken, where it is one."""

    node: int
    cause: Cause
    message: str  # a clause about him
    rule: str | None = None


def reasons(
    problem: Problem, solution: Solution, *, seconds: float = LOOK_SECONDS
) -> tuple[Reason, ...]:
    """A reason for each client whom the plan leaves out, in their order.

    After `seconds` the others are UNKNOWN.
    """
    unserved = solution.unserved(problem)
    if not unserved:
        return ()
    looker = _Looker(problem, solution, seconds)
    return tuple(looker.reason(node) for node in unserved)


def describe(found: Sequence[Reason]) -> str:
    """How many are left out for which cause, in half a sentence."""
    told: dict[str, int] = {}
    for reason in found:
        rule = f" ({reason.rule})" if reason.rule else ""
        text = f"{reason.cause.value}{rule}"
        told[text] = told.get(text, 0) + 1
    return ", ".join(f"{number} {text}" for text, number in told.items())


class _Looker:
    """What is known of a plan while one client after the other is looked at."""

    def __init__(self, problem: Problem, solution: Solution, seconds: float) -> None:
        self.problem, self.solution = problem, solution
        self.until = perf_counter() + seconds
        self.served = {node for route in solution.routes for node in route.visits}
        self.groups = {node: group for group in problem.groups for node in group.clients}
        tables = problem.distance is not None and problem.num_nodes > LARGE_TABLE
        self.alone = None if tables else Alone(problem)
        self.ends = {pair.delivery: pair.pickup for pair in problem.pairs}
        self.mates = {pair.pickup: pair.delivery for pair in problem.pairs}
        self.judged: dict[int, tuple[RouteEvaluation, tuple[Violation, ...]]] = {}
        self.known: dict[int, Reason] = {}
        self.gaps = _gaps(problem, solution)

    def reason(self, node: int) -> Reason:
        """Of a pair, both ends have that of the pickup."""
        first = self.ends.get(node, node)
        if first not in self.known:
            self.known[first] = self._find(first)
        found = self.known[first]
        return Reason(node, found.cause, found.message, found.rule)

    def _find(self, node: int) -> Reason:
        group = self.groups.get(node)
        if group is not None and not self.served.isdisjoint(group.clients):
            return Reason(node, Cause.ALTERNATIVE, "an alternative to him is served")
        if perf_counter() > self.until:
            return Reason(node, Cause.UNKNOWN, HURRIED)
        obstacle = None if self.alone is None else self.alone.obstacle(node)
        if obstacle is not None:
            return Reason(node, Cause.ALONE, obstacle.message)
        return self._judge(node)

    def _judge(self, node: int) -> Reason:
        """What the first place says in which he fits, or else the best."""
        problem, best = self.problem, None
        ends = (node, self.mates[node]) if node in self.mates else (node,)
        needed = any(problem.required[end] for end in ends)
        prize = sum(int(problem.prize[end]) for end in ends)
        hurried = False
        for place in self._places(node):
            if place is None:
                hurried = True
                continue
            if not place.broken and (needed or place.cost < prize):
                return Reason(node, Cause.FITS, f"would fit: {place.describe(problem)}")
            best = place if best is None else min(best, place, key=rank)
        if hurried:
            return Reason(node, Cause.UNKNOWN, HURRIED)
        if best is None:
            return Reason(node, Cause.NO_PLACE, "no vehicle is left, and there is no route")
        if best.broken:
            text = f"of the places nearest to him, the best: {best.describe(problem)}"
            return Reason(node, Cause.NO_PLACE, text, best.broken[0].rule)
        cost, worth = (problem.scales.show(value, Quantity.COST) for value in (best.cost, prize))
        text = (
            f"would cost {cost} at the best of the places nearest to him, and his prize is {worth}"
        )
        return Reason(node, Cause.PRICE, text)

    # -- places ------------------------------------------------------------------------------

    def _places(self, node: int) -> Iterator[Place | None]:
        """The nearest gaps on routes, and a vehicle of each type that is not in use.

        None in place of one on a route that is too long for the time that is left.
        """
        tries: list[tuple[int | None, int, Route]] = [
            (index, position, self.solution.routes[index])
            for index, position in self.gaps.nearest(node, LOOKED_AT)
        ]
        used = [route.vehicle_type for route in self.solution.routes if route.visits]
        for kind in range(min(self.problem.num_vehicle_types, LOOKED_AT)):
            if used.count(kind) < self.problem.count[kind]:
                tries.append((None, 0, Route((), kind)))
        for index, position, route in tries:
            fits = perf_counter() + VISIT_SECONDS * len(route) <= self.until
            yield self._place(node, index, position, route) if fits else None

    def _place(self, node: int, index: int | None, position: int, route: Route) -> Place:
        ends = (node, self.mates[node]) if node in self.mates else (node,)
        events = [e for e in route.events if e.what != VISIT or e.number not in ends]
        visits = [place for place, e in enumerate(events) if e.what == VISIT]
        at = visits[position] if position < len(visits) else len(events)
        events[at:at] = [Event(VISIT, end) for end in ends]
        candidate = Route.of_events(events, route.vehicle_type)
        if index is None:
            return judge_option(self.problem, candidate, None, judge_route(self.problem, route))
        if index not in self.judged:
            self.judged[index] = judge_route(self.problem, route)
        return judge_option(self.problem, candidate, index, self.judged[index])


@dataclass(frozen=True)
class _Gaps:
    """Every gap between two stops of a plan, in arrays of one length."""

    problem: Problem
    tail: Array  # nodes
    head: Array
    route: Array
    position: Array
    length: Array  # from tail to head
    spare: Array  # (gaps, L) room for what is delivered in the gap's route, if nothing else is

    def nearest(self, node: int, number: int) -> list[tuple[int, int]]:
        """The (route, position) of the gaps in which `node` is least out of the way.

        Gaps of routes that have room for him come first.
        """
        if not len(self.tail):
            return []
        there, back = np.array(node), np.array(node)
        detour = self.problem.distances_between(self.tail, there).astype(np.float64)
        onwards = self.problem.distances_between(back, self.head).astype(np.float64)
        # An open route ends where it does; a way that does not exist is longer than any.
        detour += np.where(self.head == self.tail, 0.0, onwards) - self.length
        full = (self.spare < self.problem.delivery[node]).any(axis=1)
        order = np.lexsort((detour, full))[:number]
        return [(int(self.route[gap]), int(self.position[gap])) for gap in order]


def _gaps(problem: Problem, solution: Solution) -> _Gaps:
    tail: list[int] = []
    head: list[int] = []
    route_of: list[int] = []
    position: list[int] = []
    spare: list[Array] = []
    for index, route in enumerate(solution.routes):
        if not route.visits:
            continue
        kind = route.vehicle_type
        end = int(problem.end_depot[kind])
        stops = [int(problem.start_depot[kind]), *route.visits]
        tail += stops
        head += [*route.visits, stops[-1] if end == NOWHERE else end]
        route_of += [index] * len(stops)
        position += range(len(stops))
        free = problem.capacity[kind] - problem.delivery[list(route.visits)].sum(axis=0)
        room = np.full_like(free, UNLIMITED) if problem.reloads or problem.pairs else free
        spare += [room] * len(stops)
    tails, heads = np.array(tail, dtype=np.int64), np.array(head, dtype=np.int64)
    lengths = np.where(heads == tails, 0, problem.distances_between(tails, heads))
    return _Gaps(
        problem,
        tails,
        heads,
        np.array(route_of, dtype=np.int64),
        np.array(position, dtype=np.int64),
        lengths.astype(np.float64),
        np.array(spare, dtype=np.int64).reshape(len(tail), problem.size("L")),
    )
