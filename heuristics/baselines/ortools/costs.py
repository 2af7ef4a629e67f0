"""The costs of OR-Tools' model: driving, vehicles, who stays away, and a bound on them all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyroute.heuristics.baselines.magnitudes import horizon, origin
from polyroute.heuristics.baselines.ortools.routing import Routing
from polyroute.vrp.problem import UNLIMITED, Array, Problem

NEVER = -1
"""The penalty of what must be served."""


@dataclass(frozen=True)
class Costs:
    """How the model's costs relate to ours.

    A plan that costs `c` in the model costs `c - offset` here, and is feasible if `c` is below
    `dearest`.
    """

    offset: int
    dearest: int


def add_costs(routing: Routing) -> Costs:
    """Give the model its costs, but for those of time."""
    extra, offset = _add_choice(routing)
    return Costs(offset, _add_prices(routing, extra))


def _add_choice(routing: Routing) -> tuple[Array, int]:
    """Who may stay away, what it costs to visit each node by each type (N, V), and the offset.

    A type pays what it earns less by preference than the best one; a member of a group, what
    its prize falls short of the dearest member's, which is the group's penalty.
    """
    problem, model = routing.problem, routing.model
    best = problem.preference.max(axis=1)
    extra: Array = best[:, None] - problem.preference
    offset = int(best.sum())
    prize = np.where(problem.required, 0, problem.prize) + best
    for group in problem.groups:
        members = list(group.clients)
        dearest = int(prize[members].max())
        extra[members] += dearest - prize[members, None]
        offset -= int(prize[members].sum()) - dearest
        penalty = NEVER if group.required else dearest
        model.AddDisjunction([routing.index(node) for node in members], penalty)
    grouped = {node for group in problem.groups for node in group.clients}
    for node in problem.clients:
        if not problem.required[node] and node not in grouped:
            model.AddDisjunction([routing.index(node)], int(prize[node]))
    return extra, offset


def _add_prices(routing: Routing, extra: Array) -> int:
    """Distances at their price, fixed costs, and `extra` costs of visits (N, V).

    Returns more than any plan costs that uses no forbidden arc.
    """
    problem, model = routing.problem, routing.model
    evaluator: dict[tuple[object, ...], int] = {}
    longest = 0
    for vehicle, v in enumerate(routing.types):
        profile, unit = int(problem.profile[v]), int(problem.unit_distance_cost[v])
        key = profile, unit, extra[:, v].tobytes()
        if key not in evaluator:
            distance = problem.distance_matrix(profile)
            costs = np.where(distance >= UNLIMITED, 0, distance) * unit + extra[:, v]
            longest = max(longest, int(costs.max()))
            evaluator[key] = routing.register(costs)
        model.SetArcCostEvaluatorOfVehicle(evaluator[key], vehicle)
        model.SetFixedCostOfVehicle(int(problem.fixed_cost[v]), vehicle)
    visits = longest * 2 + int(problem.fixed_cost.max()) + int(problem.prize.max())
    visits += int(problem.preference.max())
    return 1 + problem.num_nodes * (visits + (_most_paid(problem) if problem.has_time else 0))


def _most_paid(problem: Problem) -> int:
    """More than any client adds to a plan's cost by his lateness and his route's duration."""
    late = int(problem.lateness_cost[problem.lateness_cost < UNLIMITED].max(initial=0))
    rate = int(problem.unit_duration_cost.max()) + int(problem.overtime_cost.max()) + late
    return rate * (horizon(problem) - origin(problem))
