"""Tables of a problem: lengths computed from coordinates, and what a part takes of the whole."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import kernel
from polyroute.heuristics.kernels.arrays import DEPOT
from polyroute.heuristics.kernels.cost.arcs import computed_arc


@kernel
def lengths_between(p, tail, head, lengths):
    """Fill `lengths` with those of the arcs from `tail` to `head`, from coordinates."""
    for i in range(len(tail)):
        lengths[i] = computed_arc(p, tail[i], head[i])


@kernel
def tabulate(p, matrix):
    """Fill `matrix` (N, N) with the lengths of all arcs."""
    for u in range(len(matrix)):
        for v in range(len(matrix)):
            matrix[u, v] = computed_arc(p, u, v)


@kernel
def gather_near(p, names, index, part, number, near, near_length):
    """Keep the near clients that are in part `index`; the depot, at no finite length, fills up.

    `part` and `number` (N,) say of each node its part and its number there; fills `near` and
    `near_length` (M, K) for the nodes `names` (M,).
    """
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
def gather(table, names, found):
    """Fill `found` (M, M) with the entries of `table` (N, N) between the nodes `names` (M,)."""
    for i in range(len(names)):
        for j in range(len(names)):
            found[i, j] = table[names[i], names[j]]
