"""Plans with their figures, and the best of two: partition crossover on groups of routes.

Whitley, Hains & Howe (2009), "Tunneling between optima: partition crossover for the traveling
salesman problem": what two solutions do not share falls apart into pieces that can be chosen
one by one. For routes the pieces are the groups that visit the same clients in both plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from heuristics._jit import kernel
from heuristics.plan import Plan, joined
from heuristics.sets import find

Array = np.ndarray


class Costed(NamedTuple):
    """A plan, and what each of its routes costs."""

    plan: Plan
    lengths: Array  # (R,) float64
    excess: Array  # (R,) float64: over all limits

    @property
    def cost(self) -> float:
        """The length of all routes."""
        return float(self.lengths.sum())

    @property
    def exceeded(self) -> float:
        """What the routes exceed, over all limits."""
        return float(self.excess.sum())

    def select(self, routes: Array) -> Costed:
        """Some of the routes alone, given by their numbers."""
        return Costed(self.plan.select(routes), self.lengths[routes], self.excess[routes])

    def renamed(self, names: Array) -> Costed:
        """The same routes over `names` (N,) instead of the nodes' numbers."""
        return self._replace(plan=self.plan._replace(visits=names[self.plan.visits]))


def joined_costed(parts: Sequence[Costed]) -> Costed:
    """The routes of all `parts`."""
    return Costed(
        joined([part.plan for part in parts]),
        np.concatenate([part.lengths for part in parts]),
        np.concatenate([part.excess for part in parts]),
    )


def merge(best: Costed, other: Costed, num_nodes: int, limit: int) -> Costed:
    """The feasible plan `best` with every group of routes for which `other` has shorter ones.

    Both visit the same clients, whose numbers are below `num_nodes`. A group is a smallest set
    of routes that together visit the same clients in both plans; one that exceeds anything is
    not taken. At most `limit` routes are used. Returns `best` itself where nothing is shorter.
    """
    size = best.plan.num_routes
    group = np.empty(size + other.plan.num_routes, dtype=np.int64)
    _group(best.plan, other.plan, np.empty(num_nodes, dtype=np.int64), group)
    mine, theirs = group[:size], group[size:]
    old = np.bincount(mine, best.lengths, len(group))
    new = np.bincount(theirs, other.lengths, len(group))
    better = (new < old) & (np.bincount(theirs, other.excess, len(group)) == 0.0)
    if not better.any():
        return best
    more = np.bincount(theirs, minlength=len(group)) - np.bincount(mine, minlength=len(group))
    if size + more[better].sum() > limit:
        better &= more <= 0
    kept, taken = np.flatnonzero(~better[mine]), np.flatnonzero(better[theirs])
    return joined_costed([best.select(kept), other.select(taken)]) if len(taken) else best


@kernel
def _group(first, second, route_of, group):
    """Write a common number for the routes of each group, those of `first` before the others."""
    size = len(first.bounds) - 1
    for i in range(len(group)):
        group[i] = i
    for i in range(size):
        for u in first.visits[first.bounds[i] : first.bounds[i + 1]]:
            route_of[u] = i
    for j in range(len(second.bounds) - 1):
        for u in second.visits[second.bounds[j] : second.bounds[j + 1]]:
            a, b = find(group, route_of[u]), find(group, size + j)
            group[max(a, b)] = min(a, b)
    for i in range(len(group)):
        group[i] = find(group, i)
