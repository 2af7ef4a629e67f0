"""What the solution under search costs, and the incumbent: the best feasible one so far."""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, inner, kernel
from polyroute.heuristics.kernels.arrays import (
    BEST,
    COST,
    DEPOT,
    DIRTY,
    FIRST,
    IS_DIRTY,
    LATENESS,
    MISSED,
    NEXT,
    NUM_DIRTY,
    OVERLOAD,
    OVERRUN,
)
from polyroute.heuristics.kernels.cost.proposals import penalty_of


@inline
def penalised_cost(s):
    """Cost plus the weighted excess of the whole solution."""
    return cost_of(s) + penalty_of(s, s.total)


@inline
def cost_of(s):
    """What the routes cost, and those whom they leave out."""
    return s.total[COST] + s.total[MISSED]


@inline
def is_feasible(s):
    """Whether nothing is exceeded."""
    return s.total[OVERLOAD] == 0.0 and s.total[LATENESS] == 0.0 and s.total[OVERRUN] == 0.0


@inner
def keep_best(s):
    """Copy the routes that changed since the last call into the best solution."""
    for i in range(s.tally[NUM_DIRTY]):
        r = s.ints[DIRTY, i]
        s.ints[IS_DIRTY, r] = 0
        for column in range(s.shape.shape[1]):
            s.best_shape[r, column] = s.shape[r, column]
        s.best_cost[r] = s.figure[r, COST]
        u = s.shape[r, FIRST]
        while u != DEPOT:
            for column in range(s.link.shape[1]):
                s.best[u, column] = s.link[u, column]
            u = s.link[u, NEXT]
    s.tally[NUM_DIRTY] = 0
    s.total[BEST] = cost_of(s)


@kernel
def keep_if_best(s):
    """Keep the current solution if it is feasible and cheaper than the best."""
    if is_feasible(s) and cost_of(s) < s.total[BEST]:
        keep_best(s)
