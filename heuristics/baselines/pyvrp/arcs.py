"""Matrices for PyVRP: what is forbidden lies beyond every limit, what is preferred lies near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyroute.heuristics.baselines.pyvrp.phases import Step, barred
from polyroute.vrp.problem import UNLIMITED, Array, Problem

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

    A forbidden arc is longer than any route without one, and routes are limited to that; so are
    the arcs to and from a client whom a type may not serve. Where there are preferences, matrices
    hold costs: a client is farther by what the type earns less there than the best type would.
    """
    own = "preference" in problem.active
    strangers = ~problem.allowed | _hopeless(problem)[:, None]
    keys: dict[tuple[int, ...], int] = {}  # what a type's matrices depend on → their number
    profile: list[int] = []
    distances: list[Array] = []
    durations: list[Array] = []
    forbidden: list[Array] = []
    for v in range(problem.num_vehicle_types):
        key = (int(problem.profile[v]), v if own else -1, *np.flatnonzero(strangers[:, v]))
        profile.append(keys.setdefault(key, len(keys)))
        if len(keys) == len(distances):
            continue
        distance, duration, closed = _matrices(problem, key[0], nodes, stops)
        strange = np.isin(nodes, key[2:])
        closed |= (strange[:, None] | strange[None, :]) & ~np.eye(len(nodes), dtype=bool)
        if own:
            lost = problem.preference.max(axis=1) - problem.preference[:, v]
            distance = distance * int(problem.unit_distance_cost[v]) + lost[np.maximum(nodes, 0)]
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
        profile=profile,
        unit_distance_cost=[1 if own else int(cost) for cost in problem.unit_distance_cost],
        max_distance=limits,
        longest=longest,
    )


def _hopeless(problem: Problem) -> Array:
    """Who is never in time, so that PyVRP's records do not take the windows as they are.

    His goods come after his last window, or his pickup opens when his delivery has closed.
    """
    hopeless: Array = problem.release > problem.tw_late.max(axis=1)
    for pair in problem.pairs:
        if problem.tw_late[pair.delivery, 0] < problem.tw_early[pair.pickup, 0]:
            hopeless[[pair.pickup, pair.delivery]] = True
    return hopeless


def _matrices(
    problem: Problem, profile: int, nodes: Array, stops: list[Step | None]
) -> tuple[Array, Array, Array]:
    """Distances, durations and which arcs are forbidden.

    From depot to depot no vehicle drives, but where it may reload.
    """
    inner = np.ix_(nodes, nodes)
    distance = problem.distance_matrix(profile)[inner]
    duration = problem.duration_matrix(profile)[inner]
    depots = nodes < problem.num_depots  # nowhere, too
    nowhere = (nodes == NOWHERE_AT)[:, None] | (nodes == NOWHERE_AT)[None, :]
    between = depots[:, None] & depots[None, :]
    if problem.reloads:
        between &= nowhere
    idle = between | nowhere
    distance[idle] = duration[idle] = 0
    closed = (distance >= UNLIMITED) | (duration >= UNLIMITED) | barred(problem, stops)
    closed[between] = False
    np.fill_diagonal(closed, False)
    return distance, duration, closed
