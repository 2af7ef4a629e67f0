"""Whom VROOM serves first: priorities that stand for who is required, and for prizes."""

from __future__ import annotations

import numpy as np

from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.io.vroom_priority import priorities, serving_always_pays
from polyroute.vrp.problem import Array, Problem


def priorities_of(problem: Problem) -> Array:
    """VROOM's priority of each node, (N,).

    VROOM serves as much priority as it can, then as many clients, and only then minds costs. So
    prizes must say the same: those that priorities make, or equal ones that always pay, below whom
    everybody required is served.

    Raises UnsupportedError for other prizes.
    """
    optional = ~problem.required
    if not optional.any():
        return np.zeros(problem.num_nodes, dtype=np.int64)
    if not problem.required[problem.num_depots :].any():
        found = priorities(problem)
        if found is not None:
            return found
    prizes = problem.prize[optional]
    if (prizes == prizes[0]).all() and serving_always_pays(problem):
        return problem.required.astype(np.int64)
    raise UnsupportedError("solver 'vroom'", ["prizes that are no priorities"])
