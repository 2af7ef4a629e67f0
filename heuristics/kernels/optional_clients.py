"""Who is served at all: clients who may be left out, groups of alternatives, pairs.

Under `Load` and `Timed` everybody is served alone, and nothing here does anything.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import dispatch, inline, inner, specialise
from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    ARC_IN,
    ARC_OUT,
    DEPOT,
    FORBIDDEN,
    GAIN,
    GROUPED,
    IS_PICKUP,
    KIND,
    LEAST_PER_TIME,
    NEXT,
    NUM_OUT,
    OPTIONAL,
    OUT,
    PAIRED,
    PARTNER,
    PREV,
    ROUTE,
    SERVICE,
    SIBLING,
    WAITING,
    ZEAL,
    Rich,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.labelling import earned, is_bound
from polyroute.heuristics.kernels.cost.proposals import proposal, standing
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN, relief
from polyroute.heuristics.kernels.rng import bits
from polyroute.heuristics.kernels.state import link_in, refresh, save, touch, unlink

MOST_INVITED = 40
"""Absent clients near a ruin that are offered a place with those who were taken out: as many as may
fill a vehicle."""

ZEALOUS_SHARE, MOST_ZEAL = 0.3, 6.0
"""Share of the ruins after which serving is worth more than it is, and how much more at most, as a
multiple. Who pays only beside others who are not there yet would never be served; for whom it did
not pay in the end is left out again by the local search."""


@inline
def is_alone(p, u):
    """Whether `u` is no end of a pair."""
    return p.tie[u, PARTNER] == DEPOT


@inline
def is_free(p, s, u):
    """Whether no alternative of `u` is served, or waits."""
    v = p.tie[u, SIBLING]
    while v != u:
        if s.link[v, ROUTE] != ABSENT:
            return False
        v = p.tie[v, SIBLING]
    return True


# -- moves ---------------------------------------------------------------------------------------


@inline
def _drop(p, s, u, most):
    """Leave `u` out if that pays; it saves at most `most`."""
    gain = p.node[u, GAIN]
    most += p.node[u, SERVICE] * p.fleet[LEAST_PER_TIME]
    if gain >= p.fleet[FORBIDDEN] or gain >= most or not is_alone(p, u):
        return False
    q, a, b = s.link[u, ROUTE], s.link[u, PREV], s.link[u, NEXT]
    delta = gain - standing(p, s, q)
    delta += proposal(
        p, s, q, a, DEPOT, DEPOT, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, b, np.inf
    )
    if delta >= LEAST_GAIN:
        return False
    save(s, q)
    unlink(p, s, u)
    touch(s, a)
    touch(s, b)
    refresh(p, s, q)
    return True


@inline
def _adopt(p, s, u, breadth):
    """Serve an absent client beside `u` if that pays."""
    q = s.link[u, ROUTE]
    for k in range(min(breadth, p.near.shape[1])):
        v = np.int64(p.near[u, k])
        if v == DEPOT or s.link[v, ROUTE] != ABSENT or not is_alone(p, v) or not is_free(p, s, v):
            continue
        for side in range(2):
            a, b = (u, s.link[u, NEXT]) if side == 0 else (s.link[u, PREV], u)
            old = s.cum[u, ARC_OUT] if side == 0 else s.cum[u, ARC_IN]
            loss = leg(p, s, q, a, v) + leg(p, s, q, v, b) - old - p.node[v, GAIN]
            if loss >= relief(p, s, q, q, 0.0) + earned(p, v, s.shape[q, KIND]):
                continue
            delta = -standing(p, s, q) - p.node[v, GAIN]
            delta += proposal(
                p, s, q, a, v, v, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, b, np.inf
            )
            if delta < LEAST_GAIN:
                save(s, q)
                link_in(p, s, v, q, a)
                touch(s, v)
                touch(s, a)
                touch(s, b)
                refresh(p, s, q)
                return True
    return False


def _consider(p, s, u, most, breadth):
    if p.fleet[OPTIONAL] == 0.0:
        return False
    return _drop(p, s, u, most) or _adopt(p, s, u, breadth)


def consider_presence(p, s, u, most, breadth):
    """Leave `u` out, which saves at most `most`, or serve somebody beside him, if that pays."""
    return _consider(p, s, u, most, breadth) if isinstance(p, Rich) else False


@dispatch(consider_presence)
def _choose_consider_presence(p, s, u, most, breadth):
    if p.instance_class is Rich:
        return _consider
    return lambda p, s, u, most, breadth: False


def may_leave(p, u):
    """Whether `u` may go to another route without anybody else."""
    return is_alone(p, u) if isinstance(p, Rich) else True


@specialise(may_leave)
def _choose_may_leave(p, u):
    if p.instance_class is Rich:
        return lambda p, u: is_alone(p, u)
    return lambda p, u: True


def may_be_taken(p, u):
    """Whether a ruin may take `u` out: who is pinned stays where he is."""
    return not is_bound(p, u) if isinstance(p, Rich) else True


@specialise(may_be_taken)
def _choose_may_be_taken(p, u):
    if p.instance_class is Rich:
        return lambda p, u: not is_bound(p, u)
    return lambda p, u: True


# -- ruins ---------------------------------------------------------------------------------------


@inline
def _invite(p, s, u, invited):
    if s.link[u, ROUTE] != ABSENT or u == DEPOT or invited >= MOST_INVITED:
        return invited
    if p.fleet[GROUPED] != 0.0 and not is_free(p, s, u):
        return invited
    _wait(s, u)
    if not is_alone(p, u):
        _wait(s, p.tie[u, PARTNER])
    return invited + 1


@inline
def _wait(s, u):
    s.link[u, ROUTE] = WAITING
    s.ints[OUT, s.tally[NUM_OUT]] = u
    s.tally[NUM_OUT] += 1


def invite(p, s, u, invited):
    """Let `u` wait for a place if he is absent; returns how many were invited so far."""
    return _invite(p, s, u, invited) if isinstance(p, Rich) else invited


@specialise(invite)
def _choose_invite(p, s, u, invited):
    if p.instance_class is Rich:
        return lambda p, s, u, invited: _invite(p, s, u, invited)
    return lambda p, s, u, invited: invited


@inline
def _encourage(p, s):
    if p.fleet[OPTIONAL] != 0.0 and bits(s.rng) < ZEALOUS_SHARE:
        s.total[ZEAL] = bits(s.rng) * MOST_ZEAL


def encourage(p, s):
    """Let the next recreation serve at a loss now and then, where not everybody must be served."""
    if isinstance(p, Rich):
        _encourage(p, s)


@specialise(encourage)
def _choose_encourage(p, s):
    if p.instance_class is Rich:
        return lambda p, s: _encourage(p, s)
    return lambda p, s: None


@inline
def _wait_taken(p, s, u):
    s.link[u, ROUTE] = WAITING
    v = p.tie[u, PARTNER]
    if v != DEPOT and s.link[v, ROUTE] < 0:
        s.link[v, ROUTE] = WAITING


@inline
def _leave_out(s, u):
    s.link[u, ROUTE] = ABSENT


def wait_taken(p, s, u):
    """Mark `u`, who was taken out or left out, as waiting."""
    if isinstance(p, Rich):
        _wait_taken(p, s, u)
    else:
        _leave_out(s, u)


@specialise(wait_taken)
def _choose_wait_taken(p, s, u):
    if p.instance_class is Rich:
        return lambda p, s, u: _wait_taken(p, s, u)
    return lambda p, s, u: _leave_out(s, u)


@inner
def _complete(p, s):
    if p.fleet[PAIRED] == 0.0:
        return
    kept = 0
    number = s.tally[NUM_OUT]
    for i in range(number):
        u = s.ints[OUT, i]
        v = p.tie[u, PARTNER]
        if v != DEPOT and s.link[v, ROUTE] >= 0:
            save(s, s.link[v, ROUTE])
            touch(s, s.link[v, PREV])
            touch(s, s.link[v, NEXT])
            unlink(p, s, v)
            s.link[v, ROUTE] = WAITING
            touch(s, v)
            # His place in the row is taken by the pickup of the two.
            s.ints[OUT, kept] = u if p.tie[u, IS_PICKUP] != 0 else v
            kept += 1
        elif v == DEPOT or p.tie[u, IS_PICKUP] != 0 or not _is_listed(s, v, i, number, kept):
            s.ints[OUT, kept] = u if v == DEPOT or p.tie[u, IS_PICKUP] != 0 else v
            kept += 1
    s.tally[NUM_OUT] = kept


@inline
def _is_listed(s, v, i, number, kept):
    """Whether `v` is in row OUT, before `kept` or from `i` on."""
    for j in range(number):  # noqa: SIM110 (no generators in kernels)
        if (j < kept or j > i) and s.ints[OUT, j] == v:
            return True
    return False


def complete(p, s):
    """Take out who belongs to those taken out; of each pair only the pickup is left in row OUT."""
    if isinstance(p, Rich):
        _complete(p, s)


@specialise(complete)
def _choose_complete(p, s):
    if p.instance_class is Rich:
        return lambda p, s: _complete(p, s)
    return lambda p, s: None
