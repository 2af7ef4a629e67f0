"""Routes that are labelled, as they are and as proposed: their visits are written to row PATH.

Other kernels call both by their address, so that nothing of them is compiled into these.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.far_call import address_of, far_call
from polyroute.heuristics.jit.options import inline, inner, kernel, specialise
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
    NEXT,
    PATH,
    PER_TIME,
    PREV,
    PRICE_ROUTE,
    ROUTE,
    SERVICE,
    START,
    TIME_WEIGHT,
    Rich,
    State,
)
from polyroute.heuristics.kernels.cost.arcs import cost_by
from polyroute.heuristics.kernels.cost.labelling import label_path, label_route
from polyroute.heuristics.kernels.cost.labels import AT, PARENT, SINCE, end_label


@kernel
def price_route(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    """What route `r` would cost as proposed (see `cost.proposals`), excess priced.

    Infinitely much where its vehicle may not serve somebody, or where it is not below `limit`.
    """
    k = s.shape[r, KIND]
    n = 0
    if a != DEPOT:
        n = _write(p, s, k, n, s.shape[r, FIRST], a, False)
    if n >= 0 and u1 != DEPOT:
        n = _write(p, s, k, n, u1, w1, t1)
    if n >= 0 and u2 != DEPOT:
        n = _write(p, s, k, n, u2, w2, t2)
    if n >= 0 and u3 != DEPOT:
        n = _write(p, s, k, n, u3, w3, t3)
    if n >= 0 and b != DEPOT:
        n = _write(p, s, k, n, b, s.shape[s.link[b, ROUTE], LAST], False)
    if n < 0:
        return np.inf
    cost, load, time, distance = label_path(p, s, k, n, limit)
    cost += load * s.total[LOAD_WEIGHT]
    cost += time * s.total[TIME_WEIGHT]
    return cost + distance * s.total[DISTANCE_WEIGHT]


@inner
def _write(p, s, k, n, u, w, turned):
    """Append the stretch `u` … `w` to the path; -1 if vehicle kind `k` may not serve all of it."""
    x, last = (w, u) if turned else (u, w)
    while True:
        if p.allowed.shape[0] > 0 and p.allowed[x, k] == 0:
            return -1
        s.ints[PATH, n] = x
        n += 1
        if x == last:
            return n
        x = s.link[x, PREV] if turned else s.link[x, NEXT]


@kernel
def measure_route(p, s, r):
    """The figures of route `r`: cost, excess, what it loads at depots, and what it may save.

    Writes what a passing by a depot costs to the arcs in `cum`.
    """
    k = s.shape[r, KIND]
    vehicle = p.vehicle[k]
    n = 0
    loaded = service = most = legs = 0.0
    u = s.shape[r, FIRST]
    while u != DEPOT:
        s.ints[PATH, n] = u
        n += 1
        loaded += p.node[u, DEMAND]
        service += p.node[u, SERVICE]
        most += p.node[u, MOST_EARNED]
        legs += s.cum[u, ARC_IN]
        u = s.link[u, NEXT]
    legs += s.cum[s.shape[r, LAST], ARC_OUT]
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
    """`price_route`, compiled apart and called by its address."""
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
        s.tally[LABEL_ROUTE] = address_of(label_route, p, s, 0, 0, 0.0)
        s.tally[MEASURE_ROUTE] = address_of(measure_route, p, s, 0)
        stretch = (0, 0, False)
        s.tally[PRICE_ROUTE] = address_of(
            price_route, p, s, 0, 0, *stretch, *stretch, *stretch, 0, 0.0
        )
