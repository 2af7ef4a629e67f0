"""Local search on touched nodes only: first improvement over near neighbours.

Each pair of near nodes is tried for the moves that make them neighbours on a route. What a
move does to the arcs alone is known after one to three lookups, for the arcs beside each node
are stored, and what it can save in penalties is bounded by the loads that it leaves (`relief`);
only what could pay goes on to the move's own exact delta.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner, kernel, specialise
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    DEPOT,
    MIRRORED,
    NEXT,
    POS,
    PREV,
    ROUTE,
    Rich,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.losses import heads_loss, tails_loss
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN, allowance, relief
from polyroute.heuristics.kernels.moves.relocate import try_alone, try_relocate, try_relocate_chain
from polyroute.heuristics.kernels.moves.swap import try_swap, try_swap_of_two
from polyroute.heuristics.kernels.moves.two_opt import try_two_opt
from polyroute.heuristics.kernels.moves.two_opt_star import (
    apply_heads,
    apply_tails,
    heads_pay,
    tails_pay,
)
from polyroute.heuristics.kernels.optional_clients import consider_presence
from polyroute.heuristics.kernels.ties import may_leave
from polyroute.heuristics.kernels.touched import pop_touched


@kernel
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
    if spare > 0.0 and leaves and try_alone(p, s, u, freed):
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
        if try_relocate(p, s, u, v, there, back, freed):
            return True
        if try_swap(p, s, u, v, there, back):
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
            if loss < room and tails_pay(p, s, u, v, loss):
                apply_tails(p, s, u, v)
                return True
        if near_pred:
            loss = tails_loss(p, s, v, u, back)
            if loss < room and tails_pay(p, s, v, u, loss):
                apply_tails(p, s, v, u)
                return True
    if not mirrored:
        return False
    ahead = same and link[u, POS] < link[v, POS]
    if near_succ:
        if not same:
            loss = heads_loss(p, s, u, v, there)
            if loss < room and heads_pay(p, s, u, v, loss):
                apply_heads(p, s, u, v)
                return True
        else:
            loss = there + leg(p, s, q, nu, nv) if ahead else back + leg(p, s, q, nv, nu)
            loss -= cum[u, ARC_OUT] + cum[v, ARC_OUT]
            if (
                loss < room
                and loss < relief(p, s, q, q, 0.0)
                and try_two_opt(p, s, nu if ahead else nv, v if ahead else u, loss)
            ):
                return True
    if near_pred:
        if not same:
            if pu != DEPOT and pv != DEPOT:
                loss = heads_loss(p, s, pu, pv, leg(p, s, q, pu, pv))
                if loss < room and heads_pay(p, s, pu, pv, loss):
                    apply_heads(p, s, pu, pv)
                    return True
        else:
            loss = there + leg(p, s, q, pu, pv) if ahead else back + leg(p, s, q, pv, pu)
            loss -= cum[u, ARC_IN] + cum[v, ARC_IN]
            if (
                loss < room
                and loss < relief(p, s, q, q, 0.0)
                and try_two_opt(p, s, u if ahead else v, pv if ahead else pu, loss)
            ):
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
            if try_relocate_chain(p, s, u, w, v, way == 0, length, there, back):
                return True
            if length == 2 and try_swap_of_two(p, s, u, w, v, way, there, back):
                return True
    return False
