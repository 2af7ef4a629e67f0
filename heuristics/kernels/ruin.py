"""Ruin: take strings of adjacent visits out of neighbouring routes.

Christiaens & Vanden Berghe (2020), "Slack Induction by String Removals", Transportation
Science 54:417, §5.1.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner
from polyroute.heuristics.kernels.arrays import (
    ARC_OUT,
    CLOSED,
    DEPOT,
    EAGER,
    FIRST,
    MIXED,
    NEXT,
    NUM_FREE,
    NUM_OUT,
    OUT,
    POS,
    PREV,
    ROUTE,
    SAVED_AT,
    SIZE,
    STAMP,
    WITHIN,
)
from polyroute.heuristics.kernels.links import unlink
from polyroute.heuristics.kernels.rng import below, bits
from polyroute.heuristics.kernels.touched import touch
from polyroute.heuristics.kernels.undo_log import save
from polyroute.heuristics.kernels.waiting import (
    complete,
    encourage,
    invite,
    may_be_taken,
    wait_taken,
)

SPLIT_RATE = 0.5
SPLIT_DEPTH = 0.01
SHORT_ROUTE = 3
"""Routes of up to so many longest strings are short enough to go as a whole."""

SHORT_ROUTE_MIXED = 6
"""The same of a mixed fleet, where one kind of vehicle can take another's route."""

SPREAD_SHARE = 0.5
"""Share of the routes that go as a whole, of a mixed fleet, after which others may begin: to share
a large vehicle's clients out among small ones takes more than strings."""

BLOCK_SHARE = 0.2
"""Share of the ruins, where clients share places, that take from each route all whom it serves at
one place: as long as it goes there for some, nothing is saved."""

LONGEST_BLOCK = 100
"""So many clients at one place are taken from a route at most, on either side of one of them."""

EAGER_SHARE = 0.1
"""Share of the ruins around somebody who is left out after which he is served, whatever it costs: a
vehicle pays for several clients, but hardly ever for the first of them alone."""


@inner
def ruin(p, s, mean_removed, longest_string, whole_routes):
    """Take out about `mean_removed` clients around a random one; they wait in row OUT.

    With a chance of `whole_routes` the random client's whole route goes, if it is short, and
    the recreation may open no other: fleets shrink hardly ever by strings alone. Of a mixed fleet
    longer ones go, and for half of them others may begin.

    Changes links, shapes and the routes' loads; the caller refreshes.
    """
    seed = 1 + below(s.rng, s.link.shape[0] - 1)
    if s.link[seed, ROUTE] >= 0 or invite(p, s, seed, 0) > 0:
        if s.link[seed, ROUTE] < 0 and bits(s.rng) < EAGER_SHARE:
            s.tally[EAGER] = seed
        ruin_around(p, s, seed, mean_removed, longest_string, whole_routes)
        encourage(p, s)


@inline
def ruin_around(p, s, seed, mean_removed, longest_string, whole_routes):
    """Take out about `mean_removed` clients around `seed`, who may wait already."""
    num_nodes = s.link.shape[0]
    mean_size = 1.0 * (num_nodes - 1) / max(_routes_in_use(s), 1)
    longest = min(1.0 * longest_string, mean_size)
    most_strings = 4.0 * mean_removed / (1.0 + longest) - 1.0
    strings = int(bits(s.rng) * most_strings + 1.0)
    r = s.link[seed, ROUTE]
    mixed = len(s.used) > 1 and p.fleet[MIXED] != 0.0
    most = (SHORT_ROUTE_MIXED if mixed else SHORT_ROUTE) * longest_string
    short = r >= 0 and s.shape[r, SIZE] <= most
    if bits(s.rng) < whole_routes and short and _routes_in_use(s) > 1:
        _remove_route(p, s, r)
        s.tally[CLOSED] = 1 if not mixed or bits(s.rng) >= SPREAD_SHARE else 0
        strings = 1 + strings // 2
    u = seed
    k = 0
    invited = 0
    blocks = p.fleet[WITHIN] >= 0.0 and bits(s.rng) < BLOCK_SHARE
    while strings > 0:
        r = s.link[u, ROUTE]
        if r >= 0 and s.ints[SAVED_AT, r] != s.tally[STAMP]:
            save(s, r)
            if blocks:
                _remove_block(p, s, u)
            else:
                _remove_string(p, s, u, longest)
            strings -= 1
        elif r < 0:
            invited = invite(p, s, u, invited)
        if k == p.near.shape[1]:
            break
        u = np.int64(p.near[seed, k])
        k += 1
    complete(p, s)


@inline
def _remove_route(p, s, r):
    """Remove every visit of route `r`."""
    save(s, r)
    u = s.shape[r, FIRST]
    while u != DEPOT:
        v = s.link[u, NEXT]
        if may_be_taken(p, u):
            take_out(p, s, u)
        u = v


@inline
def _routes_in_use(s):
    """An upper bound that is exact but for stale entries of the free list."""
    return s.shape.shape[0] - s.tally[NUM_FREE]


@inline
def _remove_string(p, s, u, longest):
    """Remove a string of visits around `u`; half of them keep one stretch in their middle."""
    r = s.link[u, ROUTE]
    size = s.shape[r, SIZE]
    length = 1 + below(s.rng, int(min(1.0 * size, longest)))
    kept = 0
    if length > 1 and length < size and bits(s.rng) < SPLIT_RATE:
        kept = 1
        while length + kept < size and bits(s.rng) < SPLIT_DEPTH:
            kept += 1
    span = length + kept
    pos = s.link[u, POS]
    fewest = max(0, pos + span - size)
    most = min(pos, span - 1)
    back = fewest + below(s.rng, most - fewest + 1)
    for _ in range(back):
        u = s.link[u, PREV]
    keep_from = 1 + below(s.rng, length - 1) if kept > 0 else span
    touch(s, s.link[u, PREV])
    for i in range(span):
        v = s.link[u, NEXT]
        if (i < keep_from or i >= keep_from + kept) and may_be_taken(p, u):
            take_out(p, s, u)
        else:
            touch(s, u)
        u = v
    touch(s, u)


@inline
def _remove_block(p, s, u):
    """Remove the visits beside `u` that are at his place, and him."""
    within = p.fleet[WITHIN]
    back = LONGEST_BLOCK
    a = s.link[u, PREV]
    while a != DEPOT and s.cum[a, ARC_OUT] <= within and back > 0:
        u, a = a, s.link[a, PREV]
        back -= 1
    touch(s, a)
    more = LONGEST_BLOCK
    while more > 0:
        v = s.link[u, NEXT]
        more = more - 1 if v != DEPOT and s.cum[u, ARC_OUT] <= within else 0
        if may_be_taken(p, u):
            take_out(p, s, u)
        else:
            touch(s, u)
        u = v
    touch(s, u)


@inline
def take_out(p, s, u):
    """Unlink `u` and let it wait in row OUT."""
    unlink(p, s, u)
    wait_taken(p, s, u)
    s.ints[OUT, s.tally[NUM_OUT]] = u
    s.tally[NUM_OUT] += 1
    touch(s, u)
