"""What a route would cost as a move proposes it, by the class of the problem's tuple.

A proposal is what a route would exceed at present prices, under `Rich` with all that it would cost.
What must be known beside it to tell what a move changes stands here as well.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import dispatch, inline, specialise
from polyroute.heuristics.kernels.arrays import (
    CAPACITY,
    COST,
    DEPOT,
    DISTANCE_WEIGHT,
    LABELLED,
    LATENESS,
    LOAD_WEIGHT,
    OVERLOAD,
    OVERRUN,
    PIECE_LOAD,
    PRE_LOAD,
    TIME_WEIGHT,
    Load,
    Rich,
)
from polyroute.heuristics.kernels.cost.route_rich import proposal_rich
from polyroute.heuristics.kernels.cost.segment import (
    after_load,
    after_timed,
    before_timed,
    between_load,
    between_timed,
    excess_timed,
    join_timed,
    reversed_timed,
)


def proposal(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    """What route `r` would exceed, at present prices; under `Rich` what it would cost as well.

    It begins as it does up to `a`, goes on with up to three stretches of any routes, each from `u`
    to `w` or turned round (`t`), and ends like the route of `b` from there on. DEPOT: begin or end
    at once, or no stretch. A single visit that is on no route is a stretch, too. It may be infinite
    where it is not below `limit`, should that save time.
    """
    if isinstance(p, Load):
        return _proposal_load(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit)
    if isinstance(p, Rich):
        return proposal_rich(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit)
    return _proposal_timed(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit)


@dispatch(proposal)
def _choose_proposal(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    if p.instance_class is Load:
        return _proposal_load
    if p.instance_class is Rich:
        return proposal_rich
    return _proposal_timed


# These share the arguments of `proposal`, needed or not: it is one of them.


def _proposal_load(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    load = s.cum[a, PRE_LOAD]
    if u1 != DEPOT:
        load += between_load(p, s, u1, w1)
    if u2 != DEPOT:
        load += between_load(p, s, u2, w2)
    if u3 != DEPOT:
        load += between_load(p, s, u3, w3)
    load += after_load(p, s, b)[PIECE_LOAD]
    return max(load - p.fleet[CAPACITY], 0.0) * s.total[LOAD_WEIGHT]


def _proposal_timed(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    piece = before_timed(s, a)
    if u1 != DEPOT:
        piece = _stretch_timed(p, s, piece, u1, w1, t1)
    if u2 != DEPOT:
        piece = _stretch_timed(p, s, piece, u2, w2, t2)
    if u3 != DEPOT:
        piece = _stretch_timed(p, s, piece, u3, w3, t3)
    return _penalty(s, *excess_timed(p, join_timed(p, piece, after_timed(s, b))))


@inline
def _stretch_timed(p, s, piece, u, w, turned):
    other = reversed_timed(p, s, u, w) if turned else between_timed(p, s, u, w)
    return join_timed(p, piece, other)


@inline
def added(p, s, delta, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    """`delta` and what route `r` would cost as proposed; infinite where that may be no gain."""
    if delta == np.inf:
        return delta
    return delta + proposal(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, -delta)


@inline
def at_least(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    """What route `r` costs at least as proposed, where that `ends_early`; quickly told."""
    return proposal(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, -np.inf)


def ends_early(p):
    """Whether a proposal that is above its limit takes less time than another."""
    return p.fleet[LABELLED] != 0.0 if isinstance(p, Rich) else False


@specialise(ends_early)
def _choose_ends_early(p):
    if p.instance_class is Rich:
        return lambda p: p.fleet[LABELLED] != 0.0
    return lambda p: False


def standing(p, s, r):
    """What the route `r` of now has that a proposal for it has as well."""
    if isinstance(p, Rich):
        return s.figure[r, COST] + penalty_of(s, s.figure[r])
    return penalty_of(s, s.figure[r])


@specialise(standing)
def _choose_standing(p, s, r):
    if p.instance_class is Rich:
        return lambda p, s, r: s.figure[r, COST] + penalty_of(s, s.figure[r])
    return lambda p, s, r: penalty_of(s, s.figure[r])


def beyond(p, loss):
    """The part of a move's change in length, `loss`, that is in no proposal: under `Rich` none."""
    return 0.0 if isinstance(p, Rich) else loss


@specialise(beyond)
def _choose_beyond(p, loss):
    if p.instance_class is Rich:
        return lambda p, loss: 0.0
    return lambda p, loss: loss


@inline
def _penalty(s, load, time, distance):
    return (
        load * s.total[LOAD_WEIGHT]
        + time * s.total[TIME_WEIGHT]
        + distance * s.total[DISTANCE_WEIGHT]
    )


@inline
def penalty_of(s, figure):
    """The weighted excess in a row of figures."""
    return _penalty(s, figure[OVERLOAD], figure[LATENESS], figure[OVERRUN])
