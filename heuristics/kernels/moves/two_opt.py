"""Reverse a stretch of one route: 2-opt (Croes 1958). Requires symmetric arcs."""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import DEPOT, FIRST, LAST, NEXT, POS, PREV, ROUTE
from polyroute.heuristics.kernels.cost.proposals import added, beyond, standing
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.touched import touch
from polyroute.heuristics.kernels.undo_log import save


@inline
def two_opt_delta(p, s, u, w, loss):
    """Change in cost when the stretch `u` … `w` of a route is driven the other way.

    `loss` is the change in length.
    """
    r = s.link[u, ROUTE]
    pu, nw = s.link[u, PREV], s.link[w, NEXT]
    delta = beyond(p, loss) - standing(p, s, r)
    return added(p, s, delta, r, pu, u, w, True, DEPOT, DEPOT, False, DEPOT, DEPOT, False, nw)


@inline
def reverse(s, u, w):
    """Turn the links of the stretch `u` … `w` round; its outer links become each other's."""
    x, end = u, s.link[w, NEXT]
    while x != end:
        y = s.link[x, NEXT]
        s.link[x, NEXT] = s.link[x, PREV]
        s.link[x, PREV] = y
        x = y


@inner
def apply_two_opt(p, s, u, w):
    """Reverse the stretch `u` … `w`."""
    r = s.link[u, ROUTE]
    save(s, r)
    pu, nw = s.link[u, PREV], s.link[w, NEXT]
    reverse(s, u, w)
    s.link[w, PREV] = pu
    s.link[u, NEXT] = nw
    if pu == DEPOT:
        s.shape[r, FIRST] = w
    else:
        s.link[pu, NEXT] = w
    if nw == DEPOT:
        s.shape[r, LAST] = u
    else:
        s.link[nw, PREV] = u
    touch(s, pu)
    touch(s, u)
    touch(s, w)
    touch(s, nw)
    refresh(p, s, r)


@inline
def try_two_opt(p, s, a, b, loss):
    """Reverse the stretch `a` … `b` if there is one and that pays; `loss` as in `two_opt_delta`."""
    if a == DEPOT or b == DEPOT or s.link[a, POS] >= s.link[b, POS]:
        return False
    if two_opt_delta(p, s, a, b, loss) < LEAST_GAIN:
        apply_two_opt(p, s, a, b)
        return True
    return False
