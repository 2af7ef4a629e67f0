"""Bring a route up to date after its links were changed: what lies before and after each node."""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    COST,
    DEPOT,
    DIRTY,
    FIRST,
    FREE,
    IS_DIRTY,
    LAST,
    LATENESS,
    NEXT,
    NUM_DIRTY,
    NUM_FREE,
    ON_FREE,
    OVERLOAD,
    OVERRUN,
    POS,
    ROUTE,
    ROUTE_LOAD,
    SIZE,
    SPARE,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.pieces import (
    before,
    join_single,
    measure,
    store_before,
    store_ends,
)
from polyroute.heuristics.kernels.cost.vehicle_cost import recount


@inner
def refresh(p, s, r):
    """Recompute `cum`, positions, figures and totals after route `r` was relinked."""
    legs = _recompute(p, s, r)
    cost, load, time, overrun, on_board, spare = measure(p, s, r, legs)
    if s.shape[r, SIZE] == 0 and s.ints[ON_FREE, r] == 0:
        s.ints[ON_FREE, r] = 1
        s.ints[FREE, s.tally[NUM_FREE]] = r
        s.tally[NUM_FREE] += 1
    figure, total = s.figure, s.total
    total[COST] += cost - figure[r, COST]
    total[OVERLOAD] += load - figure[r, OVERLOAD]
    total[LATENESS] += time - figure[r, LATENESS]
    total[OVERRUN] += overrun - figure[r, OVERRUN]
    figure[r, COST] = cost
    figure[r, OVERLOAD] = load
    figure[r, LATENESS] = time
    figure[r, OVERRUN] = overrun
    figure[r, ROUTE_LOAD] = on_board
    figure[r, SPARE] = spare
    recount(s, r)
    if s.ints[IS_DIRTY, r] == 0:
        s.ints[IS_DIRTY, r] = 1
        s.ints[DIRTY, s.tally[NUM_DIRTY]] = r
        s.tally[NUM_DIRTY] += 1


@inline
def _recompute(p, s, r):
    """Recompute what `cum` holds of each node of route `r`, positions, size and end.

    Returns what its arcs cost.
    """
    a, u = DEPOT, s.shape[r, FIRST]
    pos = 0
    legs = 0.0
    piece = before(p, s, r, DEPOT)
    while u != DEPOT:
        piece = join_single(p, s, r, piece, u)
        store_before(p, s, u, piece)
        step = leg(p, s, r, a, u)
        legs += step
        s.cum[u, ARC_IN] = step
        if a != DEPOT:
            s.cum[a, ARC_OUT] = step
        s.link[u, POS] = pos
        s.link[u, ROUTE] = r
        pos += 1
        a, u = u, s.link[u, NEXT]
    s.shape[r, SIZE] = pos
    s.shape[r, LAST] = a
    if pos > 0:
        step = leg(p, s, r, a, DEPOT)
        legs += step
        s.cum[a, ARC_OUT] = step
    store_ends(p, s, r, a)
    return legs
