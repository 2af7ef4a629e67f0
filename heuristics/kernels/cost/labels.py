"""Labels of a route that is labelled: what they hold, where they stand, and which are kept.

A label is what is known of a vehicle that has made the first visits of a path. Labels that another
beats in cost and time are dropped (dominance, see Irnich & Desaulniers 2005, Shortest Path Problems
with Resource Constraints); where too many are left, the dearest. So the choice among them is near
to the best and not always it.

The array `labels` of the state holds, in this order: a row of what is on board in each dimension;
the label of the cheapest end, and a draft; for each number of breaks taken the size of the group of
those labels of the present trip that have taken so many, then these groups; what is at least to be
paid from each visit on; and behind each number of visits the labels of vehicles at a depot.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    FIRST_BREAK,
    LABELLED,
    LAST_BREAK,
    LATER,
    LOADS,
    MOST_RELOADS,
    SPLIT,
    Rich,
)

Array = np.ndarray

GROUP = 4
"""Most labels of a trip with as many breaks taken."""

CROWD = 6
"""Most labels of vehicles that have made as many visits and stand at a depot."""

# Columns of a label: what was paid but for arcs and time; length, overload and lateness so far; the
# time; driving and service, waiting, and how far the departure could be put off; breaks taken and
# reloads; how long it was driven, and how far where lengths are prices; where it stands, which row
# of `stopover` that is; the label that its trip began with, and how many visits had been made when
# it did; what it costs in all, excess priced; and how much more waiting could be taken away. Behind
# them comes where each break was taken.
PAID, DRIVEN, OVER, WARPED, CLOCK, BUSY, WAITED, SLACK, TAKEN, RELOADED = range(10)
AT_WHEEL, MILES, AT, RELOAD_ROW, PARENT, SINCE, RANK, FLEX, AHEAD, TAKEN_AT = range(10, 20)
# Columns of what is on board: what the trip takes along, and its change, highest and lowest since.
TRIP_LOAD, TRIP_NET, TRIP_HIGH, TRIP_LOW = range(4)
# The only columns of the size of a group, and of what is at least to be paid from a visit on.
GROUP_SIZE, REST = 0, 0


def label_rows(p: Rich) -> Array:
    """Room for labels and what stands before them; none where no route is labelled."""
    if p.fleet[LABELLED] == 0.0:
        return np.zeros((0, 0))
    breaks = int((p.vehicle[:, LAST_BREAK] - p.vehicle[:, FIRST_BREAK]).max())
    rows = int(p.fleet[LOADS]) + 2 + (breaks + 1) * (1 + GROUP) + len(p.near)
    if p.fleet[SPLIT] != 0.0:
        rows += 2 * len(p.near) * (1 + CROWD)
    else:
        rows += (len(p.near) if p.vehicle[:, MOST_RELOADS].any() else 1) * CROWD
    rows += p.fleet[LATER] != 0.0  # where `kernels.cost.departures` puts things down
    return np.zeros((rows, TAKEN_AT + breaks + int(p.fleet[LATER])))


# -- where they stand ------------------------------------------------------------------------------


@inline
def end_label(p):
    """The row of the label that the route ends with."""
    return int(p.fleet[LOADS])


@inline
def draft_label(p):
    """The row of the label that is about to be offered."""
    return int(p.fleet[LOADS]) + 1


@inline
def num_groups(p, w):
    """How many groups there is room for: one more than breaks."""
    return w.shape[1] - TAKEN_AT + 1 - int(p.fleet[LATER])


@inline
def groups(p, w):
    """The rows of the size of the first group, and of the first label in it."""
    sizes = int(p.fleet[LOADS]) + 2
    return sizes, sizes + num_groups(p, w)


@inline
def bounds_of(w, sizes, front, group):
    """The rows of the labels of a group: the first, and the one behind the last."""
    first = front + group * GROUP
    return first, first + int(w[sizes + group, GROUP_SIZE])


@inline
def rest_row(p, w, i):
    """The row of what is at least to be paid from the visit behind `i` others on."""
    return int(p.fleet[LOADS]) + 2 + num_groups(p, w) * (1 + GROUP) + i


@inline
def rest(p, w, n, i):
    """What is at least to be paid behind `i` of `n` visits."""
    return w[rest_row(p, w, i), REST] if i < n else 0.0


@inline
def first_behind(p, w, i):
    """The row of the first label behind `i` visits."""
    return rest_row(p, w, len(p.near)) + i * CROWD


# -- which are kept --------------------------------------------------------------------------------


@inline
def copy_label(w, x, y):
    """Copy label `x` to `y`."""
    for column in range(w.shape[1]):
        w[y, column] = w[x, column]


@inner
def offer(w, x, first, number, most):
    """Put label `x` among `number` others from row `first` on, unless one of them beats it.

    Returns how many there are then, `most` at most.
    """
    kept = 0
    for y in range(first, first + number):
        comparable = w[y, AT] == w[x, AT] and w[y, TAKEN] == w[x, TAKEN]
        if (
            comparable
            and w[y, RELOADED] <= w[x, RELOADED]
            and w[y, RANK] <= w[x, RANK]
            and w[y, CLOCK] <= w[x, CLOCK]
            and w[y, CLOCK] - w[y, AHEAD] <= w[x, CLOCK] - w[x, AHEAD]
            and w[y, FLEX] >= w[x, FLEX]
        ):
            return number
    worst = x
    for y in range(first, first + number):
        if (
            w[y, AT] == w[x, AT]
            and w[y, TAKEN] == w[x, TAKEN]
            and w[y, RELOADED] >= w[x, RELOADED]
            and w[y, RANK] >= w[x, RANK]
            and w[y, CLOCK] >= w[x, CLOCK]
            and w[y, CLOCK] - w[y, AHEAD] >= w[x, CLOCK] - w[x, AHEAD]
            and w[y, FLEX] <= w[x, FLEX]
        ):
            continue
        if first + kept != y:
            copy_label(w, y, first + kept)
        if w[first + kept, RANK] > w[worst, RANK]:
            worst = first + kept
        kept += 1
    if kept < most:
        copy_label(w, x, first + kept)
        return kept + 1
    if worst != x:
        copy_label(w, x, worst)
    return kept


@inline
def is_beaten(w, x, first, number):
    """Whether one of the labels from `first` on stands where `x` does, cheaper and earlier."""
    for y in range(first, first + number):
        if (
            w[y, AT] == w[x, AT]
            and w[y, PARENT] >= 0.0
            and w[y, TAKEN] == w[x, TAKEN]
            and w[y, RELOADED] <= w[x, RELOADED]
            and w[y, RANK] <= w[x, RANK]
            and w[y, CLOCK] <= w[x, CLOCK]
        ):
            return True
    return False
