"""Routes walked from stop to stop, for what pieces cannot tell: the exact mode of `Rich`.

Several or soft windows, preferences, vehicles under way, more than two load dimensions, pins,
breaks, reloads, and trips that need a delivery do not join in constant time as the pieces of
`kernels.cost.segment_rich` do. Where a problem has any of these (`fleet[EXACT]`), each proposal and
each route is walked, with the meaning that `vrp.check` defines.

The visits of a route are in row PATH. Where it reloads and when its breaks are taken is chosen
here, by dynamic programming over labels: a label is what is known of a vehicle that has made the
first visits of the path and now stands at a depot. A trip goes on from one label to others; on the
way, labels of as many breaks taken form a group. Labels that are beaten in cost and time are
dropped; where too many are left, the dearest. So the choice is near to the best and not always it.

A departure that is put off takes waiting away: by `min(WAITED, SLACK)`, as much as reaches no stop
too late (`vrp.check._free_delay`), and nothing else changes. So one walk tells the duration.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.far_call import address_of, far_call
from polyroute.heuristics.jit.options import inline, inner, kernel, specialise
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    BACK_EARLY,
    BACK_LATE,
    BREAK_BOUND,
    BREAK_LASTS,
    BREAK_WINDOWS,
    CLOSED_ARC,
    DELIVERS,
    DEMAND,
    DEPOT,
    DISTANCE_WEIGHT,
    DOOR_EARLY,
    DOOR_LATE,
    DOOR_NODE,
    END,
    EXACT,
    FIRST,
    FIRST_BREAK,
    FIRST_BREAK_WINDOW,
    FIRST_DEPOT,
    FIRST_ROOM,
    FIRST_WINDOW,
    FIXED,
    FORBIDDEN,
    IS_PICKUP,
    KIND,
    LABELS,
    LAST,
    LAST_BREAK,
    LAST_DEPOT,
    LASTING,
    LEAP,
    LEAST_PER_TIME,
    LEAVE_EARLY,
    LEAVE_LATE,
    LIMIT,
    LINEHAUL_DUE,
    LINEHAULS_FIRST,
    LOAD_WEIGHT,
    LOADS,
    LONGEST,
    MOST_EARNED,
    MOST_RELOADS,
    MOST_STOPS,
    NEXT,
    OVERTIME,
    PARTNER,
    PATH,
    PER_LENGTH,
    PER_TIME,
    PICKS,
    PIN_KIND,
    PIN_PLACE,
    PINNED,
    PINS,
    PREV,
    PRICE,
    PROPOSED,
    READY,
    REGULAR,
    RELEASE,
    SERVICE,
    SHORTCUT,
    START,
    TIME_WEIGHT,
    UNDER_WAY,
    WALK,
    WEIGH_STOPS,
    WINDOWS,
    Rich,
    State,
)
from polyroute.heuristics.kernels.cost.arcs import cost_by, length_by, time_by
from polyroute.vrp.problem import UNLIMITED

Array = np.ndarray

GROUP = 4
"""Most labels of a trip with as many breaks taken."""

CROWD = 6
"""Most labels of vehicles that have made as many visits and stand at a depot."""

SPILL = 0.25
"""A trip that another could follow goes on until it exceeds this share of its room."""

HARD = float(UNLIMITED)
"""The price of lateness at a hard window."""

# Columns of a label: what was paid but for arcs and time; length, overload and lateness so far; the
# time; driving and service, waiting, and how far the departure could be put off; breaks taken and
# reloads; where it stands, which row of `stopover` that is; the label that its trip began with, and
# how many visits had been made when it did; what it costs in all, excess priced; and how much more
# waiting could be taken away. Behind them comes where each break was taken.
PAID, DRIVEN, OVER, LATE, CLOCK, LASTS, WAITED, SLACK, TAKEN, RELOADED = range(10)
AT, DOOR, PARENT, SINCE, RANK, FLEX, TAKEN_AT = range(10, 17)
# Columns of a load: what the trip takes along, and its change, highest and lowest since then.
LOADED, CHANGE, HIGH, LOW = range(4)


def scratch(p: Rich) -> Array:
    """Room for walking: loads, the result, a draft, sizes of groups, groups, rests, and labels.

    A rest is what is at least to be paid from a visit on.
    """
    if p.fleet[EXACT] == 0.0:
        return np.zeros((0, 0))
    breaks = int((p.vehicle[:, LAST_BREAK] - p.vehicle[:, FIRST_BREAK]).max())
    places = len(p.near) if p.vehicle[:, MOST_RELOADS].any() else 1
    rows = int(p.fleet[LOADS]) + 2 + (breaks + 1) * (1 + GROUP) + len(p.near) + places * CROWD
    return np.zeros((rows, TAKEN_AT + breaks))


@inline
def earned(p, u, k):
    """What a vehicle of kind `k` earns with `u` beyond what it pays: his preference for it."""
    if p.fleet[EXACT] == 0.0:
        return 0.0
    return p.node[u, p.node.shape[1] - p.vehicle.shape[0] + k]


@inline
def is_bound(p, u):
    """Whether `u` is pinned to a route, or belongs to one who is."""
    return p.fleet[EXACT] != 0.0 and p.fleet[PINNED] != 0.0 and p.node[u, PIN_KIND] >= 0.0


# -- what is walked --------------------------------------------------------------------------------


@inline
def _write(p, s, k, n, u, w, turned):
    """Append the stretch `u` … `w` to the path; -1 if vehicle kind `k` may not serve all of it."""
    x, last = (w, u) if turned else (u, w)
    while True:
        if p.allowed.shape[0] > 0 and p.allowed[x, k] == 0:
            return -1
        s.ints[PATH, n] = x
        n += 1
        if x == last:
            return n
        x = s.link[x, PREV] if turned else s.link[x, NEXT]


@inner
def walked(p, s, r, a, u1, w1, t1, u2, w2, t2, u3, w3, t3, b, limit):
    """What route `r` would cost as proposed (see `price.proposal`), excess priced.

    Infinitely much where its vehicle may not serve somebody, or where it is not below `limit`.
    Changes `walk` and its rows of `ints`.
    """
    at = PROPOSED
    for node in (a, u1, w1, u2, w2, u3, w3, b):
        s.tally[at] = node
        at += 1
    for turned in (t1, t2, t3):
        s.tally[at] = 1 if turned else 0
        at += 1
    s.total[LIMIT] = limit
    cost = _far_walk(p, s, r, 1)[0]
    s.total[LIMIT] = np.inf
    return cost


@inline
def measure_walked(p, s, r):
    """As `rich.measure_rich`; writes what a passing by a depot costs to the arcs in `cum`."""
    return _far_walk(p, s, r, 0)


@kernel
def walk_route(p, s, r, proposed):
    """The figures of route `r` as it is, or first the price of what is proposed for it in `tally`.

    This is all that other kernels call of this module, by its address.
    """
    if proposed == 0:
        return _measure(p, s, r)
    none = 0.0
    return _price(p, s, r), none, none, none, none, none


_jump = far_call(figures=6)


def _far_walk(p, s, r, proposed):
    """`walk_route`, compiled apart."""
    return walk_route(p, s, r, proposed)


@specialise(_far_walk)
def _choose_far_walk(p, s, r, proposed):
    return lambda p, s, r, proposed: _jump(s.tally[WALK], (p, s, r, proposed))


def prepare(p: Rich, s: State) -> None:
    """Compile `walk_route` if routes are walked, and let the state know where it is."""
    if p.fleet[EXACT] != 0.0:
        s.tally[WALK] = address_of(walk_route, p, s, 0, 0)


@inline
def _price(p, s, r):
    """What route `r` would cost as proposed, excess priced."""
    k = s.shape[r, KIND]
    limit = s.total[LIMIT]
    proposed = s.tally[PROPOSED:]
    a, b = proposed[0], proposed[7]
    n = 0
    if a != DEPOT:
        n = _write(p, s, k, n, s.shape[r, FIRST], a, False)
    for i in range(3):
        if n >= 0 and proposed[1 + 2 * i] != DEPOT:
            turned = proposed[8 + i] != 0
            n = _write(p, s, k, n, proposed[1 + 2 * i], proposed[2 + 2 * i], turned)
    while n >= 0 and b != DEPOT:
        n = _write(p, s, k, n, b, b, False)
        b = s.link[b, NEXT]
    if n < 0:
        return np.inf
    cost, load, time, distance = walk(p, s, k, n, limit)
    return (
        cost
        + load * s.total[LOAD_WEIGHT]
        + time * s.total[TIME_WEIGHT]
        + distance * s.total[DISTANCE_WEIGHT]
    )


@inline
def _measure(p, s, r):
    """The figures of route `r`: cost, excess, what it loads at depots, and what it may save."""
    k = s.shape[r, KIND]
    vehicle = p.vehicle[k]
    n = 0
    loaded = service = most = legs = 0.0
    u = s.shape[r, FIRST]
    while u != DEPOT:
        s.ints[PATH, n] = u
        n += 1
        loaded += p.node[u, DEMAND]
        service += p.node[u, SERVICE]
        most += p.node[u, MOST_EARNED]
        legs += s.cum[u, ARC_IN]
        u = s.link[u, NEXT]
    legs += s.cum[s.shape[r, LAST], ARC_OUT]
    cost, load, time, distance = walk(p, s, k, n, np.inf)
    # A reload costs what it makes the arc longer on which it lies. All else that the route costs
    # beyond its arcs and service may be saved, and more may be earned with its clients.
    spare = cost + most - vehicle[FIXED] - legs - _note_detours(p, s, k, n)
    spare -= service * p.fleet[LEAST_PER_TIME]
    if n == 1:
        spare += vehicle[FIXED]
    else:
        for row in range(int(vehicle[FIRST_BREAK]), int(vehicle[LAST_BREAK])):
            spare -= p.stopover[row, BREAK_LASTS] * vehicle[PER_TIME]
    spare += vehicle[LEAP] * (n + 1)
    return cost, load, time, distance, loaded, spare


@inline
def _note_detours(p, s, k, n):
    """Write what the arcs with a reload cost to `cum`; returns how much more than without."""
    w, path = s.walk, s.ints[PATH]
    more = 0.0
    x = int(w[_result(p), PARENT])
    while w[x, PARENT] >= 0.0:
        i = int(w[x, SINCE])
        a = path[i - 1] if i > 0 else np.int64(p.vehicle[k, START])
        b = path[i] if i < n else np.int64(p.vehicle[k, END])
        cost = cost_by(p, k, int(w[x, AT]), b)
        y = int(w[x, PARENT])
        while w[y, PARENT] >= 0.0 and w[y, SINCE] == i:
            cost += cost_by(p, k, int(w[y, AT]), int(w[x, AT]))
            x = y
            y = int(w[x, PARENT])
        cost += cost_by(p, k, a, int(w[x, AT]))
        more += cost - cost_by(p, k, a, b)
        if i > 0:
            s.cum[a, ARC_OUT] = cost
        if i < n:
            s.cum[b, ARC_IN] = cost
        x = y
    return more


# -- the walk --------------------------------------------------------------------------------------


@inline
def _result(p):
    """The row of the label that a walk ends with."""
    return int(p.fleet[LOADS])


@kernel
def walk(p, s, k, n, limit):
    """Walk the path of `n` visits with a vehicle of kind `k`.

    Returns its cost and what it exceeds in load, time and distance, as `rich.measure_rich` does.
    Leaves the label of its end in row `_result`, from which PARENT leads back. The cost is infinite
    where with the excess it would not be below `limit`.
    """
    w, vehicle = s.walk, p.vehicle[k]
    dims = int(p.fleet[LOADS])
    draft = dims + 1
    first = _first_label(p, w)
    for column in range(w.shape[1]):
        w[first, column] = 0.0
    w[first, PAID] = w[first, RANK] = _beforehand(p, s, k, n)
    w[first, AT], w[first, DOOR], w[first, PARENT] = vehicle[START], -1.0, -1.0
    w[first, SLACK] = HARD
    s.ints[LABELS, 0] = 1
    reloads = vehicle[MOST_RELOADS] > 0.0
    for i in range(1, n + 1 if reloads else 1):
        s.ints[LABELS, i] = 0
    _note_rests(p, s, k, n)
    best = limit
    w[dims, PAID] = np.inf
    for i in range(n + 1 if reloads else 1):
        if reloads and (i == 0 or vehicle[SHORTCUT] > 0.0):
            _pass_by(p, s, k, i)
        for x in range(s.ints[LABELS, i]):
            label = first + i * CROWD + x
            rest = w[_first_rest(p, w) + i, 0] if i < n else 0.0
            if w[label, RANK] + rest < best:
                best = _set_out(p, s, k, n, i, label, draft, best)
    return w[dims, PAID], w[dims, OVER], w[dims, LATE], w[dims, DRIVEN]


@inline
def _first_label(p, w):
    """The row of the first label."""
    return _first_rest(p, w) + len(p.near)


@inline
def _first_rest(p, w):
    """The row of what is at least to be paid from the first visit on."""
    groups = w.shape[1] - TAKEN_AT + 1
    return int(p.fleet[LOADS]) + 2 + groups * (1 + GROUP)


@inline
def _note_rests(p, s, k, n):
    """Write what is at least to be paid from each visit on: arcs, less what depots can save."""
    w, path = s.walk, s.ints[PATH]
    at = _first_rest(p, w)
    rest, v = 0.0, np.int64(p.vehicle[k, END])
    for i in range(n - 1, -1, -1):
        rest += cost_by(p, k, path[i], v) - p.vehicle[k, SHORTCUT]
        w[at + i, 0] = rest
        v = path[i]


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


@inner
def _set_out(p, s, k, n, i, label, draft, best):
    """Go on from a label behind `i` visits with a trip of any length.

    Offers labels behind it, and a result where it reaches the end. Returns the least price known.
    """
    w, path, vehicle = s.walk, s.ints[PATH], p.vehicle[k]
    dims = int(p.fleet[LOADS])
    left = w[label, PARENT] < 0.0 and vehicle[UNDER_WAY] != 0.0
    last = w[label, RELOADED] >= vehicle[MOST_RELOADS]
    bounded = _is_bounded(p, vehicle)
    released = 0.0
    for dim in range(dims):
        w[dim, LOADED] = vehicle[FIRST_ROOM + 3 * dim + 1] if left else 0.0
    if last and not left:
        for j in range(i, n):
            released = max(released, p.node[path[j], RELEASE])
            for dim in range(dims):
                w[dim, LOADED] += _goods(p, path[j], dim)
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
                    w[dim, LOADED] += _goods(p, u, dim)
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
            _pause(p, s, k, at, draft)
            if at == n:
                return min(best, _finish(p, s, k, n, amiss, draft, best))
            least = _visit(p, s, k, path[at]) + w[_first_rest(p, w) + at, 0]
            at += 1
            if at <= j:
                continue
            over = _excess(p, s, k)
            # Who gets nothing but pickups so far may still deliver: only what is wrong stays so.
            if least + over * s.total[LOAD_WEIGHT] + wrong * p.fleet[FORBIDDEN] >= best:
                return best
            if not last and pending == 0 and (at < n or vehicle[SHORTCUT] > 0.0):
                _reload(p, s, k, n, at, over, amiss, draft, best)
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
def _excess(p, s, k):
    """What is too much on board of a trip, or lacks."""
    w, vehicle = s.walk, p.vehicle[k]
    over = 0.0
    for dim in range(int(p.fleet[LOADS])):
        column = FIRST_ROOM + 3 * dim
        excess = max(w[dim, LOADED] + w[dim, HIGH] - vehicle[column], 0.0)
        excess += max(-w[dim, LOADED] - w[dim, LOW], 0.0)
        over += excess * vehicle[column + 2]
    return over


@inline
def _stop(w, x, early, late, stay, price):
    """Let label `x` wait, be late and stay at a stopover where it has arrived."""
    wait = max(early - w[x, CLOCK], 0.0)
    w[x, WAITED] += wait
    clock = w[x, CLOCK] + wait
    warp = max(clock - late, 0.0)
    if price >= HARD:
        w[x, LATE] += warp
        clock -= warp
    else:
        w[x, PAID] += warp * price
    w[x, SLACK] = min(w[x, SLACK], w[x, WAITED] + max(late - clock, 0.0))
    w[x, LASTS] += stay
    w[x, CLOCK] = clock + stay


@inline
def _drive(p, k, w, x, v):
    """Drive label `x` to node `v`."""
    u = int(w[x, AT])
    length = length_by(p, k, u, v)
    time = time_by(p, k, u, v, length)
    if length >= p.fleet[CLOSED_ARC]:
        w[x, PAID] += p.fleet[FORBIDDEN]
        length = 0.0
    w[x, DRIVEN] += length
    w[x, CLOCK] += time
    w[x, LASTS] += time
    w[x, AT] = v


@inline
def _rate(p, s, k, x):
    """Bring the rank of label `x` up to date."""
    w, vehicle = s.walk, p.vehicle[k]
    rank = w[x, PAID] + w[x, DRIVEN] * vehicle[PER_LENGTH]
    rank += w[x, OVER] * s.total[LOAD_WEIGHT] + w[x, LATE] * s.total[TIME_WEIGHT]
    w[x, FLEX] = 0.0
    if vehicle[PER_TIME] + vehicle[OVERTIME] > 0.0 or vehicle[LASTING] < HARD:
        lasts = w[x, LASTS] + w[x, WAITED] - min(w[x, WAITED], w[x, SLACK])
        rank += lasts * vehicle[PER_TIME]
        w[x, FLEX] = w[x, SLACK] - w[x, WAITED]
    w[x, RANK] = rank


@inline
def _copy(w, x, y):
    """Copy label `x` to `y`."""
    for column in range(w.shape[1]):
        w[y, column] = w[x, column]


@inner
def _offer(w, x, first, number, most):
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
            and w[y, FLEX] <= w[x, FLEX]
        ):
            continue
        if first + kept != y:
            _copy(w, y, first + kept)
        if w[first + kept, RANK] > w[worst, RANK]:
            worst = first + kept
        kept += 1
    if kept < most:
        _copy(w, x, first + kept)
        return kept + 1
    if worst != x:
        _copy(w, x, worst)
    return kept


@inline
def _gate(p, s, k, x, start, released):
    """Let label `x` leave the depot where it is; with `start`, as the route begins."""
    w, vehicle = s.walk, p.vehicle[k]
    if not start:
        row = p.stopover[int(w[x, DOOR])]
        early, late = max(row[DOOR_EARLY], released), row[DOOR_LATE]
    elif vehicle[UNDER_WAY] != 0.0:
        early = late = vehicle[READY]
    else:
        early, late = max(vehicle[LEAVE_EARLY], released), vehicle[LEAVE_LATE]
    if start:
        w[x, CLOCK] = early
    _stop(w, x, early, late, 0.0, HARD)


@inline
def _groups(p, w):
    """The rows of the sizes of groups, and of the first label of the first."""
    counts = int(p.fleet[LOADS]) + 2
    return counts, counts + w.shape[1] - TAKEN_AT + 1


@inline
def _begin(p, s, k, label, released):
    """Make the trip from `label` on the only one, at the depot, ready to leave."""
    w = s.walk
    counts, front = _groups(p, w)
    taken = int(w[label, TAKEN])
    for group in range(w.shape[1] - TAKEN_AT + 1):
        w[counts + group, 0] = 1.0 if group == taken else 0.0
    for dim in range(int(p.fleet[LOADS])):
        w[dim, CHANGE] = w[dim, HIGH] = w[dim, LOW] = 0.0
    x = front + taken * GROUP
    _copy(w, label, x)
    w[x, PARENT] = label
    _gate(p, s, k, x, w[label, PARENT] < 0.0, released)


@inline
def _visit(p, s, k, u):
    """Let every label of the trip visit `u`; returns the least rank of any."""
    w = s.walk
    counts, front = _groups(p, w)
    row = p.node[u]
    breaks = int(p.vehicle[k, LAST_BREAK] - p.vehicle[k, FIRST_BREAK])
    windows = int(p.fleet[WINDOWS])
    least = np.inf
    for group in range(breaks + 1):
        for x in range(front + group * GROUP, front + group * GROUP + int(w[counts + group, 0])):
            _drive(p, k, w, x, u)
            at = FIRST_WINDOW
            while at < FIRST_WINDOW + 2 * windows - 2 and w[x, CLOCK] > row[at + 1]:
                at += 2
            _stop(w, x, row[at], row[at + 1], row[SERVICE], row[PRICE])
            _rate(p, s, k, x)
            least = min(least, w[x, RANK])
    for dim in range(int(p.fleet[LOADS])):
        change = w[dim, CHANGE] + row[FIRST_WINDOW + 2 * (windows + dim) + 1]
        w[dim, CHANGE] = change
        w[dim, HIGH] = max(w[dim, HIGH], change)
        w[dim, LOW] = min(w[dim, LOW], change)
    return least


@inline
def _pause(p, s, k, at, draft):
    """Let every label of the trip take its next breaks here, behind `at` visits, or not."""
    w = s.walk
    counts, front = _groups(p, w)
    for group in range(int(p.vehicle[k, LAST_BREAK] - p.vehicle[k, FIRST_BREAK])):
        row = p.stopover[int(p.vehicle[k, FIRST_BREAK]) + group]
        for x in range(front + group * GROUP, front + group * GROUP + int(w[counts + group, 0])):
            _copy(w, x, draft)
            window = FIRST_BREAK_WINDOW
            end = window + 2 * int(row[BREAK_WINDOWS])
            while window < end - 2 and w[draft, CLOCK] > row[window + 1]:
                window += 2
            _stop(w, draft, row[window], row[window + 1], row[BREAK_LASTS], HARD)
            if row[BREAK_BOUND] != 0.0:
                for dim in range(int(p.fleet[LOADS])):
                    load = w[dim, LOADED] + w[dim, CHANGE]
                    weight = p.vehicle[k, FIRST_ROOM + 3 * dim + 2]
                    w[draft, OVER] += max(load - row[end + dim], 0.0) * weight
            w[draft, TAKEN] = group + 1.0
            w[draft, TAKEN_AT + group] = at
            _rate(p, s, k, draft)
            first, size = front + (group + 1) * GROUP, int(w[counts + group + 1, 0])
            w[counts + group + 1, 0] = _offer(w, draft, first, size, GROUP)


@inline
def _reload(p, s, k, n, i, over, amiss, draft, best):
    """Offer labels of the trip at each depot where it may end, behind `i` visits."""
    w, vehicle = s.walk, p.vehicle[k]
    counts, front = _groups(p, w)
    there = _first_label(p, w) + i * CROWD
    for group in range(int(vehicle[LAST_BREAK] - vehicle[FIRST_BREAK]) + 1):
        for x in range(front + group * GROUP, front + group * GROUP + int(w[counts + group, 0])):
            for door in range(int(vehicle[FIRST_DEPOT]), int(vehicle[LAST_DEPOT])):
                _copy(w, x, draft)
                _drive(p, k, w, draft, np.int64(p.stopover[door, DOOR_NODE]))
                w[draft, OVER] += over
                w[draft, PAID] += amiss * p.fleet[FORBIDDEN]
                w[draft, RELOADED] += 1.0
                w[draft, DOOR], w[draft, SINCE] = door, i
                _rate(p, s, k, draft)
                rest = w[_first_rest(p, w) + i, 0] if i < n else 0.0
                if w[draft, RANK] + rest < best:
                    number = s.ints[LABELS, i]
                    s.ints[LABELS, i] = _offer(w, draft, there, number, CROWD)


@inner
def _pass_by(p, s, k, i):
    """Let the labels behind `i` visits go on to another depot without any."""
    w, vehicle = s.walk, p.vehicle[k]
    dims = int(p.fleet[LOADS])
    draft = dims + 1
    there = _first_label(p, w) + i * CROWD
    x = there
    while x < there + s.ints[LABELS, i]:
        start = w[x, PARENT] < 0.0
        left = start and vehicle[UNDER_WAY] != 0.0
        if w[x, RELOADED] >= vehicle[MOST_RELOADS]:
            x += 1
            continue
        for door in range(int(vehicle[FIRST_DEPOT]), int(vehicle[LAST_DEPOT])):
            if s.ints[LABELS, i] == CROWD or (w[x, AT] == p.stopover[door, DOOR_NODE] and not left):
                continue
            _copy(w, x, draft)
            _gate(p, s, k, draft, start, 0.0)
            _drive(p, k, w, draft, np.int64(p.stopover[door, DOOR_NODE]))
            for dim in range(dims if left else 0):
                column = FIRST_ROOM + 3 * dim
                over = max(vehicle[column + 1] - vehicle[column], 0.0)
                w[draft, OVER] += over * vehicle[column + 2]
            w[draft, RELOADED] += 1.0
            w[draft, DOOR], w[draft, SINCE], w[draft, PARENT] = door, i, x
            _rate(p, s, k, draft)
            if not _is_beaten(w, draft, there, s.ints[LABELS, i]):
                _copy(w, draft, there + s.ints[LABELS, i])
                s.ints[LABELS, i] += 1
        x += 1


@inline
def _is_beaten(w, x, first, number):
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


@inline
def _finish(p, s, k, n, amiss, draft, best):
    """End the route with this trip, all breaks taken, if that is cheaper than `best`.

    Returns the least price of such an end.
    """
    w, vehicle = s.walk, p.vehicle[k]
    counts, front = _groups(p, w)
    result = _result(p)
    group = int(vehicle[LAST_BREAK] - vehicle[FIRST_BREAK])
    over = _excess(p, s, k) + max(n - vehicle[MOST_STOPS], 0.0) * p.fleet[WEIGH_STOPS]
    for x in range(front + group * GROUP, front + group * GROUP + int(w[counts + group, 0])):
        _copy(w, x, draft)
        end = int(vehicle[END])
        if end >= 0:
            _drive(p, k, w, draft, end)
            _stop(w, draft, vehicle[BACK_EARLY], vehicle[BACK_LATE], 0.0, HARD)
        else:
            slack = vehicle[BACK_LATE] - w[draft, CLOCK]
            w[draft, LATE] += max(-slack, 0.0)
            w[draft, SLACK] = min(w[draft, SLACK], w[draft, WAITED] + max(slack, 0.0))
        lasts = w[draft, LASTS] + w[draft, WAITED] - min(w[draft, WAITED], w[draft, SLACK])
        length = w[draft, DRIVEN]
        cost = w[draft, PAID] + amiss * p.fleet[FORBIDDEN]
        cost += length * vehicle[PER_LENGTH] + lasts * vehicle[PER_TIME]
        cost += max(lasts - vehicle[REGULAR], 0.0) * vehicle[OVERTIME]
        w[draft, PAID] = cost
        w[draft, OVER] += over
        w[draft, LATE] += max(lasts - vehicle[LASTING], 0.0)
        w[draft, DRIVEN] = max(length - vehicle[LONGEST], 0.0)
        price = (
            cost
            + w[draft, OVER] * s.total[LOAD_WEIGHT]
            + w[draft, LATE] * s.total[TIME_WEIGHT]
            + w[draft, DRIVEN] * s.total[DISTANCE_WEIGHT]
        )
        if price < best:
            best = price
            _copy(w, draft, result)
    return best
