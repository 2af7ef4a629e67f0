"""VROOM's order of goals as prizes: first priorities, then how many are served, then costs.

With P a bound on costs and n clients, a client of priority q is worth P (1 + (n + 1) q), so that n
clients and all costs together are less than one step of priority. The bound is more than the routes
of any plan can cost, which puts all plans in VROOM's order. Where these numbers do not fit below
2^50, it is more than it can cost to serve one client more: then no client is left out, or gives way
to one of lower priority, for the sake of costs, but whole plans may be weighed otherwise.
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import UNLIMITED, Array, Problem

MOST = 100
"""The highest priority that there is."""


def prizes(problem: Problem, priorities: Array) -> tuple[Array, bool]:
    """What leaving each client out costs, int64 (N,), and whether that orders all plans.

    `priorities` has a number from 0 a node, 0 at depots.

    Raises ProblemError if no bound fits, even with priorities over their common divisor.
    """
    step = problem.num_clients + 1
    divisor = int(np.gcd.reduce(priorities)) or 1
    for bound, orders_all in zip(_bounds(problem), (True, False), strict=True):
        for shared in (1, divisor):
            worth = [bound * (1 + step * (q // shared)) for q in priorities.tolist()]
            worth[: problem.num_depots] = [0] * problem.num_depots
            if sum(worth) < UNLIMITED // 2:
                return np.array(worth, dtype=np.int64), orders_all
    raise ProblemError(
        f"priorities up to {priorities.max()} of {problem.num_clients} clients need prizes above "
        "2^50, expected fewer clients or priorities closer to each other"
    )


def priorities(problem: Problem) -> Array | None:
    """The priorities from which `prizes` makes those of the problem; None if they are others."""
    step = problem.num_clients + 1
    found = problem.prize[problem.num_depots :]
    for bound in _bounds(problem):
        served = found // bound - 1
        own = served // step
        made = (found % bound == 0) & (served % step == 0) & (own >= 0) & (own <= MOST)
        if made.all():
            return np.concatenate((np.zeros(problem.num_depots, dtype=np.int64), own))
    return None


def _bounds(problem: Problem) -> tuple[int, int]:
    """More than the routes of any plan cost, and more than serving one client more costs.

    Each client is reached on an arc and served once, each vehicle is used and goes home once. One
    client more takes two arcs more, and a vehicle at most.
    """
    clients = slice(problem.num_depots, None)
    reached = np.zeros(problem.num_clients, dtype=np.int64)
    fleet = one = 0
    priced: dict[tuple[int, int, int], tuple[Array, int, int]] = {}
    for kind in range(problem.num_vehicle_types):
        rates = int(problem.unit_distance_cost[kind]), int(problem.unit_duration_cost[kind])
        key = int(problem.profile[kind]), *rates
        if key not in priced:
            cost = np.zeros((problem.num_nodes, problem.num_nodes), dtype=np.int64)
            for rate, matrix in zip(
                rates, (problem.distance_matrix, problem.duration_matrix), strict=True
            ):
                if rate:
                    arcs = matrix(key[0])
                    cost += rate * np.where(arcs >= UNLIMITED, 0, arcs)
            service = rates[1] * problem.service[clients]
            home, longest = int(cost[clients].max(initial=0)), int(cost.max())
            one_more = 2 * longest + int(service.max(initial=0))
            priced[key] = cost[:, clients].max(axis=0, initial=0) + service, home, one_more
        into, home, one_more = priced[key]
        reached = np.maximum(reached, into)
        fixed = int(problem.fixed_cost[kind])
        fleet += min(int(problem.count[kind]), problem.num_clients) * (fixed + home)
        one = max(one, fixed + one_more)
    return 1 + fleet + int(reached.sum()), 1 + one
