"""Where clients whom a plan leaves out would fit best on each vehicle type, and what that breaks.

What makes a problem impossible whatever the plan is found by `vrp.obstacles`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from polyroute.vrp.check import RULES, RouteEvaluation, Violation, judge_route
from polyroute.vrp.obstacles import Obstacle, reload_of
from polyroute.vrp.problem import Problem, Quantity
from polyroute.vrp.solution import BREAK, RELOAD, VISIT, Event, Route, Solution


@dataclass(frozen=True)
class Place:
    """The best gap for an unserved client on routes of one vehicle type, and what it breaks."""

    vehicle_type: int
    route: int | None  # index into Solution.routes; None: a vehicle not yet in use
    visits: tuple[int, ...]  # of the route with the client on it
    cost: int  # change in cost, in the problem's cost scale
    broken: tuple[Violation, ...]  # beyond what the route breaks without the client
    reload: int | None = None  # depot of a reload that is put in with the client

    def describe(self, problem: Problem) -> str:
        """One clause for people."""
        where = "a new route" if self.route is None else f"route {self.route + 1}"
        more = problem.scales.show(abs(self.cost), Quantity.COST)
        sign = "+" if self.cost >= 0 else "-"
        if self.reload is not None:
            where += f" with a reload at {problem.label(self.reload)}"
        text = f"vehicle type {problem.vehicle_id[self.vehicle_type]}, {where}: cost {sign}{more}"
        for found in self.broken:
            amount = problem.scales.show(found.amount, found.quantity)
            text += f", {RULES[found.rule].format(amount=amount)}"
            if found.node is not None:
                text += f" at {problem.label(found.node)}"
        return text


@dataclass(frozen=True)
class Explanation:
    """What stands in the way of every plan, and of each client whom a plan leaves out."""

    obstacles: tuple[Obstacle, ...]
    unserved: tuple[tuple[int, tuple[Place, ...]], ...]  # client node and his places


def unserved_places(
    problem: Problem, solution: Solution
) -> tuple[tuple[int, tuple[Place, ...]], ...]:
    """Each client whom the plan leaves out, with his `places`."""
    return tuple((node, places(problem, solution, node)) for node in solution.unserved(problem))


def places(problem: Problem, solution: Solution, node: int) -> tuple[Place, ...]:
    """Where an unserved client would fit best, one place a vehicle type, the best first.

    The best gap breaks the fewest rules, then the least, then costs least. The other end of a
    pair goes behind or before him wherever that is best; where the vehicle may reload once more,
    that is tried right before and right after.
    """
    best: dict[int, Place] = {}
    for place in _all_places(problem, solution, node):
        kind = place.vehicle_type
        if kind not in best or rank(place) < rank(best[kind]):
            best[kind] = place
    return tuple(sorted(best.values(), key=rank))


def rank(place: Place) -> tuple[int, int, int]:
    """The lower, the better a place."""
    return _badness(place.broken, place.cost)


def _badness(broken: tuple[Violation, ...], cost: int) -> tuple[int, int, int]:
    return len(broken), sum(found.amount for found in broken), cost


def _all_places(problem: Problem, solution: Solution, node: int) -> Iterator[Place]:
    together = next(
        ((p.pickup, p.delivery) for p in problem.pairs if node in (p.pickup, p.delivery)), (node,)
    )
    used = [route.vehicle_type for route in solution.routes if route.visits]
    routes = [(index, route) for index, route in enumerate(solution.routes) if route.visits]
    options: list[tuple[int | None, Route]] = [*routes]
    for kind in range(problem.num_vehicle_types):
        if used.count(kind) < problem.count[kind]:
            options.append((None, Route((), kind)))
    for index, route in options:
        before, broken = judge_route(problem, route)
        for reload, candidate in _with(problem, route, together):
            yield judge_option(problem, candidate, index, (before, broken), reload)


def judge_option(
    problem: Problem,
    candidate: Route,
    index: int | None,
    before: tuple[RouteEvaluation, tuple[Violation, ...]],
    reload: int | None = None,
) -> Place:
    """What the checker says of a route with a client more, beside what it said `before`."""
    known = {(found.rule, found.node): found.amount for found in before[1]}
    after, broken = _judged(problem, candidate, new=index is None)
    more = tuple(v for v in broken if v.amount > known.get((v.rule, v.node), 0))
    cost = after.cost - before[0].cost
    return Place(candidate.vehicle_type, index, candidate.visits, cost, more, reload)


def _judged(
    problem: Problem, route: Route, *, new: bool
) -> tuple[RouteEvaluation, tuple[Violation, ...]]:
    """What the checker says of a route; one that is new takes its breaks where that is best."""
    if new:
        due = [i for i, p in enumerate(problem.breaks) if p.vehicle_type == route.vehicle_type]
        for index in sorted(due, key=lambda index: problem.breaks[index].windows[-1][1]):
            route = _with_break(problem, route, index)
    return judge_route(problem, route)


def _with_break(problem: Problem, route: Route, index: int) -> Route:
    """The route with a break where it breaks least."""

    def badness(option: Route) -> tuple[int, int, int]:
        figures, broken = judge_route(problem, option)
        return _badness(broken, figures.cost)

    options = []
    for position in range(len(route) + 1):
        breaks = sorted((*route.breaks, (position, index)), key=lambda item: item[0])
        options.append(replace(route, breaks=tuple(breaks)))
    return min(options, key=badness)


def _with(
    problem: Problem, route: Route, nodes: tuple[int, ...]
) -> Iterator[tuple[int | None, Route]]:
    """The route with `nodes` put in, in their order, in every way; who is there already stays.

    Each also with one more reload, whose depot is told, right before or after them.
    """
    rest = [event for event in route.events if event.what != VISIT or event.number not in nodes]
    reload = reload_of(problem, route.vehicle_type)
    depots = reload.depots if reload and len(route.reloads) < reload.most else ()
    first, *others = (Event(VISIT, node) for node in nodes)
    for i in range(len(rest) + 1):
        for j in range(i, len(rest) + 1) if others else (i,):
            head, middle, tail = rest[:i], [first, *rest[i:j], *others], rest[j:]
            yield None, Route.of_events([*head, *middle, *tail], route.vehicle_type)
            for depot in depots:
                stop = [Event(RELOAD, depot)]
                if not head or head[-1].what != BREAK:
                    yield depot, Route.of_events(head + stop + middle + tail, route.vehicle_type)
                yield depot, Route.of_events(head + middle + stop + tail, route.vehicle_type)
