"""Exchange two chains of one or two visits each, in place."""

from __future__ import annotations

from heuristics._jit import inline, kernel
from heuristics.arrays import NEXT, POS, PREV, ROUTE
from heuristics.routes import link_in, penalty_of, refresh, save, touch, unlink
from heuristics.segment import after, before, between, join, penalty


@inline
def swap_delta(p, s, u, w, v, z, loss):
    """Change in cost when the chains `u` … `w` and `v` … `z` trade places.

    On one route they must neither overlap nor be neighbours. `loss` is the change in length.
    """
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    pu, nw, pv, nz = s.link[u, PREV], s.link[w, NEXT], s.link[v, PREV], s.link[z, NEXT]
    delta = loss - penalty_of(s, s.figure[q])
    if r != q:
        delta -= penalty_of(s, s.figure[r])
    mine, theirs = between(p, s, u, w), between(p, s, v, z)
    if r != q:
        first = join(p, join(p, before(p, s, pu), theirs), after(p, s, nw))
        second = join(p, join(p, before(p, s, pv), mine), after(p, s, nz))
        return delta + penalty(p, s, first) + penalty(p, s, second)
    if s.link[u, POS] < s.link[v, POS]:
        whole = join(p, join(p, before(p, s, pu), theirs), between(p, s, nw, pv))
        whole = join(p, join(p, whole, mine), after(p, s, nz))
    else:
        whole = join(p, join(p, before(p, s, pv), mine), between(p, s, nz, pu))
        whole = join(p, join(p, whole, theirs), after(p, s, nw))
    return delta + penalty(p, s, whole)


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


@kernel
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
