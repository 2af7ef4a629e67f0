"""Move a chain of one to three visits into another gap, possibly reversed (Or 1976)."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    DEMAND,
    DEPOT,
    MIRRORED,
    NEXT,
    POS,
    PRE_LOAD,
    PREV,
    ROUTE,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.proposals import (
    added,
    at_least,
    beyond,
    ends_early,
    proposal,
    standing,
)
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN, relief
from polyroute.heuristics.kernels.links import link_in, open_route, unlink
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.ties import may_leave
from polyroute.heuristics.kernels.touched import touch
from polyroute.heuristics.kernels.undo_log import save


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
        if ends_early(p):
            limit = -delta - at_least(
                p, s, q, pu, DEPOT, DEPOT, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, nw
            )
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


@inner
def try_alone(p, s, u, freed):
    """Give `u` a route of its own if that pays; his old route then pays `freed` less for arcs."""
    for kind in range(len(s.used)):
        r = open_route(p, s, kind)
        if r < 0:
            continue
        loss = leg(p, s, r, DEPOT, u) + leg(p, s, r, u, DEPOT) - freed
        if loss >= relief(p, s, s.link[u, ROUTE], r, p.node[u, DEMAND]):
            continue
        if relocate_delta(p, s, u, u, False, r, DEPOT, DEPOT, loss) < LEAST_GAIN:
            apply_relocate(p, s, u, u, False, r, DEPOT)
            return True
    return False


@inline
def try_relocate(p, s, u, v, there, back, freed):
    """Move `u` into a gap beside `v` if that pays.

    The route of `v` pays `there` for u → v and `back` for v → u; `freed` as in `try_alone`.
    """
    link, cum = s.link, s.cum
    r = link[v, ROUTE]
    most = relief(p, s, link[u, ROUTE], r, p.node[u, DEMAND]) + freed
    for side in range(2):
        a, b = (v, link[v, NEXT]) if side == 0 else (link[v, PREV], v)
        loss = back - cum[v, ARC_OUT] if side == 0 else there - cum[v, ARC_IN]
        if loss >= most or a == u or b == u:
            continue
        loss += leg(p, s, r, u, b) if side == 0 else leg(p, s, r, a, u)
        if loss < most and relocate_delta(p, s, u, u, False, r, a, b, loss - freed) < LEAST_GAIN:
            apply_relocate(p, s, u, u, False, r, a)
            return True
    return False


@inner
def try_relocate_chain(p, s, u, w, v, onward, length, there, back):
    """Move the chain between `u` and `w`, `onward` from `u` or up to it, so that `u` meets `v`.

    If that pays. The chain has `length` visits; `there` and `back` as in `try_relocate`.
    """
    link, cum = s.link, s.cum
    q, r = link[u, ROUTE], link[v, ROUTE]
    # A chain can neither go beside one of its own visits nor into the gap that it is in.
    ahead = link[v, POS] - link[u, POS] if q == r else 0
    if ahead != 0 and (0 < ahead < length if onward else -length < ahead < 0):
        return False
    first, last = (u, w) if onward else (w, u)
    if q != r and not _may_all_leave(p, s, first, last):
        return False
    before_it, behind_it = link[first, PREV], link[last, NEXT]
    freed = cum[first, ARC_IN] + cum[last, ARC_OUT] - leg(p, s, q, before_it, behind_it)
    load = cum[last, PRE_LOAD] - cum[first, PRE_LOAD] + p.node[first, DEMAND]
    most = relief(p, s, q, r, load) + freed
    for behind in range(2):
        # Behind `v` the chain must begin with `u`, before `v` it must end with it.
        a, b = (v, link[v, NEXT]) if behind == 1 else (link[v, PREV], v)
        flip = onward != (behind == 1)
        if (flip and p.fleet[MIRRORED] == 0.0) or a == last or b == first:
            continue
        loss = back - cum[v, ARC_OUT] if behind == 1 else there - cum[v, ARC_IN]
        if loss >= most:
            continue
        loss += leg(p, s, r, w, b) if behind == 1 else leg(p, s, r, a, w)
        if loss >= most:
            continue
        if relocate_delta(p, s, first, last, flip, r, a, b, loss - freed) < LEAST_GAIN:
            apply_relocate(p, s, first, last, flip, r, a)
            return True
    return False


@inline
def _may_all_leave(p, s, u, w):
    """Whether every visit from `u` to `w` may go to another route without others."""
    while u != w:
        if not may_leave(p, u):
            return False
        u = s.link[u, NEXT]
    return may_leave(p, w)
