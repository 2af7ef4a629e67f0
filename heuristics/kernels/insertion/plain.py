"""Insert a client under `Load` and `Timed`: the cheapest gap beside a near client, or a new route.

Gaps are passed over now and then, as Christiaens & Vanden Berghe (2020, §5.2) do.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, specialise
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    CAPACITY,
    CLOSED,
    DEMAND,
    DEPOT,
    DISTANCE_WEIGHT,
    LATENESS,
    LOAD_WEIGHT,
    MIRRORED,
    NEXT,
    OVERRUN,
    PREV,
    ROUTE,
    ROUTE_LOAD,
    SIZE,
    TIME_WEIGHT,
    Load,
)
from polyroute.heuristics.kernels.cost.arcs import arc
from polyroute.heuristics.kernels.cost.proposals import penalty_of
from polyroute.heuristics.kernels.cost.segment import (
    after_timed,
    before_timed,
    excess_timed,
    join_timed,
    single_timed,
)
from polyroute.heuristics.kernels.links import free_route, link_in
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.rng import next_blink
from polyroute.heuristics.kernels.touched import touch
from polyroute.heuristics.kernels.undo_log import save


def insert_plain(p, s, u):
    """Insert `u` in the cheapest gap seen; a new route competes as one."""
    link, cum = s.link, s.cum
    mirrored = p.fleet[MIRRORED] != 0.0
    best = np.inf
    best_route, best_behind = np.int64(-1), np.int64(DEPOT)
    r = free_route(s) if s.tally[CLOSED] == 0 else np.int64(-1)
    if r >= 0:
        length = arc(p, DEPOT, u) + arc(p, u, DEPOT)
        best = length + insertion_penalty(p, s, u, r, DEPOT, DEPOT)
        best_route = r
    # No route's penalty can fall by more: under `Load` by nothing.
    floor = -(
        s.total[LATENESS] * s.total[TIME_WEIGHT] + s.total[OVERRUN] * s.total[DISTANCE_WEIGHT]
    )
    home = arc(p, u, DEPOT)
    blink = next_blink(s.rng)
    for k in range(p.near.shape[1]):
        v = np.int64(p.near[u, k])
        r = link[v, ROUTE]
        if r < 0:
            continue
        to_v = p.near_length[u, k]
        before_v, behind_v = link[v, PREV], link[v, NEXT]
        if mirrored:
            # A client at a gap's other end is no nearer to `u`, or the gap is seen from his side.
            least_before = to_v - cum[v, ARC_IN] + (home if before_v == DEPOT else to_v)
            least_behind = to_v - cum[v, ARC_OUT] + (home if behind_v == DEPOT else to_v)
            if min(least_before, least_behind) + floor >= best:
                continue
        from_v = to_v if mirrored else arc(p, v, u)
        least = least_penalty(p, s, u, r)
        for side in range(2):
            blink -= 1
            if blink <= 0:
                blink = next_blink(s.rng)
                continue
            a, b = (v, behind_v) if side == 0 else (before_v, v)
            old = cum[v, ARC_OUT] if side == 0 else cum[v, ARC_IN]
            if mirrored and (least_behind if side == 0 else least_before) + least >= best:
                continue
            cost = (from_v + arc(p, u, b) if side == 0 else arc(p, a, u) + to_v) - old
            if cost + least >= best:
                continue
            cost += insertion_penalty(p, s, u, r, a, b)
            if cost < best:
                best = cost
                best_route, best_behind = r, a
    if best_route < 0:
        best_route = _any_route(s)
    save(s, best_route)
    link_in(p, s, u, best_route, best_behind)
    follow(p, s, best_route, u)
    touch(s, u)
    touch(s, link[u, PREV])
    touch(s, link[u, NEXT])


@inline
def _any_route(s):
    """A route in use when no near client is on one and no vehicle is free."""
    r = 0
    while s.shape[r, SIZE] == 0 and r + 1 < s.shape.shape[0]:
        r += 1
    return r


@inline
def _insertion_penalty_load(p, s, u, r):
    over = s.figure[r, ROUTE_LOAD] - p.fleet[CAPACITY]
    more = max(over + p.node[u, DEMAND], 0.0) - max(over, 0.0)
    return more * s.total[LOAD_WEIGHT]


@inline
def _insertion_penalty_timed(p, s, u, r, a, b):
    piece = join_timed(p, before_timed(s, a), single_timed(p, u))
    load, time, distance = excess_timed(p, join_timed(p, piece, after_timed(s, b)))
    return (
        load * s.total[LOAD_WEIGHT]
        + time * s.total[TIME_WEIGHT]
        + distance * s.total[DISTANCE_WEIGHT]
        - penalty_of(s, s.figure[r])
    )


@inline
def _least_penalty_timed(p, s, u, r):
    late, over = s.figure[r, LATENESS], s.figure[r, OVERRUN]
    return (
        _insertion_penalty_load(p, s, u, r)
        - late * s.total[TIME_WEIGHT]
        - over * s.total[DISTANCE_WEIGHT]
    )


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


def least_penalty(p, s, u, r):
    """A lower bound of `insertion_penalty` over the gaps of route `r`: exact under `Load`."""
    if isinstance(p, Load):
        return _insertion_penalty_load(p, s, u, r)
    return _least_penalty_timed(p, s, u, r)


@specialise(least_penalty)
def _choose_least_penalty(p, s, u, r):
    if p.instance_class is Load:
        return lambda p, s, u, r: _insertion_penalty_load(p, s, u, r)
    return lambda p, s, u, r: _least_penalty_timed(p, s, u, r)


@inline
def _note_arcs(p, s, u):
    """Store the lengths of the arcs beside `u`, which was just linked in."""
    a, b = s.link[u, PREV], s.link[u, NEXT]
    into, onward = arc(p, a, u), arc(p, u, b)
    s.cum[u, ARC_IN] = into
    s.cum[u, ARC_OUT] = onward
    if a != DEPOT:
        s.cum[a, ARC_OUT] = into
    if b != DEPOT:
        s.cum[b, ARC_IN] = onward


def follow(p, s, r, u):
    """Bring up to date what the next insertion reads of route `r`, into which `u` was linked.

    Under `Load` that is the arcs beside `u`.
    """
    if isinstance(p, Load):
        _note_arcs(p, s, u)
    else:
        refresh(p, s, r)


@specialise(follow)
def _choose_follow(p, s, r, u):
    if p.instance_class is Load:
        return lambda p, s, r, u: _note_arcs(p, s, u)
    return lambda p, s, r, u: refresh(p, s, r)
