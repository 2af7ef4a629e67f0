"""Pairs under `Rich`: pickup first, delivery later, on the same route."""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    DEPOT,
    IS_PICKUP,
    MARK,
    MARKED,
    NEXT,
    PARTNER,
    POS,
    PRE_OPEN,
    PREV,
    ROUTE,
)


@inner
def in_order(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    """Whether no pair is torn or turned round by what is proposed for route `r`.

    It is the caller who sees to it that a visit which leaves its route is no end of a pair.
    """
    if u1 == DEPOT and u2 == DEPOT and u3 == DEPOT:
        # Ends of routes are exchanged, or a visit leaves.
        foreign = b != DEPOT and s.link[b, ROUTE] != r
        if (foreign or b == DEPOT) and a != DEPOT and s.cum[a, PRE_OPEN] != 0.0:
            return False
        if foreign:
            c = s.link[b, PREV]
            return c == DEPOT or s.cum[c, PRE_OPEN] == 0.0
        return True
    least = s.tally[MARKED]
    if u1 != DEPOT:
        _mark(s, u1, w1, t1)
    if u2 != DEPOT:
        _mark(s, u2, w2, t2)
    if u3 != DEPOT:
        _mark(s, u3, w3, t3)
    if u1 != DEPOT and not _pairs_hold(p, s, r, a, u1, w1, b, least):
        return False
    if u2 != DEPOT and not _pairs_hold(p, s, r, a, u2, w2, b, least):
        return False
    return u3 == DEPOT or _pairs_hold(p, s, r, a, u3, w3, b, least)


@inline
def _mark(s, u, w, turned):
    """Number the visits of a stretch in the order in which they are driven."""
    x, last = (w, u) if turned else (u, w)
    while True:
        s.tally[MARKED] += 1
        s.ints[MARK, x] = s.tally[MARKED]
        if x == last:
            return
        x = s.link[x, PREV] if turned else s.link[x, NEXT]


@inline
def _pairs_hold(p, s, r, a, u, w, b, least):
    """Whether each visit of a stretch has its partner on the right side of it."""
    x = u
    while True:
        y = p.tie[x, PARTNER]
        if y != DEPOT:
            first = p.tie[x, IS_PICKUP] != 0
            if s.ints[MARK, y] > least:
                if (s.ints[MARK, x] < s.ints[MARK, y]) != first:
                    return False
            elif first:
                if b == DEPOT or s.link[y, ROUTE] != s.link[b, ROUTE]:
                    return False
                if s.link[y, POS] < s.link[b, POS]:
                    return False
            elif a == DEPOT or s.link[y, ROUTE] != r or s.link[y, POS] > s.link[a, POS]:
                return False
        if x == w:
            return True
        x = s.link[x, NEXT]
