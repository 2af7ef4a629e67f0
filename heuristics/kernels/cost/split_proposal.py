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
    FIXED,
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
    START,
    TIME_WEIGHT,
)
from polyroute.heuristics.kernels.cost.arcs import cost_by
from polyroute.heuristics.kernels.cost.labels import RANK, rest_row
from polyroute.heuristics.kernels.cost.paths import write_end, write_middle, write_route
from polyroute.heuristics.kernels.cost.split import split
from polyroute.heuristics.kernels.cost.split_bounds import (
    cost_between,
    cost_from_depot,
    note_rests_before,
    note_rests_of_route,
    place_at,
    rest_at,
)
from polyroute.heuristics.kernels.cost.split_labels import KEPT, LEAST, cut_of_node
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
    """What route `r` would cost as proposed (see `cost.proposals`), as `price_route` tells it.

    What it costs at least, told quickly, for a `limit` of -inf.
    """
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
    first, least = _first_trip(p, s, k, n, a, known, tail, limit)
    if limit == -np.inf:
        return least
    if least >= limit:
        return np.inf
    price = split(p, s, k, n, first, known, tail, False, limit)
    return price if price < limit else np.inf


@inner
def _first_trip(p, s, k, n, a, known, tail, limit):
    """Behind how many visits a trip beyond the known ones could first begin below `limit`.

    And what the route costs at least. Writes the visits and the trips from there on up to `a`.
    """
    w, vehicle = s.labels, p.vehicle[k]
    first, v, rest = known, place_at(p, s, k, n, known), rest_at(p, s, n, tail, known)
    if known == 0:
        leave = min(cost_by(p, k, np.int64(vehicle[START]), v), cost_from_depot(p, k, v))
        return first, vehicle[FIXED] + leave + rest
    cut = cut_of_node(p, w, a)
    best = np.inf
    for x in range(cut + 1, cut + 1 + int(w[cut, KEPT])):
        best = min(best, w[x, RANK])
    best += cost_from_depot(p, k, v) + rest
    rest += cost_between(p, k, a, v)
    u, i = np.int64(a), known - 1
    trip = visit_alone(p, u)
    while True:
        s.ints[PATH, i] = u
        write_trip(w, rest_row(p, w, i), trip)
        over = overload_of(vehicle, trip)
        least = w[cut_of_node(p, w, u), LEAST]
        least += least_of(s, vehicle, trip, over) + rest
        best = min(best, least)
        if least < limit:
            first = i
        if over > SPILL * vehicle[FIRST_ROOM] and vehicle[MOST_RELOADS] >= UNLIMITED:
            s.ints[PATH, max(i - 1, 0)] = s.link[u, PREV] if i > 0 else u
            break
        if i == 0:
            break
        t = np.int64(s.link[u, PREV])
        trip = join_trips(p, k, visit_alone(p, t), t, u, trip)
        u, i = t, i - 1
    return first, best


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
