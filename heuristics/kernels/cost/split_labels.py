"""Where the labels of routes that are split stand, and which are kept.

Behind each number of visits there is a cut: a row that says how many labels there are, and these.
The cuts of a proposal stand by their place on its path. Those of a route as it is are kept with its
visits, and a proposal that begins as the route does begins with these.
"""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline
from polyroute.heuristics.kernels.arrays import PATH
from polyroute.heuristics.kernels.cost.labels import (
    AT,
    CLOCK,
    CROWD,
    FLEX,
    RANK,
    RELOADED,
    WARPED,
    copy_label,
    rest_row,
)

# Columns of a label that other labels have for what they know of its time: here it is a stretch, as
# that of a trip (`split_trip.then`). And its rank with the way to the next visit, which is noted
# once that is known; 0 before.
LASTS, EARLIEST, LATEST, LEAVING = range(5, 9)
# Columns of the row of a cut: REST, how many labels follow, and the least rank with the way to the
# visit of any label before it. REST and LEAST are told of the visit that the cut is kept with.
KEPT, LEAST = 1, 2
# Columns of row 0: the prices of load and time that PRICING stands for.
PRICED_LOAD, PRICED_TIME = 0, 1
CUT_ROWS = 1 + CROWD
"""Rows of a cut."""


@inline
def time_of_label(w, x):
    """The stretch of time of label `x`."""
    return w[x, EARLIEST], w[x, LATEST], w[x, LASTS], w[x, WARPED]


@inline
def cut_of_place(p, w, i):
    """The row of the cut behind `i` visits of a path."""
    return rest_row(p, w, len(p.near)) + i * CUT_ROWS


@inline
def cut_of_node(p, w, u):
    """The row of the cut that is kept with `u`, behind him."""
    return rest_row(p, w, len(p.near)) + (len(p.near) + u) * CUT_ROWS


@inline
def cut_behind(p, s, i, known):
    """The row of the cut behind `i` visits; behind up to `known` it is kept with the last one."""
    if 0 < i <= known:
        return cut_of_node(p, s.labels, s.ints[PATH, i - 1])
    return cut_of_place(p, s.labels, i)


@inline
def offer_place(w, cut, at, reloaded, rank, clock, flex, later):
    """Where in a cut a label belongs that is at depot `at`; -1 if it is beaten, or too dear.

    A label beats another that is dearer even with what it costs at most, `later` a unit, to come as
    much later. Drops those that are beaten, and of more than `CROWD` the dearest.
    """
    number = int(w[cut, KEPT])
    first = cut + 1
    for y in range(first, first + number):
        if (
            w[y, RANK] <= rank
            and (w[y, CLOCK] <= clock or w[y, RANK] + (w[y, CLOCK] - clock) * later <= rank)
            and w[y, AT] == at
            and w[y, RELOADED] <= reloaded
            and w[y, FLEX] >= flex
        ):
            return -1
    kept, worst, dearest = 0, -1, rank
    for y in range(first, first + number):
        if (
            w[y, RANK] >= rank
            and (w[y, CLOCK] >= clock or w[y, RANK] >= rank + (clock - w[y, CLOCK]) * later)
            and w[y, AT] == at
            and w[y, RELOADED] >= reloaded
            and w[y, FLEX] <= flex
        ):
            continue
        if first + kept != y:
            copy_label(w, y, first + kept)
        if w[first + kept, RANK] > dearest:
            worst, dearest = first + kept, w[first + kept, RANK]
        kept += 1
    if kept < CROWD:
        w[cut, KEPT] = kept + 1.0
        return first + kept
    return worst
