"""Who is served with whom, and instead of whom: pairs and groups of alternatives."""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, specialise
from polyroute.heuristics.kernels.arrays import ABSENT, DEPOT, PARTNER, ROUTE, SIBLING, Rich


@inline
def is_alone(p, u):
    """Whether `u` is no end of a pair."""
    return p.tie[u, PARTNER] == DEPOT


@inline
def is_free(p, s, u):
    """Whether no alternative of `u` is served, or waits."""
    v = p.tie[u, SIBLING]
    while v != u:
        if s.link[v, ROUTE] != ABSENT:
            return False
        v = p.tie[v, SIBLING]
    return True


def may_leave(p, u):
    """Whether `u` may go to another route without anybody else."""
    return is_alone(p, u) if isinstance(p, Rich) else True


@specialise(may_leave)
def _choose_may_leave(p, u):
    if p.instance_class is Rich:
        return lambda p, u: is_alone(p, u)
    return lambda p, u: True
