"""How a label goes on: it drives, waits, is late, stays, and leaves a depot.

A departure that is put off takes waiting away: by `min(WAITED, SLACK)`, as much as reaches no stop
too late (`vrp.timing`), and nothing else changes. So one label tells the duration, together with
what it knows of departures that miss a window (`cost.departures`).
"""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline
from polyroute.heuristics.kernels.arrays import (
    CLOSED_ARC,
    FORBIDDEN,
    LASTING,
    LEAVE_EARLY,
    LEAVE_LATE,
    LOAD_WEIGHT,
    OVERTIME,
    PER_LENGTH,
    PER_TIME,
    PROFILE,
    READY,
    RELOAD_EARLY,
    RELOAD_LATE,
    TIME_WEIGHT,
    UNDER_WAY,
)
from polyroute.heuristics.kernels.cost.arcs import length_by, time_by
from polyroute.heuristics.kernels.cost.departures import HARD, follow_later, least_waiting
from polyroute.heuristics.kernels.cost.labels import (
    AHEAD,
    AT,
    AT_WHEEL,
    BUSY,
    CLOCK,
    DRIVEN,
    FLEX,
    MILES,
    OVER,
    PAID,
    RANK,
    RELOAD_ROW,
    SLACK,
    WAITED,
    WARPED,
)


@inline
def drive(p, k, w, x, v):
    """Drive label `x` to node `v`."""
    u = int(w[x, AT])
    length = length_by(p, k, u, v)
    time = time_by(p, k, u, v, length)
    if length >= p.fleet[CLOSED_ARC]:
        w[x, PAID] += p.fleet[FORBIDDEN]
        length = 0.0
    elif p.mileage.shape[0] > 0:
        w[x, MILES] += p.mileage[int(p.vehicle[k, PROFILE]), u, v]
    w[x, DRIVEN] += length
    w[x, AT_WHEEL] += time
    w[x, CLOCK] += time - w[x, AHEAD]
    w[x, BUSY] += time
    w[x, AHEAD] = 0.0
    w[x, AT] = v


@inline
def stop(w, x, early, late, stay, price):
    """Let label `x` wait, be late and stay where it has arrived."""
    wait = max(early - w[x, CLOCK], 0.0)
    w[x, WAITED] += wait
    clock = w[x, CLOCK] + wait
    warp = max(clock - late, 0.0)
    if price >= HARD:
        w[x, WARPED] += warp
        clock -= warp
    else:
        w[x, PAID] += warp * price
    w[x, SLACK] = min(w[x, SLACK], w[x, WAITED] + w[x, AHEAD] + max(late - clock, 0.0))
    w[x, BUSY] += stay
    w[x, CLOCK] = clock + stay


@inline
def pause(w, x, early, late, lasts, leg):
    """Let label `x` take a break. Until it begins, the vehicle drives as much as is left of `leg`.

    With a `leg` of 0 it stands, and has done so since its last stop.
    """
    wait = max(early - w[x, CLOCK], 0.0)
    begun = w[x, WAITED] + w[x, AHEAD] + wait
    w[x, CLOCK] += wait
    w[x, WAITED] = max(w[x, WAITED], begun - leg)
    w[x, AHEAD] = begun - w[x, WAITED]
    stop(w, x, early, late, lasts, HARD)


@inline
def leave_depot(p, s, k, x, start, released):
    """Let label `x` leave the depot where it is; with `start`, as the route begins."""
    w, vehicle = s.labels, p.vehicle[k]
    if not start:
        row = p.stopover[int(w[x, RELOAD_ROW])]
        early, late = max(row[RELOAD_EARLY], released), row[RELOAD_LATE]
    elif vehicle[UNDER_WAY] != 0.0:
        early = late = vehicle[READY]
    else:
        early, late = max(vehicle[LEAVE_EARLY], released), vehicle[LEAVE_LATE]
    if start:
        w[x, CLOCK] = early
    else:
        at = int(w[x, RELOAD_ROW])
        follow_later(p, w, x, p.stopover, at, RELOAD_EARLY, 1, released, -1.0, HARD)
    stop(w, x, early, late, 0.0, HARD)


@inline
def rate(p, s, k, x):
    """Bring the rank of label `x` up to date."""
    w, vehicle = s.labels, p.vehicle[k]
    rank = w[x, PAID] + w[x, DRIVEN] * vehicle[PER_LENGTH]
    rank += w[x, OVER] * s.total[LOAD_WEIGHT] + w[x, WARPED] * s.total[TIME_WEIGHT]
    w[x, FLEX] = 0.0
    if vehicle[PER_TIME] + vehicle[OVERTIME] > 0.0 or vehicle[LASTING] < HARD:
        rank += w[x, BUSY] * vehicle[PER_TIME] + least_waiting(p, w, x, vehicle[PER_TIME])
        w[x, FLEX] = w[x, SLACK] - w[x, WAITED]
    w[x, RANK] = rank
