"""What a route that is split would cost as proposed: from the labels that are kept with it on.

Only trips that reach beyond the unchanged beginning are made, and only those that begin where the
route could still end below the limit: what the label with the least rank has cost, the arcs up to
the gap, and the least from there on. Most proposals are refused by that alone.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner, kernel
from polyroute.heuristics.kernels.arrays import (
    BACK_EARLY,
    BACK_LATE,
    DEPOT,
    EARLY,
    END,
    FIRST_ROOM,
    FIXED,
    KIND,
    LATE,
    LOAD_WEIGHT,
    MOST_RELOADS,
    PATH,
    POS,
    PREV,
    PRICED_AT,
    PRICING,
    RELEASE,
    ROUTE,
    SERVICE,
    SHORTCUT,
    START,
    SUF_DUR,
    SUF_EARLY,
    SUF_LATE,
    SUF_WARP,
    TIME_WEIGHT,
)
from polyroute.heuristics.kernels.cost.arcs import cost_by
from polyroute.heuristics.kernels.cost.labels import AT, RANK, RELOAD_ROW, WARPED, rest_row
from polyroute.heuristics.kernels.cost.paths import write_end, write_middle, write_route
from polyroute.heuristics.kernels.cost.split import split
from polyroute.heuristics.kernels.cost.split_bounds import (
    PLACE_COST,
    PLACE_FROM_DEPOT,
    PLACE_GOODS,
    PLACE_HIGH,
    PLACE_NET,
    PLACE_ONWARD,
    PLACE_TO_DEPOT,
    cost_from_depot,
    kept_arc,
    note_place,
    note_rests_before,
    note_route,
    note_sums,
    place_at,
    rest_at,
)
from polyroute.heuristics.kernels.cost.split_extension import drive_trip
from polyroute.heuristics.kernels.cost.split_labels import (
    KEPT,
    LEAST,
    PRICED_LOAD,
    PRICED_TIME,
    cut_behind,
    cut_of_node,
    time_of_label,
)
from polyroute.heuristics.kernels.cost.split_trip import (
    TRIP_CHANGE,
    TRIP_GOODS,
    TRIP_HIGHEST,
    TRIP_LEAST,
    TRIP_WARP,
    arc_of,
    gate_of,
    join_trips,
    least_of,
    overload_of,
    read_trip,
    then,
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
    first, noted, least = _first_trip(p, s, k, n, a, known, tail, limit)
    if limit == -np.inf:
        return least
    if least < limit and known > 0:
        first, least = _late_trip(p, s, k, n, b, first, known, tail, limit)
    if least >= limit:
        return np.inf
    price = split(p, s, k, n, first, known, noted, tail, False, limit)
    return price if price < limit else np.inf


@inner
def _first_trip(p, s, k, n, a, known, tail, limit):
    """Behind how many visits a trip beyond the known ones could first begin below `limit`.

    And the last place that is noted, and what the route costs at least. Writes the visits and the
    trips from there on up to `a`.
    """
    w, vehicle = s.labels, p.vehicle[k]
    if known == 0:
        v = place_at(p, s, k, n, 0)
        leave = min(cost_by(p, k, np.int64(vehicle[START]), v), cost_from_depot(p, k, v))
        return 0, 0, vehicle[FIXED] + leave + rest_at(p, s, n, tail, 0)
    s.ints[PATH, known - 1] = a
    note_place(p, s, k, n, tail, known)
    row = rest_row(p, w, known)
    w[row, PLACE_COST] = w[row, PLACE_GOODS] = w[row, PLACE_NET] = w[row, PLACE_HIGH] = 0.0
    most = limit if limit > -np.inf else np.inf
    noted, first, best, cut = known, known, np.inf, cut_of_node(p, w, a)
    for x in range(cut + 1, cut + 1 + int(w[cut, KEPT])):
        best = min(best, w[x, RANK])
    best += w[row, PLACE_FROM_DEPOT]
    u, i = np.int64(a), known - 1
    trip = visit_alone(p, u)
    while True:
        s.ints[PATH, i] = u
        over = overload_of(vehicle, trip)
        least = w[cut_of_node(p, w, u), LEAST] + least_of(s, vehicle, trip, 0.0)
        least, noted = _least_trip(p, s, k, n, known, tail, trip, least, most, noted)
        write_trip(w, rest_row(p, w, i), trip)
        w[rest_row(p, w, i), TRIP_LEAST] = least
        best = min(best, least)
        if least < limit:
            first = i
        if i == 0:
            break
        v = np.int64(s.link[u, PREV])
        if over > SPILL * vehicle[FIRST_ROOM] and vehicle[MOST_RELOADS] >= UNLIMITED:
            s.ints[PATH, i - 1] = v
            break
        trip = join_trips(visit_alone(p, v), kept_arc(p, s, v), trip)
        u, i = v, i - 1
    return first, noted, best


@inner
def _late_trip(p, s, k, n, b, first, known, tail, limit):
    """As `_first_trip`, of trips that begin behind `first` visits at least, with their lateness.

    It is as if nobody reloaded behind the known visits; then each is reached the earliest.
    """
    w, vehicle, price = s.labels, p.vehicle[k], s.total[TIME_WEIGHT]
    late, v = (vehicle[BACK_EARLY], vehicle[BACK_LATE], 0.0, 0.0), np.int64(vehicle[END])
    if tail < n:
        late, v = _after(s, b), np.int64(b)
    for i in range(tail - 1, known - 1, -1):
        u = np.int64(s.ints[PATH, i])
        _, _, takes = arc_of(p, k, u, v)
        late = then((p.node[u, EARLY], p.node[u, LATE], p.node[u, SERVICE], 0.0), takes, late)
        v = u
    # What a depot on the way saves of an arc may save as much lateness.
    saved = vehicle[SHORTCUT] * (n - known + 1)
    found, best = known, np.inf
    for i in range(first, known):
        row, u, t = rest_row(p, w, i), np.int64(s.ints[PATH, i]), np.int64(s.ints[PATH, known - 1])
        least = w[row, TRIP_LEAST]
        if i > 0 and least < limit:
            trip = read_trip(w, row)
            _, _, takes = arc_of(p, k, t, v)
            told, least = least - w[cut_of_node(p, w, u), LEAST] - trip[TRIP_WARP] * price, np.inf
            cut = cut_behind(p, s, i, known)
            for x in range(cut + 1, cut + 1 + int(w[cut, KEPT])):
                _, _, time = drive_trip(p, s, k, x, trip, u)
                warp = _least_warp(time, takes, late, saved)
                leaving = w[x, RANK] + cost_by(p, k, np.int64(w[x, AT]), u)
                least = min(least, told + leaving + (warp - w[x, WARPED]) * price)
            w[row, TRIP_LEAST] = least
        best = min(best, least)
        if least < limit:
            found = min(found, i)
    cut = cut_behind(p, s, known, known)
    rest = rest_at(p, s, n, tail, known)
    for x in range(cut + 1, cut + 1 + int(w[cut, KEPT])):
        released = p.node[v, RELEASE] if n > known else 0.0
        gate = gate_of(p, vehicle, w[x, RELOAD_ROW], released)
        time = then(time_of_label(w, x), 0.0, gate)
        _, _, takes = arc_of(p, k, np.int64(w[x, AT]), v)
        warp = _least_warp(time, takes, late, saved)
        leaving = w[x, RANK] + cost_by(p, k, np.int64(w[x, AT]), v)
        best = min(best, leaving + rest + (warp - w[x, WARPED]) * price)
    return found, best


@inline
def _least_warp(time, takes, late, saved):
    """How late a stretch of time is, and one `takes` behind it, less what may be `saved`."""
    _, _, _, so_far = time
    _, _, _, warp = then(time, takes, late)
    return max(warp - saved, so_far)


@inline
def _after(s, b):
    """The stretch of time (see `split_trip.then`) of a route from `b` on, without reloads."""
    return s.cum[b, SUF_EARLY], s.cum[b, SUF_LATE], s.cum[b, SUF_DUR], s.cum[b, SUF_WARP]


@inline
def _least_trip(p, s, k, n, known, tail, trip, spent, limit, noted):
    """The least that the route costs if a trip over the last known visits goes on, by its load.

    Or `limit`, if that is less; `spent` is what is paid up to the last of the known visits. Returns
    also the last place that is noted.
    """
    w, vehicle, weight = s.labels, p.vehicle[k], s.total[LOAD_WEIGHT]
    least, j = limit, known
    while True:
        row = rest_row(p, w, j)
        goods = trip[TRIP_GOODS] + w[row, PLACE_GOODS]
        high = max(trip[TRIP_HIGHEST], trip[TRIP_CHANGE] + w[row, PLACE_HIGH])
        over = max(goods + high - vehicle[FIRST_ROOM], 0.0) * vehicle[FIRST_ROOM + 2]
        price = spent + w[row, PLACE_COST] + over * weight
        if price + w[row, PLACE_ONWARD] >= least:
            return least, noted
        if j == n:
            return min(least, price + w[row, PLACE_ONWARD]), noted
        least = min(least, price + w[row, PLACE_TO_DEPOT] + w[row, PLACE_FROM_DEPOT])
        j += 1
        if j > noted:
            note_place(p, s, k, n, tail, j)
            note_sums(p, s, k, j)
            noted = j


@inner
def _keep_up(p, s, r, now):
    """Split route `r` again if prices have changed since: other labels may be worth keeping."""
    if s.ints[PRICED_AT, r] != now:
        n = write_route(s, r)
        k = s.shape[r, KIND]
        note_route(p, s, k, n)
        split(p, s, k, n, 0, n, n, 0, True, np.inf)
        s.ints[PRICED_AT, r] = now


@inline
def pricing(s):
    """A number for the present prices of what labels on their way exceed."""
    load, time = s.total[LOAD_WEIGHT], s.total[TIME_WEIGHT]
    if s.labels[0, PRICED_LOAD] != load or s.labels[0, PRICED_TIME] != time:
        s.labels[0, PRICED_LOAD], s.labels[0, PRICED_TIME] = load, time
        s.tally[PRICING] += 1
    return s.tally[PRICING]
