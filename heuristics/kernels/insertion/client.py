"""Insert a client under `Rich`, or one of his alternatives.

As in `insertion.plain`, gaps beside near clients compete, and new vehicles of each kind; both are
passed over now and then. Who costs more to serve than to leave out stays out.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    ARC_IN,
    ARC_OUT,
    BOUNDED,
    CLOSED,
    DEPOT,
    EAGER,
    FIRST,
    FIXED,
    KIND,
    LABELLED,
    NEXT,
    PREV,
    ROUTE,
    SIBLING,
    SIZE,
    THOROUGH,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.labelling import earned
from polyroute.heuristics.kernels.cost.proposals import standing
from polyroute.heuristics.kernels.cost.route_labelled import proposal_labelled
from polyroute.heuristics.kernels.cost.segment_rich import (
    after_rich,
    before_rich,
    join_rich,
    single_rich,
)
from polyroute.heuristics.kernels.cost.vehicle_cost import cheapest_kind, priced_rich
from polyroute.heuristics.kernels.insertion.bounds import (
    first_blink,
    gain_of,
    is_allowed,
    least_beside,
    least_change,
    looks_everywhere,
)
from polyroute.heuristics.kernels.links import link_in, open_route
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.rng import below, bits, next_blink
from polyroute.heuristics.kernels.touched import touch
from polyroute.heuristics.kernels.undo_log import is_past_hope, save

PASSED_OVER = 0.02
"""Chance that an alternative is not looked at: who is cheap may keep others from being served."""


@inline
def insert_client(p, s, u):
    """Insert `u` or one of his alternatives."""
    best, place, r, a, kind = 0.0, u, np.int64(-1), np.int64(DEPOT), np.int64(0)
    v = u
    thorough = s.tally[THOROUGH] != 0
    while True:
        if p.tie[u, SIBLING] == u or thorough or bits(s.rng) >= PASSED_OVER:
            best, place, r, a, kind = _best_gap(p, s, v, best, place, r, a, kind)
        if thorough:
            best, place, r, a, kind = _any_gap(p, s, v, best, place, r, a, kind)
        v = p.tie[v, SIBLING]
        if v == u:
            break
    if r < 0 and not thorough and looks_everywhere(p, s, u):
        best, place, r, a, kind = _any_gap(p, s, u, best, place, r, a, kind)
    if r < 0:
        return False
    s.link[u, ROUTE] = ABSENT
    save(s, r)
    s.shape[r, KIND] = kind
    link_in(p, s, place, r, a)
    refresh(p, s, r)
    touch(s, place)
    touch(s, s.link[place, PREV])
    touch(s, s.link[place, NEXT])
    return True


@inner
def _best_gap(p, s, u, best, place, route, behind, kind):
    """The cheapest gap for `u` if it beats `best`, the cost less what serving him saves."""
    gain = gain_of(p, s, u)
    blink = first_blink(s)
    if s.tally[CLOSED] == 0:
        number = len(s.used)
        start = below(s.rng, number) if number > 1 else 0  # of equals, any may be the first
        for i in range(number):
            new = start + i if start + i < number else start + i - number
            r = open_route(p, s, new)
            if r < 0 or not is_allowed(p, u, new):
                continue
            blink -= 1
            if blink <= 0 and number > 1:
                blink = next_blink(s.rng)
                continue
            legs = leg(p, s, r, DEPOT, u) + leg(p, s, r, u, DEPOT) + p.vehicle[new, FIXED] - gain
            if legs - earned(p, u, new) >= best:
                continue
            cost, by = _with_one(p, s, r, DEPOT, u, DEPOT, best + gain)
            if cost - gain < best:
                best, place, route, behind, kind = cost - gain, u, r, DEPOT, by
    if s.tally[EAGER] == u and route >= 0:
        return best, place, route, behind, kind
    for k in range(p.near.shape[1]):
        v = np.int64(p.near[u, k])
        r = s.link[v, ROUTE]
        if r < 0 or is_past_hope(s, r):
            continue
        if not is_allowed(p, u, s.shape[r, KIND]):
            continue
        least = least_change(p, s, u, r) - gain
        behind_v, before_v = least_beside(p, s, u, v, p.near_length[u, k])
        if min(behind_v, before_v) + least >= best:
            continue
        for side in range(2):
            blink -= 1
            if blink <= 0:
                blink = next_blink(s.rng)
                continue
            if (behind_v if side == 0 else before_v) + least >= best:
                continue
            a, b = (v, s.link[v, NEXT]) if side == 0 else (s.link[v, PREV], v)
            old = s.cum[v, ARC_OUT] if side == 0 else s.cum[v, ARC_IN]
            legs = leg(p, s, r, a, u) + leg(p, s, r, u, b) - old
            if legs + least >= best:
                continue
            now = standing(p, s, r) + gain
            cost, by = _with_one(p, s, r, a, u, b, best + now)
            cost -= now
            if cost < best:
                best, place, route, behind, kind = cost, u, r, a, by
    return best, place, route, behind, kind


@inner
def _any_gap(p, s, u, best, place, route, behind, kind):
    """The cheapest of all gaps for `u`, as `_best_gap`."""
    gain = gain_of(p, s, u)
    for r in range(s.shape.shape[0]):
        if s.shape[r, SIZE] == 0 or is_past_hope(s, r):
            continue
        if not is_allowed(p, u, s.shape[r, KIND]):
            continue
        least = least_change(p, s, u, r) - gain
        a, b = DEPOT, s.shape[r, FIRST]
        while True:
            old = s.cum[b, ARC_IN] if b != DEPOT else s.cum[a, ARC_OUT]
            if leg(p, s, r, a, u) + leg(p, s, r, u, b) - old + least < best:
                now = standing(p, s, r) + gain
                cost, by = _with_one(p, s, r, a, u, b, best + now)
                cost -= now
                if cost < best:
                    best, place, route, behind, kind = cost, u, r, a, by
            if b == DEPOT:
                break
            a, b = b, s.link[b, NEXT]
    return best, place, route, behind, kind


@inline
def _with_one(p, s, r, a, u, b, most):
    """The penalised cost of route `r` with `u` between `a` and `b`, and by which kind.

    It may be infinite where it is not below `most`.
    """
    k = s.shape[r, KIND]
    labelled = p.fleet[LABELLED] != 0.0
    if not labelled or p.fleet[BOUNDED] != 0.0:
        piece = join_rich(p, k, before_rich(p, s, r, a), single_rich(p, u))
        whole = join_rich(p, k, piece, after_rich(p, s, r, b))
        if not labelled:
            return cheapest_kind(p, s, r, whole)
        if priced_rich(p, s, k, whole) >= most:
            return np.inf, k
    cost = proposal_labelled(
        p, s, r, a, u, u, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, b, most
    )
    return cost, k
