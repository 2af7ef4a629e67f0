"""The solution under search: linked routes, their figures, undoing, and the best one kept.

Routes are doubly linked lists of nodes between two visits of the depot. `link_in` and `unlink`
change the list alone; `refresh` then recomputes what lies before and after each node. Before a
route is changed it is saved (`save`), so that `undo` can put it back.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner, kernel, specialise
from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    ALL_GAINS,
    ARC_IN,
    ARC_OUT,
    BEST,
    COST,
    COUNT,
    COUNTED,
    DEMAND,
    DEPOT,
    DIRTY,
    FIRST,
    FREE,
    GAIN,
    IS_DIRTY,
    KIND,
    LAST,
    LATENESS,
    LOAD_COLUMNS,
    MISSED,
    MISSED_KEPT,
    NEXT,
    NUM_DIRTY,
    NUM_FREE,
    NUM_LOGGED,
    NUM_QUEUED,
    NUM_ROWS,
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
    SPARE,
    STAMP,
    STATE_COLUMNS,
    SUF_EARLY,
    SUF_LATE,
    TALLIES,
    TIMED_COLUMNS,
    TOTALS,
    TRIED,
    UNCOUNTED,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.labelling import prepare_labelling
from polyroute.heuristics.kernels.cost.labels import label_rows
from polyroute.heuristics.kernels.cost.pieces import (
    before,
    join_single,
    measure,
    store_before,
    store_ends,
)
from polyroute.heuristics.kernels.cost.proposals import penalty_of
from polyroute.heuristics.kernels.cost.vehicle_cost import recount
from polyroute.vrp.problem import Problem

Array = np.ndarray


def depot_row(problem: Problem, p: Load | Timed | Rich) -> Array:
    """The depot's row of `cum`: when a vehicle may leave, and by when it must be back."""
    row = np.zeros(columns_of(p))
    if isinstance(p, Timed):
        shift_early, shift_late = problem.shift_early[0], problem.shift_late[0]
        opens, closes = problem.tw_early[DEPOT, 0], problem.tw_late[DEPOT, 0]
        row[PRE_EARLY] = max(shift_early, opens)
        row[SUF_EARLY] = opens
        row[[PRE_LATE, SUF_LATE]] = min(shift_late, closes)
    return row


def columns_of(p: Load | Timed | Rich) -> int:
    """Columns of `cum`."""
    if isinstance(p, Rich):
        return STATE_COLUMNS
    return LOAD_COLUMNS if isinstance(p, Load) else TIMED_COLUMNS


def empty_state(p: Load | Timed | Rich, depot: Array, num_routes: int, rng: Array) -> State:
    """A state without visits, with room for `num_routes` routes.

    `depot` is the depot's row of `cum`, `rng` the state of the random generator.
    """
    n = len(p.near)
    cum = np.zeros((n, len(depot)))
    cum[DEPOT] = depot
    link = np.zeros((n, 4), dtype=np.int64)
    link[:, ROUTE] = ABSENT
    ints = np.zeros((NUM_ROWS, max(n, num_routes)), dtype=np.int64)
    ints[FREE, :num_routes] = np.arange(num_routes)[::-1]
    ints[ON_FREE, :num_routes] = 1
    tally = np.zeros(TALLIES, dtype=np.int64)
    tally[NUM_FREE] = num_routes
    tally[STAMP] = 1
    total = np.zeros(TOTALS)
    total[BEST] = np.inf
    shape = np.zeros((num_routes, 5), dtype=np.int64)
    shape[:, COUNTED] = UNCOUNTED
    if isinstance(p, Rich):
        total[[MISSED, MISSED_KEPT]] = p.fleet[ALL_GAINS]
    s = State(
        link=link,
        cum=cum,
        shape=shape,
        figure=np.zeros((num_routes, 6)),
        total=total,
        tally=tally,
        used=np.zeros(num_kinds(p), dtype=np.int64),
        ints=ints,
        labels=label_rows(p) if isinstance(p, Rich) else np.zeros((0, 0)),
        log=np.zeros(n + 3 * num_routes, dtype=np.int64),
        best=link.copy(),
        best_shape=np.zeros((num_routes, 5), dtype=np.int64),
        best_cost=np.zeros(num_routes),
        rng=rng,
    )
    if isinstance(p, Rich):
        prepare_labelling(p, s)
    return s


def num_kinds(p: Load | Timed | Rich) -> int:
    """Kinds of vehicles."""
    return len(p.vehicle) if isinstance(p, Rich) else 1


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
    note_served(p, s, u)


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
    note_missed(p, s, u)


@inline
def _served(p, s, u):
    s.total[MISSED] -= p.node[u, GAIN]


@inline
def _missed(p, s, u):
    s.total[MISSED] += p.node[u, GAIN]


def note_served(p, s, u):
    """Take what `u` costs unserved off the total; all are served but under `Rich`."""
    if isinstance(p, Rich):
        _served(p, s, u)


@specialise(note_served)
def _choose_note_served(p, s, u):
    if p.instance_class is Rich:
        return lambda p, s, u: _served(p, s, u)
    return lambda p, s, u: None


def note_missed(p, s, u):
    """Add what `u` costs unserved to the total."""
    if isinstance(p, Rich):
        _missed(p, s, u)


@specialise(note_missed)
def _choose_note_missed(p, s, u):
    if p.instance_class is Rich:
        return lambda p, s, u: _missed(p, s, u)
    return lambda p, s, u: None


@inner
def refresh(p, s, r):
    """Recompute `cum`, positions, figures and totals after route `r` was relinked."""
    legs = pieces(p, s, r)
    cost, load, time, overrun, on_board, spare = measure(p, s, r, legs)
    if s.shape[r, SIZE] == 0 and s.ints[ON_FREE, r] == 0:
        s.ints[ON_FREE, r] = 1
        s.ints[FREE, s.tally[NUM_FREE]] = r
        s.tally[NUM_FREE] += 1
    figure, total = s.figure, s.total
    total[COST] += cost - figure[r, COST]
    total[OVERLOAD] += load - figure[r, OVERLOAD]
    total[LATENESS] += time - figure[r, LATENESS]
    total[OVERRUN] += overrun - figure[r, OVERRUN]
    figure[r, COST] = cost
    figure[r, OVERLOAD] = load
    figure[r, LATENESS] = time
    figure[r, OVERRUN] = overrun
    figure[r, ROUTE_LOAD] = on_board
    figure[r, SPARE] = spare
    recount(s, r)
    if s.ints[IS_DIRTY, r] == 0:
        s.ints[IS_DIRTY, r] = 1
        s.ints[DIRTY, s.tally[NUM_DIRTY]] = r
        s.tally[NUM_DIRTY] += 1


@inline
def pieces(p, s, r):
    """Walk route `r`: store what `cum` holds of each node, positions, size and end.

    Returns what its arcs cost.
    """
    a, u = DEPOT, s.shape[r, FIRST]
    pos = 0
    legs = 0.0
    piece = before(p, s, r, DEPOT)
    while u != DEPOT:
        piece = join_single(p, s, r, piece, u)
        store_before(p, s, u, piece)
        step = leg(p, s, r, a, u)
        legs += step
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
        step = leg(p, s, r, a, DEPOT)
        legs += step
        s.cum[a, ARC_OUT] = step
    store_ends(p, s, r, a)
    return legs


@inline
def free_route(s):
    """An empty route, or -1 where all are in use. It stays free until something is linked in."""
    while s.tally[NUM_FREE] > 0:
        r = s.ints[FREE, s.tally[NUM_FREE] - 1]
        if s.shape[r, SIZE] == 0:
            return r
        s.ints[ON_FREE, r] = 0
        s.tally[NUM_FREE] -= 1
    return np.int64(-1)


@inline
def _open_rich(p, s, kind):
    if s.used[kind] >= p.vehicle[kind, COUNT]:
        return np.int64(-1)
    r = free_route(s)
    if r >= 0:
        s.shape[r, KIND] = kind
    return r


def open_route(p, s, kind):
    """An empty route for a vehicle of that kind, or -1 where all are in use."""
    return _open_rich(p, s, kind) if isinstance(p, Rich) else free_route(s)


@specialise(open_route)
def _choose_open_route(p, s, kind):
    if p.instance_class is Rich:
        return lambda p, s, kind: _open_rich(p, s, kind)
    return lambda p, s, kind: free_route(s)


@inline
def penalised_cost(s):
    """Cost plus the weighted excess of the whole solution."""
    return cost_of(s) + penalty_of(s, s.total)


@inline
def cost_of(s):
    """What the routes cost, and those whom they leave out."""
    return s.total[COST] + s.total[MISSED]


@inline
def is_feasible(s):
    """Whether nothing is exceeded."""
    return s.total[OVERLOAD] == 0.0 and s.total[LATENESS] == 0.0 and s.total[OVERRUN] == 0.0


# -- undoing ---------------------------------------------------------------------------------


@inline
def is_past_hope(s, r):
    """Whether whoever is inserted was tried on route `r` before, which is still the same."""
    return s.tally[TRIED] != 0 and s.ints[SAVED_AT, r] != s.tally[STAMP]


@inline
def save(s, r):
    """Log route `r` as it is, unless it was saved since the last `commit` or `undo`."""
    if s.ints[SAVED_AT, r] == s.tally[STAMP]:
        return
    s.ints[SAVED_AT, r] = s.tally[STAMP]
    at = s.tally[NUM_LOGGED]
    s.log[at] = r
    s.log[at + 1] = s.shape[r, SIZE]
    s.log[at + 2] = s.shape[r, KIND]
    at += 3
    u = s.shape[r, FIRST]
    while u != DEPOT:
        s.log[at] = u
        at += 1
        u = s.link[u, NEXT]
    s.tally[NUM_LOGGED] = at
    s.tally[NUM_SAVED] += 1


@kernel
def commit(s):
    """Keep what was changed since the last `commit` or `undo`."""
    s.tally[STAMP] += 1
    s.tally[NUM_LOGGED] = 0
    s.tally[NUM_SAVED] = 0
    s.total[MISSED_KEPT] = s.total[MISSED]


@inner
def refresh_saved(p, s):
    """Bring every route that was saved, and so may have changed, up to date."""
    at = 0
    for _ in range(s.tally[NUM_SAVED]):
        refresh(p, s, s.log[at])
        at += 3 + s.log[at + 1]


@inner
def undo(p, s):
    """Put every saved route back."""
    forget(p, s)
    s.total[MISSED] = s.total[MISSED_KEPT]
    at = 0
    for _ in range(s.tally[NUM_SAVED]):
        r, size = s.log[at], s.log[at + 1]
        s.shape[r, KIND] = s.log[at + 2]
        relink(s, r, s.log[at + 3 : at + 3 + size])
        at += 3 + size
    refresh_saved(p, s)
    commit(s)


@inline
def _forget_saved(s):
    at = 0
    for _ in range(s.tally[NUM_SAVED]):
        u = s.shape[s.log[at], FIRST]
        while u != DEPOT:
            s.link[u, ROUTE] = ABSENT
            u = s.link[u, NEXT]
        at += 3 + s.log[at + 1]


def forget(p, s):
    """Take everybody off the routes that were saved; needed where a client may be on none."""
    if isinstance(p, Rich):
        _forget_saved(s)


@specialise(forget)
def _choose_forget(p, s):
    if p.instance_class is Rich:
        return lambda p, s: _forget_saved(s)
    return lambda p, s: None


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


@inner
def keep_best(s):
    """Copy the routes that changed since the last call into the best solution."""
    for i in range(s.tally[NUM_DIRTY]):
        r = s.ints[DIRTY, i]
        s.ints[IS_DIRTY, r] = 0
        for column in range(s.shape.shape[1]):
            s.best_shape[r, column] = s.shape[r, column]
        s.best_cost[r] = s.figure[r, COST]
        u = s.shape[r, FIRST]
        while u != DEPOT:
            for column in range(s.link.shape[1]):
                s.best[u, column] = s.link[u, column]
            u = s.link[u, NEXT]
    s.tally[NUM_DIRTY] = 0
    s.total[BEST] = cost_of(s)


@kernel
def keep_if_best(s):
    """Keep the current solution if it is feasible and cheaper than the best."""
    if is_feasible(s) and cost_of(s) < s.total[BEST]:
        keep_best(s)


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
def load_routes(p, s, nodes, bounds, kinds):
    """Fill an empty state: route i visits ``nodes[bounds[i]:bounds[i + 1]]`` by ``kinds[i]``."""
    for r in range(len(bounds) - 1):
        s.shape[r, KIND] = kinds[r]
        relink(s, r, nodes[bounds[r] : bounds[r + 1]])
        refresh(p, s, r)
        for u in nodes[bounds[r] : bounds[r + 1]]:
            note_served(p, s, u)
