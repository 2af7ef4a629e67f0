"""Ruin and recreate that never exceeds a limit and leaves clients out: fewer vehicles.

Christiaens & Vanden Berghe (2020), Transportation Science 54:417, §5.4. Who finds no feasible
gap waits, and counts how often. A solution is kept if those whom it leaves out have waited less
often, all together: so who is hard to place gets in, and those are left out for whom there
will be a gap.
"""

from __future__ import annotations

from math import log

import numpy as np

from polyroute.heuristics.jit.options import inline, kernel, specialise
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    COST,
    DEPOT,
    FORBIDDEN,
    GAIN,
    NEXT,
    NUM_OUT,
    OUT,
    PARTNER,
    PREV,
    ROUTE,
    TRIED,
    Rich,
)
from polyroute.heuristics.kernels.cost.arcs import arc
from polyroute.heuristics.kernels.optional_clients import is_free, wait_taken
from polyroute.heuristics.kernels.recreate import follow, insert, insertion_penalty, sort_waiting
from polyroute.heuristics.kernels.rng import below, bits, next_blink
from polyroute.heuristics.kernels.ruin import ruin_around
from polyroute.heuristics.kernels.state import (
    commit,
    free_route,
    is_feasible,
    is_past_hope,
    link_in,
    refresh_saved,
    save,
    undo,
)

AROUND_WAITING = 0.5
"""Share of the ruins that begin around somebody who waits."""

TRY_AGAIN = 0.02
"""Chance that who waits is tried again on routes that are as they were: gaps are passed over."""


@kernel
def squeeze(p, s, waited, kept, tried, iterations, temperature, mean_removed, longest_string):
    """Run `iterations` rounds, or until nobody waits any more; returns whether that is so.

    `waited` (N,) counts how often each was left out; `kept` (N,) is room to work in. Who waits and
    is `tried` (N,) found no gap on any route as it is now: only routes that change can take him.
    """
    for _ in range(iterations):
        waiting = s.tally[NUM_OUT]
        if waiting == 0:
            return True
        before = s.total[COST]
        burden = 0
        for i in range(waiting):
            kept[i] = s.ints[OUT, i]
            burden += waited[kept[i]]
        seed = 1 + below(s.rng, s.link.shape[0] - 1)
        if bits(s.rng) < AROUND_WAITING:
            seed = s.ints[OUT, below(s.rng, waiting)]
        ruin_around(p, s, seed, mean_removed, longest_string, 0.0)
        for i in range(waiting, s.tally[NUM_OUT]):
            tried[s.ints[OUT, i]] = False
        refresh_saved(p, s)
        reinsert(p, s, tried)
        left = 0
        for i in range(s.tally[NUM_OUT]):
            u = s.ints[OUT, i]
            left += waited[u]
            waited[u] += 1
        bound = before - temperature * log(max(bits(s.rng), 1e-300))
        # Where a detour saves time or goes round a forbidden arc, a route without a visit may
        # exceed what it did not with it.
        allowed = is_feasible(s) and s.total[COST] < p.fleet[FORBIDDEN]
        if allowed and (left < burden or (left == burden and s.total[COST] < bound)):
            commit(s)
            for i in range(s.tally[NUM_OUT]):
                tried[s.ints[OUT, i]] = True
            continue
        undo(p, s)
        for i in range(waiting):
            s.ints[OUT, i] = kept[i]
            wait_taken(p, s, kept[i])
        s.tally[NUM_OUT] = waiting
    return s.tally[NUM_OUT] == 0


@inline
def _reinsert(p, s, tried):
    """Insert who waits in the cheapest gap that exceeds nothing; who finds none goes on waiting."""
    waiting = s.tally[NUM_OUT]
    sort_waiting(p, s, waiting)
    left = 0
    for i in range(waiting):
        u = s.ints[OUT, i]
        s.tally[TRIED] = tried[u] and bits(s.rng) >= TRY_AGAIN
        if not _insert_feasibly(p, s, u):
            s.ints[OUT, left] = u
            left += 1
    s.tally[TRIED] = 0
    s.tally[NUM_OUT] = left
    refresh_saved(p, s)


@inline
def _reinsert_rich(p, s, tried):
    """The same; who need not be served, or is now served by an alternative, does not wait."""
    waiting = s.tally[NUM_OUT]
    sort_waiting(p, s, waiting)
    left = 0
    for i in range(waiting):
        u = s.ints[OUT, i]
        s.tally[TRIED] = tried[u] and bits(s.rng) >= TRY_AGAIN
        insert(p, s, u)
        gain = p.node[u, GAIN] + p.node[p.tie[u, PARTNER], GAIN]  # none at the depot
        if s.link[u, ROUTE] < 0 and gain >= p.fleet[FORBIDDEN] and is_free(p, s, u):
            s.ints[OUT, left] = u
            wait_taken(p, s, u)
            left += 1
    s.tally[TRIED] = 0
    s.tally[NUM_OUT] = left


def reinsert(p, s, tried):
    """Insert who waits where that exceeds nothing; who finds no such gap goes on waiting."""
    if isinstance(p, Rich):
        _reinsert_rich(p, s, tried)
    else:
        _reinsert(p, s, tried)


@specialise(reinsert)
def _choose_reinsert(p, s, tried):
    if p.instance_class is Rich:
        return lambda p, s, tried: _reinsert_rich(p, s, tried)
    return lambda p, s, tried: _reinsert(p, s, tried)


@inline
def _insert_feasibly(p, s, u):
    """Insert `u` in the cheapest feasible gap beside a near client, or on a route of its own."""
    link, cum = s.link, s.cum
    best = p.fleet[FORBIDDEN] / 2.0  # over a forbidden arc every detour is longer
    best_route, best_behind = np.int64(-1), np.int64(DEPOT)
    r = free_route(s)
    if r >= 0:
        cost = arc(p, DEPOT, u) + arc(p, u, DEPOT)
        if cost < best and insertion_penalty(p, s, u, r, DEPOT, DEPOT) <= 0.0:
            best = cost
            best_route = r
    blink = next_blink(s.rng)
    for k in range(p.near.shape[1]):
        v = np.int64(p.near[u, k])
        r = link[v, ROUTE]
        if r < 0 or is_past_hope(s, r):
            continue
        for side in range(2):
            blink -= 1
            if blink <= 0:
                blink = next_blink(s.rng)
                continue
            a, b = (v, link[v, NEXT]) if side == 0 else (link[v, PREV], v)
            old = cum[v, ARC_OUT] if side == 0 else cum[v, ARC_IN]
            cost = arc(p, a, u) + arc(p, u, b) - old
            if cost < best and insertion_penalty(p, s, u, r, a, b) <= 0.0:
                best = cost
                best_route, best_behind = r, a
    if best_route < 0:
        return False
    save(s, best_route)
    link_in(p, s, u, best_route, best_behind)
    follow(p, s, best_route, u)
    return True
