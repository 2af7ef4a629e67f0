"""Local search on touched nodes only: first improvement over near neighbours."""

from __future__ import annotations

import numpy as np

from heuristics._jit import kernel
from heuristics.arrays import DEPOT, MIRRORED, NEXT, POS, PREV, ROUTE
from heuristics.moves.relocate import apply_relocate, relocate_delta
from heuristics.moves.swap import apply_swap, swap_delta
from heuristics.moves.two_opt import apply_two_opt, two_opt_delta
from heuristics.moves.two_opt_star import apply_heads, apply_tails, heads_delta, tails_delta
from heuristics.routes import free_route, penalty_of, pop_touched
from heuristics.segment import arc

LEAST_GAIN = -1e-6
"""A move must gain more than rounding of the penalties can pretend."""

LONGEST_CHAIN = 3


@kernel
def improve(p, s, breadth, limit):
    """Search from the queued nodes until none is left, or `limit` were taken up or moved.

    Looks at the `breadth` nearest neighbours of each. Changes every array of `s` but the best.
    """
    for _ in range(limit):
        u = pop_touched(s)
        if u == DEPOT:
            return
        while s.link[u, ROUTE] >= 0 and improve_node(p, s, u, breadth):
            limit -= 1
            if limit <= 0:
                return


@kernel
def improve_node(p, s, u, breadth):
    """Apply the first improving move found that brings `u` beside a near client."""
    link = s.link
    mirrored = p.fleet[MIRRORED] != 0.0
    burdened = penalty_of(s, s.figure[link[u, ROUTE]]) > 0.0
    if burdened and _leave(p, s, u):
        return True
    # Some new arc of an improving move is shorter than the old arc beside it; the search from
    # that arc's node finds the move (Johnson & McGeoch 1997, neighbour lists). It does not hold
    # where the gain is in the penalties.
    reach = max(arc(p, link[u, PREV], u), arc(p, u, link[u, NEXT]))
    for k in range(min(breadth, p.near.shape[1])):
        if p.near_length[u, k] >= reach and not burdened:
            return False
        v = np.int64(p.near[u, k])
        if link[v, ROUTE] < 0:
            continue
        near_pred = burdened or p.near_length[u, k] < arc(p, link[u, PREV], u)
        near_succ = burdened or p.near_length[u, k] < arc(p, u, link[u, NEXT])
        if _try_arcs(p, s, u, v, mirrored, near_pred, near_succ):
            return True
        if _try_chains(p, s, u, v, mirrored, near_pred, near_succ):
            return True
        if _try_swaps(p, s, u, v, near_pred, near_succ):
            return True
    return False


@kernel
def _leave(p, s, u):
    """Give `u` a route of its own if that pays."""
    r = free_route(s)
    if r >= 0 and relocate_delta(p, s, u, u, False, r, DEPOT, DEPOT, LEAST_GAIN) < LEAST_GAIN:
        apply_relocate(p, s, u, u, False, r, DEPOT)
        return True
    return False


@kernel
def _try_arcs(p, s, u, v, mirrored, near_pred, near_succ):
    """New arcs between `u` and `v` by exchanging ends of routes or reversing a stretch."""
    link = s.link
    if link[u, ROUTE] != link[v, ROUTE]:
        for turn in range(2):
            if not (near_succ if turn == 0 else near_pred):
                continue
            a, b = (u, v) if turn == 0 else (v, u)
            if tails_delta(p, s, a, b, LEAST_GAIN) < LEAST_GAIN:
                apply_tails(p, s, a, b)
                return True
        if mirrored:
            if near_succ and heads_delta(p, s, u, v, LEAST_GAIN) < LEAST_GAIN:
                apply_heads(p, s, u, v)
                return True
            pu, pv = link[u, PREV], link[v, PREV]
            if pu != DEPOT and pv != DEPOT and heads_delta(p, s, pu, pv, LEAST_GAIN) < LEAST_GAIN:
                apply_heads(p, s, pu, pv)
                return True
        return False
    if not mirrored:
        return False
    first, second = (u, v) if link[u, POS] < link[v, POS] else (v, u)
    for turn in range(2):
        if not (near_succ if turn == 0 else near_pred):
            continue
        # The new arc first → second: either behind `first` or before `second`.
        a = link[first, NEXT] if turn == 0 else first
        b = second if turn == 0 else link[second, PREV]
        if a == b or (turn == 0 and a == second) or (turn == 1 and b == first):
            continue
        if two_opt_delta(p, s, a, b, LEAST_GAIN) < LEAST_GAIN:
            apply_two_opt(p, s, a, b)
            return True
    return False


@kernel
def _try_chains(p, s, u, v, mirrored, near_pred, near_succ):
    """Move a chain that ends in `u` beside `v`, with `u` next to it."""
    link = s.link
    r = link[v, ROUTE]
    for length in range(1, LONGEST_CHAIN + 1):
        for ahead in range(2):
            # The chain's other end: ahead of `u`, or behind it.
            if length == 1 and ahead == 1:
                continue
            breaks = near_pred if ahead == 1 else near_succ
            if not (breaks or (length == 1 and near_pred)):
                continue
            step = NEXT if ahead == 1 else PREV
            other = u
            clear = True
            for _ in range(length - 1):
                other = link[other, step]
                if other == DEPOT or other == v:
                    clear = False
                    break
            if not clear:
                continue
            x, y = (u, other) if ahead == 1 else (other, u)
            for behind in range(2):
                # Behind `v` the chain must begin with `u`, before `v` it must end with it.
                a = v if behind == 1 else link[v, PREV]
                b = link[v, NEXT] if behind == 1 else v
                flip = length > 1 and ahead != behind
                if (flip and not mirrored) or a == y or b == x:
                    continue
                if relocate_delta(p, s, x, y, flip, r, a, b, LEAST_GAIN) < LEAST_GAIN:
                    apply_relocate(p, s, x, y, flip, r, a)
                    return True
    return False


@kernel
def _try_swaps(p, s, u, v, near_pred, near_succ):
    """Exchange `u`, alone or with a neighbour, for one or two visits beside `v`."""
    link = s.link
    for side in range(2):
        there = NEXT if side == 0 else PREV
        t = link[v, there]  # `u` takes the place of `t` and so comes beside `v`
        if t == DEPOT or t == u:
            continue
        for mine in range(1, 3):
            breaks = near_pred if side == 0 else near_succ
            if not (breaks or (mine == 1 and (near_pred or near_succ))):
                continue
            # A longer chain of mine goes on away from `v`.
            far = u if mine == 1 else link[u, there]
            if far == DEPOT or far == v or far == t:
                continue
            for theirs in range(1, mine + 1):
                end = t if theirs == 1 else link[t, there]
                if end == DEPOT or end == u or end == far:
                    continue
                x, y = (u, far) if side == 0 else (far, u)
                a, b = (t, end) if side == 0 else (end, t)
                same = link[x, ROUTE] == link[a, ROUTE]
                if same and (link[y, NEXT] == a or link[b, NEXT] == x):
                    continue
                if swap_delta(p, s, x, y, a, b, LEAST_GAIN) < LEAST_GAIN:
                    apply_swap(p, s, x, y, a, b)
                    return True
    return False
