"""What routes and moves cost, by the class of the problem's tuple: `Load`, `Timed` or `Rich`.

Here each question has one name. The compiled choice of its answer is made by the type of `p`, once,
and a plain twin makes the same choice at run time, for runs without the compiler. Moves ask here,
and know no attribute by name.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import dispatch, inline, specialise
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    CAPACITY,
    COST,
    DEPOT,
    DISTANCE_WEIGHT,
    EXACT,
    KIND,
    LATENESS,
    LEAST_PER_TIME,
    LIMIT,
    LOAD_WEIGHT,
    MOST_EARNED,
    NEXT,
    OVERLOAD,
    OVERRUN,
    PRE_LOAD,
    PREV,
    ROOM,
    ROUTE_LOAD,
    SERVICE,
    SPARE,
    TIME_WEIGHT,
    Load,
    Rich,
)
from polyroute.heuristics.kernels.cost.arcs import arc
from polyroute.heuristics.kernels.cost.segment import (
    after_load,
    after_timed,
    before_load,
    before_timed,
    between_load,
    between_timed,
    excess_timed,
    join_load,
    join_timed,
    measure_load,
    measure_timed,
    reversed_timed,
    single_load,
    single_timed,
    store_before_load,
    store_before_timed,
    store_ends_timed,
)
from polyroute.heuristics.kernels.cost.segment_rich import (
    after_rich,
    before_rich,
    heads_loss_rich,
    join_rich,
    measure_rich,
    proposal_rich,
    single_rich,
    store_before_rich,
    store_ends_rich,
    tails_loss_rich,
)

LEAST_GAIN = -1e-6
"""A move must gain more than rounding of the penalties can pretend."""


# -- pieces --------------------------------------------------------------------------------------


def before(p, s, r, u):
    """Route `r` from where it begins up to and including `u`; the beginning alone for DEPOT."""
    if isinstance(p, Load):
        return before_load(s, u)
    return before_rich(p, s, r, u) if isinstance(p, Rich) else before_timed(s, u)


@specialise(before)
def _choose_before(p, s, r, u):
    if _is_load(p):
        return lambda p, s, r, u: before_load(s, u)
    if _is_rich(p):
        return lambda p, s, r, u: before_rich(p, s, r, u)
    return lambda p, s, r, u: before_timed(s, u)


def after(p, s, r, u):
    """Route `r` from `u` on to where it ends; the end alone for DEPOT."""
    if isinstance(p, Load):
        return after_load(p, s, u)
    return after_rich(p, s, r, u) if isinstance(p, Rich) else after_timed(s, u)


@specialise(after)
def _choose_after(p, s, r, u):
    if _is_load(p):
        return lambda p, s, r, u: after_load(p, s, u)
    if _is_rich(p):
        return lambda p, s, r, u: after_rich(p, s, r, u)
    return lambda p, s, r, u: after_timed(s, u)


def join_single(p, s, r, piece, u):
    """Piece `piece`, then the visit `u`, as the vehicle of route `r` drives them."""
    if isinstance(p, Load):
        return join_load(piece, single_load(p, u))
    if isinstance(p, Rich):
        return join_rich(p, s.shape[r, KIND], piece, single_rich(p, u))
    return join_timed(p, piece, single_timed(p, u))


@specialise(join_single)
def _choose_join_single(p, s, r, piece, u):
    if _is_load(p):
        return lambda p, s, r, piece, u: join_load(piece, single_load(p, u))
    if _is_rich(p):
        return lambda p, s, r, piece, u: join_rich(p, s.shape[r, KIND], piece, single_rich(p, u))
    return lambda p, s, r, piece, u: join_timed(p, piece, single_timed(p, u))


def store_before(p, s, u, piece):
    """Keep the piece up to `u` for later calls of `before`."""
    if isinstance(p, Load):
        return store_before_load(s, u, piece)
    return (
        store_before_rich(p, s, u, piece)
        if isinstance(p, Rich)
        else store_before_timed(s, u, piece)
    )


@specialise(store_before)
def _choose_store_before(p, s, u, piece):
    if _is_load(p):
        return lambda p, s, u, piece: store_before_load(s, u, piece)
    if _is_rich(p):
        return lambda p, s, u, piece: store_before_rich(p, s, u, piece)
    return lambda p, s, u, piece: store_before_timed(s, u, piece)


def store_ends(p, s, r, u):
    """Keep the pieces from each node of `r` on for later calls of `after`, back from the last, `u`.

    Under `Load` there is nothing to keep: a route's load less what comes before says it.
    """
    if isinstance(p, Rich):
        store_ends_rich(p, s, r, u)
    elif not isinstance(p, Load):
        store_ends_timed(p, s, u)


@specialise(store_ends)
def _choose_store_ends(p, s, r, u):
    if _is_load(p):
        return lambda p, s, r, u: None
    if _is_rich(p):
        return lambda p, s, r, u: store_ends_rich(p, s, r, u)
    return lambda p, s, r, u: store_ends_timed(p, s, u)


def measure(p, s, r, legs):
    """The cost of route `r`, its excess over each limit, its load, and its SPARE.

    `legs` is what its arcs cost.
    """
    if isinstance(p, Load):
        return measure_load(p, s, r, legs)
    return measure_rich(p, s, r, legs) if isinstance(p, Rich) else measure_timed(p, s, r, legs)


@specialise(measure)
def _choose_measure(p, s, r, legs):
    if _is_load(p):
        return lambda p, s, r, legs: measure_load(p, s, r, legs)
    if _is_rich(p):
        return lambda p, s, r, legs: measure_rich(p, s, r, legs)
    return lambda p, s, r, legs: measure_timed(p, s, r, legs)


def _is_load(p):
    return p.instance_class is Load


def _is_rich(p):
    return p.instance_class is Rich


# -- what moves propose ------------------------------------------------------------------------


@inline
def _penalty(s, load, time, distance):
    return (
        load * s.total[LOAD_WEIGHT]
        + time * s.total[TIME_WEIGHT]
        + distance * s.total[DISTANCE_WEIGHT]
    )


# These share the arguments of `proposal`, needed or not: it is one of them.


def _proposal_load(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    load = s.cum[a, PRE_LOAD]
    if u1 != DEPOT:
        load += between_load(p, s, u1, w1)
    if u2 != DEPOT:
        load += between_load(p, s, u2, w2)
    if u3 != DEPOT:
        load += between_load(p, s, u3, w3)
    load += after_load(p, s, b)[2]
    return max(load - p.fleet[CAPACITY], 0.0) * s.total[LOAD_WEIGHT]


@inline
def _stretch_timed(p, s, piece, u, w, turned):
    other = reversed_timed(p, s, u, w) if turned else between_timed(p, s, u, w)
    return join_timed(p, piece, other)


def _proposal_timed(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    piece = before_timed(s, a)
    if u1 != DEPOT:
        piece = _stretch_timed(p, s, piece, u1, w1, t1)
    if u2 != DEPOT:
        piece = _stretch_timed(p, s, piece, u2, w2, t2)
    if u3 != DEPOT:
        piece = _stretch_timed(p, s, piece, u3, w3, t3)
    return _penalty(s, *excess_timed(p, join_timed(p, piece, after_timed(s, b))))


def proposal(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    """What route `r` would exceed, at present prices; under `Rich` what it would cost as well.

    It begins as it does up to `a`, goes on with up to three stretches of any routes, each from `u`
    to `w` or turned round (`t`), and ends like the route of `b` from there on. DEPOT: begin or end
    at once, or no stretch. A single visit that is on no route is a stretch, too.
    """
    if isinstance(p, Load):
        return _proposal_load(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b)
    if isinstance(p, Rich):
        return proposal_rich(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b)
    return _proposal_timed(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b)


@dispatch(proposal)
def _choose_proposal(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    if _is_load(p):
        return _proposal_load
    if _is_rich(p):
        return proposal_rich
    return _proposal_timed


@inline
def _limit(s, most):
    s.total[LIMIT] = most


def limit(p, s, most):
    """Let the next proposal be infinite if it is not below `most`, should that save time."""
    if isinstance(p, Rich):
        _limit(s, most)


@specialise(limit)
def _choose_limit(p, s, most):
    if _is_rich(p):
        return lambda p, s, most: _limit(s, most)
    return lambda p, s, most: None


@inline
def added(p, s, delta, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b):
    """`delta` and what route `r` would cost as proposed; infinite where that may be no gain."""
    if delta == np.inf:
        return delta
    limit(p, s, -delta)
    return delta + proposal(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b)


def ends_early(p):
    """Whether a proposal that is above its limit takes less time than another."""
    return p.fleet[EXACT] != 0.0 if isinstance(p, Rich) else False


@specialise(ends_early)
def _choose_ends_early(p):
    if _is_rich(p):
        return lambda p: p.fleet[EXACT] != 0.0
    return lambda p: False


@inline
def _stake(p, u):
    cost = p.node[u, SERVICE] * p.fleet[LEAST_PER_TIME]
    return cost + p.node[u, MOST_EARNED] if p.fleet[EXACT] != 0.0 else cost


def stake(p, u):
    """What `u` himself costs a route beyond arcs at least, and what it may earn with him."""
    return _stake(p, u) if isinstance(p, Rich) else 0.0


@specialise(stake)
def _choose_stake(p, u):
    if _is_rich(p):
        return lambda p, u: _stake(p, u)
    return lambda p, u: 0.0


def standing(p, s, r):
    """What the route `r` of now has that a proposal for it has as well."""
    if isinstance(p, Rich):
        return s.figure[r, COST] + penalty_of(s, s.figure[r])
    return penalty_of(s, s.figure[r])


@specialise(standing)
def _choose_standing(p, s, r):
    if _is_rich(p):
        return lambda p, s, r: s.figure[r, COST] + penalty_of(s, s.figure[r])
    return lambda p, s, r: penalty_of(s, s.figure[r])


def beyond(p, loss):
    """The part of a move's change in length, `loss`, that is in no proposal: under `Rich` none."""
    return 0.0 if isinstance(p, Rich) else loss


@specialise(beyond)
def _choose_beyond(p, loss):
    if _is_rich(p):
        return lambda p, loss: 0.0
    return lambda p, loss: loss


def allowance(p, s, r):
    """What can be saved on route `r` beyond arcs, at most."""
    if isinstance(p, Rich):
        return s.figure[r, SPARE] + penalty_of(s, s.figure[r])
    return penalty_of(s, s.figure[r])


@specialise(allowance)
def _choose_allowance(p, s, r):
    if _is_rich(p):
        return lambda p, s, r: s.figure[r, SPARE] + penalty_of(s, s.figure[r])
    return lambda p, s, r: penalty_of(s, s.figure[r])


@inline
def penalty_of(s, figure):
    """The weighted excess in a row of figures."""
    return _penalty(s, figure[OVERLOAD], figure[LATENESS], figure[OVERRUN])


# -- what moves do to arcs -----------------------------------------------------------------------


@inline
def _tails_loss(p, s, u, v, there):
    onward = arc(p, s.link[v, PREV], s.link[u, NEXT])
    return there + onward - s.cum[u, ARC_OUT] - s.cum[v, ARC_IN]


def tails_loss(p, s, u, v, there):
    """Change in length when `u` goes on with `v`, on another route; `there` is that arc's."""
    if isinstance(p, Rich):
        return tails_loss_rich(p, s, u, v)
    return _tails_loss(p, s, u, v, there)


@specialise(tails_loss)
def _choose_tails_loss(p, s, u, v, there):
    if _is_rich(p):
        return lambda p, s, u, v, there: tails_loss_rich(p, s, u, v)
    return lambda p, s, u, v, there: _tails_loss(p, s, u, v, there)


@inline
def _heads_loss(p, s, u, v, there):
    onward = arc(p, s.link[u, NEXT], s.link[v, NEXT])
    return there + onward - s.cum[u, ARC_OUT] - s.cum[v, ARC_OUT]


def heads_loss(p, s, u, v, there):
    """Change in length when `u` goes on backwards from `v`, on another route."""
    if isinstance(p, Rich):
        return heads_loss_rich(p, s, u, v)
    return _heads_loss(p, s, u, v, there)


@specialise(heads_loss)
def _choose_heads_loss(p, s, u, v, there):
    if _is_rich(p):
        return lambda p, s, u, v, there: heads_loss_rich(p, s, u, v)
    return lambda p, s, u, v, there: _heads_loss(p, s, u, v, there)


# -- what a move can save at most --------------------------------------------------------------


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


@inline
def _relief_rich(p, s, q, r, load):
    most = LEAST_GAIN + s.figure[q, SPARE] + penalty_of(s, s.figure[q])
    if q == r:
        return most
    most += s.figure[r, SPARE] + penalty_of(s, s.figure[r])
    mine = s.figure[q, ROUTE_LOAD] - p.vehicle[s.shape[q, KIND], ROOM]
    theirs = s.figure[r, ROUTE_LOAD] - p.vehicle[s.shape[r, KIND], ROOM]
    return most - (max(mine - load, 0.0) + max(theirs + load, 0.0)) * s.total[LOAD_WEIGHT]


def relief(p, s, q, r, load):
    """What a move saves, at most, beyond its arcs, where `load` goes from route `q` to route `r`.

    Less the least gain: a move is worth pricing if it adds less than this to the length. Exact
    under `Load`; otherwise as if all lateness and overrun of both routes went away.
    """
    if isinstance(p, Load):
        return _relief_load(p, s, q, r, load)
    if isinstance(p, Rich):
        return _relief_rich(p, s, q, r, load)
    return _relief_timed(p, s, q, r, load)


@specialise(relief)
def _choose_relief(p, s, q, r, load):
    if _is_load(p):
        return lambda p, s, q, r, load: _relief_load(p, s, q, r, load)
    if _is_rich(p):
        return lambda p, s, q, r, load: _relief_rich(p, s, q, r, load)
    return lambda p, s, q, r, load: _relief_timed(p, s, q, r, load)
