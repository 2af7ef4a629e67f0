"""Trips of a route that is split, as pieces: what a vehicle does between two depots.

A trip joins from its visits in constant time each, as other pieces do (`cost.segment_rich`), and so
does a label with a trip: whichever label a trip goes on from, and whatever release it waits for,
its visits are driven once.
"""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline
from polyroute.heuristics.kernels.arrays import (
    CLOSED_ARC,
    EARLY,
    FIRST_ROOM,
    FIRST_WINDOW,
    FORBIDDEN,
    LATE,
    LEAVE_EARLY,
    LEAVE_LATE,
    LOAD_WEIGHT,
    PER_LENGTH,
    PER_TIME,
    RELEASE,
    RELOAD_EARLY,
    RELOAD_LATE,
    SERVICE,
    TIME_WEIGHT,
)
from polyroute.heuristics.kernels.cost.arcs import length_by, time_by

# Entries of a trip: what its arcs cost by their length, and that; how long it lasts, the lateness
# on it, its earliest and latest beginning (see Vidal et al. 2013, A hybrid genetic algorithm with
# adaptive diversity management for … time-windows, §4.2); what it takes along, by how much the load
# changes and the highest that it gets over what it was before; and the latest release.
TRIP_PAID, TRIP_LENGTH, TRIP_LASTS, TRIP_WARP, TRIP_EARLY, TRIP_LATE = range(6)
TRIP_GOODS, TRIP_CHANGE, TRIP_HIGHEST, TRIP_RELEASE = range(6, 10)
TRIP_LEAST = 10
"""The column behind a trip that is kept: what the route costs at least if the trip goes on."""


@inline
def arc_of(p, k, u, v):
    """What the arc u → v costs by its length, that, and its time; a forbidden one has neither."""
    length = length_by(p, k, u, v)
    time = time_by(p, k, u, v, length)
    if length >= p.fleet[CLOSED_ARC]:
        return p.fleet[FORBIDDEN], 0.0, time
    return length * p.vehicle[k, PER_LENGTH], length, time


@inline
def then(first, time, second):
    """Two stretches of time (early, late, lasts, warp), the second one `time` after the first."""
    early, late, lasts, warp = first
    next_early, next_late, next_lasts, next_warp = second
    start = lasts - warp + time
    more = max(early + start - next_late, 0.0)
    wait = max(next_early - start - late, 0.0)
    return (
        max(early, next_early - start) - wait,
        min(late, next_late - start) + more,
        lasts + next_lasts + time + wait,
        warp + next_warp + more,
    )


@inline
def time_of_trip(trip):
    """The stretch of time of a trip."""
    return trip[TRIP_EARLY], trip[TRIP_LATE], trip[TRIP_LASTS], trip[TRIP_WARP]


@inline
def visit_alone(p, u):
    """The trip with the visit `u` alone, without its way to and from the depot."""
    row = p.node[u]
    goods, net = row[FIRST_WINDOW + 2], row[FIRST_WINDOW + 3]
    return (
        0.0,
        0.0,
        row[SERVICE],
        0.0,
        row[EARLY],
        row[LATE],
        goods,
        net,
        max(net, 0.0),
        row[RELEASE],
    )


@inline
def join_trips(a, arc, b):
    """The trip `a`, then over the arc (see `arc_of`) the trip `b`."""
    paid, length, time = arc
    early, late, lasts, warp = then(time_of_trip(a), time, time_of_trip(b))
    return (
        a[TRIP_PAID] + b[TRIP_PAID] + paid,
        a[TRIP_LENGTH] + b[TRIP_LENGTH] + length,
        lasts,
        warp,
        early,
        late,
        a[TRIP_GOODS] + b[TRIP_GOODS],
        a[TRIP_CHANGE] + b[TRIP_CHANGE],
        max(a[TRIP_HIGHEST], a[TRIP_CHANGE] + b[TRIP_HIGHEST]),
        max(a[TRIP_RELEASE], b[TRIP_RELEASE]),
    )


@inline
def write_trip(w, row, trip):
    """Keep a trip in a row of the labels."""
    w[row, TRIP_PAID], w[row, TRIP_LENGTH] = trip[TRIP_PAID], trip[TRIP_LENGTH]
    w[row, TRIP_LASTS], w[row, TRIP_WARP] = trip[TRIP_LASTS], trip[TRIP_WARP]
    w[row, TRIP_EARLY], w[row, TRIP_LATE] = trip[TRIP_EARLY], trip[TRIP_LATE]
    w[row, TRIP_GOODS], w[row, TRIP_CHANGE] = trip[TRIP_GOODS], trip[TRIP_CHANGE]
    w[row, TRIP_HIGHEST], w[row, TRIP_RELEASE] = trip[TRIP_HIGHEST], trip[TRIP_RELEASE]


@inline
def read_trip(w, row):
    """The trip that `write_trip` kept."""
    return (
        w[row, TRIP_PAID],
        w[row, TRIP_LENGTH],
        w[row, TRIP_LASTS],
        w[row, TRIP_WARP],
        w[row, TRIP_EARLY],
        w[row, TRIP_LATE],
        w[row, TRIP_GOODS],
        w[row, TRIP_CHANGE],
        w[row, TRIP_HIGHEST],
        w[row, TRIP_RELEASE],
    )


@inline
def overload_of(vehicle, trip):
    """What is too much on board, in what a unit weighs."""
    over = max(trip[TRIP_GOODS] + trip[TRIP_HIGHEST] - vehicle[FIRST_ROOM], 0.0)
    return over * vehicle[FIRST_ROOM + 2]


@inline
def least_of(s, vehicle, trip, over):
    """What a trip costs at least without its way to and from the depot, excess priced."""
    cost = trip[TRIP_PAID] + trip[TRIP_LASTS] * vehicle[PER_TIME]
    return cost + over * s.total[LOAD_WEIGHT] + trip[TRIP_WARP] * s.total[TIME_WEIGHT]


@inline
def gate_of(p, vehicle, row, released):
    """When a vehicle may leave a depot, its own (-1) or that in a row of `stopover`.

    Returns a stretch of time as `then` does. Where it closes before what is to be taken along is
    released, leaving is late by as much.
    """
    if row < 0.0:
        early, late = max(vehicle[LEAVE_EARLY], released), vehicle[LEAVE_LATE]
    else:
        depot = p.stopover[int(row)]
        early, late = max(depot[RELOAD_EARLY], released), depot[RELOAD_LATE]
    return early, max(early, late), 0.0, max(early - late, 0.0)
