"""A first solution that exceeds nothing: parallel insertion by regret.

Potvin & Rousseau (1993), European Journal of Operational Research 66:331. Next comes the client
who would lose most by waiting: whose cheapest feasible gap on a second route costs most more than
the cheapest of all. We depart from the paper in that routes are not begun with seeds: a vehicle
of one's own is one of the alternatives, for as long as there is one.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, inner, kernel
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    BEST,
    CAPACITY,
    DEPOT,
    FIRST,
    FORBIDDEN,
    LATENESS,
    LOAD_WEIGHT,
    NEXT,
    OVERRUN,
    PREV,
    ROUTE,
    ROUTE_LOAD,
    SIZE,
    Load,
    Timed,
)
from polyroute.heuristics.kernels.cost.arcs import arc
from polyroute.heuristics.kernels.insertion.plain import follow, insertion_penalty
from polyroute.heuristics.kernels.links import free_route, link_in
from polyroute.heuristics.kernels.plan import Plan, linked
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import depot_row, empty_state
from polyroute.heuristics.kernels.undo_log import commit, refresh_saved, save
from polyroute.vrp.problem import Problem

Array = np.ndarray

NEIGHBOURS = 40
"""Nearest clients beside whom a gap is looked for."""

# Columns of `offer`: the cheapest gap, and the cheapest on another route.
ON_COST, ON, BEHIND, OTHER_COST, OTHER_ON = range(5)


def regret(problem: Problem, p: Load | Timed, vehicles: int) -> Plan:
    """A plan whose routes break no limit if a single visit breaks none.

    More than `vehicles` are used only where clients find no gap on the routes of so many.
    """
    n = problem.num_nodes
    s = empty_state(p, depot_row(problem, p), problem.num_clients, seeded(0))
    s.total[LOAD_WEIGHT:BEST] = 1.0
    waiting = np.arange(problem.num_depots, n, dtype=np.int64)
    offer = np.zeros((n, 5))
    insert_all(p, s, waiting, offer, np.zeros(n, dtype=np.int64), vehicles, NEIGHBOURS)
    return linked(s.link, s.shape)


@kernel
def insert_all(p, s, waiting, offer, place, vehicles, breadth):
    """Insert everybody in `waiting`, which is emptied, by regret. Changes all arrays but `p`.

    `offer` (N, 5) holds what each one can have, `place` (N,) where he stands in `waiting`.
    """
    left = len(waiting)
    used = 0
    for i in range(left):
        place[waiting[i]] = i
        look(p, s, waiting[i], offer, used < vehicles, breadth)
    while left > 0:
        u = _most_urgent(waiting, offer, left)
        # A gap may have closed since it was seen from afar.
        r, a = np.int64(offer[u, ON]), np.int64(offer[u, BEHIND])
        if r >= 0 and not _is_open(p, s, u, r, a, offer[u, ON_COST]):
            look(p, s, u, offer, used < vehicles, breadth)
            continue
        if r < 0:
            r, a = free_route(s), np.int64(DEPOT)
        last = used + 1 == vehicles and s.shape[r, SIZE] == 0
        used += s.shape[r, SIZE] == 0
        save(s, r)
        link_in(p, s, u, r, a)
        follow(p, s, r, u)
        left -= 1
        waiting[place[u]] = waiting[left]
        place[waiting[left]] = place[u]
        if last:
            for i in range(left):
                look(p, s, waiting[i], offer, False, breadth)
            continue
        for k in range(p.near.shape[1]):
            v = np.int64(p.near[u, k])
            if v != DEPOT and s.link[v, ROUTE] < 0:
                if offer[v, ON] == r or offer[v, OTHER_ON] == r:
                    look(p, s, v, offer, used < vehicles, breadth)
                else:
                    _take_gap(p, s, v, offer, r, s.link[u, PREV], u, s.cum[u, ARC_IN])
                    _take_gap(p, s, v, offer, r, u, s.link[u, NEXT], s.cum[u, ARC_OUT])
    refresh_saved(p, s)
    commit(s)


@inline
def _most_urgent(waiting, offer, left):
    """Who would lose most by waiting."""
    found, most = waiting[0], -np.inf
    for i in range(left):
        u = waiting[i]
        loss = offer[u, OTHER_COST] - offer[u, ON_COST]
        if loss > most:
            found, most = u, loss
    return found


@inline
def _is_open(p, s, u, r, a, cost):
    """Whether `u` still has the gap behind `a` of route `r` at that cost."""
    if s.shape[r, SIZE] == 0:
        return True
    b = s.shape[r, FIRST] if a == DEPOT else s.link[a, NEXT]
    now = arc(p, a, u) + arc(p, u, b) - arc(p, a, b)
    return now == cost and _fits(p, s, u, r, a, b)


@inline
def _fits(p, s, u, r, a, b):
    """Whether route `r` exceeds nothing with `u` between `a` and `b`.

    Who exceeds something even alone stays alone: with him, others might cost nothing more.
    """
    figure = s.figure[r]
    full = figure[ROUTE_LOAD] > p.fleet[CAPACITY] or figure[LATENESS] + figure[OVERRUN] > 0.0
    return not full and insertion_penalty(p, s, u, r, a, b) <= 0.0


@inner
def look(p, s, u, offer, vehicle_left, breadth):
    """Write into row `u` of `offer` what he can have beside his nearest clients."""
    none = p.fleet[FORBIDDEN]
    offer[u, ON_COST] = offer[u, OTHER_COST] = none
    offer[u, ON] = offer[u, OTHER_ON] = -1.0
    if vehicle_left:
        r = free_route(s)
        alone = arc(p, DEPOT, u) + arc(p, u, DEPOT)
        if alone < none and insertion_penalty(p, s, u, r, DEPOT, DEPOT) <= 0.0:
            offer[u, ON_COST], offer[u, ON], offer[u, BEHIND] = alone, r, DEPOT
    for k in range(min(breadth, p.near.shape[1])):
        v = np.int64(p.near[u, k])
        r = s.link[v, ROUTE]
        if v == DEPOT or r < 0:
            continue
        _take_gap(p, s, u, offer, r, v, s.link[v, NEXT], s.cum[v, ARC_OUT])
        _take_gap(p, s, u, offer, r, s.link[v, PREV], v, s.cum[v, ARC_IN])


@inline
def _take_gap(p, s, u, offer, r, a, b, old):
    """Note the gap between `a` and `b` of route `r` if it is among the best for `u`."""
    cost = arc(p, a, u) + arc(p, u, b) - old
    mine = offer[u, ON] == r
    if cost >= (offer[u, ON_COST] if mine else offer[u, OTHER_COST]):
        return
    if not _fits(p, s, u, r, a, b):
        return
    if cost < offer[u, ON_COST]:
        if not mine:
            offer[u, OTHER_COST], offer[u, OTHER_ON] = offer[u, ON_COST], offer[u, ON]
        offer[u, ON_COST], offer[u, ON], offer[u, BEHIND] = cost, r, a
    elif not mine:
        offer[u, OTHER_COST], offer[u, OTHER_ON] = cost, r
