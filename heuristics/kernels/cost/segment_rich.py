"""Pieces and routes under `Rich`: every attribute, for vehicles of several kinds.

A piece goes on where that of `Timed` ends (`kernels.cost.segment`): load and time as there, then in
two dimensions what the load changes by and the highest that it gets over what it was before (so
goods delivered, goods picked up and pairs are one rule), and the number of stops. What does not
join so is walked (`kernels.cost.labelling`) where `fleet[EXACT]` says that there is any. In
order: first and last node; load, distance, duration, warp, earliest and latest start, release as
in `Timed`; net, high, second load, second net, second high; stops.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    ALIKE,
    ARC_IN,
    ARC_OUT,
    BACK_EARLY,
    BACK_LATE,
    CLOSED_ARC,
    COUNT,
    COUNTED,
    DEMAND,
    DEMAND_2,
    DEPOT,
    DISTANCE_WEIGHT,
    EARLY,
    END,
    EXACT,
    FIRST,
    FIXED,
    FORBIDDEN,
    FORM,
    IS_PICKUP,
    KIND,
    LAST,
    LASTING,
    LATE,
    LEAST_PER_TIME,
    LEAVE_EARLY,
    LEAVE_LATE,
    LIMIT,
    LOAD_WEIGHT,
    LONGEST,
    MARK,
    MARKED,
    MIXED,
    MOST_STOPS,
    NET,
    NET_2,
    NEXT,
    OVERTIME,
    PAIRED,
    PARTNER,
    PER_LENGTH,
    PER_TIME,
    POS,
    PRE_DIST,
    PRE_DUR,
    PRE_EARLY,
    PRE_HIGH,
    PRE_HIGH_2,
    PRE_LATE,
    PRE_LOAD,
    PRE_LOAD_2,
    PRE_NET,
    PRE_NET_2,
    PRE_OPEN,
    PRE_RELEASE,
    PRE_STOPS,
    PRE_WARP,
    PREV,
    PROFILE,
    REGULAR,
    RELEASE,
    ROOM,
    ROOM_2,
    ROUTE,
    SERVICE,
    SIZE,
    START,
    SUF_DIST,
    SUF_DUR,
    SUF_EARLY,
    SUF_HIGH,
    SUF_HIGH_2,
    SUF_LATE,
    SUF_LOAD,
    SUF_LOAD_2,
    SUF_NET,
    SUF_NET_2,
    SUF_RELEASE,
    SUF_STOPS,
    SUF_WARP,
    TIME_WEIGHT,
    UNCOUNTED,
    WEIGH_2,
    WEIGH_STOPS,
)
from polyroute.heuristics.kernels.cost.arcs import leg, length_by, time_by
from polyroute.heuristics.kernels.cost.labelling import measure_walked, walked

FIRST_NODE, LAST_NODE, LOADED, DRIVEN, LASTS, WARP, BEGINS, ENDS, RELEASED = range(9)
CHANGE, HIGH, LOADED_2, CHANGE_2, HIGH_2, STOPS = range(9, 15)
"""Entries of a piece."""


@inline
def single_rich(p, u):
    row = p.node[u]
    return (
        np.int64(u),
        np.int64(u),
        row[DEMAND],
        0.0,
        row[SERVICE],
        0.0,
        row[EARLY],
        row[LATE],
        row[RELEASE],
        row[NET],
        max(row[NET], 0.0),
        row[DEMAND_2],
        row[NET_2],
        max(row[NET_2], 0.0),
        1.0,
    )


@inline
def _gate(node, early, late):
    """The piece of a depot alone, which opens and closes."""
    none = 0.0
    return (
        np.int64(node),
        np.int64(node),
        none,
        none,
        none,
        none,
        early,
        late,
        none,
        none,
        none,
        none,
        none,
        none,
        none,
    )


@inline
def begin(p, k):
    """The place where a vehicle of kind `k` begins."""
    vehicle = p.vehicle[k]
    return _gate(vehicle[START], vehicle[LEAVE_EARLY], vehicle[LEAVE_LATE])


@inline
def end(p, k):
    """The place where a vehicle of kind `k` ends: nowhere, at no distance, on an open route."""
    vehicle = p.vehicle[k]
    return _gate(vehicle[END], vehicle[BACK_EARLY], vehicle[BACK_LATE])


@inline
def before_rich(p, s, r, u):
    if u == DEPOT:
        return begin(p, s.shape[r, KIND])
    row = s.cum[u]
    return (
        np.int64(u),
        np.int64(u),
        row[PRE_LOAD],
        row[PRE_DIST],
        row[PRE_DUR],
        row[PRE_WARP],
        row[PRE_EARLY],
        row[PRE_LATE],
        row[PRE_RELEASE],
        row[PRE_NET],
        row[PRE_HIGH],
        row[PRE_LOAD_2],
        row[PRE_NET_2],
        row[PRE_HIGH_2],
        row[PRE_STOPS],
    )


@inline
def after_rich(p, s, r, u):
    if u == DEPOT:
        return end(p, s.shape[r, KIND])
    row = s.cum[u]
    return (
        np.int64(u),
        np.int64(u),
        row[SUF_LOAD],
        row[SUF_DIST],
        row[SUF_DUR],
        row[SUF_WARP],
        row[SUF_EARLY],
        row[SUF_LATE],
        row[SUF_RELEASE],
        row[SUF_NET],
        row[SUF_HIGH],
        row[SUF_LOAD_2],
        row[SUF_NET_2],
        row[SUF_HIGH_2],
        row[SUF_STOPS],
    )


@inline
def store_before_rich(p, s, u, piece):
    row = s.cum[u]
    row[PRE_LOAD] = piece[LOADED]
    row[PRE_DIST] = piece[DRIVEN]
    row[PRE_DUR] = piece[LASTS]
    row[PRE_WARP] = piece[WARP]
    row[PRE_EARLY] = piece[BEGINS]
    row[PRE_LATE] = piece[ENDS]
    row[PRE_RELEASE] = piece[RELEASED]
    row[PRE_NET] = piece[CHANGE]
    row[PRE_HIGH] = piece[HIGH]
    row[PRE_LOAD_2] = piece[LOADED_2]
    row[PRE_NET_2] = piece[CHANGE_2]
    row[PRE_HIGH_2] = piece[HIGH_2]
    row[PRE_STOPS] = piece[STOPS]
    a = s.link[u, PREV]
    row[PRE_OPEN] = 0.0 if a == DEPOT else s.cum[a, PRE_OPEN]
    if p.tie[u, PARTNER] != DEPOT:
        row[PRE_OPEN] += 1.0 if p.tie[u, IS_PICKUP] != 0 else -1.0


@inline
def _store_after(s, u, piece):
    row = s.cum[u]
    row[SUF_LOAD] = piece[LOADED]
    row[SUF_DIST] = piece[DRIVEN]
    row[SUF_DUR] = piece[LASTS]
    row[SUF_WARP] = piece[WARP]
    row[SUF_EARLY] = piece[BEGINS]
    row[SUF_LATE] = piece[ENDS]
    row[SUF_RELEASE] = piece[RELEASED]
    row[SUF_NET] = piece[CHANGE]
    row[SUF_HIGH] = piece[HIGH]
    row[SUF_LOAD_2] = piece[LOADED_2]
    row[SUF_NET_2] = piece[CHANGE_2]
    row[SUF_HIGH_2] = piece[HIGH_2]
    row[SUF_STOPS] = piece[STOPS]


@inline
def join_rich(p, k, a, b):
    """Piece `a`, then piece `b`, driven by vehicle kind `k`."""
    length = length_by(p, k, a[LAST_NODE], b[FIRST_NODE])
    time = time_by(p, k, a[LAST_NODE], b[FIRST_NODE], length)
    start = a[LASTS] - a[WARP] + time
    warp = max(a[BEGINS] + start - b[ENDS], 0.0)
    wait = max(b[BEGINS] - start - a[ENDS], 0.0)
    return (
        a[FIRST_NODE],
        b[LAST_NODE],
        a[LOADED] + b[LOADED],
        a[DRIVEN] + b[DRIVEN] + length,
        a[LASTS] + b[LASTS] + time + wait,
        a[WARP] + b[WARP] + warp,
        max(a[BEGINS], b[BEGINS] - start) - wait,
        min(a[ENDS], b[ENDS] - start) + warp,
        max(a[RELEASED], b[RELEASED]),
        a[CHANGE] + b[CHANGE],
        max(a[HIGH], a[CHANGE] + b[HIGH]),
        a[LOADED_2] + b[LOADED_2],
        a[CHANGE_2] + b[CHANGE_2],
        max(a[HIGH_2], a[CHANGE_2] + b[HIGH_2]),
        a[STOPS] + b[STOPS],
    )


@inner
def store_ends_rich(p, s, r, u):
    """Keep the pieces from each node of route `r` on, back from its last node `u`."""
    k = s.shape[r, KIND]
    piece = end(p, k)
    while u != DEPOT:
        piece = join_rich(p, k, single_rich(p, u), piece)
        _store_after(s, u, piece)
        u = s.link[u, PREV]


# -- whole routes ----------------------------------------------------------------------------


@inline
def excess_rich(p, k, piece):
    """What a whole route of kind `k` exceeds: load and stops, time, distance."""
    vehicle = p.vehicle[k]
    load = max(piece[LOADED] + piece[HIGH] - vehicle[ROOM], 0.0)
    load += max(piece[LOADED_2] + piece[HIGH_2] - vehicle[ROOM_2], 0.0) * p.fleet[WEIGH_2]
    load += max(piece[STOPS] - vehicle[MOST_STOPS], 0.0) * p.fleet[WEIGH_STOPS]
    time = piece[WARP] + max(piece[RELEASED] - piece[ENDS], 0.0)
    time += max(piece[LASTS] - vehicle[LASTING], 0.0)
    closed = p.fleet[CLOSED_ARC]
    length = piece[DRIVEN]
    if length >= closed:
        length %= closed
    return load, time, max(length - vehicle[LONGEST], 0.0)


@inline
def cost_rich(p, k, piece):
    """What a whole route of kind `k` costs; a forbidden arc costs more than any plan without."""
    vehicle = p.vehicle[k]
    closed = p.fleet[CLOSED_ARC]
    length = piece[DRIVEN]
    cost = vehicle[FIXED]
    if length >= closed:
        cost += length // closed * p.fleet[FORBIDDEN]
        length %= closed
    cost += length * vehicle[PER_LENGTH] + piece[LASTS] * vehicle[PER_TIME]
    return cost + max(piece[LASTS] - vehicle[REGULAR], 0.0) * vehicle[OVERTIME]


@inline
def _append(p, s, k, piece, u, w, turned):
    """Piece `piece`, then the stretch `u` … `w` of some route, turned round or not.

    Returns it, and whether vehicle kind `k` may serve all of the stretch.
    """
    x, last = (w, u) if turned else (u, w)
    allowed = True
    while True:
        if p.allowed.shape[0] > 0 and p.allowed[x, k] == 0:
            allowed = False
        piece = join_rich(p, k, piece, single_rich(p, x))
        if x == last:
            return piece, allowed
        x = s.link[x, PREV] if turned else s.link[x, NEXT]


@inner
def whole_rich(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    """The piece of route `r` as proposed (see `proposal`), and whether its vehicle may drive it."""
    k = s.shape[r, KIND]
    piece = before_rich(p, s, r, a)
    allowed = True
    if u1 != DEPOT:
        piece, may = _append(p, s, k, piece, u1, w1, t1)
        allowed = allowed and may
    if u2 != DEPOT:
        piece, may = _append(p, s, k, piece, u2, w2, t2)
        allowed = allowed and may
    if u3 != DEPOT:
        piece, may = _append(p, s, k, piece, u3, w3, t3)
        allowed = allowed and may
    if b != DEPOT and s.link[b, ROUTE] != r:
        # What follows on another route was summed up for the vehicle that drives it now.
        other = s.shape[s.link[b, ROUTE], KIND]
        if p.vehicle[k, ALIKE] != p.vehicle[other, ALIKE]:
            while b != DEPOT:
                piece, may = _append(p, s, k, piece, b, b, False)
                allowed = allowed and may
                b = s.link[b, NEXT]
    return join_rich(p, k, piece, after_rich(p, s, r, b)), allowed


@inline
def measure_rich(p, s, r, legs):
    """The cost of route `r`, its excess over each limit, its load, and what it may save.

    `legs` is what its arcs cost.
    """
    if s.shape[r, SIZE] == 0:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if p.fleet[EXACT] != 0.0:
        return measure_walked(p, s, r)
    k = s.shape[r, KIND]
    vehicle = p.vehicle[k]
    whole = join_rich(p, k, before_rich(p, s, r, s.shape[r, LAST]), end(p, k))
    load, time, distance = excess_rich(p, k, whole)
    cost = cost_rich(p, k, whole)
    spare = 0.0
    if vehicle[PER_TIME] != 0.0 or vehicle[OVERTIME] != 0.0:
        service = 0.0
        u = s.shape[r, FIRST]
        while u != DEPOT:
            service += p.node[u, SERVICE]
            u = s.link[u, NEXT]
        # Service goes with the visits, at worst to where time costs least.
        spare = cost - vehicle[FIXED] - legs - service * p.fleet[LEAST_PER_TIME]
    if s.shape[r, SIZE] == 1:
        spare += vehicle[FIXED]
    return cost, load, time, distance, whole[LOADED], spare


@inline
def recount(s, r):
    """Keep the number of vehicles of each kind in use, after route `r` was changed."""
    kind = s.shape[r, KIND] if s.shape[r, SIZE] > 0 else UNCOUNTED
    counted = s.shape[r, COUNTED]
    if kind == counted:
        return
    if counted != UNCOUNTED:
        s.used[counted] -= 1
    if kind != UNCOUNTED:
        s.used[kind] += 1
    s.shape[r, COUNTED] = kind


def proposal_rich(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    """What route `r` would cost as proposed, excess priced; infinitely much where it may not be."""
    limit = s.total[LIMIT]
    s.total[LIMIT] = np.inf
    if a == DEPOT and b == DEPOT and u1 == DEPOT and u2 == DEPOT and u3 == DEPOT:
        return 0.0
    if p.fleet[PAIRED] != 0.0 and not _in_order(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
        return np.inf
    if p.fleet[EXACT] != 0.0:
        return walked(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit)
    whole, allowed = whole_rich(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b)
    if not allowed:
        return np.inf
    return priced_rich(p, s, s.shape[r, KIND], whole)


@inline
def cheapest_kind(p, s, r, whole):
    """What route `r` would cost as the piece `whole`, and by which kind of vehicle that is so.

    That is its own or another of the same form of which some are left.
    """
    mine = s.shape[r, KIND]
    best, kind = priced_rich(p, s, mine, whole), mine
    if p.fleet[MIXED] != 0.0:
        for other in range(len(s.used)):
            if other == mine or p.vehicle[other, FORM] != p.vehicle[mine, FORM]:
                continue
            if s.used[other] < p.vehicle[other, COUNT]:
                cost = priced_rich(p, s, other, whole)
                if cost < best:
                    best, kind = cost, other
    return best, kind


@inline
def priced_rich(p, s, k, whole):
    """The cost of a whole route of vehicle kind `k`, and what it exceeds at present prices."""
    load, time, distance = excess_rich(p, k, whole)
    return (
        cost_rich(p, k, whole)
        + load * s.total[LOAD_WEIGHT]
        + time * s.total[TIME_WEIGHT]
        + distance * s.total[DISTANCE_WEIGHT]
    )


# -- pairs: pickup first, on the same route ------------------------------------------------------


@inline
def _mark(s, u, w, turned):
    """Number the visits of a stretch in the order in which they are driven."""
    x, last = (w, u) if turned else (u, w)
    while True:
        s.tally[MARKED] += 1
        s.ints[MARK, x] = s.tally[MARKED]
        if x == last:
            return
        x = s.link[x, PREV] if turned else s.link[x, NEXT]


@inline
def _pairs_hold(p, s, r, a, u, w, b, least):
    """Whether each visit of a stretch has its partner on the right side of it."""
    x = u
    while True:
        y = p.tie[x, PARTNER]
        if y != DEPOT:
            first = p.tie[x, IS_PICKUP] != 0
            if s.ints[MARK, y] > least:
                if (s.ints[MARK, x] < s.ints[MARK, y]) != first:
                    return False
            elif first:
                if b == DEPOT or s.link[y, ROUTE] != s.link[b, ROUTE]:
                    return False
                if s.link[y, POS] < s.link[b, POS]:
                    return False
            elif a == DEPOT or s.link[y, ROUTE] != r or s.link[y, POS] > s.link[a, POS]:
                return False
        if x == w:
            return True
        x = s.link[x, NEXT]


@inner
def _in_order(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    """Whether no pair is torn or turned round by what is proposed for route `r`.

    It is the caller who sees to it that a visit which leaves its route is no end of a pair.
    """
    if u1 == DEPOT and u2 == DEPOT and u3 == DEPOT:
        # Ends of routes are exchanged, or a visit leaves.
        foreign = b != DEPOT and s.link[b, ROUTE] != r
        if (foreign or b == DEPOT) and a != DEPOT and s.cum[a, PRE_OPEN] != 0.0:
            return False
        if foreign:
            c = s.link[b, PREV]
            return c == DEPOT or s.cum[c, PRE_OPEN] == 0.0
        return True
    least = s.tally[MARKED]
    if u1 != DEPOT:
        _mark(s, u1, w1, t1)
    if u2 != DEPOT:
        _mark(s, u2, w2, t2)
    if u3 != DEPOT:
        _mark(s, u3, w3, t3)
    if u1 != DEPOT and not _pairs_hold(p, s, r, a, u1, w1, b, least):
        return False
    if u2 != DEPOT and not _pairs_hold(p, s, r, a, u2, w2, b, least):
        return False
    return u3 == DEPOT or _pairs_hold(p, s, r, a, u3, w3, b, least)


# -- what moves do to arcs -----------------------------------------------------------------------


@inline
def tails_loss_rich(p, s, u, v):
    """Change in what arcs and vehicles cost when `u` goes on with `v`, on another route.

    Less than that where it is not known in constant time; infinite where vehicles drive by
    different matrices, between which ends are not exchanged.
    """
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    nu, pv = s.link[u, NEXT], s.link[v, PREV]
    mine, theirs = s.shape[q, KIND], s.shape[r, KIND]
    loss = leg(p, s, q, u, v) + leg(p, s, r, pv, nu) - s.cum[u, ARC_OUT] - s.cum[v, ARC_IN]
    if nu == DEPOT and pv == DEPOT:
        loss -= p.vehicle[theirs, FIXED]
    if mine == theirs:
        return loss
    if p.vehicle[mine, PROFILE] != p.vehicle[theirs, PROFILE]:
        return np.inf
    last = s.shape[r, LAST]
    loss += leg(p, s, q, last, DEPOT) - s.cum[last, ARC_OUT]
    if nu != DEPOT:
        last = s.shape[q, LAST]
        loss += leg(p, s, r, last, DEPOT) - s.cum[last, ARC_OUT]
    if p.vehicle[mine, PER_TIME] != p.vehicle[theirs, PER_TIME]:
        return -np.inf
    dearer = p.vehicle[mine, PER_LENGTH] - p.vehicle[theirs, PER_LENGTH]
    if dearer != 0.0:
        inner = _inner_length(p, s, v, theirs)
        if nu != DEPOT:
            inner -= _inner_length(p, s, nu, mine)
        loss += inner * dearer
    return loss


@inline
def _inner_length(p, s, u, kind):
    """Length of the route of `u`, whose vehicle is of that kind, from `u` to its last visit."""
    last = s.shape[s.link[u, ROUTE], LAST]
    return s.cum[u, SUF_DIST] - length_by(p, kind, last, int(p.vehicle[kind, END]))


@inline
def heads_loss_rich(p, s, u, v):
    """Change in what arcs and vehicles cost when `u` goes on backwards from `v`.

    Infinite between vehicles that pay differently, which do not exchange so.
    """
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    mine, theirs = s.shape[q, KIND], s.shape[r, KIND]
    if mine != theirs and (
        p.vehicle[mine, PROFILE] != p.vehicle[theirs, PROFILE]
        or p.vehicle[mine, PER_LENGTH] != p.vehicle[theirs, PER_LENGTH]
        or p.vehicle[mine, PER_TIME] != p.vehicle[theirs, PER_TIME]
    ):
        return np.inf
    nu, nv = s.link[u, NEXT], s.link[v, NEXT]
    first, last = s.shape[r, FIRST], s.shape[q, LAST]
    loss = leg(p, s, q, u, v) + leg(p, s, q, first, DEPOT) + leg(p, s, r, nu, nv)
    loss -= s.cum[u, ARC_OUT] + s.cum[v, ARC_OUT] + s.cum[first, ARC_IN]
    if nu != DEPOT:
        return loss + leg(p, s, r, DEPOT, last) - s.cum[last, ARC_OUT]
    return loss - p.vehicle[theirs, FIXED] if nv == DEPOT else loss
