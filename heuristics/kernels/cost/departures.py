"""Departures behind the earliest ones: they miss a window, or are late at a price.

A route that leaves later by d is later by max(WAITED, d) than if it never waited. So the columns
WAITED and SLACK of a label tell all departures up to SLACK, where a stop would come too late, or
later than is free. Those behind wait for the next window of that stop, or are later at a price, or
both: they are told by stretches with columns of their own. With all of them a label tells exactly
what its best departure costs (compare Tricoire et al. 2010, Heuristics for the multi-period
orienteering problem with multiple time windows, §4.3). Departures that make a hard window later
than the earliest one does are not followed, and none are where durations do not count
(`fleet[LATER]`).
"""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import LASTING, LATER, OVERTIME, PER_TIME, REGULAR
from polyroute.heuristics.kernels.cost.labels import AHEAD, BUSY, CLOCK, SLACK, WAITED
from polyroute.vrp.problem import UNLIMITED

HARD = float(UNLIMITED)
"""The price of lateness at a hard window."""

MOST_LATER = 24
"""So many stretches of later departures are told apart; beyond, the longest ones are forgotten."""

# What the last columns of a label hold: how many stretches there are, and then of each, in order:
# its WAITED and AHEAD, behind which delay it begins and with which it ends, and what lateness costs
# more than without a delay, where it begins and by each further one.
NUM_LATER, FIRST_LATER = 0, 1
STRETCH_WAITED, STRETCH_AHEAD, BEHIND, UP_TO, PREMIUM, GROWTH = range(6)
STRETCH = 6


def later_columns(windows: int) -> int:
    """How many columns of a label tell of later departures, with at most so many windows."""
    return FIRST_LATER + STRETCH * max(MOST_LATER, 2 * windows)


@inline
def follow_later(p, w, x, table, i, at, windows, released, leg, price):
    """Bring label `x`, before it stops (`cost.extension.stop`), to windows, its later departures.

    The windows stand in row `i` of `table` from column `at` on; nothing begins before `released`.
    `leg` is as in `cost.extension.pause`, or negative where the vehicle has driven to this stop.
    """
    if p.fleet[LATER] != 0.0:
        _follow(p, w, x, table, i, at, windows, released, leg, price)


@inner
def _follow(p, w, x, table, i, at, windows, released, leg, price):
    count = w.shape[1] - int(p.fleet[LATER]) + NUM_LATER
    number, store = int(w[x, count]), w.shape[0] - 1
    for column in range(count + FIRST_LATER, count + FIRST_LATER + number * STRETCH):
        w[store, column] = w[x, column]
    w[x, count] = 0.0
    base = w[x, CLOCK] - w[x, WAITED] - w[x, AHEAD]
    earliest = w[x, WAITED] + w[x, AHEAD]
    last = at + 2 * windows - 2
    due = table[i, last + 1] - base
    soft = price < HARD
    for y in range(-1, number):
        if y < 0:
            waited, ahead, behind, up_to = w[x, WAITED], w[x, AHEAD], -1.0, w[x, SLACK]
            premium = growth = 0.0
        else:
            column = count + FIRST_LATER + y * STRETCH
            waited, ahead = w[store, column + STRETCH_WAITED], w[store, column + STRETCH_AHEAD]
            behind, up_to = w[store, column + BEHIND], w[store, column + UP_TO]
            premium, growth = w[store, column + PREMIUM], w[store, column + GROWTH]
        real = waited + (ahead if leg >= 0.0 else 0.0)
        told = y < 0  # by the label itself
        for window in range(at, last + 1, 2):
            early = max(table[i, window], released) - base
            late = table[i, window + 1] - base
            if window == last:  # later than it need be is too late, or costs
                late = HARD if soft else max(late, early, earliest)
            if real > late or late <= behind:
                continue
            begun, end = max(real, early), min(up_to, late)
            virtual = max(waited, early - leg) if leg > 0.0 else begun
            if soft and window == last:
                more = (max(begun, due) - max(earliest, due)) * price
                edge = max(begun, due)
                if not told and behind < edge:
                    _append(p, w, x, virtual, begun, behind, min(end, edge), premium + more, growth)
                if end > edge:
                    begin = max(behind, edge)
                    premium += growth * (begin - behind) + more + (begin - edge) * price
                    _append(p, w, x, virtual, begun, begin, end, premium, growth + price)
            elif not told:
                _append(p, w, x, virtual, begun, behind, end, premium, growth)
            premium += growth * (late - behind)
            told, behind = False, late
            if late >= up_to:
                break


@inner
def _append(p, w, x, waited, begun, behind, up_to, premium, growth):
    """Give label `x` one more stretch, or lengthen its last one if it goes on alike."""
    count = w.shape[1] - int(p.fleet[LATER]) + NUM_LATER
    y = count + FIRST_LATER + int(w[x, count]) * STRETCH
    z = y - STRETCH
    if (
        w[x, count] > 0.0
        and w[x, z + STRETCH_WAITED] == waited
        and w[x, z + STRETCH_AHEAD] == begun - waited
        and w[x, z + UP_TO] == behind
        and w[x, z + GROWTH] == growth
        and w[x, z + PREMIUM] + growth * (behind - w[x, z + BEHIND]) == premium
    ):
        w[x, z + UP_TO] = up_to
        return
    if y == w.shape[1]:
        _forget(w, x, count)
        y = z
    w[x, y + STRETCH_WAITED], w[x, y + STRETCH_AHEAD] = waited, begun - waited
    w[x, y + BEHIND], w[x, y + UP_TO] = behind, up_to
    w[x, y + PREMIUM], w[x, y + GROWTH] = premium, growth
    w[x, count] += 1.0


@inline
def _forget(w, x, count):
    """Take the stretch that waits longest from label `x`, which has no room for another."""
    first = count + FIRST_LATER
    worst = first
    for y in range(first, w.shape[1], STRETCH):
        if w[x, y + STRETCH_WAITED] - w[x, y + UP_TO] > (
            w[x, worst + STRETCH_WAITED] - w[x, worst + UP_TO]
        ):
            worst = y
    for column in range(worst, w.shape[1] - STRETCH):
        w[x, column] = w[x, column + STRETCH]
    w[x, count] -= 1.0


@inline
def least_waiting(p, w, x, price):
    """What label `x` pays at least for waiting, each unit at a price, and for being later."""
    least = (w[x, WAITED] - min(w[x, WAITED], w[x, SLACK])) * price
    if p.fleet[LATER] != 0.0 and least > 0.0:
        least = min(least, _least_later(p, w, x, price))
    return least


@inner
def _least_later(p, w, x, price):
    """The same of its later departures alone."""
    count = w.shape[1] - int(p.fleet[LATER]) + NUM_LATER
    least = HARD
    y = count + FIRST_LATER
    for _ in range(int(w[x, count])):
        waited, behind = w[x, y + STRETCH_WAITED], w[x, y + BEHIND]
        until = min(w[x, y + UP_TO], max(waited, behind))
        first = w[x, y + PREMIUM] + max(waited - behind, 0.0) * price
        growth = w[x, y + GROWTH] - (price if waited > behind else 0.0)
        least = min(least, first, first + growth * (until - behind))
        y += STRETCH
    return least


@inner
def best_departure(p, w, x, k):
    """How long the route of label `x` lasts, and what lateness costs more, if it leaves best.

    That is so that it lasts too long by the least, and then costs least (`vrp.timing`).
    """
    vehicle = p.vehicle[k]
    count = w.shape[1] - int(p.fleet[LATER]) + NUM_LATER
    least_over = least = HARD
    lasts = more = 0.0
    for y in range(-1, int(w[x, count])):
        if y < 0:
            waited, behind, up_to, premium, growth = w[x, WAITED], -1.0, w[x, SLACK], 0.0, 0.0
        else:
            z = count + FIRST_LATER + y * STRETCH
            waited, behind, up_to = w[x, z + STRETCH_WAITED], w[x, z + BEHIND], w[x, z + UP_TO]
            premium, growth = w[x, z + PREMIUM], w[x, z + GROWTH]
        end = max(min(up_to, waited), behind + 1.0)
        for limit in (0.0, vehicle[REGULAR], vehicle[LASTING], HARD + w[x, BUSY]):
            delay = min(max(waited + w[x, BUSY] - limit, behind + 1.0), end)
            time = w[x, BUSY] + max(waited - delay, 0.0)
            late = premium + growth * (delay - behind)
            over = max(time - vehicle[LASTING], 0.0)
            cost = late + time * vehicle[PER_TIME]
            cost += max(time - vehicle[REGULAR], 0.0) * vehicle[OVERTIME]
            if over < least_over or (over == least_over and cost < least):
                least_over, least, lasts, more = over, cost, time, late
    return lasts, more
