"""Matrices for PyVRP: what is forbidden lies beyond every limit, what is preferred lies near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from heuristics.pyvrp_copies import Step, barred
from vrp.problem import UNLIMITED, Array, Problem

NOWHERE_AT = -1
"""In place of a node: where open routes end, at no distance from anywhere."""


@dataclass(frozen=True)
class Arcs:
    """Matrices over PyVRP's locations, and what they mean for each vehicle type of ours."""

    distances: list[Array]
    durations: list[Array]
    profile: list[int]  # which of the matrices a type drives by
    unit_distance_cost: list[int]
    max_distance: list[int]  # UNLIMITED where nothing is to be limited
    longest: int  # the longest distance that is not forbidden


def build_arcs(problem: Problem, nodes: Array, stops: list[Step | None]) -> Arcs:
    """Arcs between `nodes`, depots first, of which `stops` tells the steps.

    A forbidden arc is longer than any route without one, and routes are limited to that. Where
    there are preferences, each vehicle type has a matrix of its own that holds its costs: a client
    is farther by what the type earns less there than the best one.
    """
    types = range(problem.num_vehicle_types)
    own = "preference" in problem.active
    keys = [v if own else int(problem.profile[v]) for v in types]
    distances, durations, forbidden = [], [], []
    heads = np.where(nodes == NOWHERE_AT, 0, nodes)  # any node without preferences does
    for key in range(problem.num_vehicle_types if own else problem.size("P")):
        profile = int(problem.profile[key]) if own else key
        distance, duration, closed = _matrices(problem, profile, nodes, stops)
        if own:
            lost = problem.preference.max(axis=1) - problem.preference[:, key]
            distance = distance * int(problem.unit_distance_cost[key]) + lost[heads]
            np.fill_diagonal(distance, 0)
        distances.append(np.where(closed, 0, distance))
        durations.append(np.where(closed, 0, duration))
        forbidden.append(closed)
    longest = max(int(distance.max()) for distance in distances)
    limits = [int(limit) for limit in problem.max_distance]
    if any(closed.any() for closed in forbidden):
        beyond = 1 + max(int(distance.max(axis=1).sum()) for distance in distances)
        distances = [
            np.where(closed, beyond, distance)
            for distance, closed in zip(distances, forbidden, strict=True)
        ]
        limits = [min(limit, beyond - 1) for limit in limits]
    return Arcs(
        distances=distances,
        durations=durations,
        profile=keys,
        unit_distance_cost=[1 if own else int(cost) for cost in problem.unit_distance_cost],
        max_distance=limits,
        longest=longest,
    )


def _matrices(
    problem: Problem, profile: int, nodes: Array, stops: list[Step | None]
) -> tuple[Array, Array, Array]:
    """Distances, durations and which arcs are forbidden; from depot to depot no vehicle drives."""
    inner = np.ix_(nodes, nodes)
    distance = problem.distance_matrix(profile)[inner]
    duration = problem.duration_matrix(profile)[inner]
    nowhere = nodes == NOWHERE_AT
    depots = nowhere | (nodes < problem.num_depots)
    idle = nowhere[:, None] | nowhere[None, :] | (depots[:, None] & depots[None, :])
    distance[idle] = duration[idle] = 0
    closed = (distance >= UNLIMITED) | (duration >= UNLIMITED) | barred(problem, stops)
    closed[depots[:, None] & depots[None, :]] = False
    np.fill_diagonal(closed, False)
    return distance, duration, closed
