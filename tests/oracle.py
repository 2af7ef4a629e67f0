"""The exact optimum of a small problem of any kind, judged route by route by the checker.

Routes are looked at in full: each order of each set of clients by each vehicle type. Plans are put
together from the best of them by dynamic programming over sets of clients. So it reaches a little
further than `tests.naive`, and shares nothing with it but the checker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement, permutations, product

from polyroute.vrp.check import Violation, judge_route
from polyroute.vrp.problem import Objective, Problem
from polyroute.vrp.solution import Route, Solution

MOST = 7
"""More clients have too many orders."""

HOPELESS = frozenset(("allowed", "max_stops", "backhaul_order", "time_window"))
"""What a route that breaks it still breaks when more clients follow."""

Value = tuple[int, ...]


@dataclass(frozen=True)
class Partial:
    """Routes that serve some set of clients, and their value, term by term of the objective."""

    value: Value
    routes: tuple[Route, ...] = ()

    def __add__(self, other: Partial) -> Partial:
        value = tuple(a + b for a, b in zip(self.value, other.value, strict=True))
        return Partial(value, self.routes + other.routes)


Table = dict[int, Partial]
"""The best of each set of clients, which is a bit mask."""


def optimum(problem: Problem) -> tuple[Solution, Value] | None:
    """The best plan and its value in the terms of the objective; None if there is no plan.

    The objective is cost, or vehicles and then cost.
    """
    assert problem.num_clients <= MOST, f"more than {MOST} clients have too many orders"
    assert set(problem.objective) <= {Objective.VEHICLES, Objective.COST}
    plans: Table = {0: Partial(_value(problem, 0, 0))}
    for kind in range(problem.num_vehicle_types):
        routes = best_routes(problem, kind)
        plans = _join(plans, _several(routes, int(problem.count[kind]), plans[0]))
    best: Partial | None = None
    for served in filter(lambda served: _is_legal(problem, served), plans):
        plan = plans[served] + Partial(_value(problem, 0, _prizes(problem, served)))
        if best is None or plan.value < best.value:
            best = plan
    return None if best is None else (Solution(best.routes), best.value)


def _value(problem: Problem, vehicles: int, cost: int) -> Value:
    terms = {Objective.VEHICLES: vehicles, Objective.COST: cost}
    return tuple(terms[term] for term in problem.objective)


# -- routes ----------------------------------------------------------------------------------


def best_routes(problem: Problem, kind: int) -> Table:
    """For each set of clients that one vehicle of a type can serve, the cheapest such route."""
    best: Table = {}
    for route, cost in _routes(problem, kind, ()):
        served = sum(_bit(problem, node) for node in route.visits)
        plan = Partial(_value(problem, 1, cost), (route,))
        if served not in best or plan.value < best[served].value:
            best[served] = plan
    return best


def _routes(problem: Problem, kind: int, visits: tuple[int, ...]) -> Iterator[tuple[Route, int]]:
    """Every legal route that begins with `visits`, and its cost."""
    if visits:
        _, found = judge_route(problem, Route(visits, kind))
        if any(_is_hopeless(problem, kind, violation) for violation in found):
            return
        if all(_together(pair, visits) for pair in _pairs(problem)):
            for route in with_stopovers(problem, visits, kind):
                figures, found = judge_route(problem, route)
                if not found and all(_on_one_trip(pair, route) for pair in _pairs(problem)):
                    yield route, figures.cost
    for node in problem.clients:
        if node not in visits and _may_follow(problem, kind, visits, node):
            yield from _routes(problem, kind, (*visits, node))


def with_stopovers(problem: Problem, visits: tuple[int, ...], kind: int) -> Iterator[Route]:
    """Every way to reload at most once before each visit, and to take the breaks anywhere."""
    reload = next((item for item in problem.reloads if item.vehicle_type == kind), None)
    depots = () if reload is None else reload.depots
    own = [i for i, item in enumerate(problem.breaks) if item.vehicle_type == kind]
    for chosen in product((None, *depots), repeat=len(visits)):
        stops = tuple((place, depot) for place, depot in enumerate(chosen) if depot is not None)
        if reload is not None and len(stops) > reload.most:
            continue
        for order in permutations(own):
            for places in combinations_with_replacement(range(len(visits) + 1), len(own)):
                yield Route(visits, kind, stops, tuple(zip(places, order, strict=True)))


def _on_one_trip(pair: tuple[int, int], route: Route) -> bool:
    return all((pair[0] in trip) == (pair[1] in trip) for trip in route.trips)


def _is_hopeless(problem: Problem, kind: int, violation: Violation) -> bool:
    """Whether no further client mends it; an arc is behind the vehicle unless it leads home.

    Where vehicles reload a depot may mend the order, or lie on a shorter way.
    """
    if any(item.vehicle_type == kind for item in problem.reloads):
        return violation.rule in ("allowed", "max_stops")
    if violation.rule == "unreachable":
        return violation.node in problem.clients
    return violation.rule in HOPELESS


def _may_follow(problem: Problem, kind: int, visits: tuple[int, ...], node: int) -> bool:
    """Whether a delivery has its pickup before it, a group no other member on the route.

    Who is pinned follows on the route that he is pinned to only.
    """
    if any(node in pin.visits and pin.vehicle_type != kind for pin in problem.pins):
        return False
    if any(last == node and first not in visits for first, last in _pairs(problem)):
        return False
    return not any(
        node in group.clients and not set(visits).isdisjoint(group.clients)
        for group in problem.groups
    )


def _pairs(problem: Problem) -> list[tuple[int, int]]:
    return [(pair.pickup, pair.delivery) for pair in problem.pairs]


def _together(pair: tuple[int, int], visits: tuple[int, ...]) -> bool:
    return (pair[0] in visits) == (pair[1] in visits)


# -- sets of clients -------------------------------------------------------------------------


def _bit(problem: Problem, node: int) -> int:
    return 1 << (node - problem.num_depots)


def _several(routes: Table, vehicles: int, none: Partial) -> Table:
    """The best plans of at most so many of these routes: the first client's route comes first."""
    plans = {0: none}
    for _ in range(min(vehicles, MOST)):
        longer = dict(plans)
        for served, plan in plans.items():
            for more, route in routes.items():
                if not served & more and (not served or (more & -more) < (served & -served)):
                    _keep(longer, served | more, plan + route)
        plans = longer
    return plans


def _join(first: Table, second: Table) -> Table:
    """The best plans of one of `first` and one of `second` that serve nobody twice."""
    joined: Table = {}
    for served, plan in first.items():
        for more, other in second.items():
            if not served & more:
                _keep(joined, served | more, plan + other)
    return joined


def _keep(table: Table, served: int, plan: Partial) -> None:
    if served not in table or plan.value < table[served].value:
        table[served] = plan


def _is_legal(problem: Problem, served: int) -> bool:
    """Whether those who are left out may be, and of each group as many are served as should be."""
    grouped = {node for group in problem.groups for node in group.clients}
    for node in problem.clients:
        if problem.required[node] and node not in grouped and not served & _bit(problem, node):
            return False
    pinned = (node for pin in problem.pins for node in pin.visits)
    if not all(served & _bit(problem, node) for node in pinned):
        return False
    for group in problem.groups:
        number = sum(bool(served & _bit(problem, node)) for node in group.clients)
        if number > 1 or (group.required and not number):
            return False
    return True


def _prizes(problem: Problem, served: int) -> int:
    """What the optional clients who are not served cost."""
    return sum(
        int(problem.prize[node])
        for node in problem.clients
        if not problem.required[node] and not served & _bit(problem, node)
    )
