"""What an insertion under `Rich` is worth, and the least that it can cost."""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    COST,
    DEMAND,
    DEPOT,
    EAGER,
    EVERYBODY,
    FIXED,
    FORBIDDEN,
    FORM,
    GAIN,
    GATE,
    KIND,
    LOAD_WEIGHT,
    MIXED,
    NEXT,
    PER_LENGTH,
    PREV,
    ROOM,
    ROUTE_LOAD,
    SPARE,
    THOROUGH,
    ZEAL,
)
from polyroute.heuristics.kernels.cost.labelling import earned
from polyroute.heuristics.kernels.cost.proposals import penalty_of
from polyroute.heuristics.kernels.rng import bits, next_blink


@inline
def gain_of(p, s, u):
    """What serving `u` saves, or is taken to save; of who must be served, more than it can cost."""
    eager = s.tally[EAGER] == u or s.tally[EAGER] == EVERYBODY
    return p.fleet[FORBIDDEN] if eager else p.node[u, GAIN] * (1.0 + s.total[ZEAL])


LOOK_EVERYWHERE = 0.05
"""Chance that who finds no gap beside a near client is tried in every gap there is."""

NEVER = 1 << 40
"""So many gaps on the next one is passed over: there are fewer."""


@inline
def first_blink(s):
    """How many gaps on the first one is passed over, as `rng.next_blink`."""
    return next_blink(s.rng) if s.tally[THOROUGH] == 0 else NEVER


@inline
def looks_everywhere(p, s, u):
    """Whether `u`, for whom no gap beside a near client is worth it, is tried in every gap.

    Who may be left out is so only if there are gaps that are beside nobody near.
    """
    needed = p.node[u, GAIN] >= p.fleet[FORBIDDEN]
    return (needed or p.near.shape[1] + 2 < s.link.shape[0]) and bits(s.rng) < LOOK_EVERYWHERE


@inline
def is_allowed(p, u, kind):
    """Whether vehicles of that kind may serve `u`."""
    return p.allowed.shape[0] == 0 or p.allowed[u, kind] != 0


@inline
def least_beside(p, s, u, v, to_v):
    """What arcs cost more at least with `u` behind `v`, and before him; `to_v` is between them.

    A client at a gap's other end is no nearer to `u`, or the gap is seen from his side.
    """
    gate = p.node[u, GATE]
    behind = to_v - s.cum[v, ARC_OUT] + (gate if s.link[v, NEXT] == DEPOT else to_v)
    before = to_v - s.cum[v, ARC_IN] + (gate if s.link[v, PREV] == DEPOT else to_v)
    return behind, before


@inline
def least_change(p, s, u, r):
    """What the cost of route `r` changes by at least with `u`, beyond arcs."""
    mine = s.shape[r, KIND]
    load = s.figure[r, ROUTE_LOAD] + p.node[u, DEMAND]
    more = max(load - p.vehicle[mine, ROOM], 0.0) * s.total[LOAD_WEIGHT]
    if p.fleet[MIXED] != 0.0:
        driving = s.figure[r, COST] - p.vehicle[mine, FIXED]
        for other in range(len(s.used)):
            if p.vehicle[other, FORM] == p.vehicle[mine, FORM]:
                change = max(load - p.vehicle[other, ROOM], 0.0) * s.total[LOAD_WEIGHT]
                change += p.vehicle[other, FIXED] - p.vehicle[mine, FIXED]
                change += driving * (
                    p.vehicle[other, PER_LENGTH] / p.vehicle[mine, PER_LENGTH] - 1.0
                )
                more = min(more, change)
    return more - penalty_of(s, s.figure[r]) - s.figure[r, SPARE] - earned(p, u, mine)
