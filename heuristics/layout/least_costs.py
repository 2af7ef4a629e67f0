"""The least that vehicles pay on arcs, and the most that passing by a depot can save them."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    CLOSED_ARC,
    END,
    FIRST_DEPOT,
    FORBIDDEN,
    GATE,
    HOME,
    LAST_DEPOT,
    LEAP,
    PER_LENGTH,
    PER_TIME,
    PROFILE,
    RELOAD_NODE,
    SHORTCUT,
    START,
    Rich,
)
from polyroute.heuristics.kernels.tables import lengths_between
from polyroute.heuristics.layout.facts import Facts

Array = np.ndarray


def note_least_costs(p: Rich) -> None:
    """Write the least that any vehicle pays for coming to each client, and between near ones."""
    size = len(p.near) - 1
    clients = np.arange(1, 1 + size)
    come = np.full(size, np.inf)
    go = np.full(size, np.inf)
    for row in p.vehicle:
        come = np.minimum(come, _cost_between(p, row, np.full(size, int(row[START])), clients))
        end = int(row[END])
        left = np.zeros(size) if end < 0 else _cost_between(p, row, clients, np.full(size, end))
        go = np.minimum(go, left)
    p.node[clients, HOME] = np.where(come < p.fleet[FORBIDDEN], come, go)
    p.node[clients, GATE] = np.minimum(come, go)
    heads = p.near[1:]
    tails = np.broadcast_to(clients[:, None], heads.shape)
    best = np.full(heads.shape, np.inf)
    of_a_kind = p.vehicle[:, [PROFILE, PER_LENGTH, PER_TIME]]
    for kind in np.unique(of_a_kind, axis=0, return_index=True)[1]:
        for tail, head in ((tails, heads), (heads, tails)):
            best = np.minimum(best, _cost_between(p, p.vehicle[kind], tail, head))
    p.near_length[1:] = best


def _cost_between(p: Rich, row: Array, tail: Array, head: Array) -> Array:
    """What a vehicle pays for arcs."""
    profile = int(row[PROFILE])
    length = p.matrix[profile, tail, head] if len(p.matrix) else _computed(p, tail, head)
    time = p.times[profile, tail, head] if len(p.times) else length
    cost = length * row[PER_LENGTH] + time * row[PER_TIME]
    return np.where(length >= p.fleet[CLOSED_ARC], p.fleet[FORBIDDEN], cost)


def _computed(p: Rich, tail: Array, head: Array) -> Array:
    """Lengths in the plane, from the kernels' own rows."""
    flat = np.empty(tail.size)
    lengths_between(p, np.ascontiguousarray(tail).ravel(), np.ascontiguousarray(head).ravel(), flat)
    return flat.reshape(tail.shape)


def note_shortcuts(p: Rich, facts: Facts) -> None:
    """Write what each kind of vehicle can save at most on an arc by passing by a depot."""
    if not len(p.matrix) or not len(p.stopover):
        return
    nodes = np.arange(1, len(p.node))
    grid = np.ix_(nodes, nodes)
    for row in p.vehicle:
        gates = (
            p.stopover[int(row[FIRST_DEPOT]) : int(row[LAST_DEPOT]), RELOAD_NODE].astype(int) - 1
        )
        profile = int(row[PROFILE])
        length = p.matrix[profile][grid]
        time = p.times[profile][grid] if len(p.times) else length
        cost = length * row[PER_LENGTH] + time * row[PER_TIME]
        cost = np.where(length >= p.fleet[CLOSED_ARC], p.fleet[FORBIDDEN], cost)
        np.fill_diagonal(cost, 0.0)
        clients = np.arange(len(p.near) - 1)
        tails = np.append(clients, int(row[START]) - 1)
        heads = np.append(clients, int(row[END]) - 1) if row[END] >= 0 else clients
        for gate in gates:
            for table in (cost, time):
                direct = table[np.ix_(tails, heads)]
                saved = direct - table[tails, gate][:, None] - table[gate, heads][None, :]
                most = float(saved[tails[:, None] != heads[None, :]].max(initial=0.0))
                row[SHORTCUT] = max(row[SHORTCUT], most)
    if facts.lengths_given:
        p.vehicle[:, LEAP] = p.vehicle[:, SHORTCUT]
