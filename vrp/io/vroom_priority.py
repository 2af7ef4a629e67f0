"""VROOM's order of goals as prizes: first priorities, then how many are served, then costs.

With P a bound on costs and n clients, a client of priority q is worth P (1 + (n + 1) q), so that n
clients and all costs together are less than one step of priority. P is more than the routes of any
plan can cost, which puts all plans in VROOM's order. Where these numbers do not fit below 2^50, it
is more than it can cost to serve one client more: then no client is left out, or gives way to one
of lower priority, for the sake of costs, but whole plans may be weighed otherwise. Where even that
does not fit, a step of priority outweighs fewer clients than n, a power of two of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import UNLIMITED, Array, Problem

MOST = 100
"""The highest priority that there is."""

NOT_ALL = (
    "priorities come before the number served and that before costs for each task, not for all "
    "tasks together"
)


def prizes(problem: Problem, priorities: Array) -> tuple[Array, str]:
    """What leaving each client out costs, int64 (N,), and what that lacks of VROOM's order.

    `priorities` has a number from 0 a node, 0 at depots.

    Raises ProblemError if no bound fits, even with priorities over their common divisor.
    """
    divisor = int(np.gcd.reduce(priorities)) or 1
    whole, _ = _bounds(problem)
    for bound, step in _units(problem):
        for shared in (1, divisor):
            worth = [bound * (1 + step * (q // shared)) for q in priorities.tolist()]
            worth[: problem.num_depots] = [0] * problem.num_depots
            if sum(worth) < UNLIMITED // 2:
                return np.array(worth, dtype=np.int64), _shortfall(problem, bound < whole, step)
    raise ProblemError(
        f"priorities up to {priorities.max()} of {problem.num_clients} clients need prizes above "
        "2^50, expected fewer clients or lower prices"
    )


def priorities(problem: Problem) -> Array | None:
    """The priorities from which `prizes` makes those of the problem; None if they are others."""
    found = problem.prize[problem.num_depots :]
    for bound, step in _units(problem):
        served = found // bound - 1
        own = served // step
        made = (found % bound == 0) & (served % step == 0) & (own >= 0) & (own <= MOST)
        if made.all():
            return np.concatenate((np.zeros(problem.num_depots, dtype=np.int64), own))
    return None


def serving_always_pays(problem: Problem) -> bool:
    """Whether each optional client's prize is more than the routes of any plan cost."""
    return bool((problem.prize[~problem.required] >= _bounds(problem)[0]).all())


def _units(problem: Problem) -> Iterator[tuple[int, int]]:
    """What a client without priority is worth, and how many of him a step of it, best first."""
    whole, one = _bounds(problem)
    step = problem.num_clients + 1
    yield whole, step
    yield one, step
    for power in range(problem.num_clients.bit_length() - 1, -1, -1):
        yield one, 2**power


def _shortfall(problem: Problem, one_by_one: bool, step: int) -> str:
    if not one_by_one:
        return ""
    few = f", and a step of priority outweighs {step} tasks" if step <= problem.num_clients else ""
    return f"{NOT_ALL}{few}: such prizes would have too many digits"


def _bounds(problem: Problem) -> tuple[int, int]:
    """More than the routes of any plan cost, and more than serving one client more costs.

    Each client is reached on an arc and served once, each vehicle is used and goes home once; and
    none costs more than its limits leave room for. One client more takes two arcs more, and a
    vehicle at most.
    """
    reached = np.zeros(problem.num_clients, dtype=np.int64)
    fleet = one = filled = 0
    priced: dict[tuple[int, int, int], _Priced] = {}
    for kind in range(problem.num_vehicle_types):
        rates = int(problem.unit_distance_cost[kind]), int(problem.unit_duration_cost[kind])
        key = int(problem.profile[kind]), *rates
        if key not in priced:
            priced[key] = _Priced(problem, *key)
        arcs = priced[key]
        reached = np.maximum(reached, arcs.into)
        fixed = int(problem.fixed_cost[kind])
        number = min(int(problem.count[kind]), problem.num_clients)
        fleet += number * (fixed + arcs.home)
        filled += number * (fixed + arcs.most(kind))
        one = max(one, fixed + arcs.one_more)
    return 1 + min(fleet + int(reached.sum()), filled), 1 + one


class _Priced:
    """What arcs and services cost at a profile's rates."""

    def __init__(self, problem: Problem, profile: int, per_length: int, per_time: int) -> None:
        self.problem, self.per_length, self.per_time = problem, per_length, per_time
        clients = slice(problem.num_depots, None)
        self.lengths = problem.distance_matrix(profile)
        times = problem.duration_matrix(profile)
        cost = np.zeros((problem.num_nodes, problem.num_nodes), dtype=np.int64)
        for rate, arcs in ((per_length, self.lengths), (per_time, times)):
            if rate:
                cost += rate * np.where(arcs >= UNLIMITED, 0, arcs)
        if problem.arc_cost is not None:
            cost += problem.arc_cost[profile]
            np.fill_diagonal(cost, 0)
        service = per_time * problem.service[clients]
        self.into = cost[:, clients].max(axis=0, initial=0) + service
        self.home = int(cost[clients].max(initial=0))
        self.longest = int(cost.max())
        self.one_more = 2 * self.longest + int(service.max(initial=0))
        paid = cost > 0
        free = bool((paid & (times == 0)).any())
        slowest = np.divide(cost, times, out=np.zeros(cost.shape), where=paid & (times > 0))
        self.per_moment = UNLIMITED if free else int(np.ceil(slowest.max(initial=0.0)))

    def most(self, kind: int) -> int:
        """What driving a route of a vehicle type costs at most within its limits."""
        problem, most = self.problem, UNLIMITED
        if not self.per_time and problem.arc_cost is None:
            most = min(most, self.per_length * int(problem.max_distance[kind]))
        if problem.max_stops[kind] < UNLIMITED:
            stops = int(problem.max_stops[kind])
            most = min(most, (stops + 1) * self.longest + stops * int(self.into.max(initial=0)))
        shift = int(problem.shift_late[kind]) - int(problem.shift_early[kind])
        if problem.shift_late[kind] < UNLIMITED and self.per_moment < UNLIMITED:
            most = min(most, max(shift, 0) * (self.per_moment + self.per_time))
        return most
