"""A first solution in milliseconds: parallel savings (Clarke & Wright 1964) on neighbour lists."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import inline, kernel, specialise
from polyroute.heuristics.kernels.arrays import (
    CAPACITY,
    DEMAND,
    DEPOT,
    FIRST,
    LAST,
    NEXT,
    PIECE_LOAD,
    PREV,
    ROUTE,
    SIZE,
    Load,
    Timed,
)
from polyroute.heuristics.kernels.cost.segment import (
    after_load,
    after_timed,
    before_load,
    before_timed,
    excess_timed,
    join_load,
    join_timed,
)
from polyroute.heuristics.kernels.disjoint_sets import find
from polyroute.heuristics.kernels.plan import Plan, linked, plan_of
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import depot_row, empty_state, load_routes
from polyroute.vrp.problem import Problem

Array = np.ndarray

NEIGHBOURS = 40
"""Nearest clients of each that are tried in the first pass."""

MOST_ENDS = 1000
"""Up to so many loose ends, all pairs of them are tried in a second pass."""


def savings(problem: Problem, p: Load | Timed) -> Plan:
    """A plan whose routes break no limit, though there may be too many.

    Merges along the neighbour lists first, then between all remaining ends of routes.
    """
    clients = np.arange(problem.num_depots, problem.num_nodes, dtype=np.int64)
    near = p.near[problem.num_depots :, :NEIGHBOURS]
    tail = np.repeat(clients, near.shape[1])
    head = near.astype(np.int64).ravel()
    directed = isinstance(p, Timed) or not problem.is_symmetric
    if directed:
        s = empty_state(p, depot_row(problem, p), problem.num_clients, seeded(0))
        load_routes(p, s, clients, np.arange(len(clients) + 1), np.zeros_like(clients))
        tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
        _merge_directed(p, s, *_by_saving(problem, tail, head))
        used = s.shape[:, SIZE] > 0
        ends, starts = s.shape[used, LAST], s.shape[used, FIRST]
    else:
        ring = np.full((problem.num_nodes, 2), -1, dtype=np.int32)
        root = np.arange(problem.num_nodes, dtype=np.int32)
        load = p.node[:, DEMAND].copy()
        tail, head = np.minimum(tail, head), np.maximum(tail, head)
        _merge(p, *_by_saving(problem, tail, head), ring, root, load)
        ends = clients[(ring[clients] < 0).any(axis=1)]
    if len(ends) <= MOST_ENDS:
        if directed:
            tail, head = (grid.ravel() for grid in np.meshgrid(ends, starts, indexing="ij"))
            _merge_directed(p, s, *_by_saving(problem, tail, head))
        else:
            first, second = np.triu_indices(len(ends), 1)
            _merge(p, *_by_saving(problem, ends[first], ends[second]), ring, root, load)
    if directed:
        return linked(s.link, s.shape)
    return plan_of(_unroll(ring, problem.num_depots))


def _by_saving(problem: Problem, tail: Array, head: Array) -> tuple[Array, Array]:
    """The distinct pairs that save something, largest saving first."""
    # not np.unique, whose hashing takes 40 times as long on millions of numbers
    code = np.sort(tail * problem.num_nodes + head)
    code = code[np.diff(code, prepend=-1) > 0]
    tail, head = code // problem.num_nodes, code % problem.num_nodes
    depot = np.zeros(1, dtype=np.int64)
    saving = problem.distances_between(tail, depot) + problem.distances_between(depot, head)
    saving -= problem.distances_between(tail, head)
    order = np.argsort(-saving, kind="stable")
    order = order[(saving[order] > 0) & (tail[order] != head[order])]
    return tail[order].astype(np.int32), head[order].astype(np.int32)


@kernel
def _merge(p, tail, head, ring, root, load):
    """Join ends of routes pair by pair while the load fits. Changes `ring`, `root`, `load`.

    ``ring[u]`` holds the two neighbours of `u` on its route, −1 where that is the depot.
    """
    for i in range(len(tail)):
        u, v = tail[i], head[i]
        if ring[u, 1] >= 0 or ring[v, 1] >= 0:
            continue
        a, b = find(root, u), find(root, v)
        if a == b or load[a] + load[b] > p.fleet[CAPACITY]:
            continue
        ring[u, 0 if ring[u, 0] < 0 else 1] = v
        ring[v, 0 if ring[v, 0] < 0 else 1] = u
        root[b] = a
        load[a] += load[b]


def _unroll(ring: Array, num_depots: int) -> list[list[int]]:
    """Routes from the two neighbours of each client, each begun at its lower end."""
    links = ring.tolist()
    seen = [False] * len(links)
    routes = []
    for start in range(num_depots, len(links)):
        if seen[start] or links[start][1] >= 0:
            continue
        route, previous, u = [], -1, start
        while u >= 0:
            seen[u] = True
            route.append(u)
            a, b = links[u]
            previous, u = u, a if a != previous else b
        routes.append(route)
    return routes


@inline
def _joined_excess_load(p, s, u, v):
    piece = join_load(before_load(s, u), after_load(p, s, v))
    return max(piece[PIECE_LOAD] - p.fleet[CAPACITY], 0.0)


@inline
def _joined_excess_timed(p, s, u, v):
    load, time, distance = excess_timed(p, join_timed(p, before_timed(s, u), after_timed(s, v)))
    return load + time + distance


def _joined_excess(p, s, u, v):
    """What a route exceeds on which `u`, the last of its own, goes on with `v`, the first."""
    if isinstance(p, Load):
        return _joined_excess_load(p, s, u, v)
    return _joined_excess_timed(p, s, u, v)


@specialise(_joined_excess)
def _choose_joined_excess(p, s, u, v):
    if p.instance_class is Load:
        return lambda p, s, u, v: _joined_excess_load(p, s, u, v)
    return lambda p, s, u, v: _joined_excess_timed(p, s, u, v)


@kernel
def _merge_directed(p, s, tail, head):
    """Join the end of one route to the beginning of another while nothing is exceeded."""
    for i in range(len(tail)):
        u, v = tail[i], head[i]
        q, r = s.link[u, ROUTE], s.link[v, ROUTE]
        if q == r or s.link[u, NEXT] != DEPOT or s.link[v, PREV] != DEPOT:
            continue
        if _joined_excess(p, s, u, v) > 0.0:
            continue
        s.link[u, NEXT] = v
        s.link[v, PREV] = u
        s.shape[q, LAST] = s.shape[r, LAST]
        s.shape[r, FIRST] = DEPOT
        s.shape[r, LAST] = DEPOT
        s.shape[r, SIZE] = 0
        refresh(p, s, q)
        refresh(p, s, r)
