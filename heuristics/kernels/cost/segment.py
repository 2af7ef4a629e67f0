"""Pieces of routes and what joining them gives, in O(1): the kernels' half of the semantics.

This is for `Load` and `Timed`; `cost.segment_rich` has the rest. A piece is a tuple with entries
PIECE_… that starts with its first and last node and its load. Under `Timed` it goes on with
distance, duration, warp, the earliest and latest start that attain both (Vidal et al. 2013,
Computers & Operations Research 40:475, §4.2), and the latest release time: a route that must wait
for it beyond its latest start is late by the difference. `vrp.check` defines what they mean.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    CAPACITY,
    DEMAND,
    DEPOT,
    EARLY,
    LAST,
    LATE,
    MAX_DISTANCE,
    MAX_DURATION,
    NEXT,
    PIECE_DIST,
    PIECE_DUR,
    PIECE_EARLY,
    PIECE_FIRST,
    PIECE_LAST,
    PIECE_LATE,
    PIECE_LOAD,
    PIECE_RELEASE,
    PIECE_WARP,
    PRE_DIST,
    PRE_DUR,
    PRE_EARLY,
    PRE_LATE,
    PRE_LOAD,
    PRE_RELEASE,
    PRE_WARP,
    PREV,
    RELEASE,
    ROUTE,
    ROUTE_LOAD,
    SERVICE,
    SIZE,
    SUF_DIST,
    SUF_DUR,
    SUF_EARLY,
    SUF_LATE,
    SUF_LOAD,
    SUF_RELEASE,
    SUF_WARP,
)
from polyroute.heuristics.kernels.cost.arcs import arc

# -- load alone ----------------------------------------------------------------------------


@inline
def single_load(p, u):
    return np.int64(u), np.int64(u), p.node[u, DEMAND]


@inline
def before_load(s, u):
    return np.int64(u), np.int64(u), s.cum[u, PRE_LOAD]


@inline
def after_load(p, s, u):
    r = s.link[u, ROUTE]
    load = 0.0 if u == DEPOT else s.figure[r, ROUTE_LOAD] - s.cum[u, PRE_LOAD] + p.node[u, DEMAND]
    return np.int64(u), np.int64(u), load


@inline
def join_load(a, b):
    return a[PIECE_FIRST], b[PIECE_LAST], a[PIECE_LOAD] + b[PIECE_LOAD]


@inline
def between_load(p, s, u, w):
    """What a stretch of one route carries; a single visit may be on none."""
    if u == w:
        return p.node[u, DEMAND]
    return s.cum[w, PRE_LOAD] - s.cum[u, PRE_LOAD] + p.node[u, DEMAND]


@inline
def measure_load(p, s, r, legs):
    load = 0.0 if s.shape[r, SIZE] == 0 else s.cum[s.shape[r, LAST], PRE_LOAD]
    return legs, max(load - p.fleet[CAPACITY], 0.0), 0.0, 0.0, load, 0.0


@inline
def store_before_load(s, u, piece):
    s.cum[u, PRE_LOAD] = piece[PIECE_LOAD]


# -- load and time -------------------------------------------------------------------------


@inline
def single_timed(p, u):
    return (
        np.int64(u),
        np.int64(u),
        p.node[u, DEMAND],
        0.0,
        p.node[u, SERVICE],
        0.0,
        p.node[u, EARLY],
        p.node[u, LATE],
        p.node[u, RELEASE],
    )


@inline
def before_timed(s, u):
    row = s.cum[u]
    return (
        np.int64(u),
        np.int64(u),
        row[PRE_LOAD],
        row[PRE_DIST],
        row[PRE_DUR],
        row[PRE_WARP],
        row[PRE_EARLY],
        row[PRE_LATE],
        row[PRE_RELEASE],
    )


@inline
def after_timed(s, u):
    row = s.cum[u]
    return (
        np.int64(u),
        np.int64(u),
        row[SUF_LOAD],
        row[SUF_DIST],
        row[SUF_DUR],
        row[SUF_WARP],
        row[SUF_EARLY],
        row[SUF_LATE],
        row[SUF_RELEASE],
    )


@inline
def join_timed(p, a, b):
    length = arc(p, a[PIECE_LAST], b[PIECE_FIRST])
    time = length if p.times.shape[0] == 0 else p.times[a[PIECE_LAST], b[PIECE_FIRST]]
    start = a[PIECE_DUR] - a[PIECE_WARP] + time
    warp = max(a[PIECE_EARLY] + start - b[PIECE_LATE], 0.0)
    wait = max(b[PIECE_EARLY] - start - a[PIECE_LATE], 0.0)
    return (
        a[PIECE_FIRST],
        b[PIECE_LAST],
        a[PIECE_LOAD] + b[PIECE_LOAD],
        a[PIECE_DIST] + b[PIECE_DIST] + length,
        a[PIECE_DUR] + b[PIECE_DUR] + time + wait,
        a[PIECE_WARP] + b[PIECE_WARP] + warp,
        max(a[PIECE_EARLY], b[PIECE_EARLY] - start) - wait,
        min(a[PIECE_LATE], b[PIECE_LATE] - start) + warp,
        max(a[PIECE_RELEASE], b[PIECE_RELEASE]),
    )


@inner
def between_timed(p, s, u, w):
    piece = single_timed(p, u)
    while u != w:
        u = s.link[u, NEXT]
        piece = join_timed(p, piece, single_timed(p, u))
    return piece


@inner
def reversed_timed(p, s, u, w):
    piece = single_timed(p, w)
    while w != u:
        w = s.link[w, PREV]
        piece = join_timed(p, piece, single_timed(p, w))
    return piece


@inline
def excess_timed(p, piece):
    return (
        max(piece[PIECE_LOAD] - p.fleet[CAPACITY], 0.0),
        piece[PIECE_WARP]
        + max(piece[PIECE_RELEASE] - piece[PIECE_LATE], 0.0)
        + max(piece[PIECE_DUR] - p.fleet[MAX_DURATION], 0.0),
        max(piece[PIECE_DIST] - p.fleet[MAX_DISTANCE], 0.0),
    )


@inline
def store_before_timed(s, u, piece):
    row = s.cum[u]
    row[PRE_LOAD] = piece[PIECE_LOAD]
    row[PRE_DIST] = piece[PIECE_DIST]
    row[PRE_DUR] = piece[PIECE_DUR]
    row[PRE_WARP] = piece[PIECE_WARP]
    row[PRE_EARLY] = piece[PIECE_EARLY]
    row[PRE_LATE] = piece[PIECE_LATE]
    row[PRE_RELEASE] = piece[PIECE_RELEASE]


@inline
def store_after_timed(s, u, piece):
    row = s.cum[u]
    row[SUF_LOAD] = piece[PIECE_LOAD]
    row[SUF_DIST] = piece[PIECE_DIST]
    row[SUF_DUR] = piece[PIECE_DUR]
    row[SUF_WARP] = piece[PIECE_WARP]
    row[SUF_EARLY] = piece[PIECE_EARLY]
    row[SUF_LATE] = piece[PIECE_LATE]
    row[SUF_RELEASE] = piece[PIECE_RELEASE]


@inline
def measure_timed(p, s, r, legs):
    if s.shape[r, SIZE] == 0:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    whole = join_timed(p, before_timed(s, s.shape[r, LAST]), after_timed(s, DEPOT))
    load, time, distance = excess_timed(p, whole)
    return legs, load, time, distance, whole[PIECE_LOAD], 0.0


@inline
def store_ends_timed(p, s, u):
    piece = after_timed(s, DEPOT)
    while u != DEPOT:
        piece = join_timed(p, single_timed(p, u), piece)
        store_after_timed(s, u, piece)
        u = s.link[u, PREV]
