"""What a route costs for which pieces cannot tell: labelling along its visits, under `Rich`.

Several or soft windows, preferences, vehicles under way, more than two load dimensions, pins,
breaks, reloads, and trips that need a delivery do not join in constant time as the pieces of
`kernels.cost.segment_rich` do. Where a problem has any of these (`fleet[LABELLED]`), each proposal
and each route is driven from visit to visit, with the meaning that `vrp.check` defines.

The visits of a route are in row PATH. Where it reloads and when its breaks are taken is chosen
here, by dynamic programming over labels (`kernels.cost.labels`): a vehicle that has made the first
visits and now stands at a depot goes on from there with a trip (`kernels.cost.trip`) to others.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.far_call import far_call
from polyroute.heuristics.jit.options import inline, inner, kernel, specialise
from polyroute.heuristics.kernels.arrays import (
    END,
    FIRST_DEPOT,
    FIRST_ROOM,
    FIXED,
    FORBIDDEN,
    LABEL_ROUTE,
    LABELLED,
    LAST_DEPOT,
    LOADS,
    MOST_RELOADS,
    NUM_LABELS,
    PATH,
    PIN_KIND,
    PIN_PLACE,
    PINNED,
    PINS,
    RELOAD_NODE,
    SHORTCUT,
    START,
    UNDER_WAY,
)
from polyroute.heuristics.kernels.cost.arcs import cost_by
from polyroute.heuristics.kernels.cost.departures import HARD
from polyroute.heuristics.kernels.cost.extension import drive, leave_depot, rate
from polyroute.heuristics.kernels.cost.labels import (
    AT,
    CROWD,
    DRIVEN,
    OVER,
    PAID,
    PARENT,
    RANK,
    RELOAD_ROW,
    RELOADED,
    REST,
    SINCE,
    SLACK,
    WARPED,
    copy_label,
    draft_label,
    end_label,
    first_behind,
    is_beaten,
    rest,
    rest_row,
)
from polyroute.heuristics.kernels.cost.trip import extend_trip


@inline
def earned(p, u, k):
    """What a vehicle of kind `k` earns with `u` beyond what it pays: his preference for it."""
    if p.fleet[LABELLED] == 0.0:
        return 0.0
    return p.node[u, p.node.shape[1] - p.vehicle.shape[0] + k]


@inline
def is_bound(p, u):
    """Whether `u` is pinned to a route, or belongs to one who is."""
    return p.fleet[LABELLED] != 0.0 and p.fleet[PINNED] != 0.0 and p.node[u, PIN_KIND] >= 0.0


@kernel
def label_route(p, s, k, n, limit):
    """Label the path of `n` visits for a vehicle of kind `k`.

    Returns its cost and what it exceeds in load, time and distance, as `measure_rich` does. Leaves
    the label of its end in row `end_label`, from which PARENT leads back. The cost is infinite
    where with the excess it would not be below `limit`.
    """
    w, vehicle = s.labels, p.vehicle[k]
    result, draft = end_label(p), draft_label(p)
    first = first_behind(p, w, 0)
    for column in range(w.shape[1]):
        w[first, column] = 0.0
    w[first, PAID] = w[first, RANK] = _beforehand(p, s, k, n)
    w[first, AT], w[first, RELOAD_ROW], w[first, PARENT] = vehicle[START], -1.0, -1.0
    w[first, SLACK] = HARD
    reloads = vehicle[MOST_RELOADS] > 0.0
    behind = n + 1 if reloads else 1
    for i in range(behind):
        s.ints[NUM_LABELS, i] = 0
    s.ints[NUM_LABELS, 0] = 1
    _note_rests(p, s, k, n)
    best = limit
    w[result, PAID] = np.inf
    for i in range(behind):
        if reloads and (i == 0 or vehicle[SHORTCUT] > 0.0):
            _pass_by(p, s, k, i)
        for x in range(s.ints[NUM_LABELS, i]):
            label = first_behind(p, w, i) + x
            if w[label, RANK] + rest(p, w, n, i) < best:
                best = extend_trip(p, s, k, n, i, label, draft, best)
    return w[result, PAID], w[result, OVER], w[result, WARPED], w[result, DRIVEN]


@inline
def _beforehand(p, s, k, n):
    """What the route costs whatever way it is driven: its vehicle, less what it earns; pins."""
    path, vehicle = s.ints[PATH], p.vehicle[k]
    cost = vehicle[FIXED]
    for i in range(n):
        cost -= earned(p, path[i], k)
    if p.fleet[PINNED] != 0.0:
        pins = int(vehicle[PINS])
        broken = 0
        for i in range(n):
            place = p.node[path[i], PIN_PLACE]
            pinned = place >= 0.0
            right = p.node[path[i], PIN_KIND] == k and place == i
            if (pinned and not right) or (i < pins and not pinned):
                broken += 1
        cost += (broken + max(pins - n, 0)) * p.fleet[FORBIDDEN]
    return cost


@inline
def _note_rests(p, s, k, n):
    """Write what is at least to be paid from each visit on: arcs, less what depots can save."""
    w, path = s.labels, s.ints[PATH]
    at = rest_row(p, w, 0)
    least, v = 0.0, np.int64(p.vehicle[k, END])
    for i in range(n - 1, -1, -1):
        least += cost_by(p, k, path[i], v) - p.vehicle[k, SHORTCUT]
        w[at + i, REST] = least
        v = path[i]


@inner
def _pass_by(p, s, k, i):
    """Let the labels behind `i` visits go on to another depot without any."""
    w, vehicle, draft = s.labels, p.vehicle[k], draft_label(p)
    there = first_behind(p, w, i)
    x = there
    while x < there + s.ints[NUM_LABELS, i]:
        start = w[x, PARENT] < 0.0
        left = start and vehicle[UNDER_WAY] != 0.0
        if w[x, RELOADED] >= vehicle[MOST_RELOADS]:
            x += 1
            continue
        for row in range(int(vehicle[FIRST_DEPOT]), int(vehicle[LAST_DEPOT])):
            here = w[x, AT] == p.stopover[row, RELOAD_NODE] and not left
            if s.ints[NUM_LABELS, i] == CROWD or here:
                continue
            copy_label(w, x, draft)
            leave_depot(p, s, k, draft, start, 0.0)
            drive(p, k, w, draft, np.int64(p.stopover[row, RELOAD_NODE]))
            for dim in range(int(p.fleet[LOADS]) if left else 0):
                column = FIRST_ROOM + 3 * dim
                over = max(vehicle[column + 1] - vehicle[column], 0.0)
                w[draft, OVER] += over * vehicle[column + 2]
            w[draft, RELOADED] += 1.0
            w[draft, RELOAD_ROW], w[draft, SINCE], w[draft, PARENT] = row, i, x
            rate(p, s, k, draft)
            if not is_beaten(w, draft, there, s.ints[NUM_LABELS, i]):
                copy_label(w, draft, there + s.ints[NUM_LABELS, i])
                s.ints[NUM_LABELS, i] += 1
        x += 1


# -- asked for by other kernels --------------------------------------------------------------------


def label_path(p, s, k, n, limit):
    """`label_route`, compiled apart and called by its address."""
    return label_route(p, s, k, n, limit)


_jump = far_call(figures=4)


@specialise(label_path)
def _choose_label_path(p, s, k, n, limit):
    return lambda p, s, k, n, limit: _jump(s.tally[LABEL_ROUTE], (p, s, k, n, limit))
