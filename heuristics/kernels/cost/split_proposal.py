"""What a route that is split would cost as proposed: from the labels that are kept with it on.

Only trips that reach beyond the unchanged beginning are made, and only those that begin where the
route could still end below the limit: what the label with the least rank has cost, the arcs up to
the gap, and the least from there on. Most proposals are refused by that alone.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner, kernel
from polyroute.heuristics.kernels.arrays import (
    DEPOT,
    FIRST_ROOM,
    KIND,
    LOAD_WEIGHT,
    MOST_RELOADS,
    PATH,
    POS,
    PREV,
    PRICED_AT,
    PRICED_LOAD,
    PRICED_TIME,
    PRICING,
    ROUTE,
    TIME_WEIGHT,
)
from polyroute.heuristics.kernels.cost.labels import rest_row
from polyroute.heuristics.kernels.cost.paths import write_end, write_middle, write_route
from polyroute.heuristics.kernels.cost.split import split
from polyroute.heuristics.kernels.cost.split_bounds import (
    cost_between,
    note_rests_before,
    note_rests_of_route,
    place_at,
    rest_at,
)
from polyroute.heuristics.kernels.cost.split_labels import LEAST, cut_of_node
from polyroute.heuristics.kernels.cost.split_trip import (
    join_trips,
    least_of,
    overload_of,
    visit_alone,
    write_trip,
)
from polyroute.heuristics.kernels.cost.trip import SPILL
from polyroute.vrp.problem import UNLIMITED


@kernel
def price_split(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    """What route `r` would cost as proposed (see `cost.proposals`), as `price_route` tells it."""
    k = s.shape[r, KIND]
    now = pricing(s)
    if a != DEPOT:
        _keep_up(p, s, r, now)
    alike = True
    if b != DEPOT:
        other = s.link[b, ROUTE]
        alike = s.shape[other, KIND] == k
        if alike and other != r:
            _keep_up(p, s, other, now)
    known = s.link[a, POS] + 1 if a != DEPOT else 0
    tail = write_middle(p, s, r, known, u1, w1, t1, u2, w2, t2, u3, w3, t3)
    n = write_end(p, s, r, tail, b)
    if n < 0:
        return np.inf
    if not alike:
        tail = n
    if n == known:
        # How far a trip spills over is told of it before its last visit: that one is made anew.
        known -= 1
        s.ints[PATH, known] = a
        a = s.link[a, PREV]
    note_rests_before(p, s, k, n, known, tail)
    first = _first_trip(p, s, k, n, a, known, tail, limit)
    if first < 0:
        return np.inf
    price = split(p, s, k, n, first, known, tail, False, limit)
    return price if price < limit else np.inf


@inner
def _first_trip(p, s, k, n, a, known, tail, limit):
    """Behind how many visits a trip to the end of the known ones or beyond could first begin.

    -1 where the route could not end below `limit`. Writes the visits and the trips from there on
    up to `a`.
    """
    w, vehicle = s.labels, p.vehicle[k]
    first = known
    if known == 0:
        return first
    rest = cost_between(p, k, a, place_at(p, s, k, n, known)) + rest_at(p, s, n, tail, known)
    u, i = np.int64(a), known - 1
    trip = visit_alone(p, u)
    while True:
        s.ints[PATH, i] = u
        write_trip(w, rest_row(p, w, i), trip)
        over = overload_of(vehicle, trip)
        least = w[cut_of_node(p, w, u), LEAST]
        if least + least_of(s, vehicle, trip, over) + rest < limit:
            first = i
        if over > SPILL * vehicle[FIRST_ROOM] and vehicle[MOST_RELOADS] >= UNLIMITED:
            s.ints[PATH, max(i - 1, 0)] = s.link[u, PREV] if i > 0 else u
            break
        if i == 0:
            break
        v = np.int64(s.link[u, PREV])
        trip = join_trips(p, k, visit_alone(p, v), v, u, trip)
        u, i = v, i - 1
    return first


@inner
def _keep_up(p, s, r, now):
    """Split route `r` again if prices have changed since: other labels may be worth keeping."""
    if s.ints[PRICED_AT, r] != now:
        n = write_route(s, r)
        k = s.shape[r, KIND]
        note_rests_of_route(p, s, k, n)
        split(p, s, k, n, 0, n, 0, True, np.inf)
        s.ints[PRICED_AT, r] = now


@inline
def pricing(s):
    """A number for the present prices of what labels on their way exceed."""
    if s.total[PRICED_LOAD] != s.total[LOAD_WEIGHT] or s.total[PRICED_TIME] != s.total[TIME_WEIGHT]:
        s.total[PRICED_LOAD], s.total[PRICED_TIME] = s.total[LOAD_WEIGHT], s.total[TIME_WEIGHT]
        s.tally[PRICING] += 1
    return s.tally[PRICING]
