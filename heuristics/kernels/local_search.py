"""Local search on touched nodes only: first improvement over near neighbours.

Each pair of near nodes is tried for the moves that make them neighbours on a route. What a
move does to the arcs alone is known after one to three lookups, for the arcs beside each node
are stored, and what it can save in penalties is bounded by the loads that it leaves (`relief`);
only what could pay goes on to the move's own exact delta.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner, specialise
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    DEMAND,
    DEPOT,
    MIRRORED,
    NEXT,
    POS,
    PRE_LOAD,
    PREV,
    ROUTE,
    ROUTE_LOAD,
    Rich,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.losses import heads_loss, tails_loss
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN, allowance, relief
from polyroute.heuristics.kernels.moves.relocate import apply_relocate, relocate_delta
from polyroute.heuristics.kernels.moves.swap import apply_swap, swap_delta
from polyroute.heuristics.kernels.moves.two_opt import apply_two_opt, two_opt_delta
from polyroute.heuristics.kernels.moves.two_opt_star import (
    apply_heads,
    apply_tails,
    heads_delta,
    tails_delta,
)
from polyroute.heuristics.kernels.optional_clients import consider_presence, may_leave
from polyroute.heuristics.kernels.state import open_route, pop_touched


@inner
def improve(p, s, breadth, chain, limit):
    """Search from the queued nodes until none is left, or `limit` were taken up or moved.

    Looks at the `breadth` nearest neighbours of each, and at chains of up to `chain` visits.
    Changes every array of `s` but the best.
    """
    for _ in range(limit):
        u = pop_touched(s)
        if u == DEPOT:
            return
        while s.link[u, ROUTE] >= 0 and improve_node(p, s, u, breadth, chain):
            limit -= 1
            if limit <= 0:
                return


@inner
def improve_node(p, s, u, breadth, chain):
    """Apply the first improving move found that brings `u` beside a near client."""
    link, cum = s.link, s.cum
    mirrored = p.fleet[MIRRORED] != 0.0
    # What can be saved on the node's own route beyond arcs, at most.
    q = link[u, ROUTE]
    spare = allowance(p, s, q)
    freed = cum[u, ARC_IN] + cum[u, ARC_OUT] - leg(p, s, q, link[u, PREV], link[u, NEXT])
    if consider_presence(p, s, u, freed + spare, breadth):
        return True
    leaves = may_leave(p, u)
    if spare > 0.0 and leaves and _leave(p, s, u, freed):
        return True
    # Some new arc of an improving move is shorter than the old arc beside it; the search from
    # that arc's node finds the move (Johnson & McGeoch 1997, neighbour lists). It does not hold
    # where the gain is elsewhere.
    before_it = np.inf if spare > 0.0 else cum[u, ARC_IN]
    behind_it = np.inf if spare > 0.0 else cum[u, ARC_OUT]
    reach = max(before_it, behind_it)
    for k in range(min(breadth, p.near.shape[1])):
        least = p.near_length[u, k]
        if least >= reach:
            return False
        v = np.int64(p.near[u, k])
        r = link[v, ROUTE]
        if r < 0:
            continue
        there = arc_there(p, s, r, u, v, least)
        back = arc_back(p, s, r, u, v, there, mirrored)
        room = spare + LEAST_GAIN
        if r != q:
            room += allowance(p, s, r)
        near_pred, near_succ = least < before_it, least < behind_it
        if _try_arcs(p, s, u, v, mirrored, near_pred, near_succ, there, back, room):
            return True
        if r != q and not leaves:
            continue
        if _try_relocate(p, s, u, v, there, back, freed):
            return True
        if _try_swap(p, s, u, v, there, back):
            return True
        if chain > 1 and _try_chains(p, s, u, v, there, back, chain):
            return True
    return False


def arc_there(p, s, r, u, v, least):
    """What route `r` pays for u → v, of which `least` is stored; that, if all pay the same."""
    return leg(p, s, r, u, v) if isinstance(p, Rich) else least


@specialise(arc_there)
def _choose_arc_there(p, s, r, u, v, least):
    if p.instance_class is Rich:
        return lambda p, s, r, u, v, least: leg(p, s, r, u, v)
    return lambda p, s, r, u, v, least: least


def arc_back(p, s, r, u, v, there, mirrored):
    """What route `r` pays for v → u; `there`, which it pays for u → v, if arcs are mirrored.

    Under `Rich` they may be so but for the order of visits, which forbids arcs one way.
    """
    if isinstance(p, Rich):
        return leg(p, s, r, v, u)
    return there if mirrored else leg(p, s, r, v, u)


@specialise(arc_back)
def _choose_arc_back(p, s, r, u, v, there, mirrored):
    if p.instance_class is Rich:
        return lambda p, s, r, u, v, there, mirrored: leg(p, s, r, v, u)
    return lambda p, s, r, u, v, there, mirrored: there if mirrored else leg(p, s, r, v, u)


@inner
def _leave(p, s, u, freed):
    """Give `u` a route of its own if that pays."""
    for kind in range(len(s.used)):
        r = open_route(p, s, kind)
        if r < 0:
            continue
        loss = leg(p, s, r, DEPOT, u) + leg(p, s, r, u, DEPOT) - freed
        if loss >= relief(p, s, s.link[u, ROUTE], r, p.node[u, DEMAND]):
            continue
        if relocate_delta(p, s, u, u, False, r, DEPOT, DEPOT, loss) < LEAST_GAIN:
            apply_relocate(p, s, u, u, False, r, DEPOT)
            return True
    return False


@inline
def _try_arcs(p, s, u, v, mirrored, near_pred, near_succ, there, back, room):
    """New arcs between `u` and `v` by exchanging ends of routes or reversing a stretch."""
    link, cum = s.link, s.cum
    pu, nu, pv, nv = link[u, PREV], link[u, NEXT], link[v, PREV], link[v, NEXT]
    q, r = link[u, ROUTE], link[v, ROUTE]
    same = q == r
    if not same:
        if near_succ:
            loss = tails_loss(p, s, u, v, there)
            if loss < room and _tails_pay(p, s, u, v, loss):
                apply_tails(p, s, u, v)
                return True
        if near_pred:
            loss = tails_loss(p, s, v, u, back)
            if loss < room and _tails_pay(p, s, v, u, loss):
                apply_tails(p, s, v, u)
                return True
    if not mirrored:
        return False
    ahead = same and link[u, POS] < link[v, POS]
    if near_succ:
        if not same:
            loss = heads_loss(p, s, u, v, there)
            if loss < room and _heads_pay(p, s, u, v, loss):
                apply_heads(p, s, u, v)
                return True
        else:
            loss = there + leg(p, s, q, nu, nv) if ahead else back + leg(p, s, q, nv, nu)
            loss -= cum[u, ARC_OUT] + cum[v, ARC_OUT]
            if (
                loss < room
                and loss < relief(p, s, q, q, 0.0)
                and _try_turn(p, s, nu if ahead else nv, v if ahead else u, loss)
            ):
                return True
    if near_pred:
        if not same:
            if pu != DEPOT and pv != DEPOT:
                loss = heads_loss(p, s, pu, pv, leg(p, s, q, pu, pv))
                if loss < room and _heads_pay(p, s, pu, pv, loss):
                    apply_heads(p, s, pu, pv)
                    return True
        else:
            loss = there + leg(p, s, q, pu, pv) if ahead else back + leg(p, s, q, pv, pu)
            loss -= cum[u, ARC_IN] + cum[v, ARC_IN]
            if (
                loss < room
                and loss < relief(p, s, q, q, 0.0)
                and _try_turn(p, s, u if ahead else v, pv if ahead else pu, loss)
            ):
                return True
    return False


@inline
def _tails_pay(p, s, u, v, loss):
    """Whether `u` should go on with `v`, on another route."""
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    given = s.figure[q, ROUTE_LOAD] - s.cum[u, PRE_LOAD]
    given -= s.figure[r, ROUTE_LOAD] - s.cum[v, PRE_LOAD] + p.node[v, DEMAND]
    return loss < relief(p, s, q, r, given) and tails_delta(p, s, u, v, loss) < LEAST_GAIN


@inline
def _heads_pay(p, s, u, v, loss):
    """Whether `u` should go on backwards from `v`, on another route."""
    q, r = s.link[u, ROUTE], s.link[v, ROUTE]
    given = s.figure[q, ROUTE_LOAD] - s.cum[u, PRE_LOAD] - s.cum[v, PRE_LOAD]
    return loss < relief(p, s, q, r, given) and heads_delta(p, s, u, v, loss) < LEAST_GAIN


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
def _try_relocate(p, s, u, v, there, back, freed):
    """Move `u` into a gap beside `v`."""
    link, cum = s.link, s.cum
    r = link[v, ROUTE]
    most = relief(p, s, link[u, ROUTE], r, p.node[u, DEMAND]) + freed
    for side in range(2):
        a, b = (v, link[v, NEXT]) if side == 0 else (link[v, PREV], v)
        loss = back - cum[v, ARC_OUT] if side == 0 else there - cum[v, ARC_IN]
        if loss >= most or a == u or b == u:
            continue
        loss += leg(p, s, r, u, b) if side == 0 else leg(p, s, r, a, u)
        if loss < most and relocate_delta(p, s, u, u, False, r, a, b, loss - freed) < LEAST_GAIN:
            apply_relocate(p, s, u, u, False, r, a)
            return True
    return False


@inline
def _try_swap(p, s, u, v, there, back):
    """Exchange `u` for a neighbour of `v`."""
    link, cum = s.link, s.cum
    q, r = link[u, ROUTE], link[v, ROUTE]
    pu, nu = link[u, PREV], link[u, NEXT]
    mine = cum[u, ARC_IN] + cum[u, ARC_OUT]
    for side in range(2):
        t = link[v, NEXT] if side == 0 else link[v, PREV]
        if t == DEPOT or t == u or t == pu or t == nu or (r != q and not may_leave(p, t)):
            continue
        old = mine + cum[t, ARC_IN] + cum[t, ARC_OUT]
        most = old + relief(p, s, q, r, p.node[u, DEMAND] - p.node[t, DEMAND])
        loss = back if side == 0 else there
        if loss >= most:
            continue
        loss += leg(p, s, r, u, link[t, NEXT]) if side == 0 else leg(p, s, r, link[t, PREV], u)
        if loss >= most:
            continue
        loss += leg(p, s, q, pu, t) + leg(p, s, q, t, nu)
        if loss >= most:
            continue
        if swap_delta(p, s, u, u, t, t, loss - old) < LEAST_GAIN:
            apply_swap(p, s, u, u, t, t)
            return True
    return False


@inner
def _try_chains(p, s, u, v, there, back, chain):
    """Move or exchange a longer chain that ends in `u`, up to `chain` visits, to meet `v`."""
    for length in range(2, chain + 1):
        for way in range(2):
            step = NEXT if way == 0 else PREV
            w = u
            for _ in range(length - 1):
                w = s.link[w, step] if w != DEPOT else w
            if w == DEPOT:
                continue
            if _try_chain(p, s, u, w, v, way == 0, length, there, back):
                return True
            if length == 2 and _try_swap_of_two(p, s, u, w, v, way, there, back):
                return True
    return False


@inner
def _try_chain(p, s, u, w, v, onward, length, there, back):
    """Move the chain between `u` and `w`, `onward` from `u` or up to it, so that `u` meets `v`."""
    link, cum = s.link, s.cum
    q, r = link[u, ROUTE], link[v, ROUTE]
    # A chain can neither go beside one of its own visits nor into the gap that it is in.
    ahead = link[v, POS] - link[u, POS] if q == r else 0
    if ahead != 0 and (0 < ahead < length if onward else -length < ahead < 0):
        return False
    first, last = (u, w) if onward else (w, u)
    if q != r and not _may_all_leave(p, s, first, last):
        return False
    before_it, behind_it = link[first, PREV], link[last, NEXT]
    freed = cum[first, ARC_IN] + cum[last, ARC_OUT] - leg(p, s, q, before_it, behind_it)
    load = cum[last, PRE_LOAD] - cum[first, PRE_LOAD] + p.node[first, DEMAND]
    most = relief(p, s, q, r, load) + freed
    for behind in range(2):
        # Behind `v` the chain must begin with `u`, before `v` it must end with it.
        a, b = (v, link[v, NEXT]) if behind == 1 else (link[v, PREV], v)
        flip = onward != (behind == 1)
        if (flip and p.fleet[MIRRORED] == 0.0) or a == last or b == first:
            continue
        loss = back - cum[v, ARC_OUT] if behind == 1 else there - cum[v, ARC_IN]
        if loss >= most:
            continue
        loss += leg(p, s, r, w, b) if behind == 1 else leg(p, s, r, a, w)
        if loss >= most:
            continue
        if relocate_delta(p, s, first, last, flip, r, a, b, loss - freed) < LEAST_GAIN:
            apply_relocate(p, s, first, last, flip, r, a)
            return True
    return False


@inline
def _may_all_leave(p, s, u, w):
    """Whether every visit from `u` to `w` may go to another route without others."""
    while u != w:
        if not may_leave(p, u):
            return False
        u = s.link[u, NEXT]
    return may_leave(p, w)


@inner
def _try_swap_of_two(p, s, u, w, v, way, there, back):
    """Exchange `u` and `w`, which follows that way, for one or two visits beside `v`."""
    link, cum = s.link, s.cum
    q, r = link[u, ROUTE], link[v, ROUTE]
    if q != r and not may_leave(p, w):
        return False
    # On, from `v`, is the way to `t`: `u` takes its place and so comes beside `v`.
    on, off = (NEXT, PREV) if way == 0 else (PREV, NEXT)
    arc_on, arc_off = (ARC_OUT, ARC_IN) if way == 0 else (ARC_IN, ARC_OUT)
    t = link[v, on]
    if t == DEPOT or t == u or w == v or w == t:
        return False
    beside = (back if way == 0 else there) - cum[v, arc_on] - cum[u, arc_off] - cum[w, arc_on]
    mine = p.node[u, DEMAND] + p.node[w, DEMAND]
    theirs = 0.0
    end = t
    for _ in range(2):
        if end == DEPOT or end == u or end == w or (q != r and not may_leave(p, end)):
            return False
        theirs += p.node[end, DEMAND]
        most = relief(p, s, q, r, mine - theirs)
        loss = beside - cum[end, arc_on]
        if loss < most:
            loss += _leg_on(p, s, q, way, link[u, off], t) + _leg_on(p, s, r, way, w, link[end, on])
            loss += _leg_on(p, s, q, way, end, link[w, on])
            x, y = (u, w) if way == 0 else (w, u)
            a, b = (t, end) if way == 0 else (end, t)
            apart = q != r or (link[y, NEXT] != a and link[b, NEXT] != x)
            if loss < most and apart and swap_delta(p, s, x, y, a, b, loss) < LEAST_GAIN:
                apply_swap(p, s, x, y, a, b)
                return True
        end = link[end, on]
    return False


@inline
def _leg_on(p, s, r, side, u, v):
    """What route `r` pays for the arc that leads on from `u` to `v`."""
    return leg(p, s, r, u, v) if side == 0 else leg(p, s, r, v, u)
