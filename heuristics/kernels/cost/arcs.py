"""Lengths of arcs, looked up or computed from coordinates, and what a route pays for an arc."""

from __future__ import annotations

from math import ceil, floor, sqrt

from polyroute.heuristics.jit.options import inline, inner, specialise
from polyroute.heuristics.kernels.arrays import (
    BRINGS,
    CLOSED_ARC,
    DEPOT,
    DIGITS,
    END,
    FACTOR,
    FORBIDDEN,
    GRID,
    HALF,
    KIND,
    MODE,
    PER_LENGTH,
    PER_TIME,
    PHASED,
    PICKS,
    PROFILE,
    ROUND_DOWN,
    ROUND_UP,
    START,
    Rich,
    X,
    Y,
)


@inline
def arc(p, u, v):
    """Length of the arc u → v, the same integer that `vrp.arcs` computes."""
    if p.matrix.shape[0] > 0:
        return p.matrix[u, v]
    return computed_arc(p, u, v)


@inline
def computed_arc(p, u, v):
    """Length of the arc u → v from coordinates."""
    return _computed(p.node, p.rule, u, v)


@inline
def _computed(node, rule, u, v):
    dx = node[u, X] - node[v, X]
    dy = node[u, Y] - node[v, Y]
    if rule[MODE] == ROUND_DOWN:
        root = rule[DIGITS] * sqrt(dx * dx + dy * dy) / rule[GRID]
        return floor(root + rule[HALF]) * rule[FACTOR]
    if rule[MODE] == ROUND_UP:
        return ceil(sqrt(dx * dx + dy * dy) / rule[GRID]) * rule[FACTOR]
    root = sqrt((dx * dx + dy * dy) / 10.0) / rule[GRID]
    rounded = floor(root + 0.5)
    return (rounded + 1.0 if rounded < root else rounded) * rule[FACTOR]


# -- with vehicles of several kinds ------------------------------------------------------------


@inner
def _computed_apart(node, rule, u, v):
    """The same, not inlined: it is asked for in many places, and seldom."""
    return _computed(node, rule, u, v)


@inline
def length_by(p, k, u, v):
    """Length of the arc u → v for vehicle kind `k`; a route that ends nowhere (-1) ends at once."""
    if v < 0:
        return 0.0
    if p.matrix.shape[0] > 0:
        return p.matrix[int(p.vehicle[k, PROFILE]), u, v]
    if p.fleet[PHASED] != 0.0 and p.node[u, PICKS] != 0.0 and p.node[v, BRINGS] != 0.0:
        return p.fleet[CLOSED_ARC]
    return _computed_apart(p.node, p.rule, u, v)


@inline
def time_by(p, k, u, v, length):
    """Travel time of that arc, whose length is known; none for a forbidden one."""
    if v < 0 or length >= p.fleet[CLOSED_ARC]:
        return 0.0
    if p.times.shape[0] > 0:
        return p.times[int(p.vehicle[k, PROFILE]), u, v]
    return length


@inline
def cost_by(p, k, u, v):
    """What vehicle kind `k` pays for driving the arc u → v."""
    length = length_by(p, k, u, v)
    if length >= p.fleet[CLOSED_ARC]:
        return p.fleet[FORBIDDEN]
    cost = length * p.vehicle[k, PER_LENGTH]
    if p.vehicle[k, PER_TIME] != 0.0:
        cost += time_by(p, k, u, v, length) * p.vehicle[k, PER_TIME]
    return cost


@inner
def _leg_rich(p, s, r, u, v):
    k = s.shape[r, KIND]
    if u == DEPOT:
        if v == DEPOT:
            return 0.0
        u = int(p.vehicle[k, START])
    if v == DEPOT:
        v = int(p.vehicle[k, END])
    return cost_by(p, k, u, v)


def leg(p, s, r, u, v):
    """What route `r` pays for the arc u → v; DEPOT stands for where it begins or ends."""
    return _leg_rich(p, s, r, u, v) if isinstance(p, Rich) else arc(p, u, v)


@specialise(leg)
def _choose_leg(p, s, r, u, v):
    if p.instance_class is Rich:
        return lambda p, s, r, u, v: _leg_rich(p, s, r, u, v)
    return lambda p, s, r, u, v: arc(p, u, v)
