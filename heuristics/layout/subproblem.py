"""A part of a problem as a problem of its own: some clients, renumbered, and their own tables.

Threads work on parts that share no client, so that none waits for another; and where there are
many clients, the tables of a part stay in the cache.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import MAX_ROUTES, Load, Timed
from polyroute.heuristics.kernels.plan import Plan
from polyroute.heuristics.kernels.tables import gather, gather_near, tabulate

Array = np.ndarray

TABLE_NODES = 1500
"""Up to so many nodes the lengths of a part are tabulated, though each part does so anew."""


def renumber(plans: list[Plan], num_nodes: int) -> tuple[Array, Array]:
    """For each node its part and its number there, both (N,) int32, -1 on no part."""
    part = np.full(num_nodes, -1, dtype=np.int32)
    number = np.full(num_nodes, -1, dtype=np.int32)
    for index, plan in enumerate(plans):
        part[plan.visits] = index
        number[plan.visits] = np.arange(1, len(plan.visits) + 1)
    return part, number


def cut(
    p: Load | Timed, plan: Plan, index: int, part: Array, number: Array, limit: int
) -> tuple[Load | Timed, Array]:
    """Part `index` of `p`, which holds the clients of `plan`, with `limit` vehicles.

    Returns it with the nodes' names in `p`, (M,) int64. Its nodes lie in the order of the visits.
    """
    names = np.concatenate([np.zeros(1, dtype=np.int64), plan.visits])
    size = len(names)
    near = np.empty((size, p.near.shape[1]), dtype=np.int32)
    near_length = np.empty(near.shape)
    gather_near(p, names, index, part, number, near, near_length)
    matrix = times = np.zeros((0, 0))
    if len(p.matrix):
        matrix = np.empty((size, size))
        gather(p.matrix, names, matrix)
    if len(p.times):
        times = np.empty((size, size))
        gather(p.times, names, times)
    fleet = p.fleet.copy()
    fleet[MAX_ROUTES] = limit
    found = p._replace(
        node=p.node[names],
        matrix=matrix,
        times=times,
        near=near,
        near_length=near_length,
        fleet=fleet,
    )
    if not len(matrix) and size <= TABLE_NODES:
        matrix = np.empty((size, size))
        tabulate(found, matrix)
        found = found._replace(matrix=matrix)
    return found, names
