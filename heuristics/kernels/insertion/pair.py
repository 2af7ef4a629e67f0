"""Insert a pair under `Rich`: its pickup beside a near client, its delivery anywhere behind it.

New vehicles of each kind compete. Gaps and vehicles are passed over now and then.
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
    DEMAND,
    DEPOT,
    FIRST,
    KIND,
    LABELLED,
    LOAD_WEIGHT,
    MARK,
    MARKED,
    MIXED,
    NEXT,
    PIECE_HIGH,
    PIECE_LOAD,
    PIECE_WARP,
    PREV,
    ROOM,
    ROUTE,
    ROUTE_LOAD,
    SIZE,
    THOROUGH,
    TIME_WEIGHT,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.labelling import earned
from polyroute.heuristics.kernels.cost.proposals import proposal, standing
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
from polyroute.heuristics.kernels.rng import below, next_blink
from polyroute.heuristics.kernels.touched import touch
from polyroute.heuristics.kernels.undo_log import is_past_hope, save


@inner
def insert_pair(p, s, x, y):
    """Insert the pickup `x` and the delivery `y` on one route, in that order."""
    best = gain_of(p, s, x) + gain_of(p, s, y)
    route, first, second, kind = np.int64(-1), np.int64(DEPOT), np.int64(DEPOT), 0
    s.tally[MARKED] += 1
    seen = s.tally[MARKED]
    blink = first_blink(s)
    if s.tally[CLOSED] == 0:
        number = len(s.used)
        start = below(s.rng, number) if number > 1 else 0  # of equals, any may be the first
        for i in range(number):
            new = start + i if start + i < number else start + i - number
            r = open_route(p, s, new)
            if r < 0 or not (is_allowed(p, x, new) and is_allowed(p, y, new)):
                continue
            blink -= 1
            if blink <= 0 and number > 1:
                blink = next_blink(s.rng)
                continue
            cost = proposal(
                p, s, r, DEPOT, x, x, False, y, y, False, DEPOT, DEPOT, False, DEPOT, np.inf
            )
            if cost < best:
                best, route, first, second, kind = cost, r, np.int64(DEPOT), x, new
    for k in range(p.near.shape[1]):
        v = np.int64(p.near[x, k])
        r = s.link[v, ROUTE]
        if r < 0 or is_past_hope(s, r):
            continue
        here = s.shape[r, KIND]
        if not (is_allowed(p, x, here) and is_allowed(p, y, here)):
            continue
        least = least_change(p, s, x, r) - earned(p, y, here)
        behind_v, before_v = least_beside(p, s, x, v, p.near_length[x, k])
        for side in range(2):
            blink -= 1
            if blink <= 0:
                blink = next_blink(s.rng)
                continue
            if (behind_v if side == 0 else before_v) + least >= best:
                continue
            a = v if side == 0 else s.link[v, PREV]
            if a != DEPOT:  # the same gap is seen from both its sides
                if s.ints[MARK, a] == seen:
                    continue
                s.ints[MARK, a] = seen
            cost, c, by = _behind(p, s, r, a, x, y, best)
            if cost < best:
                best, route, first, second, kind = cost, r, a, c, by
    if s.tally[THOROUGH] != 0 or (route < 0 and looks_everywhere(p, s, x)):
        best, route, first, second, kind = _anywhere(p, s, x, y, best, route, first, second, kind)
    if route < 0:
        return False
    s.link[x, ROUTE] = s.link[y, ROUTE] = ABSENT
    save(s, route)
    s.shape[route, KIND] = kind
    link_in(p, s, x, route, first)
    link_in(p, s, y, route, second)
    refresh(p, s, route)
    touch(s, x)
    touch(s, y)
    touch(s, s.link[x, PREV])
    touch(s, s.link[x, NEXT])
    touch(s, s.link[y, PREV])
    touch(s, s.link[y, NEXT])
    return True


@inner
def _anywhere(p, s, x, y, best, route, first, second, kind):
    """The cheapest two places on any route if they beat `best`: before or behind whom, by what."""
    for r in range(s.shape.shape[0]):
        if s.shape[r, SIZE] == 0 or is_past_hope(s, r):
            continue
        here = s.shape[r, KIND]
        if not (is_allowed(p, x, here) and is_allowed(p, y, here)):
            continue
        a = np.int64(DEPOT)
        while True:
            cost, c, by = _behind(p, s, r, a, x, y, best)
            if cost < best:
                best, route, first, second, kind = cost, np.int64(r), a, c, by
            a = s.shape[r, FIRST] if a == DEPOT else s.link[a, NEXT]
            if a == DEPOT:
                break
    return best, route, first, second, kind


@inner
def _behind(p, s, r, a, x, y, best):
    """The least change below `best` with `x` behind `a` of route `r`; behind whom `y` is; by what.

    Looks at every later gap, until the detour and what is exceeded already cost as much as `best`.
    """
    k = s.shape[r, KIND]
    kind = k
    b = s.shape[r, FIRST] if a == DEPOT else s.link[a, NEXT]
    now = standing(p, s, r)
    least = least_change(p, s, x, r) - earned(p, y, k)
    old = s.cum[b, ARC_IN] if b != DEPOT else s.cum[a, ARC_OUT]
    exact = p.fleet[LABELLED] != 0.0
    to_x = leg(p, s, r, a, x)
    detour = to_x + leg(p, s, r, x, b) - old
    found = np.int64(DEPOT)
    if min(detour, to_x) + least >= best and detour + least >= best:
        return best, found, kind
    piece = join_rich(p, k, before_rich(p, s, r, a), single_rich(p, x))
    first, c = b, x
    counted = max(s.figure[r, ROUTE_LOAD] + p.node[x, DEMAND] - p.vehicle[k, ROOM], 0.0)
    if not exact and min(detour, to_x) + least + _exceeded(p, s, k, piece, counted) >= best:
        return best, found, kind
    while True:
        if c == x:
            legs = to_x + leg(p, s, r, x, y) + leg(p, s, r, y, b) - old
        else:
            legs = detour + leg(p, s, r, c, y) + leg(p, s, r, y, b) - s.cum[c, ARC_OUT]
        if legs + least < best:
            whole = join_rich(p, k, piece, single_rich(p, y))
            whole = join_rich(p, k, whole, after_rich(p, s, r, b))
            most = best + now
            cost, by = np.inf, k
            if not exact:
                cost, by = cheapest_kind(p, s, r, whole)
            elif p.fleet[BOUNDED] == 0.0 or priced_rich(p, s, k, whole) < most:
                turn, end = (DEPOT, DEPOT) if c == x else (first, c)
                cost = proposal_labelled(
                    p, s, r, a, x, x, False, turn, end, False, y, y, False, b, most
                )
            if cost - now < best:
                best, found, kind = cost - now, c, by
        if b == DEPOT or detour + least >= best:
            return best, found, kind
        piece = join_rich(p, k, piece, single_rich(p, b))
        if not exact and detour + least + _exceeded(p, s, k, piece, counted) >= best:
            return best, found, kind
        c, b = b, s.link[b, NEXT]


@inline
def _exceeded(p, s, k, piece, counted):
    """What a route pays at least that begins with `piece`, beyond an overload that is `counted`.

    Where other kinds of vehicles might take the route, for being late alone.
    """
    pays = piece[PIECE_WARP] * s.total[TIME_WEIGHT]
    if p.fleet[MIXED] == 0.0:
        over = piece[PIECE_LOAD] + piece[PIECE_HIGH] - p.vehicle[k, ROOM]
        pays += max(over - counted, 0.0) * s.total[LOAD_WEIGHT]
    return pays
