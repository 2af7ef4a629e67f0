"""Exchange two chains of one or two visits each, in place."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    DEMAND,
    DEPOT,
    NEXT,
    POS,
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
from polyroute.heuristics.kernels.links import link_in, unlink
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.ties import may_leave
from polyroute.heuristics.kernels.touched import touch
from polyroute.heuristics.kernels.undo_log import save


@inner
def swap_delta(p, s, u, w, v, z, loss):
    """Change in cost when the chains `u` … `w` and `v` … `z` trade places.

    On one route they must neither overlap nor be neighbours. `loss` is the change in length.
    """
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    pu, nw, pv, nz = s.link[u, PREV], s.link[w, NEXT], s.link[v, PREV], s.link[z, NEXT]
    delta = beyond(p, loss) - standing(p, s, q)
    if r != q:
        delta -= standing(p, s, r)
        limit = np.inf
        if ends_early(p):
            limit = -delta - at_least(
                p, s, r, pv, u, w, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, nz
            )
        delta += proposal(
            p, s, q, pu, v, z, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, nw, limit
        )
        return added(p, s, delta, r, pv, u, w, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, nz)
    if s.link[u, POS] > s.link[v, POS]:
        u, w, v, z = v, z, u, w
        pu, nw, pv, nz = pv, nz, pu, nw
    return added(p, s, delta, q, pu, v, z, False, nw, pv, False, u, w, False, nz)


@inline
def _move_chain(p, s, u, w, r, a):
    """Put the chain `u` … `w` behind `a` of route `r`."""
    end = s.link[w, NEXT]
    while u != end:
        y = s.link[u, NEXT]
        unlink(p, s, u)
        link_in(p, s, u, r, a)
        touch(s, u)
        a, u = u, y


@inner
def apply_swap(p, s, u, w, v, z):
    """Exchange the chains `u` … `w` and `v` … `z`."""
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    save(s, q)
    save(s, r)
    pu, nw, pv, nz = s.link[u, PREV], s.link[w, NEXT], s.link[v, PREV], s.link[z, NEXT]
    _move_chain(p, s, u, w, r, pv)
    _move_chain(p, s, v, z, q, pu)
    touch(s, pu)
    touch(s, nw)
    touch(s, pv)
    touch(s, nz)
    refresh(p, s, q)
    if r != q:
        refresh(p, s, r)


@inline
def try_swap(p, s, u, v, there, back):
    """Exchange `u` for a neighbour of `v` if that pays.

    The route of `v` pays `there` for u → v and `back` for v → u.
    """
    link, cum = s.link, s.cum
    q, r = link[u, ROUTE], link[v, ROUTE]
    pu, nu = link[u, PREV], link[u, NEXT]
    mine = cum[u, ARC_IN] + cum[u, ARC_OUT]
    for side in range(2):
        t = link[v, NEXT] if side == 0 else link[v, PREV]
        if t == DEPOT or t == u or t == pu or t == nu or (r != q and not may_leave(p, t)):
            continue
        old = mine + cum[t, ARC_IN] + cum[t, ARC_OUT]
        most = old + relief(p, s, q, r, p.node[u, DEMAND] - p.node[t, DEMAND])
        loss = back if side == 0 else there
        if loss >= most:
            continue
        loss += leg(p, s, r, u, link[t, NEXT]) if side == 0 else leg(p, s, r, link[t, PREV], u)
        if loss >= most:
            continue
        loss += leg(p, s, q, pu, t) + leg(p, s, q, t, nu)
        if loss >= most:
            continue
        if swap_delta(p, s, u, u, t, t, loss - old) < LEAST_GAIN:
            apply_swap(p, s, u, u, t, t)
            return True
    return False


@inner
def try_swap_of_two(p, s, u, w, v, way, there, back):
    """Exchange `u` and `w`, which follows that way, for one or two visits beside `v`.

    If that pays. `way` is 0 onward, 1 backwards; `there` and `back` as in `try_swap`.
    """
    link, cum = s.link, s.cum
    q, r = link[u, ROUTE], link[v, ROUTE]
    if q != r and not may_leave(p, w):
        return False
    # On, from `v`, is the way to `t`: `u` takes its place and so comes beside `v`.
    on, off = (NEXT, PREV) if way == 0 else (PREV, NEXT)
    arc_on, arc_off = (ARC_OUT, ARC_IN) if way == 0 else (ARC_IN, ARC_OUT)
    t = link[v, on]
    if t == DEPOT or t == u or w == v or w == t:
        return False
    beside = (back if way == 0 else there) - cum[v, arc_on] - cum[u, arc_off] - cum[w, arc_on]
    mine = p.node[u, DEMAND] + p.node[w, DEMAND]
    theirs = 0.0
    end = t
    for _ in range(2):
        if end == DEPOT or end == u or end == w or (q != r and not may_leave(p, end)):
            return False
        theirs += p.node[end, DEMAND]
        most = relief(p, s, q, r, mine - theirs)
        loss = beside - cum[end, arc_on]
        if loss < most:
            loss += _leg_on(p, s, q, way, link[u, off], t) + _leg_on(p, s, r, way, w, link[end, on])
            loss += _leg_on(p, s, q, way, end, link[w, on])
            x, y = (u, w) if way == 0 else (w, u)
            a, b = (t, end) if way == 0 else (end, t)
            apart = q != r or (link[y, NEXT] != a and link[b, NEXT] != x)
            if loss < most and apart and swap_delta(p, s, x, y, a, b, loss) < LEAST_GAIN:
                apply_swap(p, s, x, y, a, b)
                return True
        end = link[end, on]
    return False


@inline
def _leg_on(p, s, r, side, u, v):
    """What route `r` pays for the arc that leads on from `u` to `v`."""
    return leg(p, s, r, u, v) if side == 0 else leg(p, s, r, v, u)
