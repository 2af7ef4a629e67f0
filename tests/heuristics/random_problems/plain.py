"""Random small problems of every class of `Load` and `Timed`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.problem import Problem, Scales

Array = np.ndarray

Rng = np.random.Generator


def places(rng: Rng, n: int, side: int = 30) -> Array:
    """Positions of a depot and `n` clients on a grid so coarse that some coincide."""
    return rng.integers(0, side + 1, (n + 1, 2))


def row(depot: int, clients: Array) -> Array:
    """One value a node."""
    return np.concatenate(([depot], clients))


def loads(rng: Rng, n: int) -> dict[str, Array]:
    """Demands from 0 to 9, and room for the largest and about three clients."""
    demand = rng.integers(0, 10, n)
    return {
        "delivery": row(0, demand)[:, None],
        "capacity": np.array([[max(int(demand.max(initial=1)), 14)]]),
    }


def matrix(rng: Rng, n: int, symmetric: bool = False) -> Array:
    """Random lengths, (1, N, N), that keep no triangle inequality."""
    table = rng.integers(1, 50, (n + 1, n + 1))
    if symmetric:
        table = np.maximum(table, table.T)
    np.fill_diagonal(table, 0)
    return table[None]


def windows(rng: Rng, n: int, width: int, horizon: int = 150) -> dict[str, Array]:
    """Windows of up to `width`, service times, and opening hours of the depot."""
    early = rng.integers(0, horizon * 2 // 3, n)
    late = early + rng.integers(0, width, n)
    return {
        "tw_early": row(int(rng.integers(0, 10)), early)[:, None],
        "tw_late": row(horizon, late)[:, None],
        "service": row(0, rng.integers(0, 6, n)),
    }


def releases(rng: Rng, n: int) -> dict[str, Array]:
    """Release times, some of them too late for some windows."""
    return {"release": row(0, rng.integers(0, 70, n))}


def cvrp(rng: Rng, n: int, **fields: object) -> Problem:
    """A CVRP in the plane, with `fields` besides or instead."""
    given = {"coords": places(rng, n), **loads(rng, n), **fields}
    return Problem(**given)  # type: ignore[arg-type]


def by_rule(rule: ArcRule) -> Callable[[Rng, int], Problem]:
    """CVRP whose lengths follow `rule`."""

    def build(rng: Rng, n: int) -> Problem:
        length = {ArcRule.TRUNC1: 10, ArcRule.MILLI: 2000, ArcRule.NONE: 70}.get(rule, 3)
        scales = Scales(grid=3, length=length, time=length, cost=length)
        return cvrp(rng, n, arc_rule=rule, scales=scales)

    return build


def vrptw(rng: Rng, n: int, **fields: object) -> Problem:
    """Windows that cost detours but can be met."""
    return cvrp(rng, n, **{**windows(rng, n, 60), **fields})


def free_form(rng: Rng, n: int, symmetric: bool, **fields: object) -> Problem:
    """Lengths, and travel times apart from them, from matrices."""
    lengths, times = matrix(rng, n, symmetric), matrix(rng, n, symmetric)
    return Problem(distance=lengths, duration=times, **loads(rng, n), **fields)  # type: ignore[arg-type]


Family = Callable[[Rng, int], Problem]
"""A generator: of random numbers and of how many clients."""

BY_RULE: dict[str, Family] = {rule.label: by_rule(rule) for rule in ArcRule}
"""What differs in its lengths alone."""

FAMILIES: dict[str, Family] = {
    "cvrp": cvrp,
    "tsp": lambda rng, n: Problem(coords=places(rng, n), count=[1]),
    "atsp": lambda rng, n: Problem(distance=matrix(rng, n), count=[1]),
    "asymmetric": lambda rng, n: Problem(distance=matrix(rng, n), **loads(rng, n)),
    "few vehicles": lambda rng, n: cvrp(rng, n, count=[2]),
    "tight windows": lambda rng, n: cvrp(rng, n, **windows(rng, n, 5)),
    "loose windows": lambda rng, n: vrptw(rng, n, count=[3]),
    "decimal windows": lambda rng, n: vrptw(
        rng, n, arc_rule=ArcRule.TRUNC1, scales=Scales(length=10, time=10, cost=10)
    ),
    "longest route": lambda rng, n: cvrp(rng, n, max_distance=[95]),
    "longest day": lambda rng, n: vrptw(rng, n, max_duration=[80]),
    "shift": lambda rng, n: vrptw(rng, n, shift_early=[20], shift_late=[110]),
    "releases": lambda rng, n: vrptw(rng, n, **releases(rng, n)),
    "released days": lambda rng, n: vrptw(rng, n, max_duration=[80], **releases(rng, n)),
    "travel times": lambda rng, n: free_form(rng, n, False, **windows(rng, n, 40)),
    "mirrored travel times": lambda rng, n: free_form(
        rng, n, True, max_duration=[90], max_distance=[100], **windows(rng, n, 40)
    ),
}
"""Every class of problem of `Load` and `Timed`, by name."""
