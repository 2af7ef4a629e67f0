"""A part of a problem as a problem of its own: some clients, renumbered, and their own tables.

Threads work on parts that share no client, so that none waits for another; and where there are
many clients, the tables of a part stay in the cache.
"""

from __future__ import annotations

import numpy as np

from heuristics._jit import kernel
from heuristics.arrays import (
    ALL_GAINS,
    COUNT,
    DEPOT,
    DOOR_NODE,
    END,
    EXACT,
    FIRST_DEPOT,
    GAIN,
    IS_PICKUP,
    LAST_DEPOT,
    MAX_ROUTES,
    PHASED,
    START,
    Load,
    Rich,
    Timed,
)
from heuristics.convert import computed_lengths, tabulate
from heuristics.plan import Plan

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
    p: Load | Timed | Rich, plan: Plan, index: int, part: Array, number: Array, limits: Array
) -> tuple[Load | Timed | Rich, Array]:
    """Part `index` of `p`, which holds the clients of `plan`, with some of its vehicles.

    There are at most ``limits[k]`` of each kind `k`, and ``limits[-1]`` in all. Returns the part
    with the nodes' names in `p`, (M,) int64. Its clients lie in the order of the visits, and under
    `Rich` the depots follow. Both ends of a pair are in the part, or none is.
    """
    clients = np.concatenate([np.zeros(1, dtype=np.int64), plan.visits])
    names = clients
    if isinstance(p, Rich):
        names = np.concatenate([clients, np.arange(len(p.near), len(p.node))])
    near = np.empty((len(clients), p.near.shape[1]), dtype=np.int32)
    near_length = np.empty(near.shape)
    _gather_near(p, clients, index, part, number, near, near_length)
    fleet = p.fleet.copy()
    fleet[MAX_ROUTES] = limits[-1]
    found = p._replace(
        node=p.node[names],
        matrix=_between(p.matrix, names),
        times=_between(p.times, names),
        near=near,
        near_length=near_length,
        fleet=fleet,
    )
    if isinstance(found, Rich):
        found = _own(found, clients, number, len(clients) - len(p.near), limits)
    if not len(found.matrix) and len(names) <= TABLE_NODES:
        found = _with_table(found)
    return found, names


def _own(p: Rich, clients: Array, number: Array, shift: int, limits: Array) -> Rich:
    """A part with what else there is under `Rich`, where a depot's number changes by `shift`."""
    tie = p.tie[clients]
    for column in range(tie.shape[1]):
        if column != IS_PICKUP:
            tie[:, column] = np.where(tie[:, column] == DEPOT, DEPOT, number[tie[:, column]])
    vehicle, halt = p.vehicle.copy(), p.halt.copy()
    vehicle[:, START] += shift
    vehicle[vehicle[:, END] >= 0, END] += shift
    vehicle[:, COUNT] = limits[:-1]
    if p.fleet[EXACT] != 0.0:
        for first, last in vehicle[:, [FIRST_DEPOT, LAST_DEPOT]].astype(np.int64):
            halt[first:last, DOOR_NODE] += shift
    p.fleet[ALL_GAINS] = p.node[1 : len(clients), GAIN].sum()
    allowed = p.allowed[clients] if len(p.allowed) else p.allowed
    return p._replace(tie=tie, vehicle=vehicle, halt=halt, allowed=allowed)


def _between(table: Array, names: Array) -> Array:
    """The table (N, N) or tables (P, N, N) between some nodes alone."""
    if not len(table):
        return table
    found = np.empty((*table.shape[:-2], len(names), len(names)))
    if table.ndim == 2:
        _gather(table, names, found)
    else:
        for profile in range(len(table)):
            _gather(table[profile], names, found[profile])
    return found


def _with_table(p: Load | Timed | Rich) -> Load | Timed | Rich:
    """The part with the lengths of all its arcs, unless some of these are forbidden."""
    size = len(p.node)
    if not isinstance(p, Rich):
        matrix = np.empty((size, size))
        tabulate(p, matrix)
        return p._replace(matrix=matrix)
    return p if p.fleet[PHASED] != 0.0 else p._replace(matrix=computed_lengths(p, size))


@kernel
def _gather_near(p, names, index, part, number, near, near_length):
    """Keep the near clients that are in the part; the depot, at no finite length, fills up."""
    for i in range(len(names)):
        kept = 0
        for k in range(p.near.shape[1]):
            v = p.near[names[i], k]
            if part[v] == index:
                near[i, kept] = number[v]
                near_length[i, kept] = p.near_length[names[i], k]
                kept += 1
        for k in range(kept, p.near.shape[1]):
            near[i, k] = DEPOT
            near_length[i, k] = np.inf


@kernel
def _gather(table, names, found):
    for i in range(len(names)):
        for j in range(len(names)):
            found[i, j] = table[names[i], names[j]]
