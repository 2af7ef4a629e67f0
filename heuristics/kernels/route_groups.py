"""Which routes of two plans belong together: the smallest groups that visit the same clients."""

from __future__ import annotations

from polyroute.heuristics.jit.options import kernel
from polyroute.heuristics.kernels.disjoint_sets import find


@kernel
def group_routes(first, second, route_of, group):
    """Write a common number for the routes of each group, those of `first` before the others.

    Changes `group`, with an entry for each route of both plans, and `route_of` (N,), room to work
    in.
    """
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
