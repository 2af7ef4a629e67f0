"""Exchange the ends of two routes, as they are or turned round (Potvin & Rousseau 1995)."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    DEMAND,
    DEPOT,
    FIRST,
    LAST,
    NEXT,
    PRE_LOAD,
    PREV,
    ROUTE,
    ROUTE_LOAD,
)
from polyroute.heuristics.kernels.cost.proposals import (
    added,
    at_least,
    beyond,
    ends_early,
    proposal,
    standing,
)
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN, relief
from polyroute.heuristics.kernels.moves.two_opt import reverse
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.touched import touch
from polyroute.heuristics.kernels.undo_log import save


@inline
def tails_delta(p, s, u, v, loss):
    """Change in cost when `u` goes on with `v`, and what came before `v` with what followed `u`.

    `loss` is the change in length.
    """
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    nu, pv = s.link[u, NEXT], s.link[v, PREV]
    delta = beyond(p, loss) - standing(p, s, q) - standing(p, s, r)
    limit = np.inf
    if ends_early(p):
        limit = -delta - at_least(
            p, s, r, pv, DEPOT, DEPOT, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, nu
        )
    delta += proposal(
        p, s, q, u, DEPOT, DEPOT, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, v, limit
    )
    return added(
        p, s, delta, r, pv, DEPOT, DEPOT, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, nu
    )


@inline
def _lead_to(s, r, a, b):
    """Link `a` to `b` on route `r`; either may be the depot."""
    if a == DEPOT:
        s.shape[r, FIRST] = b
    else:
        s.link[a, NEXT] = b
    if b == DEPOT:
        s.shape[r, LAST] = a
    else:
        s.link[b, PREV] = a


@inner
def apply_tails(p, s, u, v):
    """Join `u` with `v`, on the route of `u`."""
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    save(s, q)
    save(s, r)
    nu, pv = s.link[u, NEXT], s.link[v, PREV]
    _lead_to(s, q, u, v)
    _lead_to(s, r, pv, nu)
    _finish(p, s, q, r, u, v, pv, nu)


@inline
def heads_delta(p, s, u, v, loss):
    """Change in cost when `u` goes on backwards from `v`.

    The old end of `u`'s route, turned round, then leads to the end of `v`'s. `loss` is the
    change in length. Requires symmetric arcs.
    """
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    nu, nv = s.link[u, NEXT], s.link[v, NEXT]
    first, last = s.shape[r, FIRST], s.shape[q, LAST]
    delta = beyond(p, loss) - standing(p, s, q) - standing(p, s, r)
    limit = np.inf
    if ends_early(p):
        limit = -delta - at_least(
            p, s, r, DEPOT, nu, last, True, DEPOT, DEPOT, False, DEPOT, DEPOT, False, nv
        )
    delta += proposal(
        p, s, q, u, first, v, True, DEPOT, DEPOT, False, DEPOT, DEPOT, False, DEPOT, limit
    )
    return added(
        p, s, delta, r, DEPOT, nu, last, True, DEPOT, DEPOT, False, DEPOT, DEPOT, False, nv
    )


@inner
def apply_heads(p, s, u, v):
    """Join `u` with `v`, turning the beginning of `v`'s route and the end of `u`'s."""
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    save(s, q)
    save(s, r)
    nu, nv = s.link[u, NEXT], s.link[v, NEXT]
    first, last = s.shape[r, FIRST], s.shape[q, LAST]
    reverse(s, first, v)
    if nu != DEPOT:
        reverse(s, nu, last)
    _lead_to(s, q, u, v)
    _lead_to(s, q, first, DEPOT)
    if nu == DEPOT:
        _lead_to(s, r, DEPOT, nv)
    else:
        _lead_to(s, r, DEPOT, last)
        _lead_to(s, r, nu, nv)
    _finish(p, s, q, r, u, v, nu, nv)


@inline
def _finish(p, s, q, r, a, b, c, d):
    """Refresh both routes and touch the ends of the new arcs."""
    touch(s, a)
    touch(s, b)
    touch(s, c)
    touch(s, d)
    refresh(p, s, q)
    refresh(p, s, r)


@inline
def tails_pay(p, s, u, v, loss):
    """Whether `u` should go on with `v`, on another route."""
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    given = s.figure[q, ROUTE_LOAD] - s.cum[u, PRE_LOAD]
    given -= s.figure[r, ROUTE_LOAD] - s.cum[v, PRE_LOAD] + p.node[v, DEMAND]
    return loss < relief(p, s, q, r, given) and tails_delta(p, s, u, v, loss) < LEAST_GAIN


@inline
def heads_pay(p, s, u, v, loss):
    """Whether `u` should go on backwards from `v`, on another route."""
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    given = s.figure[q, ROUTE_LOAD] - s.cum[u, PRE_LOAD] - s.cum[v, PRE_LOAD]
    return loss < relief(p, s, q, r, given) and heads_delta(p, s, u, v, loss) < LEAST_GAIN
