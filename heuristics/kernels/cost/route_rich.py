"""Routes under `Rich`, as they are and as proposed: joined from pieces, or labelled."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    ALIKE,
    BOUNDED,
    DEPOT,
    FIRST,
    FIXED,
    KIND,
    LABELLED,
    LAST,
    LEAST_PER_TIME,
    NEXT,
    OVERTIME,
    PAIRED,
    PER_TIME,
    PIECE_LOAD,
    PREV,
    ROUTE,
    SERVICE,
    SIZE,
)
from polyroute.heuristics.kernels.cost.pair_order import in_order
from polyroute.heuristics.kernels.cost.route_labelled import measure_labelled, proposal_labelled
from polyroute.heuristics.kernels.cost.segment_rich import (
    after_rich,
    before_rich,
    end,
    join_rich,
    single_rich,
)
from polyroute.heuristics.kernels.cost.vehicle_cost import cost_rich, excess_rich, priced_rich


@inline
def measure_rich(p, s, r, legs):
    """The cost of route `r`, its excess over each limit, its load, and what it may save.

    `legs` is what its arcs cost.
    """
    if s.shape[r, SIZE] == 0:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if p.fleet[LABELLED] != 0.0:
        return measure_labelled(p, s, r)
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
    return cost, load, time, distance, whole[PIECE_LOAD], spare


def proposal_rich(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    """What route `r` would cost as proposed, excess priced; infinitely much where it may not be.

    Where it is labelled it may be infinite, too, if it is not below `limit`; for one of -inf it is
    the least that it could be.
    """
    if a == DEPOT and b == DEPOT and u1 == DEPOT and u2 == DEPOT and u3 == DEPOT:
        return 0.0
    if p.fleet[PAIRED] != 0.0 and not in_order(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
        return np.inf
    labelled = p.fleet[LABELLED] != 0.0
    if not labelled or p.fleet[BOUNDED] != 0.0:
        whole, allowed = _whole(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b)
        if not allowed:
            return np.inf
        price = priced_rich(p, s, s.shape[r, KIND], whole)
        if not labelled or limit == -np.inf:
            return price
        if price >= limit:
            return np.inf
    return proposal_labelled(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit)


@inner
def _whole(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
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
