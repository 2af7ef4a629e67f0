"""Move a chain of one to three visits into another gap, possibly reversed (Or 1976)."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inner
from polyroute.heuristics.kernels.arrays import ARC_IN, ARC_OUT, DEPOT, NEXT, POS, PREV, ROUTE
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.proposals import (
    added,
    beyond,
    ends_early,
    proposal,
    standing,
)
from polyroute.heuristics.kernels.cost.reliefs import allowance, stake
from polyroute.heuristics.kernels.state import link_in, refresh, save, touch, unlink


@inner
def relocate_delta(p, s, u, w, flip, r, a, b, loss):
    """Change in cost when the chain `u` … `w` goes into the gap `a`, `b` of route `r`.

    `flip` reverses the chain, which requires symmetric arcs. `a` and `b` may be the depot, and
    must not lie on the chain. `loss` is the change in length.
    """
    q = s.link[u, ROUTE]
    pu, nw = s.link[u, PREV], s.link[w, NEXT]
    delta = beyond(p, loss) - standing(p, s, q)
    if r != q:
        delta -= standing(p, s, r)
        limit = np.inf
        if u == w and ends_early(p):  # what is left costs at least what its arcs say
            freed = s.cum[u, ARC_IN] + s.cum[u, ARC_OUT] - leg(p, s, q, pu, nw)
            freed += stake(p, u)
            limit = standing(p, s, r) + allowance(p, s, q) + freed
        delta += proposal(
            p, s, r, a, DEPOT, DEPOT, False, u, w, flip, DEPOT, DEPOT, False, b, limit
        )
        return added(
            p, s, delta, q, pu, DEPOT, DEPOT, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, nw
        )
    if b == DEPOT or (a != DEPOT and s.link[a, POS] > s.link[w, POS]):
        x, y, c, d = nw, a, DEPOT, DEPOT
        a = pu
    else:
        x, y, c, d = DEPOT, DEPOT, b, pu
        b = nw
    return added(p, s, delta, q, a, x, y, False, u, w, flip, c, d, False, b)


@inner
def apply_relocate(p, s, u, w, flip, r, a):
    """Move the chain `u` … `w` behind `a` (DEPOT: to the front) of route `r`."""
    q = s.link[u, ROUTE]
    save(s, q)
    save(s, r)
    pu, nw = s.link[u, PREV], s.link[w, NEXT]
    touch(s, pu)
    touch(s, nw)
    touch(s, a)
    x, end = (w, pu) if flip else (u, nw)
    step = PREV if flip else NEXT
    while x != end:
        y = s.link[x, step]
        unlink(p, s, x)
        link_in(p, s, x, r, a)
        touch(s, x)
        a, x = x, y
    touch(s, s.link[a, NEXT])
    refresh(p, s, q)
    if r != q:
        refresh(p, s, r)
