"""What a move can save at most, by the class of the problem's tuple.

It is asked of every move that the arcs do not rule out, so that only what could pay is proposed.
"""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, specialise
from polyroute.heuristics.kernels.arrays import (
    CAPACITY,
    DISTANCE_WEIGHT,
    KIND,
    LATENESS,
    LOAD_WEIGHT,
    OVERRUN,
    ROOM,
    ROUTE_LOAD,
    SPARE,
    TIME_WEIGHT,
    Load,
    Rich,
)
from polyroute.heuristics.kernels.cost.proposals import penalty_of

LEAST_GAIN = -1e-6
"""A move must gain more than rounding of the penalties can pretend."""


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
    if p.instance_class is Load:
        return lambda p, s, q, r, load: _relief_load(p, s, q, r, load)
    if p.instance_class is Rich:
        return lambda p, s, q, r, load: _relief_rich(p, s, q, r, load)
    return lambda p, s, q, r, load: _relief_timed(p, s, q, r, load)


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


def allowance(p, s, r):
    """What can be saved on route `r` beyond arcs, at most."""
    if isinstance(p, Rich):
        return s.figure[r, SPARE] + penalty_of(s, s.figure[r])
    return penalty_of(s, s.figure[r])


@specialise(allowance)
def _choose_allowance(p, s, r):
    if p.instance_class is Rich:
        return lambda p, s, r: s.figure[r, SPARE] + penalty_of(s, s.figure[r])
    return lambda p, s, r: penalty_of(s, s.figure[r])
