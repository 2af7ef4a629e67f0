"""Exchange two chains of one or two visits each, in place."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
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
        if u == w and v == z and ends_early(p):  # the other route costs at least what its arcs say
            freed = s.cum[v, ARC_IN] + s.cum[v, ARC_OUT]
            freed -= leg(p, s, r, pv, u) + leg(p, s, r, u, nz)
            freed += stake(p, u) + stake(p, v)
            limit = standing(p, s, q) + allowance(p, s, r) + freed
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
