"""What the checker says of routes and plans of kernels: slow twins of their figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    DEPOT,
    FORBIDDEN,
    LOAD_WEIGHT,
    WEIGH_2,
    WEIGH_STOPS,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.layout.facts import Facts
from polyroute.vrp.check import RouteEvaluation, Violation, evaluate, judge_route
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Problem
from polyroute.vrp.solution import Route, Solution
from tests.heuristics.in_arrays import kinds_of, layout_of, node_of
from tests.heuristics.random_problems.plain import Array
from tests.heuristics.states import Plan, kinds_in

Vector = tuple[float, float, float, float]

Choice = tuple[Plan, list[int]]
"""A plan, and the kinds of its vehicles."""

EXCESS = {
    "negative_load": 1,
    "time_window": 2,
    "shift": 2,
    "max_duration": 2,
    "max_distance": 3,
    "max_driving": 3,
}
"""Where each rule's amount stands in a vector of cost, overload, lateness and overrun."""

WEIGHED = frozenset(("capacity", "max_stops"))
"""Rules of which overload is the weighed sum, over all dimensions of loads."""

BARRED = frozenset(("unreachable", "backhaul_order", "backhaul_only"))
"""Rules that cost at least the constant FORBIDDEN."""


def route_of(problem: Problem, visits: Sequence[int], kind: int = 0) -> Route:
    """A route of the kernels in the problem's numbers."""
    nodes = tuple(node_of(problem, u) for u in visits)
    return Route(nodes, kinds_of(problem).types[kind][0])


def solution_of(problem: Problem, plan: Plan, kinds: Sequence[int] | None = None) -> Solution:
    """A plan of the kernels in the problem's numbers."""
    of_each = [0] * len(plan) if kinds is None else kinds
    return Solution(tuple(map(lambda *given: route_of(problem, *given), plan, of_each)))


@lru_cache(maxsize=100_000)
def judged(
    problem: Problem, visits: tuple[int, ...], kind: int = 0
) -> tuple[RouteEvaluation, tuple[Violation, ...]]:
    """The figures of one route of vehicle kind `kind`, and what it breaks, by the checker."""
    return judge_route(problem, route_of(problem, visits, kind))


@lru_cache(maxsize=1000)
def weights_of(problem: Problem) -> tuple[float, float, float]:
    """What a unit of either load, and a stop, too many weigh."""
    if not Facts.of(problem).rich:
        return 1.0, 1.0, 1.0
    second, stops = layout_of(problem).to_arrays(1).fleet[[WEIGH_2, WEIGH_STOPS]].tolist()
    return 1.0, second, stops


@lru_cache(maxsize=100_000)
def measure(problem: Problem, visits: tuple[int, ...], kind: int = 0) -> Vector:
    """Cost, overload, lateness and overrun of one route, by the checker."""
    figures, found = judged(problem, visits, kind)
    vehicle = kinds_of(problem).types[kind][0]
    most = [*figures.load, *([0] * (2 - len(figures.load))), len(visits)]
    limits = [*problem.capacity[vehicle], *([0] * (2 - problem.size("L")))]
    limits.append(problem.max_stops[vehicle])
    vector = [float(figures.cost), 0.0, 0.0, 0.0]
    for value, limit, weight in zip(most, limits, weights_of(problem), strict=True):
        vector[1] += weight * max(int(value) - int(limit), 0) if visits else 0.0
    for violation in found:
        if violation.rule not in WEIGHED:
            vector[EXCESS[violation.rule]] += violation.amount
    return vector[0], vector[1], vector[2], vector[3]


def is_barred(problem: Problem, visits: Sequence[int], kind: int = 0) -> bool:
    """Whether a route goes over a forbidden arc, or serves in a forbidden order."""
    return any(found.rule in BARRED for found in judged(problem, tuple(visits), kind)[1])


def is_allowed(problem: Problem, visits: Sequence[int], kind: int = 0) -> bool:
    """Whether the vehicle may serve all, and all pairs are complete and in order."""
    if "allowed" in problem.active:
        found = judged(problem, tuple(visits), kind)[1]
        if any(violation.rule == "allowed" for violation in found):
            return False
    if not problem.pairs:
        return True
    place = {node_of(problem, u): pos for pos, u in enumerate(visits)}
    for pair in problem.pairs:
        first, last = place.get(pair.pickup), place.get(pair.delivery)
        if (first is None) != (last is None):
            return False
        if first is not None and last is not None and first > last:
            return False
    return True


def measure_plan(
    problem: Problem, plan: Sequence[Sequence[int]], kinds: Sequence[int] | None = None
) -> Array:
    """The sum of the routes' vectors."""
    of_each = [0] * len(plan) if kinds is None else kinds
    vectors = [measure(problem, tuple(route), of_each[r]) for r, route in enumerate(plan)]
    return np.array([(0, 0, 0, 0), *vectors]).sum(axis=0)


def length_of(problem: Problem, plan: Sequence[Sequence[int]]) -> int:
    """The distance of `plan`, under `Load` and `Timed`."""
    return int(measure_plan(problem, plan)[0])


def penalised(problem: Problem, s: State, plan: Sequence[Sequence[int]]) -> float:
    """Cost and weighted excess of `plan`, under the weights of `s`, which must be integers.

    Its routes are driven by the vehicles of `s`.
    """
    cost, *excess = measure_plan(problem, plan, kinds_in(s))
    return float(cost + s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] @ np.array(excess))


def penalised_choice(problem: Problem, p: Rich, s: State, choice: Choice) -> float:
    """Cost and weighted excess of a plan, and what those cost whom it leaves out."""
    cost, *excess = measure_plan(problem, *choice)
    prices = s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3]
    return float(cost + prices @ np.array(excess) + missed(problem, p, choice[0]))


def wall(problem: Problem, p: Rich) -> float:
    """What a plan with something forbidden costs at least, whatever it earns."""
    return float(p.fleet[FORBIDDEN] - problem.preference.max(axis=1, initial=0).sum())


def is_legal(problem: Problem, s: State, plan: Plan) -> bool:
    """Whether the vehicles of `s` may serve whom they serve, and no pair is torn."""
    return all(is_allowed(problem, *pair) for pair in zip(plan, kinds_in(s), strict=True))


def legs_of(p: Load | Timed | Rich, s: State, plan: Plan) -> float:
    """What the routes of `plan` pay for their arcs, driven by the vehicles of `s`."""
    return float(
        sum(
            leg(p, s, r, *ends)
            for r, route in enumerate(plan)
            for ends in pairwise([DEPOT, *route, DEPOT] if route else [])
        )
    )


def missed(problem: Problem, p: Load | Timed | Rich, plan: Plan) -> float:
    """What those cost whom `plan` leaves out."""
    prizes, number = _absence(problem, frozenset(u for route in plan for u in route))
    return float(prizes + number * p.fleet[FORBIDDEN])


@lru_cache(maxsize=1000)
def _absence(problem: Problem, present: frozenset[int]) -> tuple[int, int]:
    """Prizes of those who are not served, and how many clients and groups should be, and are not.

    That does not depend on who serves the others, or when.
    """
    evaluation = evaluate(problem, solution_of(problem, [sorted(present)]))
    rules = [found.rule for found in evaluation.violations]
    return evaluation.terms["prizes"], rules.count("missing") + rules.count("group")


@lru_cache(maxsize=100_000)
def arc_cost(problem: Problem, kind: int, u: int, v: int) -> int | None:
    """What vehicles of that kind pay for an arc, None for a forbidden one; DEPOT: the ends."""
    vehicle = kinds_of(problem).types[kind][0]
    tail = int(problem.start_depot[vehicle]) if u == DEPOT else node_of(problem, u)
    head = int(problem.end_depot[vehicle]) if v == DEPOT else node_of(problem, v)
    if head == NOWHERE:
        return 0
    profile = int(problem.profile[vehicle])
    ends = np.array(tail), np.array(head), profile
    length, time = int(problem.distances_between(*ends)), int(problem.durations_between(*ends))
    if max(length, time) >= UNLIMITED:
        return None
    rates = problem.unit_distance_cost[vehicle], problem.unit_duration_cost[vehicle]
    own = 0 if problem.arc_cost is None or tail == head else problem.arc_cost[profile, tail, head]
    return int(length * rates[0] + time * rates[1] + own)


def taken_along(problem: Problem, visits: Sequence[int]) -> int:
    """What is on board, in the first dimension, when the vehicle leaves the depot."""
    ends = {pair.delivery for pair in problem.pairs}
    nodes = [node_of(problem, u) for u in visits]
    return sum(int(problem.delivery[u, 0]) for u in nodes if u not in ends)
