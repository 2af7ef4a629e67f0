"""Recreate: put waiting clients back, one after the other, each where that costs least."""

from __future__ import annotations

from polyroute.heuristics.jit.options import dispatch, inline, kernel, specialise
from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    CLOSED,
    DEMAND,
    DEPOT,
    EAGER,
    HOME,
    NUM_OUT,
    OUT,
    PARTNER,
    ROUTE,
    THOROUGH,
    ZEAL,
    Rich,
)
from polyroute.heuristics.kernels.cost.arcs import arc
from polyroute.heuristics.kernels.insertion.client import insert_client
from polyroute.heuristics.kernels.insertion.pair import insert_pair
from polyroute.heuristics.kernels.insertion.plain import insert_plain
from polyroute.heuristics.kernels.rng import below
from polyroute.heuristics.kernels.undo_log import refresh_saved


@kernel
def recreate(p, s):
    """Insert every waiting client, in a random, demand-first, far-first or near-first order.

    Order weights 4 : 4 : 2 : 1 as published. Changes every array of `s` but the best.
    """
    waiting = s.tally[NUM_OUT]
    sort_waiting(p, s, waiting)
    if s.tally[EAGER] > 0:
        _bring_forward(s.ints[OUT], waiting, s.tally[EAGER])
    for i in range(waiting):
        insert(p, s, s.ints[OUT, i])
    s.tally[NUM_OUT] = 0
    s.tally[CLOSED] = 0
    s.tally[EAGER] = 0
    s.tally[THOROUGH] = 0
    s.total[ZEAL] = 0.0
    refresh_filled(p, s)


def refresh_filled(p, s):
    """Bring the routes that got somebody up to date; under `Rich` each was after each insertion."""
    if not isinstance(p, Rich):
        refresh_saved(p, s)


@specialise(refresh_filled)
def _choose_refresh_filled(p, s):
    if p.instance_class is Rich:
        return lambda p, s: None
    return lambda p, s: refresh_saved(p, s)


@inline
def _bring_forward(out, waiting, u):
    """Let `u` be the first of the waiting, if he waits."""
    for i in range(waiting):
        if out[i] == u:
            out[0], out[i] = out[i], out[0]


@inline
def sort_waiting(p, s, waiting):
    """Put the waiting clients into one of the four orders."""
    out = s.ints[OUT]
    for i in range(waiting - 1, 0, -1):
        j = below(s.rng, i + 1)
        out[i], out[j] = out[j], out[i]
    draw = below(s.rng, 11)
    if draw < 4:
        return
    for i in range(1, waiting):
        u = out[i]
        mine = _rank(p, u, draw)
        j = i
        while j > 0 and _rank(p, out[j - 1], draw) > mine:
            out[j] = out[j - 1]
            j -= 1
        out[j] = u


@inline
def _rank(p, u, draw):
    """What the waiting clients are sorted by."""
    if draw < 8:
        return -p.node[u, DEMAND]
    length = remoteness(p, u)
    return -length if draw < 10 else length


def remoteness(p, u):
    """How far away `u` is."""
    return p.node[u, HOME] if isinstance(p, Rich) else arc(p, DEPOT, u)


@specialise(remoteness)
def _choose_remoteness(p, u):
    if p.instance_class is Rich:
        return lambda p, u: p.node[u, HOME]
    return lambda p, u: arc(p, DEPOT, u)


def insert(p, s, u):
    """Insert `u`, who waits; under `Rich` with whom he belongs to, or not at all."""
    if isinstance(p, Rich):
        _insert_unit(p, s, u)
    else:
        insert_plain(p, s, u)


def _insert_unit(p, s, u):
    """Insert the unit of `u`, who waits, where that costs least, or leave it out."""
    v = p.tie[u, PARTNER]
    if v == DEPOT:
        if not insert_client(p, s, u):
            s.link[u, ROUTE] = ABSENT
    elif not insert_pair(p, s, u, v):
        s.link[u, ROUTE] = s.link[v, ROUTE] = ABSENT


@dispatch(insert)
def _choose_insert(p, s, u):
    if p.instance_class is Rich:
        return _insert_unit
    return insert_plain
