"""Routes that are labelled, as they are and as proposed: their visits are written to row PATH.

Other kernels call both by their address, so that nothing of them is compiled into these.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.far_call import address_of, far_call
from polyroute.heuristics.jit.options import inline, kernel, specialise
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    BREAK_LASTS,
    DEMAND,
    DEPOT,
    DISTANCE_WEIGHT,
    END,
    FIRST,
    FIRST_BREAK,
    FIXED,
    KIND,
    LABEL_ROUTE,
    LABELLED,
    LAST,
    LAST_BREAK,
    LEAP,
    LEAST_PER_TIME,
    LOAD_WEIGHT,
    MEASURE_ROUTE,
    MOST_EARNED,
    PATH,
    PER_TIME,
    PRICE_ROUTE,
    PRICED_AT,
    SERVICE,
    SPLIT,
    START,
    TIME_WEIGHT,
    Rich,
    State,
)
from polyroute.heuristics.kernels.cost.arcs import cost_by
from polyroute.heuristics.kernels.cost.labelling import label_path, label_route
from polyroute.heuristics.kernels.cost.labels import AT, PARENT, SINCE, end_label
from polyroute.heuristics.kernels.cost.paths import append, write_end, write_middle, write_route
from polyroute.heuristics.kernels.cost.split import split_route
from polyroute.heuristics.kernels.cost.split_proposal import price_split, pricing


@kernel
def price_route(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    """What route `r` would cost as proposed (see `cost.proposals`), excess priced.

    Infinitely much where its vehicle may not serve somebody, or where it is not below `limit`.
    """
    k = s.shape[r, KIND]
    n = 0
    if a != DEPOT:
        n = append(p, s, k, n, s.shape[r, FIRST], a, False)
    n = write_middle(p, s, r, n, u1, w1, t1, u2, w2, t2, u3, w3, t3)
    n = write_end(p, s, r, n, b)
    if n < 0:
        return np.inf
    cost, load, time, distance = label_path(p, s, k, n, limit)
    cost += load * s.total[LOAD_WEIGHT]
    cost += time * s.total[TIME_WEIGHT]
    return cost + distance * s.total[DISTANCE_WEIGHT]


@kernel
def measure_route(p, s, r):
    """The figures of route `r`: cost, excess, what it loads at depots, and what it may save.

    Writes what a passing by a depot costs to the arcs in `cum`.
    """
    k = s.shape[r, KIND]
    vehicle = p.vehicle[k]
    n = write_route(s, r)
    loaded = service = most = legs = 0.0
    for i in range(n):
        u = s.ints[PATH, i]
        loaded += p.node[u, DEMAND]
        service += p.node[u, SERVICE]
        most += p.node[u, MOST_EARNED]
        legs += s.cum[u, ARC_IN]
    legs += s.cum[s.shape[r, LAST], ARC_OUT]
    if p.fleet[SPLIT] != 0.0:
        s.ints[PRICED_AT, r] = pricing(s)
    cost, load, time, distance = label_path(p, s, k, n, np.inf)
    # A reload costs what it makes the arc longer on which it lies. All else that the route costs
    # beyond its arcs and service may be saved, and more may be earned with its clients.
    spare = cost + most - vehicle[FIXED] - legs - _note_detours(p, s, k, n)
    spare -= service * p.fleet[LEAST_PER_TIME]
    if n == 1:
        spare += vehicle[FIXED]
    else:
        for row in range(int(vehicle[FIRST_BREAK]), int(vehicle[LAST_BREAK])):
            spare -= p.stopover[row, BREAK_LASTS] * vehicle[PER_TIME]
    spare += vehicle[LEAP] * (n + 1)
    return cost, load, time, distance, loaded, spare


@inline
def _note_detours(p, s, k, n):
    """Write what the arcs with a reload cost to `cum`; returns how much more than without."""
    w, path = s.labels, s.ints[PATH]
    more = 0.0
    x = int(w[end_label(p), PARENT])
    while w[x, PARENT] >= 0.0:
        i = int(w[x, SINCE])
        a = path[i - 1] if i > 0 else np.int64(p.vehicle[k, START])
        b = path[i] if i < n else np.int64(p.vehicle[k, END])
        cost = cost_by(p, k, int(w[x, AT]), b)
        y = int(w[x, PARENT])
        while w[y, PARENT] >= 0.0 and w[y, SINCE] == i:
            cost += cost_by(p, k, int(w[y, AT]), int(w[x, AT]))
            x = y
            y = int(w[x, PARENT])
        cost += cost_by(p, k, a, int(w[x, AT]))
        more += cost - cost_by(p, k, a, b)
        if i > 0:
            s.cum[a, ARC_OUT] = cost
        if i < n:
            s.cum[b, ARC_IN] = cost
        x = y
    return more


# -- asked for by other kernels --------------------------------------------------------------------

_jump_to_price = far_call(figures=1)
_jump_to_measure = far_call(figures=6)


def proposal_labelled(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    """`price_route`, or `price_split`, compiled apart and called by its address."""
    if p.fleet[SPLIT] != 0.0:
        return price_split(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit)
    return price_route(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit)


@specialise(proposal_labelled)
def _choose_proposal_labelled(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    return lambda p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit: _jump_to_price(
        s.tally[PRICE_ROUTE], (p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit)
    )


def measure_labelled(p, s, r):
    """`measure_route`, compiled apart and called by its address."""
    return measure_route(p, s, r)


@specialise(measure_labelled)
def _choose_measure_labelled(p, s, r):
    return lambda p, s, r: _jump_to_measure(s.tally[MEASURE_ROUTE], (p, s, r))


def prepare_labelling(p: Rich, s: State) -> None:
    """Compile what labels routes if any are labelled, and let the state know where it is."""
    if p.fleet[LABELLED] != 0.0:
        split = p.fleet[SPLIT] != 0.0
        s.tally[LABEL_ROUTE] = address_of(split_route if split else label_route, p, s, 0, 0, 0.0)
        s.tally[MEASURE_ROUTE] = address_of(measure_route, p, s, 0)
        price, stretch = price_split if split else price_route, (0, 0, False)
        s.tally[PRICE_ROUTE] = address_of(price, p, s, 0, 0, *stretch, *stretch, *stretch, 0, 0.0)
