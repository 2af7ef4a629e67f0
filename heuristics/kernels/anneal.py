"""The core loop: ruin, recreate, local search on what was touched, accept by annealing."""

from __future__ import annotations

from math import log

from polyroute.heuristics.jit.far_call import far_call
from polyroute.heuristics.jit.options import kernel, specialise
from polyroute.heuristics.kernels.arrays import IMPROVE
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

    A round is a ruin, its recreation, and local search from the queued nodes, of up to `limit`
    steps.
    """
    feasible = 0
    for _ in range(number):
        before = penalised_cost(s)
        ruin(p, s, mean_removed, longest_string, whole_routes)
        refresh_saved(p, s)
        recreate(p, s)
        _far_improve(p, s, breadth, chain, limit)
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


_jump = far_call()


def _far_improve(p, s, breadth, chain, limit):
    """`improve`, compiled apart: it is half of what there is to compile."""
    improve(p, s, breadth, chain, limit)


@specialise(_far_improve)
def _choose_far_improve(p, s, breadth, chain, limit):
    return lambda p, s, breadth, chain, limit: _jump(
        s.tally[IMPROVE], (p, s, breadth, chain, limit)
    )
