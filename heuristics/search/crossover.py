"""The best of two plans: partition crossover on groups of routes.

Whitley, Hains & Howe (2009), "Tunneling between optima: partition crossover for the traveling
salesman problem": what two solutions do not share falls apart into pieces that can be chosen
one by one. For routes the pieces are the groups that visit the same clients in both plans.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    GROUPED,
    Load,
    Rich,
    Timed,
)
from polyroute.heuristics.kernels.route_groups import group_routes
from polyroute.heuristics.search.costed import Costed, joined_costed
from polyroute.heuristics.search.vehicles import limits_of

Array = np.ndarray


def merge(best: Costed, other: Costed, num_nodes: int, limits: Array) -> Costed:
    """The feasible plan `best` with every group of routes for which `other` has cheaper ones.

    Both visit the same clients, whose numbers are below `num_nodes`. A group is a smallest set
    of routes that together visit the same clients in both plans; one that exceeds anything is
    not taken. At most ``limits[k]`` routes of each kind `k` are used, and ``limits[-1]`` in all.
    Returns `best` itself where nothing is cheaper.
    """
    size = best.plan.num_routes
    group = np.empty(size + other.plan.num_routes, dtype=np.int64)
    group_routes(best.plan, other.plan, np.empty(num_nodes, dtype=np.int64), group)
    mine, theirs = group[:size], group[size:]
    old = np.bincount(mine, best.lengths, len(group))
    new = np.bincount(theirs, other.lengths, len(group))
    better = (new < old) & (np.bincount(theirs, other.excess, len(group)) == 0.0)
    if not better.any():
        return best
    more = _used(other.plan.kinds, theirs, len(group), len(limits))
    more -= _used(best.plan.kinds, mine, len(group), len(limits))
    now = _used(best.plan.kinds, np.zeros(size, dtype=np.int64), 1, len(limits))[0]
    if (now + more[better].sum(axis=0) > limits).any():
        better &= (more <= 0).all(axis=1)
    kept, taken = np.flatnonzero(~better[mine]), np.flatnonzero(better[theirs])
    return joined_costed([best.select(kept), other.select(taken)]) if len(taken) else best


def better_of(p: Load | Timed | Rich, best: Costed, other: Costed) -> Costed:
    """The best plan that the groups of routes of both allow for.

    Where there are alternatives groups of routes do not tell who is served by others, so that it
    is just the better of the two.
    """
    if isinstance(p, Rich) and p.fleet[GROUPED] != 0.0:
        return other if not other.excess.any() and other.cost < best.cost else best
    return merge(best, other, len(p.near), limits_of(p))


def _used(kinds: Array, group: Array, groups: int, columns: int) -> Array:
    """Vehicles of each kind in each group, (groups, columns); the last column has them all."""
    number = np.zeros((groups, columns), dtype=np.int64)
    driven = kinds >= 0
    np.add.at(number, (group[driven], kinds[driven]), 1)
    number[:, -1] = number.sum(axis=1)
    return number
