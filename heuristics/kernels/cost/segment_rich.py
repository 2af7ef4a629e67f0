"""Pieces under `Rich`: every attribute that joins in O(1), for vehicles of several kinds.

A piece goes on where that of `Timed` ends (`kernels.cost.segment`): load and time as there, then in
two dimensions what the load changes by and the highest that it gets over what it was before (so
goods delivered, goods picked up and pairs are one rule), and the number of stops. What does not
join so is labelled (`kernels.cost.labelling`) where `fleet[LABELLED]` says that there is any.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    BACK_EARLY,
    BACK_LATE,
    DEMAND,
    DEMAND_2,
    DEPOT,
    EARLY,
    END,
    IS_PICKUP,
    KIND,
    LATE,
    LEAVE_EARLY,
    LEAVE_LATE,
    NET,
    NET_2,
    PARTNER,
    PIECE_DIST,
    PIECE_DUR,
    PIECE_EARLY,
    PIECE_FIRST,
    PIECE_HIGH,
    PIECE_HIGH_2,
    PIECE_LAST,
    PIECE_LATE,
    PIECE_LOAD,
    PIECE_LOAD_2,
    PIECE_NET,
    PIECE_NET_2,
    PIECE_RELEASE,
    PIECE_STOPS,
    PIECE_WARP,
    PRE_DIST,
    PRE_DUR,
    PRE_EARLY,
    PRE_HIGH,
    PRE_HIGH_2,
    PRE_LATE,
    PRE_LOAD,
    PRE_LOAD_2,
    PRE_NET,
    PRE_NET_2,
    PRE_OPEN,
    PRE_RELEASE,
    PRE_STOPS,
    PRE_WARP,
    PREV,
    RELEASE,
    SERVICE,
    START,
    SUF_DIST,
    SUF_DUR,
    SUF_EARLY,
    SUF_HIGH,
    SUF_HIGH_2,
    SUF_LATE,
    SUF_LOAD,
    SUF_LOAD_2,
    SUF_NET,
    SUF_NET_2,
    SUF_RELEASE,
    SUF_STOPS,
    SUF_WARP,
)
from polyroute.heuristics.kernels.cost.arcs import length_by, time_by


@inline
def single_rich(p, u):
    row = p.node[u]
    return (
        np.int64(u),
        np.int64(u),
        row[DEMAND],
        0.0,
        row[SERVICE],
        0.0,
        row[EARLY],
        row[LATE],
        row[RELEASE],
        row[NET],
        max(row[NET], 0.0),
        row[DEMAND_2],
        row[NET_2],
        max(row[NET_2], 0.0),
        1.0,
    )


@inline
def _gate(node, early, late):
    """The piece of a depot alone, which opens and closes."""
    none = 0.0
    return (
        np.int64(node),
        np.int64(node),
        none,
        none,
        none,
        none,
        early,
        late,
        none,
        none,
        none,
        none,
        none,
        none,
        none,
    )


@inline
def begin(p, k):
    """The place where a vehicle of kind `k` begins."""
    vehicle = p.vehicle[k]
    return _gate(vehicle[START], vehicle[LEAVE_EARLY], vehicle[LEAVE_LATE])


@inline
def end(p, k):
    """The place where a vehicle of kind `k` ends: nowhere, at no distance, on an open route."""
    vehicle = p.vehicle[k]
    return _gate(vehicle[END], vehicle[BACK_EARLY], vehicle[BACK_LATE])


@inline
def before_rich(p, s, r, u):
    if u == DEPOT:
        return begin(p, s.shape[r, KIND])
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
        row[PRE_NET],
        row[PRE_HIGH],
        row[PRE_LOAD_2],
        row[PRE_NET_2],
        row[PRE_HIGH_2],
        row[PRE_STOPS],
    )


@inline
def after_rich(p, s, r, u):
    if u == DEPOT:
        return end(p, s.shape[r, KIND])
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
        row[SUF_NET],
        row[SUF_HIGH],
        row[SUF_LOAD_2],
        row[SUF_NET_2],
        row[SUF_HIGH_2],
        row[SUF_STOPS],
    )


@inline
def store_before_rich(p, s, u, piece):
    row = s.cum[u]
    row[PRE_LOAD] = piece[PIECE_LOAD]
    row[PRE_DIST] = piece[PIECE_DIST]
    row[PRE_DUR] = piece[PIECE_DUR]
    row[PRE_WARP] = piece[PIECE_WARP]
    row[PRE_EARLY] = piece[PIECE_EARLY]
    row[PRE_LATE] = piece[PIECE_LATE]
    row[PRE_RELEASE] = piece[PIECE_RELEASE]
    row[PRE_NET] = piece[PIECE_NET]
    row[PRE_HIGH] = piece[PIECE_HIGH]
    row[PRE_LOAD_2] = piece[PIECE_LOAD_2]
    row[PRE_NET_2] = piece[PIECE_NET_2]
    row[PRE_HIGH_2] = piece[PIECE_HIGH_2]
    row[PRE_STOPS] = piece[PIECE_STOPS]
    a = s.link[u, PREV]
    row[PRE_OPEN] = 0.0 if a == DEPOT else s.cum[a, PRE_OPEN]
    if p.tie[u, PARTNER] != DEPOT:
        row[PRE_OPEN] += 1.0 if p.tie[u, IS_PICKUP] != 0 else -1.0


@inline
def _store_after(s, u, piece):
    row = s.cum[u]
    row[SUF_LOAD] = piece[PIECE_LOAD]
    row[SUF_DIST] = piece[PIECE_DIST]
    row[SUF_DUR] = piece[PIECE_DUR]
    row[SUF_WARP] = piece[PIECE_WARP]
    row[SUF_EARLY] = piece[PIECE_EARLY]
    row[SUF_LATE] = piece[PIECE_LATE]
    row[SUF_RELEASE] = piece[PIECE_RELEASE]
    row[SUF_NET] = piece[PIECE_NET]
    row[SUF_HIGH] = piece[PIECE_HIGH]
    row[SUF_LOAD_2] = piece[PIECE_LOAD_2]
    row[SUF_NET_2] = piece[PIECE_NET_2]
    row[SUF_HIGH_2] = piece[PIECE_HIGH_2]
    row[SUF_STOPS] = piece[PIECE_STOPS]


@inline
def join_rich(p, k, a, b):
    """Piece `a`, then piece `b`, driven by vehicle kind `k`."""
    length = length_by(p, k, a[PIECE_LAST], b[PIECE_FIRST])
    time = time_by(p, k, a[PIECE_LAST], b[PIECE_FIRST], length)
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
        a[PIECE_NET] + b[PIECE_NET],
        max(a[PIECE_HIGH], a[PIECE_NET] + b[PIECE_HIGH]),
        a[PIECE_LOAD_2] + b[PIECE_LOAD_2],
        a[PIECE_NET_2] + b[PIECE_NET_2],
        max(a[PIECE_HIGH_2], a[PIECE_NET_2] + b[PIECE_HIGH_2]),
        a[PIECE_STOPS] + b[PIECE_STOPS],
    )


@inner
def store_ends_rich(p, s, r, u):
    """Keep the pieces from each node of route `r` on, back from its last node `u`."""
    k = s.shape[r, KIND]
    piece = end(p, k)
    while u != DEPOT:
        piece = join_rich(p, k, single_rich(p, u), piece)
        _store_after(s, u, piece)
        u = s.link[u, PREV]
