"""Recreate: put waiting clients back, each in its cheapest gap beside a near client."""

from __future__ import annotations

import numpy as np

from heuristics._jit import inline, kernel, specialise
from heuristics.arrays import (
    CAPACITY,
    CLOSED,
    DEMAND,
    DEPOT,
    LOAD_WEIGHT,
    NEXT,
    NUM_OUT,
    OUT,
    PREV,
    ROUTE,
    ROUTE_LOAD,
    SIZE,
    Load,
)
from heuristics.rng import below, bits
from heuristics.routes import free_route, link_in, penalty_of, refresh, refresh_saved, save, touch
from heuristics.segment import after, arc, before, join, penalty, single

BLINK = 0.01
"""Chance of passing over a gap unseen (Christiaens & Vanden Berghe 2020, §5.2)."""


@kernel
def recreate(p, s):
    """Insert every waiting client, in a random, demand-first, far-first or near-first order.

    Order weights 4 : 4 : 2 : 1 as published. Changes every array of `s` but the best.
    """
    waiting = s.tally[NUM_OUT]
    _sort_waiting(p, s, waiting)
    for i in range(waiting):
        u = s.ints[OUT, i]
        _insert_best(p, s, u)
    s.tally[NUM_OUT] = 0
    s.tally[CLOSED] = 0
    refresh_saved(p, s)


@inline
def _sort_waiting(p, s, waiting):
    out = s.ints[OUT]
    for i in range(waiting - 1, 0, -1):
        j = below(s.rng, i + 1)
        out[i], out[j] = out[j], out[i]
    draw = below(s.rng, 11)
    if draw < 4:
        return
    for i in range(1, waiting):
        u = out[i]
        mine = _rank(p, u, draw)
        j = i
        while j > 0 and _rank(p, out[j - 1], draw) > mine:
            out[j] = out[j - 1]
            j -= 1
        out[j] = u


@inline
def _rank(p, u, draw):
    """What the waiting clients are sorted by."""
    if draw < 8:
        return -p.node[u, DEMAND]
    length = arc(p, DEPOT, u)
    return -length if draw < 10 else length


@inline
def _insert_best(p, s, u):
    """Insert `u` in the cheapest gap seen; a new route competes as one."""
    best = np.inf
    best_route, best_behind = np.int64(-1), np.int64(DEPOT)
    r = free_route(s) if s.tally[CLOSED] == 0 else np.int64(-1)
    if r >= 0:
        length = arc(p, DEPOT, u) + arc(p, u, DEPOT)
        best = length + insertion_penalty(p, s, u, r, DEPOT, DEPOT)
        best_route = r
    for k in range(p.near.shape[1]):
        v = np.int64(p.near[u, k])
        r = s.link[v, ROUTE]
        if r < 0:
            continue
        for side in range(2):
            a = v if side == 0 else s.link[v, PREV]
            b = s.link[v, NEXT] if side == 0 else v
            if bits(s.rng) < BLINK:
                continue
            cost = arc(p, a, u) + arc(p, u, b) - arc(p, a, b)
            if cost - penalty_of(s, s.figure[r]) >= best:
                continue
            cost += insertion_penalty(p, s, u, r, a, b)
            if cost < best:
                best = cost
                best_route, best_behind = r, a
    if best_route < 0:
        best_route = _any_route(s)
    save(s, best_route)
    link_in(p, s, u, best_route, best_behind)
    follow(p, s, best_route)
    touch(s, u)
    touch(s, s.link[u, PREV])
    touch(s, s.link[u, NEXT])


@inline
def _any_route(s):
    """A route in use when no near client is on one and no vehicle is free."""
    r = 0
    while s.shape[r, SIZE] == 0 and r + 1 < s.shape.shape[0]:
        r += 1
    return r


# -- what differs between the specialisations --------------------------------------------------


@inline
def _insertion_penalty_load(p, s, u, r):
    over = s.figure[r, ROUTE_LOAD] - p.fleet[CAPACITY]
    more = max(over + p.node[u, DEMAND], 0.0) - max(over, 0.0)
    return more * s.total[LOAD_WEIGHT]


@inline
def _insertion_penalty_timed(p, s, u, r, a, b):
    whole = join(p, join(p, before(p, s, a), single(p, u)), after(p, s, b))
    return penalty(p, s, whole) - penalty_of(s, s.figure[r])


def insertion_penalty(p, s, u, r, a, b):
    """Change in the penalty of route `r` when `u` comes between `a` and `b`."""
    if isinstance(p, Load):
        return _insertion_penalty_load(p, s, u, r)
    return _insertion_penalty_timed(p, s, u, r, a, b)


@specialise(insertion_penalty)
def _choose_insertion_penalty(p, s, u, r, a, b):
    if p.instance_class is Load:
        return lambda p, s, u, r, a, b: _insertion_penalty_load(p, s, u, r)
    return lambda p, s, u, r, a, b: _insertion_penalty_timed(p, s, u, r, a, b)


def follow(p, s, r):
    """Bring route `r` up to date after each insertion, where the next one needs its pieces."""
    if not isinstance(p, Load):
        refresh(p, s, r)


@specialise(follow)
def _choose_follow(p, s, r):
    if p.instance_class is Load:
        return lambda p, s, r: None
    return lambda p, s, r: refresh(p, s, r)
