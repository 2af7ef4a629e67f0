"""Local search on touched nodes only: first improvement over near neighbours.

Each pair of near nodes is tried for the moves that make them neighbours on a route. What a
move does to the arcs alone is known after one to three lookups, for the arcs beside each node
are stored; only what could pay goes on to the move's own exact delta.
"""

from __future__ import annotations

import numpy as np

from heuristics._jit import inline, kernel
from heuristics.arrays import ARC_IN, ARC_OUT, DEPOT, MIRRORED, NEXT, POS, PREV, ROUTE
from heuristics.moves.relocate import apply_relocate, relocate_delta
from heuristics.moves.swap import apply_swap, swap_delta
from heuristics.moves.two_opt import apply_two_opt, two_opt_delta
from heuristics.moves.two_opt_star import apply_heads, apply_tails, heads_delta, tails_delta
from heuristics.routes import free_route, penalty_of, pop_touched
from heuristics.segment import arc

LEAST_GAIN = -1e-6
"""A move must gain more than rounding of the penalties can pretend."""

NUM_CHAINS = 5
"""Chains that end in a node: itself, two and three from it on, two and three up to it."""


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


@inline
def improve_node(p, s, u, breadth):
    """Apply the first improving move found that brings `u` beside a near client."""
    link, cum = s.link, s.cum
    mirrored = p.fleet[MIRRORED] != 0.0
    # What the penalties of the node's own route can fall by, at most.
    spare = penalty_of(s, s.figure[link[u, ROUTE]])
    ends = _chain_ends(s, u)
    freed = _chain_savings(p, s, u, ends)
    if spare > 0.0 and _leave(p, s, u, freed[0]):
        return True
    # Some new arc of an improving move is shorter than the old arc beside it; the search from
    # that arc's node finds the move (Johnson & McGeoch 1997, neighbour lists). It does not hold
    # where the gain is in the penalties.
    before_it = np.inf if spare > 0.0 else cum[u, ARC_IN]
    behind_it = np.inf if spare > 0.0 else cum[u, ARC_OUT]
    reach = max(before_it, behind_it)
    for k in range(min(breadth, p.near.shape[1])):
        there = p.near_length[u, k]
        if there >= reach:
            return False
        v = np.int64(p.near[u, k])
        if link[v, ROUTE] < 0:
            continue
        back = there if mirrored else arc(p, v, u)
        room = spare + LEAST_GAIN
        if link[u, ROUTE] != link[v, ROUTE]:
            room += penalty_of(s, s.figure[link[v, ROUTE]])
        near_pred, near_succ = there < before_it, there < behind_it
        if _try_arcs(p, s, u, v, mirrored, near_pred, near_succ, there, back, room):
            return True
        if _try_chains(p, s, u, v, mirrored, near_pred, near_succ, there, back, room, ends, freed):
            return True
        if _try_swaps(p, s, u, v, near_pred, near_succ, there, back, room):
            return True
    return False


@inline
def _leave(p, s, u, freed):
    """Give `u` a route of its own if that pays."""
    r = free_route(s)
    if r < 0:
        return False
    loss = arc(p, DEPOT, u) + arc(p, u, DEPOT) - freed
    if relocate_delta(p, s, u, u, False, r, DEPOT, DEPOT, loss) < LEAST_GAIN:
        apply_relocate(p, s, u, u, False, r, DEPOT)
        return True
    return False


@inline
def _try_arcs(p, s, u, v, mirrored, near_pred, near_succ, there, back, room):
    """New arcs between `u` and `v` by exchanging ends of routes or reversing a stretch."""
    link, cum = s.link, s.cum
    pu, nu, pv, nv = link[u, PREV], link[u, NEXT], link[v, PREV], link[v, NEXT]
    same = link[u, ROUTE] == link[v, ROUTE]
    if not same:
        if near_succ:
            loss = there + arc(p, pv, nu) - cum[u, ARC_OUT] - cum[v, ARC_IN]
            if loss < room and tails_delta(p, s, u, v, loss) < LEAST_GAIN:
                apply_tails(p, s, u, v)
                return True
        if near_pred:
            loss = back + arc(p, pu, nv) - cum[v, ARC_OUT] - cum[u, ARC_IN]
            if loss < room and tails_delta(p, s, v, u, loss) < LEAST_GAIN:
                apply_tails(p, s, v, u)
                return True
    if not mirrored:
        return False
    if near_succ:
        loss = there + arc(p, nu, nv) - cum[u, ARC_OUT] - cum[v, ARC_OUT]
        if loss < room:
            if not same:
                if heads_delta(p, s, u, v, loss) < LEAST_GAIN:
                    apply_heads(p, s, u, v)
                    return True
            elif _try_turn(p, s, nu, v, loss) or _try_turn(p, s, nv, u, loss):
                return True
    if near_pred:
        loss = there + arc(p, pu, pv) - cum[u, ARC_IN] - cum[v, ARC_IN]
        if loss < room:
            if not same:
                if pu != DEPOT and pv != DEPOT and heads_delta(p, s, pu, pv, loss) < LEAST_GAIN:
                    apply_heads(p, s, pu, pv)
                    return True
            elif _try_turn(p, s, u, pv, loss) or _try_turn(p, s, v, pu, loss):
                return True
    return False


@inline
def _try_turn(p, s, a, b, loss):
    """Reverse the stretch `a` … `b` if there is one and that pays."""
    if a == DEPOT or b == DEPOT or s.link[a, POS] >= s.link[b, POS]:
        return False
    if two_opt_delta(p, s, a, b, loss) < LEAST_GAIN:
        apply_two_opt(p, s, a, b)
        return True
    return False


@inline
def _chain_ends(s, u):
    """The other end of each chain that ends in `u`, DEPOT where the route is too short."""
    link = s.link
    n, b = link[u, NEXT], link[u, PREV]
    nn = link[n, NEXT] if n != DEPOT else DEPOT
    bb = link[b, PREV] if b != DEPOT else DEPOT
    return u, n, nn, b, bb


@inline
def _chain_savings(p, s, u, ends):
    """How much shorter the route of `u` gets without each of these chains."""
    link, cum = s.link, s.cum
    _, n, nn, b, bb = ends
    into, onward = cum[u, ARC_IN], cum[u, ARC_OUT]
    one = into + onward - arc(p, b, n)
    two_on = three_on = two_back = three_back = 0.0
    if n != DEPOT:
        two_on = into + cum[n, ARC_OUT] - arc(p, b, nn)
    if nn != DEPOT:
        three_on = into + cum[nn, ARC_OUT] - arc(p, b, link[nn, NEXT])
    if b != DEPOT:
        two_back = onward + cum[b, ARC_IN] - arc(p, bb, n)
    if bb != DEPOT:
        three_back = onward + cum[bb, ARC_IN] - arc(p, link[bb, PREV], n)
    return one, two_on, three_on, two_back, three_back


@inline
def _try_chains(p, s, u, v, mirrored, near_pred, near_succ, there, back, room, ends, freed):
    """Move a chain that ends in `u` beside `v`, with `u` next to it."""
    link, cum = s.link, s.cum
    r = link[v, ROUTE]
    ahead_of = link[v, POS] - link[u, POS] if link[u, ROUTE] == r else 0
    for i in range(NUM_CHAINS):
        w = ends[i]
        onward = i == 1 or i == 2
        if w == DEPOT or not ((near_pred and (onward or i == 0)) or (near_succ and not onward)):
            continue
        length = 1 if i == 0 else (2 if i == 1 or i == 3 else 3)
        # A chain can neither go beside one of its own visits nor into the gap that it is in.
        if ahead_of != 0 and (
            (onward and 0 < ahead_of < length) or (not onward and -length < ahead_of < 0)
        ):
            continue
        first, last = (u, w) if onward else (w, u)
        for behind in range(2):
            # Behind `v` the chain must begin with `u`, before `v` it must end with it.
            if behind == 1:
                a, b, loss = v, link[v, NEXT], back - cum[v, ARC_OUT] - freed[i]
            else:
                a, b, loss = link[v, PREV], v, there - cum[v, ARC_IN] - freed[i]
            flip = length > 1 and onward != (behind == 1)
            if loss >= room or (flip and not mirrored) or a == last or b == first:
                continue
            loss += arc(p, w, b) if behind == 1 else arc(p, a, w)
            if loss < room and relocate_delta(p, s, first, last, flip, r, a, b, loss) < LEAST_GAIN:
                apply_relocate(p, s, first, last, flip, r, a)
                return True
    return False


@inline
def _try_swaps(p, s, u, v, near_pred, near_succ, there, back, room):
    """Exchange `u`, alone or with a neighbour, for one or two visits beside `v`."""
    link, cum = s.link, s.cum
    for side in range(2):
        # On, from `v`, is the way to `t`: `u` takes its place and so comes beside `v`.
        on, off = (NEXT, PREV) if side == 0 else (PREV, NEXT)
        arc_on, arc_off = (ARC_OUT, ARC_IN) if side == 0 else (ARC_IN, ARC_OUT)
        breaks = near_pred if side == 0 else near_succ
        t = link[v, on]
        if t == DEPOT or t == u:
            continue
        beside = (back if side == 0 else there) - cum[v, arc_on] - cum[u, arc_off]
        for mine in range(1, 3):
            if not (breaks or (mine == 1 and (near_pred or near_succ))):
                continue
            # A longer chain of mine goes on away from `v`.
            far = u if mine == 1 else link[u, on]
            if far == DEPOT or far == v or far == t:
                continue
            for theirs in range(1, mine + 1):
                end = t if theirs == 1 else link[t, on]
                if end == DEPOT or end == u or end == far:
                    continue
                loss = beside - cum[end, arc_on] - cum[far, arc_on]
                if loss >= room:
                    continue
                loss += _arc_on(p, side, link[u, off], t)
                loss += _arc_on(p, side, far, link[end, on])
                loss += _arc_on(p, side, end, link[far, on])
                if loss >= room:
                    continue
                x, y = (u, far) if side == 0 else (far, u)
                a, b = (t, end) if side == 0 else (end, t)
                same = link[x, ROUTE] == link[a, ROUTE]
                if same and (link[y, NEXT] == a or link[b, NEXT] == x):
                    continue
                if swap_delta(p, s, x, y, a, b, loss) < LEAST_GAIN:
                    apply_swap(p, s, x, y, a, b)
                    return True
    return False


@inline
def _arc_on(p, side, u, v):
    """Length of the arc that leads on from `u` to `v`."""
    return arc(p, u, v) if side == 0 else arc(p, v, u)
