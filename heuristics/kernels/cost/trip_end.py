"""Where a trip ends: at each depot where the vehicle may reload, or where its route does."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline
from polyroute.heuristics.kernels.arrays import (
    BACK_EARLY,
    BACK_LATE,
    DISTANCE_WEIGHT,
    END,
    FIRST_BREAK,
    FIRST_DEPOT,
    FIRST_ROOM,
    FORBIDDEN,
    LAST_BREAK,
    LAST_DEPOT,
    LASTING,
    LATER,
    LOAD_WEIGHT,
    LOADS,
    LONGEST,
    MOST_DRIVING,
    MOST_STOPS,
    NUM_LABELS,
    OVERTIME,
    PER_LENGTH,
    PER_TIME,
    REGULAR,
    RELOAD_NODE,
    TIME_WEIGHT,
    WEIGH_STOPS,
)
from polyroute.heuristics.kernels.cost.departures import (
    HARD,
    best_departure,
    follow_later,
    least_waiting,
)
from polyroute.heuristics.kernels.cost.extension import drive, rate, stop
from polyroute.heuristics.kernels.cost.labels import (
    AT_WHEEL,
    BUSY,
    CLOCK,
    CROWD,
    DRIVEN,
    MILES,
    OVER,
    PAID,
    RANK,
    RELOAD_ROW,
    RELOADED,
    SINCE,
    SLACK,
    TRIP_HIGH,
    TRIP_LOAD,
    TRIP_LOW,
    WAITED,
    WARPED,
    bounds_of,
    copy_label,
    end_label,
    first_behind,
    groups,
    offer,
    rest,
)


@inline
def end_at_depots(p, s, k, n, i, over, amiss, draft, best):
    """Offer labels of the trip at each depot where it may end, behind `i` visits."""
    w, vehicle = s.labels, p.vehicle[k]
    sizes, front = groups(p, w)
    there = first_behind(p, w, i)
    for group in range(num_breaks(p, k) + 1):
        first, behind = bounds_of(w, sizes, front, group)
        for x in range(first, behind):
            for row in range(int(vehicle[FIRST_DEPOT]), int(vehicle[LAST_DEPOT])):
                copy_label(w, x, draft)
                drive(p, k, w, draft, np.int64(p.stopover[row, RELOAD_NODE]))
                w[draft, OVER] += over
                w[draft, PAID] += amiss * p.fleet[FORBIDDEN]
                w[draft, RELOADED] += 1.0
                w[draft, RELOAD_ROW], w[draft, SINCE] = row, i
                rate(p, s, k, draft)
                if w[draft, RANK] + rest(p, w, n, i) < best:
                    number = s.ints[NUM_LABELS, i]
                    s.ints[NUM_LABELS, i] = offer(w, draft, there, number, CROWD)


@inline
def end_route(p, s, k, n, amiss, draft, best):
    """End the route with this trip, all breaks taken, if that is cheaper than `best`.

    Returns the least price of such an end.
    """
    w, vehicle = s.labels, p.vehicle[k]
    sizes, front = groups(p, w)
    over = overload(p, s, k) + max(n - vehicle[MOST_STOPS], 0.0) * p.fleet[WEIGH_STOPS]
    first, behind = bounds_of(w, sizes, front, num_breaks(p, k))
    for x in range(first, behind):
        copy_label(w, x, draft)
        end = int(vehicle[END])
        if end >= 0:
            drive(p, k, w, draft, end)
        follow_later(p, w, draft, p.vehicle, k, BACK_EARLY, 1, 0.0, -1.0, HARD)
        if end >= 0:
            stop(w, draft, vehicle[BACK_EARLY], vehicle[BACK_LATE], 0.0, HARD)
        else:
            slack = vehicle[BACK_LATE] - w[draft, CLOCK]
            w[draft, WARPED] += max(-slack, 0.0)
            w[draft, SLACK] = min(w[draft, SLACK], w[draft, WAITED] + max(slack, 0.0))
        if p.fleet[LATER] != 0.0:
            lasts, more = best_departure(p, w, draft, k)
        else:
            lasts, more = w[draft, BUSY] + least_waiting(p, w, draft, 1.0), 0.0
        length = w[draft, DRIVEN]
        cost = w[draft, PAID] + more + amiss * p.fleet[FORBIDDEN]
        cost += length * vehicle[PER_LENGTH] + lasts * vehicle[PER_TIME]
        cost += max(lasts - vehicle[REGULAR], 0.0) * vehicle[OVERTIME]
        w[draft, PAID] = cost
        w[draft, OVER] += over
        w[draft, WARPED] += max(lasts - vehicle[LASTING], 0.0)
        far = w[draft, MILES] if p.mileage.shape[0] > 0 else length
        over_wheel = max(w[draft, AT_WHEEL] - vehicle[MOST_DRIVING], 0.0)
        w[draft, DRIVEN] = max(far - vehicle[LONGEST], 0.0) + over_wheel
        price = (
            cost
            + w[draft, OVER] * s.total[LOAD_WEIGHT]
            + w[draft, WARPED] * s.total[TIME_WEIGHT]
            + w[draft, DRIVEN] * s.total[DISTANCE_WEIGHT]
        )
        if price < best:
            best = price
            copy_label(w, draft, end_label(p))
    return best


@inline
def overload(p, s, k):
    """What is too much on board of a trip, or lacks."""
    w, vehicle = s.labels, p.vehicle[k]
    over = 0.0
    for dim in range(int(p.fleet[LOADS])):
        column = FIRST_ROOM + 3 * dim
        excess = max(w[dim, TRIP_LOAD] + w[dim, TRIP_HIGH] - vehicle[column], 0.0)
        excess += max(-w[dim, TRIP_LOAD] - w[dim, TRIP_LOW], 0.0)
        over += excess * vehicle[column + 2]
    return over


@inline
def lacking(p, s, k):
    """What lacks on board of a trip: a part of `overload`."""
    w = s.labels
    lack = 0.0
    for dim in range(int(p.fleet[LOADS])):
        short = max(-w[dim, TRIP_LOAD] - w[dim, TRIP_LOW], 0.0)
        lack += short * p.vehicle[k, FIRST_ROOM + 3 * dim + 2]
    return lack


@inline
def num_breaks(p, k):
    """How many breaks a vehicle of kind `k` takes."""
    return int(p.vehicle[k, LAST_BREAK] - p.vehicle[k, FIRST_BREAK])
