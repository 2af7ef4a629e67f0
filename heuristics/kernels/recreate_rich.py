"""Insert what belongs together under `Rich`: a client, one of a group of alternatives, or a pair.

As in `kernels.recreate`, gaps beside near clients compete, and new vehicles of each kind; both
are passed over now and then. Who costs more to serve than to leave out stays out.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    ARC_IN,
    ARC_OUT,
    CLOSED,
    COST,
    DEMAND,
    DEPOT,
    EAGER,
    EVERYBODY,
    FIRST,
    FIXED,
    FORBIDDEN,
    FORM,
    GAIN,
    GATE,
    KIND,
    LABELLED,
    LOAD_WEIGHT,
    MARK,
    MARKED,
    MIXED,
    NEXT,
    PARTNER,
    PER_LENGTH,
    PIECE_HIGH,
    PIECE_LOAD,
    PIECE_WARP,
    PREV,
    ROOM,
    ROUTE,
    ROUTE_LOAD,
    SIBLING,
    SIZE,
    SPARE,
    TIME_WEIGHT,
    ZEAL,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.labelling import earned
from polyroute.heuristics.kernels.cost.proposals import penalty_of, proposal, standing
from polyroute.heuristics.kernels.cost.route_labelled import proposal_labelled
from polyroute.heuristics.kernels.cost.segment_rich import (
    after_rich,
    before_rich,
    join_rich,
    single_rich,
)
from polyroute.heuristics.kernels.cost.vehicle_cost import cheapest_kind
from polyroute.heuristics.kernels.rng import below, bits, next_blink
from polyroute.heuristics.kernels.state import (
    is_past_hope,
    link_in,
    open_route,
    refresh,
    save,
    touch,
)

LOOK_EVERYWHERE = 0.05
"""Chance that a client who finds no gap beside a near client is tried in every gap there is."""

PASSED_OVER = 0.02
"""Chance that an alternative is not looked at: who is cheap may keep others from being served."""


def place_unit(p, s, u):
    """Insert the unit of `u`, who waits, where that costs least, or leave it out."""
    v = p.tie[u, PARTNER]
    if v == DEPOT:
        if not _place_one(p, s, u):
            s.link[u, ROUTE] = ABSENT
    elif not _place_pair(p, s, u, v):
        s.link[u, ROUTE] = s.link[v, ROUTE] = ABSENT


# -- one client ------------------------------------------------------------------------------------


@inline
def _place_one(p, s, u):
    """Insert `u` or one of his alternatives."""
    best, place, r, a, kind = 0.0, u, np.int64(-1), np.int64(DEPOT), np.int64(0)
    v = u
    while True:
        if p.tie[u, SIBLING] == u or bits(s.rng) >= PASSED_OVER:
            best, place, r, a, kind = _best_gap(p, s, v, best, place, r, a, kind)
        v = p.tie[v, SIBLING]
        if v == u:
            break
    if r < 0 and p.node[u, GAIN] >= p.fleet[FORBIDDEN] and bits(s.rng) < LOOK_EVERYWHERE:
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
    gain = _gain(p, s, u)
    blink = next_blink(s.rng)
    if s.tally[CLOSED] == 0:
        number = len(s.used)
        start = below(s.rng, number) if number > 1 else 0  # of equals, any may be the first
        for i in range(number):
            new = start + i if start + i < number else start + i - number
            r = open_route(p, s, new)
            if r < 0 or not _is_allowed(p, u, new):
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
        if not _is_allowed(p, u, s.shape[r, KIND]):
            continue
        least = least_change(p, s, u, r) - gain
        behind_v, before_v = _least_beside(p, s, u, v, p.near_length[u, k])
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
    gain = _gain(p, s, u)
    for r in range(s.shape.shape[0]):
        if s.shape[r, SIZE] == 0 or is_past_hope(s, r):
            continue
        if not _is_allowed(p, u, s.shape[r, KIND]):
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
def _least_beside(p, s, u, v, to_v):
    """What arcs cost more at least with `u` behind `v`, and before him; `to_v` is between them.

    A client at a gap's other end is no nearer to `u`, or the gap is seen from his side.
    """
    gate = p.node[u, GATE]
    behind = to_v - s.cum[v, ARC_OUT] + (gate if s.link[v, NEXT] == DEPOT else to_v)
    before = to_v - s.cum[v, ARC_IN] + (gate if s.link[v, PREV] == DEPOT else to_v)
    return behind, before


@inline
def _gain(p, s, u):
    """What serving `u` saves, or is taken to save; of who must be served, more than it can cost."""
    eager = s.tally[EAGER] == u or s.tally[EAGER] == EVERYBODY
    return p.fleet[FORBIDDEN] if eager else p.node[u, GAIN] * (1.0 + s.total[ZEAL])


@inline
def _is_allowed(p, u, kind):
    """Whether vehicles of that kind may serve `u`."""
    return p.allowed.shape[0] == 0 or p.allowed[u, kind] != 0


@inline
def least_change(p, s, u, r):
    """What the cost of route `r` changes by at least with `u`, beyond arcs."""
    mine = s.shape[r, KIND]
    load = s.figure[r, ROUTE_LOAD] + p.node[u, DEMAND]
    more = max(load - p.vehicle[mine, ROOM], 0.0) * s.total[LOAD_WEIGHT]
    if p.fleet[MIXED] != 0.0:
        driving = s.figure[r, COST] - p.vehicle[mine, FIXED]
        for other in range(len(s.used)):
            if p.vehicle[other, FORM] == p.vehicle[mine, FORM]:
                change = max(load - p.vehicle[other, ROOM], 0.0) * s.total[LOAD_WEIGHT]
                change += p.vehicle[other, FIXED] - p.vehicle[mine, FIXED]
                change += driving * (
                    p.vehicle[other, PER_LENGTH] / p.vehicle[mine, PER_LENGTH] - 1.0
                )
                more = min(more, change)
    return more - penalty_of(s, s.figure[r]) - s.figure[r, SPARE] - earned(p, u, mine)


@inline
def _with_one(p, s, r, a, u, b, most):
    """The penalised cost of route `r` with `u` between `a` and `b`, and by which kind.

    It may be infinite where it is not below `most`.
    """
    k = s.shape[r, KIND]
    if p.fleet[LABELLED] != 0.0:
        cost = proposal_labelled(
            p, s, r, a, u, u, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, b, most
        )
        return cost, k
    piece = join_rich(p, k, before_rich(p, s, r, a), single_rich(p, u))
    return cheapest_kind(p, s, r, join_rich(p, k, piece, after_rich(p, s, r, b)))


# -- a pair ----------------------------------------------------------------------------------------


@inner
def _place_pair(p, s, x, y):
    """Insert the pickup `x` and the delivery `y` on one route, in that order."""
    best = _gain(p, s, x) + _gain(p, s, y)
    route, first, second, kind = np.int64(-1), np.int64(DEPOT), np.int64(DEPOT), 0
    s.tally[MARKED] += 1
    seen = s.tally[MARKED]
    blink = next_blink(s.rng)
    if s.tally[CLOSED] == 0:
        number = len(s.used)
        start = below(s.rng, number) if number > 1 else 0  # of equals, any may be the first
        for i in range(number):
            new = start + i if start + i < number else start + i - number
            r = open_route(p, s, new)
            if r < 0 or not (_is_allowed(p, x, new) and _is_allowed(p, y, new)):
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
        if not (_is_allowed(p, x, here) and _is_allowed(p, y, here)):
            continue
        least = least_change(p, s, x, r) - earned(p, y, here)
        behind_v, before_v = _least_beside(p, s, x, v, p.near_length[x, k])
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
        if legs + least < best and exact:
            turn, end = (DEPOT, DEPOT) if c == x else (first, c)
            most = best + now
            cost = proposal_labelled(
                p, s, r, a, x, x, False, turn, end, False, y, y, False, b, most
            )
            if cost < most:
                best, found = cost - now, c
        elif legs + least < best:
            whole = join_rich(p, k, piece, single_rich(p, y))
            whole = join_rich(p, k, whole, after_rich(p, s, r, b))
            cost, by = cheapest_kind(p, s, r, whole)
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
