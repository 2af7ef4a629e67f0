"""Putting a plan into a state: routes for the vehicles that there are, and who waits."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    DEPOT,
    IS_PICKUP,
    NUM_OUT,
    OUT,
    PARTNER,
    ROUTE,
    SIBLING,
    WAITING,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.plan import Plan
from polyroute.heuristics.kernels.state import load_routes

Array = np.ndarray


def within(plan: Plan, limits: Array) -> Plan:
    """The largest routes of `plan`, as many as there are vehicles (`limits` as in `merge`)."""
    if plan.num_routes <= limits[-1] and len(limits) <= 2:
        return plan
    left, kept = limits.tolist(), []
    for route in np.argsort(-plan.sizes, kind="stable").tolist():
        kind = int(plan.kinds[route])
        if left[kind] > 0 and left[-1] > 0:
            left[kind] -= 1
            left[-1] -= len(limits) > 1
            kept.append(route)
    return plan.select(np.sort(np.array(kept, dtype=np.int64)))


def fill(p: Load | Timed | Rich, s: State, plan: Plan) -> None:
    """Fill an empty state with the routes of `plan`; who is on none waits."""
    load_routes(p, s, plan.visits, plan.bounds, plan.kinds)
    waiting = np.ones(len(p.near), dtype=bool)
    waiting[plan.visits] = waiting[DEPOT] = False
    if isinstance(p, Rich):
        waiting = _units(p, s, waiting)
    out = np.flatnonzero(waiting)
    s.ints[OUT, : len(out)] = out
    s.tally[NUM_OUT] = len(out)


def _units(p: Rich, s: State, waiting: Array) -> Array:
    """One of each pair or group of those waiting, unless another of the group is served."""
    chosen = waiting.copy()
    for u in np.flatnonzero(waiting).tolist():
        v = int(p.tie[u, PARTNER])
        if v != DEPOT:
            chosen[u] = p.tie[u, IS_PICKUP] != 0 and bool(waiting[v])
            s.link[[u, v], ROUTE] = WAITING if waiting[v] else ABSENT
            continue
        v = int(p.tie[u, SIBLING])
        while chosen[u] and v != u:
            chosen[u] = bool(waiting[v]) and not (chosen[v] and v < u)
            v = int(p.tie[v, SIBLING])
        s.link[u, ROUTE] = WAITING if chosen[u] else ABSENT
    return chosen
