"""Routes as doubly linked lists: clients linked in and out, and empty routes to begin.

These change links, shapes and the load at the depot alone, and what those cost who are not served;
the caller brings the routes up to date (`kernels.refresh`).
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, specialise
from polyroute.heuristics.kernels.arrays import (
    COUNT,
    DEMAND,
    DEPOT,
    FIRST,
    FREE,
    GAIN,
    KIND,
    LAST,
    MISSED,
    NEXT,
    NUM_FREE,
    ON_FREE,
    PREV,
    ROUTE,
    ROUTE_LOAD,
    SIZE,
    Rich,
)


@inline
def link_in(p, s, u, r, a):
    """Put `u` into route `r` behind `a` (DEPOT: first). Changes links, shape and load."""
    b = s.shape[r, FIRST] if a == DEPOT else s.link[a, NEXT]
    s.link[u, PREV] = a
    s.link[u, NEXT] = b
    s.link[u, ROUTE] = r
    if a == DEPOT:
        s.shape[r, FIRST] = u
    else:
        s.link[a, NEXT] = u
    if b == DEPOT:
        s.shape[r, LAST] = u
    else:
        s.link[b, PREV] = u
    s.shape[r, SIZE] += 1
    s.figure[r, ROUTE_LOAD] += p.node[u, DEMAND]
    note_served(p, s, u)


@inline
def unlink(p, s, u):
    """Take `u` out of its route. Changes link, shape and the route's load."""
    a, b, r = s.link[u, PREV], s.link[u, NEXT], s.link[u, ROUTE]
    if a == DEPOT:
        s.shape[r, FIRST] = b
    else:
        s.link[a, NEXT] = b
    if b == DEPOT:
        s.shape[r, LAST] = a
    else:
        s.link[b, PREV] = a
    s.link[u, ROUTE] = -1
    s.shape[r, SIZE] -= 1
    s.figure[r, ROUTE_LOAD] -= p.node[u, DEMAND]
    note_missed(p, s, u)


@inline
def relink(s, r, nodes):
    """Make route `r` visit `nodes`, whatever it visited before."""
    a = DEPOT
    for u in nodes:
        s.link[u, PREV] = a
        if a == DEPOT:
            s.shape[r, FIRST] = u
        else:
            s.link[a, NEXT] = u
        a = u
    if a == DEPOT:
        s.shape[r, FIRST] = DEPOT
    else:
        s.link[a, NEXT] = DEPOT
    s.shape[r, LAST] = a
    s.shape[r, SIZE] = len(nodes)


@inline
def _served(p, s, u):
    s.total[MISSED] -= p.node[u, GAIN]


@inline
def _missed(p, s, u):
    s.total[MISSED] += p.node[u, GAIN]


def note_served(p, s, u):
    """Take what `u` costs unserved off the total; all are served but under `Rich`."""
    if isinstance(p, Rich):
        _served(p, s, u)


@specialise(note_served)
def _choose_note_served(p, s, u):
    if p.instance_class is Rich:
        return lambda p, s, u: _served(p, s, u)
    return lambda p, s, u: None


def note_missed(p, s, u):
    """Add what `u` costs unserved to the total."""
    if isinstance(p, Rich):
        _missed(p, s, u)


@specialise(note_missed)
def _choose_note_missed(p, s, u):
    if p.instance_class is Rich:
        return lambda p, s, u: _missed(p, s, u)
    return lambda p, s, u: None


@inline
def free_route(s):
    """An empty route, or -1 where all are in use. It stays free until something is linked in."""
    while s.tally[NUM_FREE] > 0:
        r = s.ints[FREE, s.tally[NUM_FREE] - 1]
        if s.shape[r, SIZE] == 0:
            return r
        s.ints[ON_FREE, r] = 0
        s.tally[NUM_FREE] -= 1
    return np.int64(-1)


@inline
def _open_rich(p, s, kind):
    if s.used[kind] >= p.vehicle[kind, COUNT]:
        return np.int64(-1)
    r = free_route(s)
    if r >= 0:
        s.shape[r, KIND] = kind
    return r


def open_route(p, s, kind):
    """An empty route for a vehicle of that kind, or -1 where all are in use."""
    return _open_rich(p, s, kind) if isinstance(p, Rich) else free_route(s)


@specialise(open_route)
def _choose_open_route(p, s, kind):
    if p.instance_class is Rich:
        return lambda p, s, kind: _open_rich(p, s, kind)
    return lambda p, s, kind: free_route(s)
