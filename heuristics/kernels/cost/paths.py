"""The path of a route that is labelled, as it is or as proposed: its visits in row PATH."""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    DEPOT,
    FIRST,
    KIND,
    LAST,
    NEXT,
    PATH,
    PREV,
    ROUTE,
)


@inline
def write_middle(p, s, r, n, u1, w1, t1, u2, w2, t2, u3, w3, t3):
    """Append the stretches of a proposal for route `r` to the path of `n` visits.

    Returns how many visits there are then; -1 if the route's vehicle may not serve all of them.
    """
    k = s.shape[r, KIND]
    if n >= 0 and u1 != DEPOT:
        n = append(p, s, k, n, u1, w1, t1)
    if n >= 0 and u2 != DEPOT:
        n = append(p, s, k, n, u2, w2, t2)
    if n >= 0 and u3 != DEPOT:
        n = append(p, s, k, n, u3, w3, t3)
    return n


@inline
def write_end(p, s, r, n, b):
    """Append the route of `b` from there on, as `write_middle`."""
    if n >= 0 and b != DEPOT:
        n = append(p, s, s.shape[r, KIND], n, b, s.shape[s.link[b, ROUTE], LAST], False)
    return n


@inline
def write_route(s, r):
    """Write the visits of route `r` to the path; returns how many they are."""
    n = 0
    u = s.shape[r, FIRST]
    while u != DEPOT:
        s.ints[PATH, n] = u
        n += 1
        u = s.link[u, NEXT]
    return n


@inner
def append(p, s, k, n, u, w, turned):
    """Append the stretch `u` … `w` to the path; -1 if vehicle kind `k` may not serve all of it."""
    x, last = (w, u) if turned else (u, w)
    while True:
        if p.allowed.shape[0] > 0 and p.allowed[x, k] == 0:
            return -1
        s.ints[PATH, n] = x
        n += 1
        if x == last:
            return n
        x = s.link[x, PREV] if turned else s.link[x, NEXT]
