"""Breaks that a solver takes on the road, taken at a stop; and who must give way to that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from polyroute.vrp.check import judge_route
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import VISIT, Route, Solution


def with_breaks_at_stops(problem: Problem, plan: Solution) -> Solution:
    """The plan with the breaks of each route that breaks rules moved to where it breaks them least.

    Where that is not enough and clients may be left out, some are.
    """
    routes = (_fewer(problem, settled(problem, route)) for route in plan.routes)
    return Solution(tuple(route for route in routes if route.visits))


def settled(problem: Problem, route: Route) -> Route:
    """The route with one break after the other moved, as long as that helps."""
    best, amiss = route, is_amiss(problem, route)
    while amiss:
        trials = (moved for number in range(len(best.breaks)) for moved in _moves(best, number))
        trial = min(trials, key=lambda moved: is_amiss(problem, moved), default=best)
        if is_amiss(problem, trial) >= amiss:
            return best
        best, amiss = trial, is_amiss(problem, trial)
    return best


def is_amiss(problem: Problem, route: Route) -> int:
    """What the route's violations amount to."""
    return sum(violation.amount for violation in judge_route(problem, route)[1])


def _moves(route: Route, number: int) -> Iterator[Route]:
    """The route with one of its breaks behind any number of visits."""
    others, (_, index) = [*route.breaks], route.breaks[number]
    del others[number]
    for position in range(len(route.visits) + 1):
        yield replace(route, breaks=tuple(sorted([*others, (position, index)])))


def _fewer(problem: Problem, route: Route) -> Route:
    """The route without those who may be left out, one after the other while it breaks rules."""
    while route.breaks and is_amiss(problem, route):
        trials = [settled(problem, trial) for trial in _without_one(problem, route)]
        if not trials:
            return route
        route = min(trials, key=lambda trial: is_amiss(problem, trial))
    return route


def _without_one(problem: Problem, route: Route) -> Iterator[Route]:
    """The route without one of its optional clients, and without his partner."""
    partner = {pair.pickup: pair.delivery for pair in problem.pairs}
    partner |= {delivery: pickup for pickup, delivery in partner.items()}
    bound = {node for group in problem.groups if group.required for node in group.clients}
    for node in route.visits:
        gone = {node, partner.get(node, node)}
        if not problem.required[[*gone]].any() and gone.isdisjoint(bound):
            events = [e for e in route.events if e.what != VISIT or e.number not in gone]
            yield Route.of_events(events, route.vehicle_type)
