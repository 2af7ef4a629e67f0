"""What exchanging ends of routes changes in what arcs and vehicles cost, under `Rich`."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    DEPOT,
    END,
    FIRST,
    FIXED,
    KIND,
    LAST,
    NEXT,
    PER_LENGTH,
    PER_TIME,
    PREV,
    PROFILE,
    ROUTE,
    SUF_DIST,
)
from polyroute.heuristics.kernels.cost.arcs import leg, length_by


@inline
def tails_loss_rich(p, s, u, v):
    """Change in what arcs and vehicles cost when `u` goes on with `v`, on another route.

    Less than that where it is not known in constant time; infinite where vehicles drive by
    different matrices, between which ends are not exchanged.
    """
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    nu, pv = s.link[u, NEXT], s.link[v, PREV]
    mine, theirs = s.shape[q, KIND], s.shape[r, KIND]
    loss = leg(p, s, q, u, v) + leg(p, s, r, pv, nu) - s.cum[u, ARC_OUT] - s.cum[v, ARC_IN]
    if nu == DEPOT and pv == DEPOT:
        loss -= p.vehicle[theirs, FIXED]
    if mine == theirs:
        return loss
    if p.vehicle[mine, PROFILE] != p.vehicle[theirs, PROFILE]:
        return np.inf
    last = s.shape[r, LAST]
    loss += leg(p, s, q, last, DEPOT) - s.cum[last, ARC_OUT]
    if nu != DEPOT:
        last = s.shape[q, LAST]
        loss += leg(p, s, r, last, DEPOT) - s.cum[last, ARC_OUT]
    if p.vehicle[mine, PER_TIME] != p.vehicle[theirs, PER_TIME]:
        return -np.inf
    dearer = p.vehicle[mine, PER_LENGTH] - p.vehicle[theirs, PER_LENGTH]
    if dearer != 0.0:
        inner = _inner_length(p, s, v, theirs)
        if nu != DEPOT:
            inner -= _inner_length(p, s, nu, mine)
        loss += inner * dearer
    return loss


@inline
def heads_loss_rich(p, s, u, v):
    """Change in what arcs and vehicles cost when `u` goes on backwards from `v`.

    Infinite between vehicles that pay differently, which do not exchange so.
    """
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    mine, theirs = s.shape[q, KIND], s.shape[r, KIND]
    if mine != theirs and (
        p.vehicle[mine, PROFILE] != p.vehicle[theirs, PROFILE]
        or p.vehicle[mine, PER_LENGTH] != p.vehicle[theirs, PER_LENGTH]
        or p.vehicle[mine, PER_TIME] != p.vehicle[theirs, PER_TIME]
    ):
        return np.inf
    nu, nv = s.link[u, NEXT], s.link[v, NEXT]
    first, last = s.shape[r, FIRST], s.shape[q, LAST]
    loss = leg(p, s, q, u, v) + leg(p, s, q, first, DEPOT) + leg(p, s, r, nu, nv)
    loss -= s.cum[u, ARC_OUT] + s.cum[v, ARC_OUT] + s.cum[first, ARC_IN]
    if nu != DEPOT:
        return loss + leg(p, s, r, DEPOT, last) - s.cum[last, ARC_OUT]
    return loss - p.vehicle[theirs, FIXED] if nv == DEPOT else loss


@inline
def _inner_length(p, s, u, kind):
    """Length of the route of `u`, whose vehicle is of that kind, from `u` to its last visit."""
    last = s.shape[s.link[u, ROUTE], LAST]
    return s.cum[u, SUF_DIST] - length_by(p, kind, last, int(p.vehicle[kind, END]))
