"""The log that undoes changes: each route as it was before the first of them.

A route is saved before it is changed. `undo` puts back what was saved since the last `commit`.
"""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, inner, kernel, specialise
from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    DEPOT,
    FIRST,
    KIND,
    MISSED,
    MISSED_KEPT,
    NEXT,
    NUM_LOGGED,
    NUM_SAVED,
    ROUTE,
    SAVED_AT,
    SIZE,
    STAMP,
    TRIED,
    Rich,
)
from polyroute.heuristics.kernels.links import relink
from polyroute.heuristics.kernels.refresh import refresh


@inline
def save(s, r):
    """Log route `r` as it is, unless it was saved since the last `commit` or `undo`."""
    if s.ints[SAVED_AT, r] == s.tally[STAMP]:
        return
    s.ints[SAVED_AT, r] = s.tally[STAMP]
    at = s.tally[NUM_LOGGED]
    s.log[at] = r
    s.log[at + 1] = s.shape[r, SIZE]
    s.log[at + 2] = s.shape[r, KIND]
    at += 3
    u = s.shape[r, FIRST]
    while u != DEPOT:
        s.log[at] = u
        at += 1
        u = s.link[u, NEXT]
    s.tally[NUM_LOGGED] = at
    s.tally[NUM_SAVED] += 1


@kernel
def commit(s):
    """Keep what was changed since the last `commit` or `undo`."""
    s.tally[STAMP] += 1
    s.tally[NUM_LOGGED] = 0
    s.tally[NUM_SAVED] = 0
    s.total[MISSED_KEPT] = s.total[MISSED]


@inner
def refresh_saved(p, s):
    """Bring every route that was saved, and so may have changed, up to date."""
    at = 0
    for _ in range(s.tally[NUM_SAVED]):
        refresh(p, s, s.log[at])
        at += 3 + s.log[at + 1]


@inner
def undo(p, s):
    """Put every saved route back."""
    forget(p, s)
    s.total[MISSED] = s.total[MISSED_KEPT]
    at = 0
    for _ in range(s.tally[NUM_SAVED]):
        r, size = s.log[at], s.log[at + 1]
        s.shape[r, KIND] = s.log[at + 2]
        relink(s, r, s.log[at + 3 : at + 3 + size])
        at += 3 + size
    refresh_saved(p, s)
    commit(s)


@inline
def _forget_saved(s):
    at = 0
    for _ in range(s.tally[NUM_SAVED]):
        u = s.shape[s.log[at], FIRST]
        while u != DEPOT:
            s.link[u, ROUTE] = ABSENT
            u = s.link[u, NEXT]
        at += 3 + s.log[at + 1]


def forget(p, s):
    """Take everybody off the routes that were saved; needed where a client may be on none."""
    if isinstance(p, Rich):
        _forget_saved(s)


@specialise(forget)
def _choose_forget(p, s):
    if p.instance_class is Rich:
        return lambda p, s: _forget_saved(s)
    return lambda p, s: None


@inline
def is_past_hope(s, r):
    """Whether whoever is inserted was tried on route `r` before, which is still the same."""
    return s.tally[TRIED] != 0 and s.ints[SAVED_AT, r] != s.tally[STAMP]
