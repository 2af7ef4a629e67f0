"""Which kind of vehicle drives a route, under `Rich`: change it, or exchange it with another's."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import dispatch, inline, inner
from polyroute.heuristics.kernels.arrays import (
    COUNT,
    DEPOT,
    FIRST,
    FORM,
    KIND,
    LAST,
    MIXED,
    NEXT,
    NUM_SAVED,
    SIZE,
    Rich,
)
from polyroute.heuristics.kernels.cost.proposals import proposal, standing
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN
from polyroute.heuristics.kernels.cost.segment_rich import after_rich, before_rich, join_rich
from polyroute.heuristics.kernels.cost.vehicle_cost import priced_rich
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.rng import below
from polyroute.heuristics.kernels.touched import touch
from polyroute.heuristics.kernels.undo_log import save


@inline
def _as_kind(p, s, r, kind):
    """What route `r` would cost, excess priced, if a vehicle of that kind drove it."""
    mine = s.shape[r, KIND]
    first, last = s.shape[r, FIRST], s.shape[r, LAST]
    if p.vehicle[mine, FORM] == p.vehicle[kind, FORM]:
        whole = join_rich(p, mine, before_rich(p, s, r, last), after_rich(p, s, r, DEPOT))
        return priced_rich(p, s, kind, whole)
    s.shape[r, KIND] = kind
    cost = proposal(
        p, s, r, DEPOT, first, last, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, DEPOT, np.inf
    )
    s.shape[r, KIND] = mine
    return cost


@inline
def _some_route(s, kind):
    """A route that a vehicle of that kind drives, from a random one on; -1 if none is found."""
    number = s.shape.shape[0]
    start = below(s.rng, number)
    for i in range(number):
        r = start + i if start + i < number else start + i - number
        if s.shape[r, SIZE] > 0 and s.shape[r, KIND] == kind:
            return np.int64(r)
    return np.int64(-1)


@inline
def _give(p, s, r, kind):
    """Let a vehicle of that kind drive route `r`."""
    save(s, r)
    s.shape[r, KIND] = kind
    refresh(p, s, r)
    u = s.shape[r, FIRST]
    while u != DEPOT:
        touch(s, u)
        u = s.link[u, NEXT]


def _change(p, s):
    if len(s.used) == 1:
        return
    at = 0
    every = p.fleet[MIXED] != 0.0
    chosen = -1 if every else below(s.rng, max(s.tally[NUM_SAVED], 1))
    for i in range(s.tally[NUM_SAVED]):
        if every or i == chosen:
            _suit(p, s, s.log[at])
        at += 3 + s.log[at + 1]


@inner
def _suit(p, s, r):
    """Give route `r` the kind of vehicle that suits it best."""
    if s.shape[r, SIZE] == 0:
        return
    mine = s.shape[r, KIND]
    now = standing(p, s, r)
    best, other, kind = LEAST_GAIN, np.int64(-1), mine
    for k in range(len(s.used)):
        if k == mine:
            continue
        t = np.int64(-1)
        if s.used[k] >= p.vehicle[k, COUNT]:
            t = _some_route(s, k)
            if t < 0:
                continue
        delta = _as_kind(p, s, r, k) - now
        if t >= 0 and delta < best + standing(p, s, t):
            delta += _as_kind(p, s, t, mine) - standing(p, s, t)
        elif t >= 0:
            continue
        if delta < best:
            best, other, kind = delta, t, k
    if kind == mine:
        return
    _give(p, s, r, kind)
    if other >= 0:
        _give(p, s, other, mine)


def change_kind(p, s):
    """Give the routes that were changed the kinds of vehicles that suit them best.

    That is each of them where it is quick to tell, and otherwise one. Where all vehicles of that
    kind are in use, it exchanges its own with one of those.
    """
    if isinstance(p, Rich):
        _change(p, s)


@dispatch(change_kind)
def _choose_change_kind(p, s):
    if p.instance_class is Rich:
        return _change
    return lambda p, s: None
