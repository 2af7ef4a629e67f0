"""The solution under search: linked routes, their figures, undoing, and the best one kept.

Routes are doubly linked lists of nodes between two visits of the depot. `link_in` and `unlink`
change the list alone; `refresh` then recomputes what lies before and after each node. Before a
route is changed it is saved (`save`), so that `undo` can put it back.
"""

from __future__ import annotations

import numpy as np

from heuristics._jit import inline, kernel
from heuristics.arrays import (
    ARC_IN,
    ARC_OUT,
    BEST,
    DEMAND,
    DEPOT,
    DIRTY,
    DISTANCE,
    DISTANCE_WEIGHT,
    FIRST,
    FREE,
    IS_DIRTY,
    LAST,
    LATENESS,
    LOAD_COLUMNS,
    LOAD_WEIGHT,
    NEXT,
    NUM_DIRTY,
    NUM_FREE,
    NUM_LOGGED,
    NUM_QUEUED,
    NUM_SAVED,
    ON_FREE,
    OVERLOAD,
    OVERRUN,
    POS,
    PRE_EARLY,
    PRE_LATE,
    PREV,
    QUEUE,
    QUEUE_HEAD,
    QUEUED,
    ROUTE,
    ROUTE_LOAD,
    SAVED_AT,
    SIZE,
    STAMP,
    SUF_EARLY,
    SUF_LATE,
    TIME_WEIGHT,
    TIMED_COLUMNS,
    Load,
    State,
    Timed,
)
from heuristics.segment import after, arc, before, excess, join, single, store_before, store_ends
from vrp.problem import Problem

Array = np.ndarray


def depot_row(problem: Problem, p: Load | Timed) -> Array:
    """The depot's row of `cum`: when a vehicle may leave, and by when it must be back."""
    row = np.zeros(LOAD_COLUMNS if isinstance(p, Load) else TIMED_COLUMNS)
    if isinstance(p, Timed):
        shift_early, shift_late = problem.shift_early[0], problem.shift_late[0]
        opens, closes = problem.tw_early[DEPOT, 0], problem.tw_late[DEPOT, 0]
        row[PRE_EARLY] = max(shift_early, opens)
        row[SUF_EARLY] = opens
        row[[PRE_LATE, SUF_LATE]] = min(shift_late, closes)
    return row


def empty_state(p: Load | Timed, depot: Array, num_routes: int, rng: Array) -> State:
    """A state without visits, with room for `num_routes` routes.

    `depot` is the depot's row of `cum`, `rng` the state of the random generator.
    """
    n = len(p.node)
    cum = np.zeros((n, len(depot)))
    cum[DEPOT] = depot
    link = np.zeros((n, 4), dtype=np.int64)
    link[:, ROUTE] = -1
    ints = np.zeros((8, max(n, num_routes)), dtype=np.int64)
    ints[FREE, :num_routes] = np.arange(num_routes)[::-1]
    ints[ON_FREE, :num_routes] = 1
    tally = np.zeros(9, dtype=np.int64)
    tally[NUM_FREE] = num_routes
    tally[STAMP] = 1
    total = np.zeros(8)
    total[BEST] = np.inf
    return State(
        link=link,
        cum=cum,
        shape=np.zeros((num_routes, 3), dtype=np.int64),
        figure=np.zeros((num_routes, 5)),
        total=total,
        tally=tally,
        ints=ints,
        log=np.zeros(n + 2 * num_routes, dtype=np.int64),
        best=link.copy(),
        best_shape=np.zeros((num_routes, 3), dtype=np.int64),
        rng=rng,
    )


# -- changing routes -------------------------------------------------------------------------


@inline
def link_in(p, s, u, r, a):
    """Put `u` into route `r` behind `a` (DEPOT: first). Changes links, shape and load."""
    b = s.shape[r, FIRST] if a == DEPOT else s.link[a, NEXT]
    s.link[u, PREV] = a
    s.link[u, NEXT] = b
    s.link[u, ROUTE] = r
    if a == DEPOT:
        s.shape[r, FIRST] = u
    else:
        s.link[a, NEXT] = u
    if b == DEPOT:
        s.shape[r, LAST] = u
    else:
        s.link[b, PREV] = u
    s.shape[r, SIZE] += 1
    s.figure[r, ROUTE_LOAD] += p.node[u, DEMAND]


@inline
def unlink(p, s, u):
    """Take `u` out of its route. Changes link, shape and the route's load."""
    a, b, r = s.link[u, PREV], s.link[u, NEXT], s.link[u, ROUTE]
    if a == DEPOT:
        s.shape[r, FIRST] = b
    else:
        s.link[a, NEXT] = b
    if b == DEPOT:
        s.shape[r, LAST] = a
    else:
        s.link[b, PREV] = a
    s.link[u, ROUTE] = -1
    s.shape[r, SIZE] -= 1
    s.figure[r, ROUTE_LOAD] -= p.node[u, DEMAND]


@kernel
def refresh(p, s, r):
    """Recompute `cum`, positions, figures and totals after route `r` was relinked."""
    length = pieces(p, s, r)
    whole = join(p, before(p, s, s.shape[r, LAST]), after(p, s, DEPOT))
    load, time, overrun = excess(p, whole)
    if s.shape[r, SIZE] == 0:
        load = time = overrun = 0.0
        if s.ints[ON_FREE, r] == 0:
            s.ints[ON_FREE, r] = 1
            s.ints[FREE, s.tally[NUM_FREE]] = r
            s.tally[NUM_FREE] += 1
    figure, total = s.figure, s.total
    total[DISTANCE] += length - figure[r, DISTANCE]
    total[OVERLOAD] += load - figure[r, OVERLOAD]
    total[LATENESS] += time - figure[r, LATENESS]
    total[OVERRUN] += overrun - figure[r, OVERRUN]
    figure[r, DISTANCE] = length
    figure[r, OVERLOAD] = load
    figure[r, LATENESS] = time
    figure[r, OVERRUN] = overrun
    figure[r, ROUTE_LOAD] = whole[2]
    if s.ints[IS_DIRTY, r] == 0:
        s.ints[IS_DIRTY, r] = 1
        s.ints[DIRTY, s.tally[NUM_DIRTY]] = r
        s.tally[NUM_DIRTY] += 1


@inline
def pieces(p, s, r):
    """Walk route `r`: store what `cum` holds of each node, positions, size and end.

    Returns the route's length.
    """
    a, u = DEPOT, s.shape[r, FIRST]
    pos = 0
    length = 0.0
    piece = before(p, s, DEPOT)
    while u != DEPOT:
        piece = join(p, piece, single(p, u))
        store_before(p, s, u, piece)
        step = arc(p, a, u)
        length += step
        s.cum[u, ARC_IN] = step
        if a != DEPOT:
            s.cum[a, ARC_OUT] = step
        s.link[u, POS] = pos
        s.link[u, ROUTE] = r
        pos += 1
        a, u = u, s.link[u, NEXT]
    s.shape[r, SIZE] = pos
    s.shape[r, LAST] = a
    if pos > 0:
        step = arc(p, a, DEPOT)
        length += step
        s.cum[a, ARC_OUT] = step
    store_ends(p, s, a)
    return length


@inline
def free_route(s):
    """An empty route, or -1 where all are in use. It stays free until something is linked in."""
    while s.tally[NUM_FREE] > 0:
        r = s.ints[FREE, s.tally[NUM_FREE] - 1]
        if s.shape[r, SIZE] == 0:
            return r
        s.ints[ON_FREE, r] = 0
        s.tally[NUM_FREE] -= 1
    return -1


@inline
def penalised_cost(s):
    """Distance plus the weighted excess of the whole solution."""
    return s.total[DISTANCE] + penalty_of(s, s.total)


@inline
def penalty_of(s, figure):
    """The weighted excess in a row of figures."""
    return (
        figure[OVERLOAD] * s.total[LOAD_WEIGHT]
        + figure[LATENESS] * s.total[TIME_WEIGHT]
        + figure[OVERRUN] * s.total[DISTANCE_WEIGHT]
    )


@inline
def is_feasible(s):
    """Whether nothing is exceeded."""
    return s.total[OVERLOAD] == 0.0 and s.total[LATENESS] == 0.0 and s.total[OVERRUN] == 0.0


# -- undoing ---------------------------------------------------------------------------------


@inline
def save(s, r):
    """Log route `r` as it is, unless it was saved since the last `commit` or `undo`."""
    if s.ints[SAVED_AT, r] == s.tally[STAMP]:
        return
    s.ints[SAVED_AT, r] = s.tally[STAMP]
    at = s.tally[NUM_LOGGED]
    s.log[at] = r
    s.log[at + 1] = s.shape[r, SIZE]
    at += 2
    u = s.shape[r, FIRST]
    while u != DEPOT:
        s.log[at] = u
        at += 1
        u = s.link[u, NEXT]
    s.tally[NUM_LOGGED] = at
    s.tally[NUM_SAVED] += 1


@inline
def commit(s):
    """Keep what was changed since the last `commit` or `undo`."""
    s.tally[STAMP] += 1
    s.tally[NUM_LOGGED] = 0
    s.tally[NUM_SAVED] = 0


@kernel
def refresh_saved(p, s):
    """Bring every route that was saved, and so may have changed, up to date."""
    at = 0
    for _ in range(s.tally[NUM_SAVED]):
        refresh(p, s, s.log[at])
        at += 2 + s.log[at + 1]


@kernel
def undo(p, s):
    """Put every saved route back."""
    at = 0
    for _ in range(s.tally[NUM_SAVED]):
        r, size = s.log[at], s.log[at + 1]
        relink(s, r, s.log[at + 2 : at + 2 + size])
        at += 2 + size
    refresh_saved(p, s)
    commit(s)


@inline
def relink(s, r, nodes):
    """Make route `r` visit `nodes`, whatever it visited before."""
    a = DEPOT
    for u in nodes:
        s.link[u, PREV] = a
        if a == DEPOT:
            s.shape[r, FIRST] = u
        else:
            s.link[a, NEXT] = u
        a = u
    if a == DEPOT:
        s.shape[r, FIRST] = DEPOT
    else:
        s.link[a, NEXT] = DEPOT
    s.shape[r, LAST] = a
    s.shape[r, SIZE] = len(nodes)


# -- the best solution -----------------------------------------------------------------------


@kernel
def keep_best(s):
    """Copy the routes that changed since the last call into the best solution."""
    for i in range(s.tally[NUM_DIRTY]):
        r = s.ints[DIRTY, i]
        s.ints[IS_DIRTY, r] = 0
        for column in range(s.shape.shape[1]):
            s.best_shape[r, column] = s.shape[r, column]
        u = s.shape[r, FIRST]
        while u != DEPOT:
            for column in range(s.link.shape[1]):
                s.best[u, column] = s.link[u, column]
            u = s.link[u, NEXT]
    s.tally[NUM_DIRTY] = 0
    s.total[BEST] = s.total[DISTANCE]


@kernel
def keep_if_best(s):
    """Keep the current solution if it is feasible and shorter than the best."""
    if is_feasible(s) and s.total[DISTANCE] < s.total[BEST]:
        keep_best(s)


@kernel
def measure_routes(p, visits, bounds, lengths):
    """Write the length of each route ``visits[bounds[i]:bounds[i + 1]]`` into `lengths`."""
    for i in range(len(lengths)):
        length = 0.0
        a = DEPOT
        for u in visits[bounds[i] : bounds[i + 1]]:
            length += arc(p, a, u)
            a = u
        lengths[i] = length + arc(p, a, DEPOT)


# -- the queue of touched nodes --------------------------------------------------------------


@inline
def touch(s, u):
    """Queue node `u` for local search, unless it is the depot or already waits."""
    if u == DEPOT or s.ints[QUEUED, u] == 1:
        return
    s.ints[QUEUED, u] = 1
    tail = s.tally[QUEUE_HEAD] + s.tally[NUM_QUEUED]
    if tail >= s.link.shape[0]:
        tail -= s.link.shape[0]
    s.ints[QUEUE, tail] = u
    s.tally[NUM_QUEUED] += 1


@kernel
def touch_all(s):
    """Queue every client that is on a route."""
    for u in range(1, s.link.shape[0]):
        if s.link[u, ROUTE] >= 0:
            touch(s, u)


@inline
def pop_touched(s):
    """The node that has waited longest, or DEPOT when none waits."""
    if s.tally[NUM_QUEUED] == 0:
        return DEPOT
    head = s.tally[QUEUE_HEAD]
    u = s.ints[QUEUE, head]
    s.ints[QUEUED, u] = 0
    s.tally[NUM_QUEUED] -= 1
    head += 1
    s.tally[QUEUE_HEAD] = 0 if head == s.link.shape[0] else head
    return u


# -- in and out ------------------------------------------------------------------------------


@kernel
def load_routes(p, s, nodes, bounds):
    """Fill an empty state: route i visits ``nodes[bounds[i]:bounds[i + 1]]``."""
    for r in range(len(bounds) - 1):
        relink(s, r, nodes[bounds[r] : bounds[r + 1]])
        refresh(p, s, r)
