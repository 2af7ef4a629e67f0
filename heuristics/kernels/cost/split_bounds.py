"""The least that a route that is split costs from a visit on: by arcs and capacity, at any time.

It is the cost of the best split into trips without windows (Prins 2004, A simple and effective
evolutionary algorithm for the vehicle routing problem), and kept with each visit: no label that
goes on there can end below what it has cost and this.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    END,
    FIRST_DEPOT,
    FIRST_ROOM,
    FIRST_WINDOW,
    LAST_DEPOT,
    LOAD_WEIGHT,
    PATH,
    PER_TIME,
    RELOAD_NODE,
    SERVICE,
)
from polyroute.heuristics.kernels.cost.arcs import cost_by
from polyroute.heuristics.kernels.cost.labels import REST, rest_row
from polyroute.heuristics.kernels.cost.split_labels import cut_of_node
from polyroute.heuristics.kernels.cost.split_trip import arc_of


@inline
def cost_from_depot(p, k, v):
    """The least that driving to `v` from a depot costs where a vehicle of kind `k` may reload."""
    least = np.inf
    for row in range(int(p.vehicle[k, FIRST_DEPOT]), int(p.vehicle[k, LAST_DEPOT])):
        least = min(least, cost_by(p, k, np.int64(p.stopover[row, RELOAD_NODE]), v))
    return least


@inline
def cost_to_depot(p, k, u):
    """The least that driving from `u` to such a depot costs."""
    least = np.inf
    for row in range(int(p.vehicle[k, FIRST_DEPOT]), int(p.vehicle[k, LAST_DEPOT])):
        least = min(least, cost_by(p, k, u, np.int64(p.stopover[row, RELOAD_NODE])))
    return least


@inline
def cost_between(p, k, u, v):
    """The least that driving from `u` to `v` costs, on the way or by a depot."""
    return min(cost_by(p, k, u, v), cost_to_depot(p, k, u) + cost_from_depot(p, k, v))


@inline
def place_at(p, s, k, n, i):
    """Who is visited behind `i` of `n` visits; the end of the route behind all."""
    return np.int64(s.ints[PATH, i]) if i < n else np.int64(p.vehicle[k, END])


@inline
def rest_at(p, s, n, tail, i):
    """The least behind `i` of `n` visits, from the next one on; kept with those from `tail` on."""
    if i >= n:
        return 0.0
    if i >= tail:
        return s.labels[cut_of_node(p, s.labels, s.ints[PATH, i]), REST]
    return s.labels[rest_row(p, s.labels, i), REST]


# Columns of the row of a place behind some visits, beside REST: what driving to a depot there costs
# at least, what is left from there on, and from the last visit on; what the arc to the next visit
# costs by its length, that, and its time. Of what lies between the known visits and there: what it
# costs, goods, and the change and the highest of the load.
PLACE_TO_DEPOT, PLACE_FROM_DEPOT, PLACE_ONWARD, PLACE_PAID, PLACE_LENGTH, PLACE_TIME = range(1, 7)
PLACE_COST, PLACE_GOODS, PLACE_NET, PLACE_HIGH = range(7, 11)


HELD = 2
"""How many columns further on a place is kept in the cut of the visit before it."""


@inline
def note_place(p, s, k, n, tail, i):
    """Write what every trip needs that comes by the place behind `i` visits."""
    w = s.labels
    row = rest_row(p, w, i)
    if i > tail:
        cut = cut_of_node(p, w, s.ints[PATH, i - 1])
        for column in range(PLACE_TO_DEPOT, PLACE_TIME + 1):
            w[row, column] = w[cut, HELD + column]
    else:
        _look_at_place(p, s, k, n, tail, i)


@inline
def kept_arc(p, s, u):
    """The arc (see `arc_of`) that leads on from `u` on his route."""
    cut = cut_of_node(p, s.labels, u)
    return (
        s.labels[cut, HELD + PLACE_PAID],
        s.labels[cut, HELD + PLACE_LENGTH],
        s.labels[cut, HELD + PLACE_TIME],
    )


@inline
def _look_at_place(p, s, k, n, tail, i):
    w = s.labels
    row = rest_row(p, w, i)
    u, v, left = np.int64(s.ints[PATH, i - 1]), place_at(p, s, k, n, i), rest_at(p, s, n, tail, i)
    paid, length, time = arc_of(p, k, u, v)
    to_depot, from_depot = cost_to_depot(p, k, u), cost_from_depot(p, k, v)
    direct = paid + time * p.vehicle[k, PER_TIME]
    w[row, PLACE_TO_DEPOT], w[row, PLACE_FROM_DEPOT] = to_depot, from_depot + left
    w[row, PLACE_ONWARD] = min(direct, to_depot + from_depot) + left
    w[row, PLACE_PAID], w[row, PLACE_LENGTH], w[row, PLACE_TIME] = paid, length, time


@inline
def note_sums(p, s, k, i):
    """Write what lies between the known visits and the place behind `i`, from that before it."""
    w, node = s.labels, p.node[np.int64(s.ints[PATH, i - 1])]
    row, last = rest_row(p, w, i), rest_row(p, w, i - 1)
    per_time = p.vehicle[k, PER_TIME]
    direct = w[last, PLACE_PAID] + w[last, PLACE_TIME] * per_time
    w[row, PLACE_COST] = w[last, PLACE_COST] + direct + node[SERVICE] * per_time
    w[row, PLACE_GOODS] = w[last, PLACE_GOODS] + node[FIRST_WINDOW + 2]
    net = w[last, PLACE_NET] + node[FIRST_WINDOW + 3]
    w[row, PLACE_NET], w[row, PLACE_HIGH] = net, max(w[last, PLACE_HIGH], net)


@inner
def note_route(p, s, k, n):
    """Keep with each visit of a route the least from there on, and the place behind it."""
    _note_rests(p, s, k, n)
    w = s.labels
    for i in range(1, n + 1):
        _look_at_place(p, s, k, n, 0, i)
        row, cut = rest_row(p, w, i), cut_of_node(p, w, s.ints[PATH, i - 1])
        for column in range(PLACE_TO_DEPOT, PLACE_TIME + 1):
            w[cut, HELD + column] = w[row, column]


@inline
def _note_rests(p, s, k, n):
    w, vehicle = s.labels, p.vehicle[k]
    for i in range(n - 1, -1, -1):
        u = np.int64(s.ints[PATH, i])
        least, spent, goods, net, high = np.inf, 0.0, 0.0, 0.0, 0.0
        j = i
        while True:
            goods += p.node[u, FIRST_WINDOW + 2]
            net += p.node[u, FIRST_WINDOW + 3]
            high = max(high, net)
            spent += p.node[u, SERVICE] * vehicle[PER_TIME]
            over = max(goods + high - vehicle[FIRST_ROOM], 0.0) * vehicle[FIRST_ROOM + 2]
            price = spent + over * s.total[LOAD_WEIGHT]
            if price >= least:
                break
            j += 1
            v = place_at(p, s, k, n, j)
            reloaded = cost_to_depot(p, k, u) + cost_from_depot(p, k, v)
            if j == n:
                least = min(least, price + min(reloaded, cost_by(p, k, u, v)))
                break
            least = min(least, price + reloaded + rest_at(p, s, n, 0, j))
            spent += cost_by(p, k, u, v)
            u = v
        w[cut_of_node(p, w, s.ints[PATH, i]), REST] = least


@inline
def note_rests_before(p, s, k, n, first, tail):
    """Write the least from the visits `first` … `tail` - 1 of a path on, whatever they weigh."""
    w = s.labels
    for i in range(tail - 1, first - 1, -1):
        u, v = np.int64(s.ints[PATH, i]), place_at(p, s, k, n, i + 1)
        least = cost_between(p, k, u, v) + rest_at(p, s, n, tail, i + 1)
        w[rest_row(p, w, i), REST] = least + p.node[u, SERVICE] * p.vehicle[k, PER_TIME]
