"""The trip that goes on from a label: from a depot over the next visits to another, or to the end.

On the way, labels of as many breaks taken form a group. How long the trip is, is open: it offers
labels at each depot behind each visit that could be its last.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    BREAK_BOUND,
    BREAK_LASTS,
    BREAK_ON_ROAD,
    BREAK_WINDOWS,
    DELIVERS,
    DEPOT,
    END,
    FIRST_BREAK,
    FIRST_BREAK_WINDOW,
    FIRST_ROOM,
    FIRST_WINDOW,
    FORBIDDEN,
    IS_PICKUP,
    LAST_BREAK,
    LINEHAUL_DUE,
    LINEHAULS_FIRST,
    LOAD_WEIGHT,
    LOADS,
    MOST_RELOADS,
    PAIRED,
    PARTNER,
    PATH,
    PICKS,
    PRICE,
    PROFILE,
    RELEASE,
    SERVICE,
    SHORTCUT,
    UNDER_WAY,
    WINDOWS,
)
from polyroute.heuristics.kernels.cost.arcs import length_by, time_by
from polyroute.heuristics.kernels.cost.departures import HARD, follow_later
from polyroute.heuristics.kernels.cost.extension import drive, leave_depot, pause, rate, stop
from polyroute.heuristics.kernels.cost.labels import (
    AT,
    CLOCK,
    GROUP,
    GROUP_SIZE,
    OVER,
    PARENT,
    RANK,
    RELOADED,
    REST,
    TAKEN,
    TAKEN_AT,
    TRIP_HIGH,
    TRIP_LOAD,
    TRIP_LOW,
    TRIP_NET,
    bounds_of,
    copy_label,
    groups,
    num_groups,
    offer,
    rest_row,
)
from polyroute.heuristics.kernels.cost.trip_end import (
    end_at_depots,
    end_route,
    lacking,
    num_breaks,
    overload,
)

SPILL = 0.25
"""A trip that another could follow goes on until it exceeds this share of its room."""


@inner
def extend_trip(p, s, k, n, i, label, draft, best):
    """Go on from a label behind `i` visits with a trip of any length.

    Offers labels behind it, and a result where it reaches the end. Returns the least price known.
    """
    w, path, vehicle = s.labels, s.ints[PATH], p.vehicle[k]
    dims = int(p.fleet[LOADS])
    left = w[label, PARENT] < 0.0 and vehicle[UNDER_WAY] != 0.0
    last = w[label, RELOADED] >= vehicle[MOST_RELOADS]
    bounded = _is_bounded(p, vehicle)
    released = 0.0
    for dim in range(dims):
        w[dim, TRIP_LOAD] = vehicle[FIRST_ROOM + 3 * dim + 1] if left else 0.0
    if last and not left:
        for j in range(i, n):
            released = max(released, p.node[path[j], RELEASE])
            for dim in range(dims):
                w[dim, TRIP_LOAD] += _goods(p, path[j], dim)
    pending, wrong = 0, 0
    picked = delivered = closed = False
    for j in range(i, max(n, i + 1)):
        anew = j == i
        if j < n:
            u = path[j]
            if not last and not left:
                anew = anew or bounded or p.node[u, RELEASE] > released
                released = max(released, p.node[u, RELEASE])
                for dim in range(dims):
                    w[dim, TRIP_LOAD] += _goods(p, u, dim)
            if p.tie[u, PARTNER] != DEPOT:
                pending += 1 if p.tie[u, IS_PICKUP] != 0 else -1
            if p.node[u, DELIVERS] != 0.0:
                delivered = True
                wrong += 1 if picked and p.fleet[LINEHAULS_FIRST] != 0.0 else 0
            picked = picked or p.node[u, PICKS] != 0.0
        amiss = wrong
        if p.fleet[LINEHAUL_DUE] != 0.0 and not delivered and j < n:
            amiss += 1
        at = j
        if anew:
            at = i
            _begin(p, s, k, label, released)
        over = 0.0
        while at <= j or (j >= n - 1 and at == n):
            _take_breaks(p, s, k, n, at, draft)
            if at == n:
                return min(best, end_route(p, s, k, n, amiss, draft, best))
            least = _visit(p, s, k, path[at]) + w[rest_row(p, w, at), REST]
            at += 1
            if at <= j:
                continue
            over = overload(p, s, k)
            # Who gets nothing but pickups so far may still deliver, and what lacks on board may
            # still be loaded (it is pairs that lack it): what is wrong or too much stays so.
            sure = over - lacking(p, s, k) if p.fleet[PAIRED] != 0.0 else over
            if least + sure * s.total[LOAD_WEIGHT] + wrong * p.fleet[FORBIDDEN] >= best:
                return best
            if not last and pending == 0 and (at < n or vehicle[SHORTCUT] > 0.0):
                end_at_depots(p, s, k, n, at, over, amiss, draft, best)
                closed = True
        if closed and over > SPILL * vehicle[FIRST_ROOM]:
            return best
    return best


@inline
def _is_bounded(p, vehicle):
    """Whether one of the vehicle's breaks bounds the load."""
    for row in range(int(vehicle[FIRST_BREAK]), int(vehicle[LAST_BREAK])):
        if p.stopover[row, BREAK_BOUND] != 0.0:
            return True
    return False


@inline
def _goods(p, u, dim):
    """What a trip with `u` takes along for him."""
    return p.node[u, FIRST_WINDOW + 2 * (int(p.fleet[WINDOWS]) + dim)]


@inline
def _begin(p, s, k, label, released):
    """Make the trip from `label` on the only one, at the depot, ready to leave."""
    w = s.labels
    sizes, front = groups(p, w)
    taken = int(w[label, TAKEN])
    for group in range(num_groups(p, w)):
        w[sizes + group, GROUP_SIZE] = 1.0 if group == taken else 0.0
    for dim in range(int(p.fleet[LOADS])):
        w[dim, TRIP_NET] = w[dim, TRIP_HIGH] = w[dim, TRIP_LOW] = 0.0
    x = front + taken * GROUP
    copy_label(w, label, x)
    w[x, PARENT] = label
    leave_depot(p, s, k, x, w[label, PARENT] < 0.0, released)


@inline
def _visit(p, s, k, u):
    """Let every label of the trip visit `u`; returns the least rank of any."""
    w, row = s.labels, p.node[u]
    sizes, front = groups(p, w)
    windows = int(p.fleet[WINDOWS])
    least = np.inf
    for group in range(num_breaks(p, k) + 1):
        first, behind = bounds_of(w, sizes, front, group)
        for x in range(first, behind):
            stay = row[SERVICE] + _setup(p, k, int(w[x, AT]), u)
            drive(p, k, w, x, u)
            follow_later(p, w, x, p.node, u, FIRST_WINDOW, windows, 0.0, -1.0, row[PRICE])
            at = FIRST_WINDOW
            while at < FIRST_WINDOW + 2 * windows - 2 and w[x, CLOCK] > row[at + 1]:
                at += 2
            stop(w, x, row[at], row[at + 1], stay, row[PRICE])
            rate(p, s, k, x)
            least = min(least, w[x, RANK])
    for dim in range(int(p.fleet[LOADS])):
        net = w[dim, TRIP_NET] + row[FIRST_WINDOW + 2 * (windows + dim) + 1]
        w[dim, TRIP_NET] = net
        w[dim, TRIP_HIGH] = max(w[dim, TRIP_HIGH], net)
        w[dim, TRIP_LOW] = min(w[dim, TRIP_LOW], net)
    return least


@inline
def _setup(p, k, u, v):
    """What vehicle kind `k` needs before the service of `v` for having come from `u`."""
    return p.setup[int(p.vehicle[k, PROFILE]), u, v] if p.setup.shape[0] > 0 else 0.0


@inline
def _take_breaks(p, s, k, n, at, draft):
    """Let every label of the trip take its next breaks behind `at` of `n` visits, or not."""
    w = s.labels
    sizes, front = groups(p, w)
    for group in range(num_breaks(p, k)):
        number = int(p.vehicle[k, FIRST_BREAK]) + group
        row = p.stopover[number]
        first, behind = bounds_of(w, sizes, front, group)
        for x in range(first, behind):
            copy_label(w, x, draft)
            leg = _way_on(p, s, k, int(w[x, AT]), n, at) if row[BREAK_ON_ROAD] != 0.0 else 0.0
            windows = int(row[BREAK_WINDOWS])
            follow_later(
                p, w, draft, p.stopover, number, FIRST_BREAK_WINDOW, windows, 0.0, leg, HARD
            )
            window = FIRST_BREAK_WINDOW
            loads = window + 2 * windows
            while window < loads - 2 and w[draft, CLOCK] > row[window + 1]:
                window += 2
            pause(w, draft, row[window], row[window + 1], row[BREAK_LASTS], leg)
            if row[BREAK_BOUND] != 0.0:
                for dim in range(int(p.fleet[LOADS])):
                    load = w[dim, TRIP_LOAD] + w[dim, TRIP_NET]
                    weight = p.vehicle[k, FIRST_ROOM + 3 * dim + 2]
                    w[draft, OVER] += max(load - row[loads + dim], 0.0) * weight
            w[draft, TAKEN] = group + 1.0
            w[draft, TAKEN_AT + group] = at
            rate(p, s, k, draft)
            size = sizes + group + 1
            others = front + (group + 1) * GROUP
            w[size, GROUP_SIZE] = offer(w, draft, others, int(w[size, GROUP_SIZE]), GROUP)


@inline
def _way_on(p, s, k, u, n, at):
    """How long a vehicle of kind `k` drives on from `u` behind `at` of `n` visits; it may end."""
    v = s.ints[PATH, at] if at < n else np.int64(p.vehicle[k, END])
    return time_by(p, k, u, v, length_by(p, k, u, v)) if v >= 0 else 0.0
