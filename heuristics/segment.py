"""Pieces of routes and what joining them gives, in O(1): the kernels' half of the semantics.

A piece is a tuple that starts with its first and last node and its load. Under `Timed` it goes
on with distance, duration, time warp, the earliest and latest start that attain both (Vidal et al.
2013, Computers & Operations Research 40:475, §4.2), and the latest release time: a route that must
wait for it beyond its latest start is late by the difference. `vrp.check` defines what they mean.
"""

from __future__ import annotations

from math import ceil, floor, sqrt

import numpy as np

from heuristics._jit import inline, kernel, specialise
from heuristics.arrays import (
    CAPACITY,
    DEMAND,
    DEPOT,
    DIGITS,
    DISTANCE_WEIGHT,
    EARLY,
    FACTOR,
    GRID,
    HALF,
    LATE,
    LATENESS,
    LOAD_WEIGHT,
    MAX_DISTANCE,
    MAX_DURATION,
    MODE,
    NEXT,
    OVERRUN,
    PRE_DIST,
    PRE_DUR,
    PRE_EARLY,
    PRE_LATE,
    PRE_LOAD,
    PRE_RELEASE,
    PRE_WARP,
    PREV,
    RELEASE,
    ROUND_DOWN,
    ROUND_UP,
    ROUTE,
    ROUTE_LOAD,
    SERVICE,
    SUF_DIST,
    SUF_DUR,
    SUF_EARLY,
    SUF_LATE,
    SUF_LOAD,
    SUF_RELEASE,
    SUF_WARP,
    TIME_WEIGHT,
    Load,
    X,
    Y,
)

LEAST_GAIN = -1e-6
"""A move must gain more than rounding of the penalties can pretend."""


@inline
def arc(p, u, v):
    """Length of the arc u → v, the same integer that `vrp.arcs` computes."""
    if p.matrix.shape[0] > 0:
        return p.matrix[u, v]
    return computed_arc(p, u, v)


@inline
def computed_arc(p, u, v):
    """Length of the arc u → v from coordinates."""
    dx = p.node[u, X] - p.node[v, X]
    dy = p.node[u, Y] - p.node[v, Y]
    rule = p.rule
    if rule[MODE] == ROUND_DOWN:
        root = rule[DIGITS] * sqrt(dx * dx + dy * dy) / rule[GRID]
        return floor(root + rule[HALF]) * rule[FACTOR]
    if rule[MODE] == ROUND_UP:
        return ceil(sqrt(dx * dx + dy * dy) / rule[GRID]) * rule[FACTOR]
    root = sqrt((dx * dx + dy * dy) / 10.0) / rule[GRID]
    rounded = floor(root + 0.5)
    return (rounded + 1.0 if rounded < root else rounded) * rule[FACTOR]


# -- load alone ----------------------------------------------------------------------------


@inline
def _single_load(p, u):
    return np.int64(u), np.int64(u), p.node[u, DEMAND]


@inline
def _before_load(s, u):
    return np.int64(u), np.int64(u), s.cum[u, PRE_LOAD]


@inline
def _after_load(p, s, u):
    r = s.link[u, ROUTE]
    load = 0.0 if u == DEPOT else s.figure[r, ROUTE_LOAD] - s.cum[u, PRE_LOAD] + p.node[u, DEMAND]
    return np.int64(u), np.int64(u), load


@inline
def _join_load(p, a, b):
    return a[0], b[1], a[2] + b[2]


@inline
def _between_load(p, s, u, w):
    return (np.int64(u), np.int64(w), s.cum[w, PRE_LOAD] - s.cum[u, PRE_LOAD] + p.node[u, DEMAND])


@inline
def _reversed_load(p, s, u, w):
    return (np.int64(w), np.int64(u), s.cum[w, PRE_LOAD] - s.cum[u, PRE_LOAD] + p.node[u, DEMAND])


@inline
def _excess_load(p, piece):
    return max(piece[2] - p.fleet[CAPACITY], 0.0), 0.0, 0.0


@inline
def _store_before_load(s, u, piece):
    s.cum[u, PRE_LOAD] = piece[2]


# -- load and time -------------------------------------------------------------------------


@inline
def _single_timed(p, u):
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
def _before_timed(s, u):
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
def _after_timed(s, u):
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
def _join_timed(p, a, b):
    length = arc(p, a[1], b[0])
    time = length if p.times.shape[0] == 0 else p.times[a[1], b[0]]
    start = a[4] - a[5] + time
    warp = max(a[6] + start - b[7], 0.0)
    wait = max(b[6] - start - a[7], 0.0)
    return (
        a[0],
        b[1],
        a[2] + b[2],
        a[3] + b[3] + length,
        a[4] + b[4] + time + wait,
        a[5] + b[5] + warp,
        max(a[6], b[6] - start) - wait,
        min(a[7], b[7] - start) + warp,
        max(a[8], b[8]),
    )


@kernel
def _between_timed(p, s, u, w):
    piece = _single_timed(p, u)
    while u != w:
        u = s.link[u, NEXT]
        piece = _join_timed(p, piece, _single_timed(p, u))
    return piece


@kernel
def _reversed_timed(p, s, u, w):
    piece = _single_timed(p, w)
    while w != u:
        w = s.link[w, PREV]
        piece = _join_timed(p, piece, _single_timed(p, w))
    return piece


@inline
def _excess_timed(p, piece):
    return (
        max(piece[2] - p.fleet[CAPACITY], 0.0),
        piece[5] + max(piece[8] - piece[7], 0.0) + max(piece[4] - p.fleet[MAX_DURATION], 0.0),
        max(piece[3] - p.fleet[MAX_DISTANCE], 0.0),
    )


@inline
def _store_before_timed(s, u, piece):
    row = s.cum[u]
    row[PRE_LOAD] = piece[2]
    row[PRE_DIST] = piece[3]
    row[PRE_DUR] = piece[4]
    row[PRE_WARP] = piece[5]
    row[PRE_EARLY] = piece[6]
    row[PRE_LATE] = piece[7]
    row[PRE_RELEASE] = piece[8]


@inline
def _store_after_timed(s, u, piece):
    row = s.cum[u]
    row[SUF_LOAD] = piece[2]
    row[SUF_DIST] = piece[3]
    row[SUF_DUR] = piece[4]
    row[SUF_WARP] = piece[5]
    row[SUF_EARLY] = piece[6]
    row[SUF_LATE] = piece[7]
    row[SUF_RELEASE] = piece[8]


@inline
def _store_ends_timed(p, s, u):
    piece = _after_timed(s, DEPOT)
    while u != DEPOT:
        piece = _join_timed(p, _single_timed(p, u), piece)
        _store_after_timed(s, u, piece)
        u = s.link[u, PREV]


# -- the choice, by the class of the problem's tuple -----------------------------------------


def single(p, u):
    """The node `u` alone."""
    return _single_load(p, u) if isinstance(p, Load) else _single_timed(p, u)


def before(p, s, u):
    """The route of `u` from its depot up to and including `u`; the depot alone for the depot."""
    return _before_load(s, u) if isinstance(p, Load) else _before_timed(s, u)


def after(p, s, u):
    """The route of `u` from `u` on, to its depot; the depot alone for the depot."""
    return _after_load(p, s, u) if isinstance(p, Load) else _after_timed(s, u)


def join(p, a, b):
    """Piece `a`, then piece `b`."""
    return _join_load(p, a, b) if isinstance(p, Load) else _join_timed(p, a, b)


def between(p, s, u, w):
    """The stretch from `u` to `w`, which follows on the same route: O(length) under `Timed`."""
    return _between_load(p, s, u, w) if isinstance(p, Load) else _between_timed(p, s, u, w)


def backwards(p, s, u, w):
    """The stretch from `u` to `w` driven the other way: O(length) under `Timed`."""
    return _reversed_load(p, s, u, w) if isinstance(p, Load) else _reversed_timed(p, s, u, w)


def excess(p, piece):
    """What a whole route exceeds: load, time (warp, release and duration), distance."""
    return _excess_load(p, piece) if isinstance(p, Load) else _excess_timed(p, piece)


def store_before(p, s, u, piece):
    """Keep the piece up to `u` for later calls of `before`."""
    return (
        _store_before_load(s, u, piece) if isinstance(p, Load) else _store_before_timed(s, u, piece)
    )


def store_ends(p, s, u):
    """Keep the pieces from each node on for later calls of `after`, back from the last node `u`.

    Under `Load` there is nothing to keep: a route's load less what comes before says it.
    """
    if not isinstance(p, Load):
        _store_ends_timed(p, s, u)


def _is_load(p):
    return p.instance_class is Load


@specialise(single)
def _choose_single(p, u):
    if _is_load(p):
        return lambda p, u: _single_load(p, u)
    return lambda p, u: _single_timed(p, u)


@specialise(before)
def _choose_before(p, s, u):
    if _is_load(p):
        return lambda p, s, u: _before_load(s, u)
    return lambda p, s, u: _before_timed(s, u)


@specialise(after)
def _choose_after(p, s, u):
    if _is_load(p):
        return lambda p, s, u: _after_load(p, s, u)
    return lambda p, s, u: _after_timed(s, u)


@specialise(join)
def _choose_join(p, a, b):
    if _is_load(p):
        return lambda p, a, b: _join_load(p, a, b)
    return lambda p, a, b: _join_timed(p, a, b)


@specialise(between)
def _choose_between(p, s, u, w):
    if _is_load(p):
        return lambda p, s, u, w: _between_load(p, s, u, w)
    return lambda p, s, u, w: _between_timed(p, s, u, w)


@specialise(backwards)
def _choose_backwards(p, s, u, w):
    if _is_load(p):
        return lambda p, s, u, w: _reversed_load(p, s, u, w)
    return lambda p, s, u, w: _reversed_timed(p, s, u, w)


@specialise(excess)
def _choose_excess(p, piece):
    if _is_load(p):
        return lambda p, piece: _excess_load(p, piece)
    return lambda p, piece: _excess_timed(p, piece)


@specialise(store_before)
def _choose_store_before(p, s, u, piece):
    if _is_load(p):
        return lambda p, s, u, piece: _store_before_load(s, u, piece)
    return lambda p, s, u, piece: _store_before_timed(s, u, piece)


@specialise(store_ends)
def _choose_store_ends(p, s, u):
    if _is_load(p):
        return lambda p, s, u: None
    return lambda p, s, u: _store_ends_timed(p, s, u)


@inline
def _relief_load(p, s, q, r, load):
    if q == r:
        return LEAST_GAIN
    mine = s.figure[q, ROUTE_LOAD] - p.fleet[CAPACITY]
    theirs = s.figure[r, ROUTE_LOAD] - p.fleet[CAPACITY]
    less = max(mine, 0.0) - max(mine - load, 0.0) + max(theirs, 0.0) - max(theirs + load, 0.0)
    return LEAST_GAIN + less * s.total[LOAD_WEIGHT]


@inline
def _relief_timed(p, s, q, r, load):
    late, over = s.figure[q, LATENESS], s.figure[q, OVERRUN]
    if q != r:
        late += s.figure[r, LATENESS]
        over += s.figure[r, OVERRUN]
    return (
        _relief_load(p, s, q, r, load)
        + late * s.total[TIME_WEIGHT]
        + over * s.total[DISTANCE_WEIGHT]
    )


def relief(p, s, q, r, load):
    """What penalties can fall by, at most, where `load` goes from route `q` to route `r`.

    Less the least gain: a move is worth pricing if it adds less than this to the length. Exact
    under `Load`; under `Timed` as if all lateness and overrun of both routes went away.
    """
    if isinstance(p, Load):
        return _relief_load(p, s, q, r, load)
    return _relief_timed(p, s, q, r, load)


@specialise(relief)
def _choose_relief(p, s, q, r, load):
    if _is_load(p):
        return lambda p, s, q, r, load: _relief_load(p, s, q, r, load)
    return lambda p, s, q, r, load: _relief_timed(p, s, q, r, load)


@inline
def penalty(p, s, piece):
    """The penalised excess of a whole route, under the state's present weights."""
    load, time, distance = excess(p, piece)
    return (
        load * s.total[LOAD_WEIGHT]
        + time * s.total[TIME_WEIGHT]
        + distance * s.total[DISTANCE_WEIGHT]
    )
