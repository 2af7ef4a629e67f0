"""The queue of touched nodes, from which the local search begins."""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, kernel
from polyroute.heuristics.kernels.arrays import DEPOT, NUM_QUEUED, QUEUE, QUEUE_HEAD, QUEUED, ROUTE


@inline
def touch(s, u):
    """Queue node `u` for local search, unless it is the depot or already waits."""
    if u == DEPOT or s.ints[QUEUED, u] == 1:
        return
    s.ints[QUEUED, u] = 1
    tail = s.tally[QUEUE_HEAD] + s.tally[NUM_QUEUED]
    if tail >= s.link.shape[0]:
        tail -= s.link.shape[0]
    s.ints[QUEUE, tail] = u
    s.tally[NUM_QUEUED] += 1


@kernel
def touch_all(s):
    """Queue every client that is on a route."""
    for u in range(1, s.link.shape[0]):
        if s.link[u, ROUTE] >= 0:
            touch(s, u)


@inline
def pop_touched(s):
    """The node that has waited longest, or DEPOT when none waits."""
    if s.tally[NUM_QUEUED] == 0:
        return DEPOT
    head = s.tally[QUEUE_HEAD]
    u = s.ints[QUEUE, head]
    s.ints[QUEUED, u] = 0
    s.tally[NUM_QUEUED] -= 1
    head += 1
    s.tally[QUEUE_HEAD] = 0 if head == s.link.shape[0] else head
    return u
