"""Disjoint sets as one array of parents: who belongs together after unions so far."""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline


@inline
def find(parent, i):
    """The representative of the set of `i`; halves the path to it in `parent`."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i
