"""The solution under search: an empty one, and one that holds given routes.

Routes are doubly linked lists of nodes between two visits of the depot (`kernels.links`). After a
change of its links a route is brought up to date (`kernels.refresh`); before the first one it is
saved (`kernels.undo_log`).
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import kernel
from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    ALL_GAINS,
    BEST,
    COUNTED,
    DEPOT,
    FREE,
    KIND,
    LOAD_COLUMNS,
    MISSED,
    MISSED_KEPT,
    NUM_FREE,
    NUM_ROWS,
    ON_FREE,
    PRE_EARLY,
    PRE_LATE,
    ROUTE,
    STAMP,
    STATE_COLUMNS,
    SUF_EARLY,
    SUF_LATE,
    TALLIES,
    TIMED_COLUMNS,
    TOTALS,
    UNCOUNTED,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.cost.labels import label_rows
from polyroute.heuristics.kernels.cost.route_labelled import prepare_labelling
from polyroute.heuristics.kernels.links import note_served, relink
from polyroute.heuristics.kernels.refresh import refresh
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


def num_kinds(p: Load | Timed | Rich) -> int:
    """Kinds of vehicles."""
    return len(p.vehicle) if isinstance(p, Rich) else 1


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


@kernel
def load_routes(p, s, nodes, bounds, kinds):
    """Fill an empty state: route i visits ``nodes[bounds[i]:bounds[i + 1]]`` by ``kinds[i]``."""
    for r in range(len(bounds) - 1):
        s.shape[r, KIND] = kinds[r]
        relink(s, r, nodes[bounds[r] : bounds[r + 1]])
        refresh(p, s, r)
        for u in nodes[bounds[r] : bounds[r + 1]]:
            note_served(p, s, u)
