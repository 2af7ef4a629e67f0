"""The core loop: ruin, recreate, local search on what was touched, accept by annealing."""

from __future__ import annotations

from math import log

from polyroute.heuristics.jit.options import kernel
from polyroute.heuristics.kernels.incumbent import is_feasible, keep_if_best, penalised_cost
from polyroute.heuristics.kernels.local_search import improve
from polyroute.heuristics.kernels.recreate import recreate
from polyroute.heuristics.kernels.rng import bits
from polyroute.heuristics.kernels.ruin import ruin
from polyroute.heuristics.kernels.undo_log import commit, refresh_saved, undo
from polyroute.heuristics.kernels.vehicle_change import change_kind


@kernel
def rounds(
    p, s, number, temperature, mean_removed, longest_string, whole_routes, breadth, chain, limit
):
    """Run rounds at one temperature; returns how often the current solution was feasible.

    A round is local search from the queued nodes, of up to `limit` steps, after a ruin and its
    recreation unless nothing is to be removed; then what it found is kept in any case. One kernel
    does both, since the local search is most of what there is to compile.
    """
    feasible = 0
    for _ in range(number):
        before = penalised_cost(s)
        if mean_removed > 0.0:
            ruin(p, s, mean_removed, longest_string, whole_routes)
            refresh_saved(p, s)
            recreate(p, s)
        improve(p, s, breadth, chain, limit)
        if mean_removed > 0.0:
            change_kind(p, s)
        after = penalised_cost(s)
        keep_if_best(s)
        if mean_removed <= 0.0 or after < before - temperature * log(max(bits(s.rng), 1e-300)):
            commit(s)
        else:
            undo(p, s)
        if is_feasible(s):
            feasible += 1
    return feasible
