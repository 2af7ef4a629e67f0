"""Split a route into trips where vehicles reload: dynamic programming over cuts of its visits.

A label is a vehicle that has made the first visits and stands at a depot (`kernels.cost.labels`);
from each a trip of any length goes on (Prins, Lacomme & Prodhon 2014, Order-first split-second
methods for vehicle routing problems: a review). It is the choice that `kernels.cost.labelling`
makes, for problems whose routes are labelled for their reloads alone (`fleet[SPLIT]`): all that is
on the way of a trip joins in constant time.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner, kernel
from polyroute.heuristics.kernels.arrays import (
    FIRST_DEPOT,
    FIRST_ROOM,
    FIXED,
    LAST_DEPOT,
    MOST_RELOADS,
    PATH,
    RELOAD_NODE,
    SHORTCUT,
    START,
)
from polyroute.heuristics.kernels.cost.arcs import cost_by
from polyroute.heuristics.kernels.cost.departures import HARD
from polyroute.heuristics.kernels.cost.labels import (
    AT,
    CLOCK,
    CROWD,
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
    copy_label,
    draft_label,
    end_label,
    is_beaten,
    rest_row,
)
from polyroute.heuristics.kernels.cost.split_bounds import (
    PLACE_FROM_DEPOT,
    PLACE_LENGTH,
    PLACE_ONWARD,
    PLACE_PAID,
    PLACE_TIME,
    PLACE_TO_DEPOT,
    note_place,
    note_route,
)
from polyroute.heuristics.kernels.cost.split_extension import (
    arrive_home,
    end_after,
    reload_after,
    write_label,
)
from polyroute.heuristics.kernels.cost.split_labels import (
    EARLIEST,
    KEPT,
    LASTS,
    LATEST,
    LEAST,
    LEAVING,
    cut_behind,
    cut_of_node,
    time_of_label,
)
from polyroute.heuristics.kernels.cost.split_trip import (
    TRIP_LEAST,
    gate_of,
    join_trips,
    least_of,
    overload_of,
    read_trip,
    then,
    visit_alone,
)
from polyroute.heuristics.kernels.cost.trip import SPILL


@kernel
def split_route(p, s, k, n, limit):
    """Split the path of `n` visits for a vehicle of kind `k`, as `label_route` labels one.

    Keeps with the visits what proposals for the route need.
    """
    note_route(p, s, k, n)
    split(p, s, k, n, 0, n, n, 0, True, limit)
    end = end_label(p)
    w = s.labels
    return w[end, PAID], w[end, OVER], w[end, WARPED], w[end, DRIVEN]


@inner
def split(p, s, k, n, first, known, noted, tail, anew, limit):
    """Split a path of `n` visits: leaves the label of its end in row `end_label`.

    Trips begin behind `first` visits at least. The labels behind up to `known` visits are kept with
    these; with `anew` they are made, and otherwise a trip over the last of these visits is in the
    row of the place before its first one, and the places behind them up to `noted` are noted. From
    `tail` on the least is kept with the visits. Returns the price, or `limit` if it is not less.
    """
    w, vehicle, path = s.labels, p.vehicle[k], s.ints[PATH]
    best = limit
    w[end_label(p), PAID] = np.inf
    for i in range(1 if anew else known + 1, n + 1):
        w[cut_behind(p, s, i, known), KEPT] = 0.0
    for i in range(n if anew else 0):
        w[cut_of_node(p, w, path[i]), LEAST] = np.inf
    if first == 0:
        _begin(p, s, k)
    for i in range(first, n + 1):
        cut = cut_behind(p, s, i, known)
        if (i == 0 or anew or i > known) and (i == 0 or vehicle[SHORTCUT] > 0.0):
            _pass_by(p, s, k, cut, i)
        if w[cut, KEPT] == 0.0:
            continue
        if i < n:
            best, noted = _go_on(p, s, k, n, i, cut, known, tail, anew, best, noted)
        elif n == 0 or vehicle[SHORTCUT] > 0.0:
            best = _end_from_depot(p, s, k, n, cut, best)
    return best


@inline
def _begin(p, s, k):
    """Make a vehicle at its own depot the only label before any visit."""
    w, vehicle = s.labels, p.vehicle[k]
    cut = cut_behind(p, s, 0, 0)
    x = cut + 1
    w[cut, KEPT] = 1.0
    w[x, PAID] = w[x, RANK] = vehicle[FIXED]
    w[x, DRIVEN] = w[x, OVER] = w[x, WARPED] = w[x, LASTS] = w[x, RELOADED] = 0.0
    w[x, CLOCK] = w[x, EARLIEST] = -HARD
    w[x, LATEST] = HARD
    w[x, FLEX] = w[x, LEAVING] = 0.0
    w[x, AT], w[x, RELOAD_ROW], w[x, PARENT], w[x, SINCE] = vehicle[START], -1.0, -1.0, 0.0


@inline
def _go_on(p, s, k, n, i, cut, known, tail, anew, best, noted):
    """Let the labels behind `i` visits make trips to later ones.

    Returns the least price known, and the last place of which is `noted` what trips need there.
    """
    w, vehicle, path = s.labels, p.vehicle[k], s.ints[PATH]
    row = rest_row(p, w, i)
    if i < known and not anew and w[row, TRIP_LEAST] >= best:
        return best, noted
    start = np.int64(path[i])
    least, open_ended, most = np.inf, False, vehicle[MOST_RELOADS]
    for x in range(cut + 1, cut + 1 + int(w[cut, KEPT])):
        w[x, LEAVING] = w[x, RANK] + cost_by(p, k, np.int64(w[x, AT]), start)
        least = min(least, w[x, LEAVING])
        open_ended = open_ended or w[x, RELOADED] >= most
    if anew:
        w[cut_of_node(p, w, start), LEAST] = least
    if i < known and not anew:
        trip, j = read_trip(w, row), known
    else:
        trip, j = visit_alone(p, start), i + 1
    spilled = False
    while True:
        u, row = np.int64(path[j - 1]), rest_row(p, w, j)
        if j > noted:
            note_place(p, s, k, n, tail, j)
            noted = j
        over = overload_of(vehicle, trip)
        spent = least_of(s, vehicle, trip, over)
        if not anew and least + spent + w[row, PLACE_ONWARD] >= best:
            return best, noted
        ends = j == n
        stays = anew or (j > known and (not ends or vehicle[SHORTCUT] > 0.0))
        back, bar = (0.0, np.inf) if anew else (w[row, PLACE_FROM_DEPOT], best)
        for x in range(cut + 1, cut + 1 + int(w[cut, KEPT])):
            hopeful = w[x, LEAVING] + spent + w[row, PLACE_TO_DEPOT] + back < bar
            if hopeful and stays and not spilled and w[x, RELOADED] < most:
                reload_after(
                    p, s, k, x, trip, over, start, u, cut_behind(p, s, j, known), j, back, bar
                )
            if ends and (not spilled or w[x, RELOADED] >= most):
                best = end_after(p, s, k, n, x, trip, over, start, u, best)
        spilled = spilled or over > SPILL * vehicle[FIRST_ROOM]
        if ends or (spilled and not open_ended):
            return best, noted
        arc = w[row, PLACE_PAID], w[row, PLACE_LENGTH], w[row, PLACE_TIME]
        trip = join_trips(trip, arc, visit_alone(p, np.int64(path[j])))
        j += 1


@inner
def _pass_by(p, s, k, cut, i):
    """Let the labels behind `i` visits go on to another depot without any."""
    w, vehicle, draft = s.labels, p.vehicle[k], draft_label(p)
    x = cut + 1
    while x < cut + 1 + int(w[cut, KEPT]):
        at = np.int64(w[x, AT])
        if w[x, RELOADED] < vehicle[MOST_RELOADS]:
            gate = gate_of(p, vehicle, w[x, RELOAD_ROW], 0.0)
            time = then(time_of_label(w, x), 0.0, gate)
            for row in range(int(vehicle[FIRST_DEPOT]), int(vehicle[LAST_DEPOT])):
                number = int(w[cut, KEPT])
                if p.stopover[row, RELOAD_NODE] == at or number == CROWD:
                    continue
                write_label(p, s, k, x, w[x, PAID], w[x, DRIVEN], time, 0.0, at, row, i, draft)
                if not is_beaten(w, draft, cut + 1, number):
                    copy_label(w, draft, cut + 1 + number)
                    w[cut, KEPT] = number + 1.0
        x += 1


@inline
def _end_from_depot(p, s, k, n, cut, best):
    """End the route with the labels that stand at a depot behind all visits."""
    w, vehicle = s.labels, p.vehicle[k]
    for x in range(cut + 1, cut + 1 + int(w[cut, KEPT])):
        gate = gate_of(p, vehicle, w[x, RELOAD_ROW], 0.0)
        time = then(time_of_label(w, x), 0.0, gate)
        at = np.int64(w[x, AT])
        best = arrive_home(p, s, k, n, x, w[x, PAID], w[x, DRIVEN], time, 0.0, at, best)
    return best
