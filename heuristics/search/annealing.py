"""The core loop of the kernels (`kernels.anneal`), called with the parameters of the search."""

from __future__ import annotations

from polyroute.heuristics.kernels.anneal import rounds
from polyroute.heuristics.kernels.arrays import Load, Rich, State, Timed
from polyroute.heuristics.search.params import LONGEST_CHAIN, SearchParams

TOUCHED_AGAIN = 50
"""An iteration's local search takes up or moves so many times the number of clients at most."""


def anneal(
    p: Load | Timed | Rich, s: State, iterations: int, temperature: float, params: SearchParams
) -> int:
    """Run `iterations` at one temperature; returns how often the current solution was feasible.

    Changes every array of `s`; the current solution is left refreshed and committed.
    """
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
    rounds(p, s, 1, 0.0, 0.0, 1, 0.0, breadth, LONGEST_CHAIN, limit)
