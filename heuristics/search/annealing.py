"""The core loop of the kernels (`kernels.anneal`), called with the parameters of the search."""

from __future__ import annotations

from polyroute.heuristics.jit.far_call import address_of
from polyroute.heuristics.kernels.anneal import rounds
from polyroute.heuristics.kernels.arrays import IMPROVE, Load, Rich, State, Timed
from polyroute.heuristics.kernels.incumbent import keep_if_best
from polyroute.heuristics.kernels.local_search import improve
from polyroute.heuristics.kernels.undo_log import commit
from polyroute.heuristics.search.params import LONGEST_CHAIN, SearchParams

TOUCHED_AGAIN = 50
"""An iteration's local search takes up or moves so many times the number of clients at most."""


def anneal(
    p: Load | Timed | Rich, s: State, iterations: int, temperature: float, params: SearchParams
) -> int:
    """Run `iterations` at one temperature; returns how often the current solution was feasible.

    Changes every array of `s`; the current solution is left refreshed and committed.
    """
    if s.tally[IMPROVE] == 0:
        s.tally[IMPROVE] = address_of(improve, p, s, 1, 1, 1)
    return rounds(
        p,
        s,
        iterations,
        float(temperature),
        float(params.mean_removed),
        params.longest_string,
        float(params.whole_routes),
        params.breadth,
        params.chain,
        len(s.link) * TOUCHED_AGAIN,
    )


def descend(p: Load | Timed | Rich, s: State, breadth: int, limit: int) -> None:
    """Local search on up to `limit` queued nodes, with every move, kept whatever it finds."""
    improve(p, s, breadth, LONGEST_CHAIN, limit)
    keep_if_best(s)
    commit(s)
