"""Move a chain of one to three visits into another gap, possibly reversed (Or 1976)."""

from __future__ import annotations

from heuristics._jit import inline, kernel
from heuristics.arrays import DEPOT, NEXT, POS, PREV, ROUTE
from heuristics.routes import link_in, penalty_of, refresh, save, touch, unlink
from heuristics.segment import after, backwards, before, between, join, penalty


@inline
def relocate_delta(p, s, u, w, flip, r, a, b, loss):
    """Change in cost when the chain `u` … `w` goes into the gap `a`, `b` of route `r`.

    `flip` reverses the chain, which requires symmetric arcs. `a` and `b` may be the depot, and
    must not lie on the chain. `loss` is the change in length.
    """
    q = s.link[u, ROUTE]
    pu, nw = s.link[u, PREV], s.link[w, NEXT]
    delta = loss - penalty_of(s, s.figure[q])
    if r != q:
        delta -= penalty_of(s, s.figure[r])
    chain = backwards(p, s, u, w) if flip else between(p, s, u, w)
    if r != q:
        left = join(p, before(p, s, pu), after(p, s, nw))
        given = join(p, join(p, before(p, s, a), chain), after(p, s, b))
        return delta + penalty(p, s, left) + penalty(p, s, given)
    if b == DEPOT or (a != DEPOT and s.link[a, POS] > s.link[w, POS]):
        skipped = between(p, s, nw, a)
        whole = join(p, join(p, join(p, before(p, s, pu), skipped), chain), after(p, s, b))
    else:
        skipped = between(p, s, b, pu)
        whole = join(p, join(p, join(p, before(p, s, a), chain), skipped), after(p, s, nw))
    return delta + penalty(p, s, whole)


@kernel
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
