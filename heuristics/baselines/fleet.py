"""The vehicles that a baseline is given, and a plan's routes dealt out to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from polyroute.vrp.problem import Problem
from polyroute.vrp.result import Outcome
from polyroute.vrp.solution import Solution

CAPACITY_ONLY = frozenset(
    "delivery capacity count fixed_cost unit_distance_cost asymmetric".split()
)
"""Features under which nothing but its capacity ends a route."""


def usable_types(problem: Problem) -> list[int]:
    """The vehicle types that there are any of, and whose shift does not end before it begins."""
    usable = (problem.count > 0) & (problem.shift_early <= problem.shift_late)
    return [int(v) for v in np.flatnonzero(usable)]


def trivial_outcome(problem: Problem) -> Outcome | None:
    """The empty plan if there is nobody to serve or nothing to serve them with.

    Solvers refuse such a problem, or crash.
    """
    if problem.num_clients and usable_types(problem):
        return None
    return Outcome(Solution(()), notes=("no client or no vehicle: the solver was not asked",))


def fleet_sizes(problem: Problem) -> list[int]:
    """How many vehicles of each type to offer a solver that wants a number.

    Never more than clients; none whose shift ends before it begins. Where capacity alone limits a
    route, 2 · ceil(demand / capacity) + 1 are enough: two routes that are at most half full make
    one that is no longer (triangle inequality), so some optimal plan has at most one of them.
    """
    most = problem.num_clients
    if problem.active <= CAPACITY_ONLY:
        capacity, demand = int(problem.capacity[0, 0]), int(problem.delivery.sum())
        if capacity > 0:
            most = min(most, 2 * -(-demand // capacity) + 1)
    sizes = dict.fromkeys(range(problem.num_vehicle_types), 0)
    sizes |= {v: min(int(problem.count[v]), most) for v in usable_types(problem)}
    return list(sizes.values())


def visits_by_vehicle(types: Sequence[int], plan: Solution) -> list[tuple[int, ...]] | None:
    """What each vehicle visits, given their types; None if the plan takes more than there are."""
    free: dict[int, list[int]] = {}
    for vehicle, kind in enumerate(types):
        free.setdefault(kind, []).append(vehicle)
    visits: list[tuple[int, ...]] = [()] * len(types)
    for route in plan.routes:
        if not free.get(route.vehicle_type):
            return None
        visits[free[route.vehicle_type].pop(0)] = route.visits
    return visits
