"""How the labels of a route that is split go on: with a trip to a depot, or to the end."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    BACK_EARLY,
    BACK_LATE,
    DISTANCE_WEIGHT,
    END,
    FIRST_DEPOT,
    LAST_DEPOT,
    LASTING,
    LOAD_WEIGHT,
    LONGEST,
    MOST_RELOADS,
    MOST_STOPS,
    OVERTIME,
    PER_TIME,
    REGULAR,
    RELOAD_NODE,
    TIME_WEIGHT,
    WEIGH_STOPS,
)
from polyroute.heuristics.kernels.cost.departures import HARD
from polyroute.heuristics.kernels.cost.labels import (
    AT,
    CLOCK,
    DRIVEN,
    FLEX,
    OVER,
    PAID,
    PARENT,
    RANK,
    RELOAD_ROW,
    RELOADED,
    SINCE,
    WARPED,
    end_label,
)
from polyroute.heuristics.kernels.cost.split_labels import (
    EARLIEST,
    LASTS,
    LATEST,
    LEAVING,
    offer_place,
    time_of_label,
)
from polyroute.heuristics.kernels.cost.split_trip import (
    TRIP_LENGTH,
    TRIP_PAID,
    TRIP_RELEASE,
    arc_of,
    gate_of,
    then,
    time_of_trip,
)


@inline
def drive_trip(p, s, k, x, trip, start):
    """Label `x` with a trip: what it pays, its length, and its stretch of time."""
    w = s.labels
    gate = gate_of(p, p.vehicle[k], w[x, RELOAD_ROW], trip[TRIP_RELEASE])
    time = then(time_of_label(w, x), 0.0, gate)
    paid, length, takes = arc_of(p, k, np.int64(w[x, AT]), start)
    time = then(time, takes, time_of_trip(trip))
    return w[x, PAID] + paid + trip[TRIP_PAID], w[x, DRIVEN] + length + trip[TRIP_LENGTH], time


@inline
def reload_after(p, s, k, x, trip, over, start, u, cut, j, back, bar):
    """Offer label `x` with a trip that ends with `u` at each depot where it may end.

    Unless with `back`, which must still be paid, it cannot come below `bar`.
    """
    w, vehicle = s.labels, p.vehicle[k]
    paid, length, time = drive_trip(p, s, k, x, trip, start)
    for row in range(int(vehicle[FIRST_DEPOT]), int(vehicle[LAST_DEPOT])):
        rank, clock, flex = _rate(p, s, k, x, paid, time, over, u, row)
        if rank + back < bar:
            # To come later costs a delay's lateness at most, where duration is neither paid for
            # nor limited.
            later = np.inf if _is_timed(vehicle) else s.total[TIME_WEIGHT]
            depot, reloaded = p.stopover[row, RELOAD_NODE], w[x, RELOADED] + _counts(vehicle)
            y = offer_place(w, cut, depot, reloaded, rank, clock, flex, later)
            if y >= 0:
                write_label(p, s, k, x, paid, length, time, over, u, row, j, y)


@inline
def _rate(p, s, k, x, paid, time, over, u, row):
    """What label `x`, driven so far and then from `u` to a depot, is compared by there."""
    vehicle = p.vehicle[k]
    more, _, takes = arc_of(p, k, u, np.int64(p.stopover[row, RELOAD_NODE]))
    early, late, lasts, warp = time
    rank = paid + more + (s.labels[x, OVER] + over) * s.total[LOAD_WEIGHT]
    rank += warp * s.total[TIME_WEIGHT]
    flex = 0.0
    if _is_timed(vehicle):
        rank += (lasts + takes) * vehicle[PER_TIME]
        flex = late - early
    return rank, early + lasts + takes - warp, flex


@inline
def _is_timed(vehicle):
    """Whether it matters how long a route lasts."""
    return vehicle[PER_TIME] + vehicle[OVERTIME] > 0.0 or vehicle[LASTING] < HARD


@inline
def _counts(vehicle):
    """What a reload adds to their number: nothing where it is not limited."""
    return 1.0 if vehicle[MOST_RELOADS] < HARD else 0.0


@inner
def write_label(p, s, k, x, paid, length, time, over, u, row, j, y):
    """Write label `x`, driven so far and then from `u` to a depot, to `y`, behind `j` visits."""
    w, vehicle = s.labels, p.vehicle[k]
    depot = np.int64(p.stopover[row, RELOAD_NODE])
    rank, clock, flex = _rate(p, s, k, x, paid, time, over, u, row)
    more, far, takes = arc_of(p, k, u, depot)
    early, late, lasts, warp = time
    w[y, PAID], w[y, DRIVEN], w[y, OVER] = paid + more, length + far, w[x, OVER] + over
    w[y, WARPED], w[y, LASTS], w[y, EARLIEST], w[y, LATEST] = warp, lasts + takes, early, late
    w[y, RANK], w[y, CLOCK], w[y, FLEX] = rank, clock, flex
    w[y, RELOADED], w[y, LEAVING] = w[x, RELOADED] + _counts(vehicle), 0.0
    w[y, AT], w[y, RELOAD_ROW], w[y, PARENT], w[y, SINCE] = depot, row, x, j


@inline
def end_after(p, s, k, n, x, trip, over, start, u, best):
    """End the route with label `x` and a trip that ends with `u`."""
    paid, length, time = drive_trip(p, s, k, x, trip, start)
    return arrive_home(p, s, k, n, x, paid, length, time, over, u, best)


@inner
def arrive_home(p, s, k, n, x, paid, length, time, over, u, best):
    """End the route of label `x`, driven so far and then from `u`, if that is below `best`.

    Returns the least price known.
    """
    w, vehicle = s.labels, p.vehicle[k]
    more, far, takes = arc_of(p, k, u, np.int64(vehicle[END]))
    home = vehicle[BACK_EARLY], vehicle[BACK_LATE], 0.0, 0.0
    _, _, lasts, warp = then(time, takes, home)
    cost = paid + more + lasts * vehicle[PER_TIME]
    cost += max(lasts - vehicle[REGULAR], 0.0) * vehicle[OVERTIME]
    over += w[x, OVER] + max(n - vehicle[MOST_STOPS], 0.0) * p.fleet[WEIGH_STOPS]
    warp += max(lasts - vehicle[LASTING], 0.0)
    far = max(length + far - vehicle[LONGEST], 0.0)
    price = cost + over * s.total[LOAD_WEIGHT]
    price += warp * s.total[TIME_WEIGHT] + far * s.total[DISTANCE_WEIGHT]
    if price >= best:
        return best
    y = end_label(p)
    w[y, PAID], w[y, OVER], w[y, WARPED], w[y, DRIVEN] = cost, over, warp, far
    w[y, AT], w[y, PARENT], w[y, SINCE] = vehicle[END], x, n
    return price
