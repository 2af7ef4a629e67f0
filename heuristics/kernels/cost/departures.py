"""Departures that miss a window which the earliest one meets, and so wait for the next.

A route that leaves later by d is later by max(WAITED, d) than if it never waited: so the columns
WAITED and SLACK of a label tell all departures up to SLACK, where a stop would come too late. Where
it has another window behind that one, departures from there on wait for it: they are told by two
such numbers of their own, and by AHEAD as the label is. With all of them a label tells the least
duration exactly (compare Tricoire et al. 2010, Heuristics for the multi-period orienteering problem
with multiple time windows, §4.3). Departures that make any stop later than the earliest one does
are no longer followed, and none are where durations do not count (`fleet[LATER]`).
"""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import LATER
from polyroute.heuristics.kernels.cost.labels import AHEAD, CLOCK, SLACK, WAITED

MOST_LATER = 24
"""So many stretches of later departures are told apart; beyond, the longest ones are forgotten."""

# What the last columns of a label hold: how many stretches there are, and for each of these, the
# earliest first, its waiting, what it has driven ahead, and its last departure.
NUM_LATER, FIRST_LATER, LATER_WIDTH = 0, 1, 3


@inline
def drop_late(p, w, x, table, i, at, windows, released, leg):
    """Bring label `x`, before it stops (`cost.extension.stop`), to windows, its later departures.

    The windows stand in row `i` of `table` from column `at` on; nothing begins before `released`.
    `leg` is as in `cost.extension.pause`, or negative where the vehicle has driven to this stop.
    """
    if p.fleet[LATER] != 0.0:
        _follow(p, w, x, table, i, at, windows, released, leg)


@inner
def _follow(p, w, x, table, i, at, windows, released, leg):
    count = w.shape[1] - int(p.fleet[LATER]) + NUM_LATER
    first = count + FIRST_LATER - NUM_LATER
    number = _make_room(p, w, x, count, windows - 1)
    base = w[x, CLOCK] - w[x, WAITED] - w[x, AHEAD]
    kept = 0
    for y in range(-1, number):
        if y < 0:
            waited, ahead, slack = w[x, WAITED], w[x, AHEAD], w[x, SLACK]
        else:
            column = first + (y + windows - 1) * LATER_WIDTH
            waited, ahead, slack = w[x, column], w[x, column + 1], w[x, column + 2]
        real = waited + (ahead if leg >= 0.0 else 0.0)
        missed = -1.0
        told = y < 0
        for window in range(at, at + 2 * windows, 2):
            early = max(table[i, window], released) - base
            late = table[i, window + 1] - base
            if window == at + 2 * windows - 2:  # later than it need be is too late
                late = max(late, early, w[x, WAITED] + w[x, AHEAD])
            if real > late or late <= missed:
                continue
            begun = max(real, early)
            if not told:
                kept = _append(
                    w,
                    x,
                    first,
                    kept,
                    max(waited, early - leg) if leg > 0.0 else begun,
                    begun,
                    min(slack, late),
                )
            told, missed = False, late
            if late >= slack:
                break
    w[x, count] = kept


@inline
def _make_room(p, w, x, count, more):
    """Move the stretches behind `more` others, the longest routes left out; returns how many."""
    first = count + FIRST_LATER - NUM_LATER
    number = int(w[x, count])
    while (number + more) * LATER_WIDTH + FIRST_LATER > p.fleet[LATER]:
        worst = 0
        for y in range(number):
            a, b = first + y * LATER_WIDTH, first + worst * LATER_WIDTH
            if w[x, a] - w[x, a + 2] > w[x, b] - w[x, b + 2]:
                worst = y
        number -= 1
        for column in range(first + worst * LATER_WIDTH, first + number * LATER_WIDTH):
            w[x, column] = w[x, column + LATER_WIDTH]
    if more > 0:
        for column in range(first + number * LATER_WIDTH - 1, first - 1, -1):
            w[x, column + more * LATER_WIDTH] = w[x, column]
    return number


@inline
def _append(w, x, first, kept, waited, begun, slack):
    """Write one more stretch, or lengthen the last one if it goes on alike; returns how many."""
    column = first + kept * LATER_WIDTH
    last = column - LATER_WIDTH
    if kept > 0 and w[x, last] == waited and w[x, last + 1] == begun - waited:
        w[x, last + 2] = slack
        return kept
    w[x, column], w[x, column + 1], w[x, column + 2] = waited, begun - waited, slack
    return kept + 1


@inline
def least_waiting(p, w, x):
    """What label `x` has waited at least, over all departures."""
    least = w[x, WAITED] - min(w[x, WAITED], w[x, SLACK])
    if p.fleet[LATER] != 0.0:
        count = w.shape[1] - int(p.fleet[LATER]) + NUM_LATER
        column = count + FIRST_LATER - NUM_LATER
        for _ in range(int(w[x, count])):
            least = min(least, max(w[x, column] - w[x, column + 2], 0.0))
            column += LATER_WIDTH
    return least


def later_columns(windows: int) -> int:
    """How many columns of a label tell of later departures, with at most so many windows."""
    return FIRST_LATER + LATER_WIDTH * max(MOST_LATER, 2 * windows)
