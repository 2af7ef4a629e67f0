"""VROOM's order of goals as prizes: first priorities, then how many are served, then costs."""

from __future__ import annotations

import numpy as np

from vrp.errors import ProblemError
from vrp.problem import UNLIMITED, Array, Problem

MOST = 100
"""The highest priority that there is."""


def prizes(problem: Problem, priorities: Array) -> Array:
    """What leaving each client out costs, int64 (N,), where the highest sum of priorities counts
    first, then the number of clients served, then the costs of the routes.

    `priorities` has a number from 0 a node, 0 at depots. With P more than any routes can cost and
    n clients, a client of priority q is worth P (1 + (n + 1) q): n clients and all costs together
    are less than one step of priority.

    Raises ProblemError if these prizes do not fit below 2^50, even with priorities over their
    greatest common divisor.
    """
    enough = _more_than_routes_cost(problem)
    step = problem.num_clients + 1
    for divisor in (1, int(np.gcd.reduce(priorities)) or 1):
        worth = (1 + step * (priorities // divisor)).astype(object) * enough
        worth[: problem.num_depots] = 0
        if sum(worth.tolist()) < UNLIMITED // 2:
            return worth.astype(np.int64)
    raise ProblemError(
        f"priorities up to {priorities.max()} of {problem.num_clients} clients need prizes above "
        "2^50, expected fewer clients or priorities closer to each other"
    )


def priorities(problem: Problem) -> Array | None:
    """The priorities from which `prizes` makes those of the problem; None if they are others."""
    enough = _more_than_routes_cost(problem)
    step = problem.num_clients + 1
    found = problem.prize[problem.num_depots :]
    if (found % enough).any() or ((found // enough - 1) % step).any():
        return None
    clients = (found // enough - 1) // step
    if clients.size and (clients.min() < 0 or clients.max() > MOST):
        return None
    return np.concatenate((np.zeros(problem.num_depots, dtype=np.int64), clients))


def _more_than_routes_cost(problem: Problem) -> int:
    """More than the routes of any plan cost.

    Each client is reached on an arc and served once, each vehicle is used and goes home once.
    """
    clients = slice(problem.num_depots, None)
    reached = np.zeros(problem.num_clients, dtype=np.int64)
    total = 1
    priced: dict[tuple[int, int, int], tuple[Array, int]] = {}
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
            into = cost[:, clients].max(axis=0, initial=0)
            into += rates[1] * problem.service[clients]
            priced[key] = into, int(cost[clients].max(initial=0))
        into, home = priced[key]
        reached = np.maximum(reached, into)
        number = min(int(problem.count[kind]), problem.num_clients)
        total += number * (int(problem.fixed_cost[kind]) + home)
    return total + int(reached.sum())
