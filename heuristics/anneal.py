"""The core loop: ruin, recreate, local search on what was touched, accept by annealing."""

from __future__ import annotations

from math import log

from heuristics._jit import kernel
from heuristics.kinds import change_kind
from heuristics.local_search import improve
from heuristics.params import LONGEST_CHAIN
from heuristics.recreate import recreate
from heuristics.rng import bits
from heuristics.routes import commit, is_feasible, keep_if_best, penalised_cost, refresh_saved, undo
from heuristics.ruin import ruin


@kernel
def anneal(
    p, s, iterations, temperature, mean_removed, longest_string, whole_routes, breadth, chain
):
    """Run `iterations` rounds at one temperature; returns how often the current one was feasible.

    Changes every array of `s`; the current solution is left refreshed and committed.
    """
    feasible = 0
    for _ in range(iterations):
        before = penalised_cost(s)
        ruin(p, s, mean_removed, longest_string, whole_routes)
        refresh_saved(p, s)
        recreate(p, s)
        improve(p, s, breadth, chain, s.link.shape[0] * 50)
        change_kind(p, s)
        after = penalised_cost(s)
        keep_if_best(s)
        if after < before - temperature * log(max(bits(s.rng), 1e-300)):
            commit(s)
        else:
            undo(p, s)
        if is_feasible(s):
            feasible += 1
    return feasible


@kernel
def descend(p, s, breadth, limit):
    """Local search on up to `limit` queued nodes, kept whatever it finds."""
    improve(p, s, breadth, LONGEST_CHAIN, limit)
    commit(s)
    keep_if_best(s)
