"""How long VROOM's tasks take: service, and setup that is left out where the vehicle already is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components

from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.problem import Array, Problem


@dataclass(frozen=True)
class Stays:
    """Setup and service of each node for each profile, (P, N), and the nodes' places, (N,).

    A place is the first of the nodes that are there. Between them VROOM knows no setup.
    """

    setup: Array
    service: Array
    place: Array
    together: Array  # (N, N) whether two nodes are at one place

    @classmethod
    def of(cls, problem: Problem) -> Stays:
        """The stays of `problem`.

        Raises UnsupportedError for setup that depends on the way otherwise.
        """
        nodes = np.arange(problem.num_nodes)
        if problem.setup is None:
            service = np.tile(problem.service, (problem.size("P"), 1))
            apart = np.zeros((len(nodes), len(nodes)), dtype=np.bool_)
            return cls(np.zeros_like(service), service, nodes, apart)
        table = problem.setup.copy()
        table[:, nodes, nodes] = 0
        most = table.max(axis=1)  # (P, N)
        others = nodes[:, None] != nodes
        short = (table < most[:, None, :]).any(axis=0) & others
        place = _first_of_each(connected_components(short, directed=False)[1])
        together = (place[:, None] == place) & others
        least = np.where(together, table, most[:, None, :]).min(axis=1)
        least[:, ~together.any(axis=0)] = 0
        told = np.where(together, least[:, None, :], most[:, None, :])
        alike = (told == table) | ~others | (nodes < problem.num_depots)
        if not alike.all() or not _are_one(problem, place, together):
            raise UnsupportedError("solver 'vroom'", ["setup by arc"])
        return cls(most - least, problem.service + least, place, together)


def _first_of_each(labels: Array) -> Array:
    """For each node the first with the same label, (N,)."""
    _, first, group = np.unique(labels, return_index=True, return_inverse=True)
    return first[group]


def _are_one(problem: Problem, place: Array, together: Array) -> bool:
    """Whether nodes at one place have the same ways from and to all others, and among them."""
    tables = [t for t in (problem.distance, problem.duration, problem.arc_cost) if t is not None]
    return all(
        (at_places(table, place, together)[:, place][:, :, place] == table)[
            :, ~np.eye(len(place), dtype=bool)
        ].all()
        for table in tables
    )


def at_places(table: Array, place: Array, together: Array) -> Array:
    """Tables between nodes, (…, N, N), with the way from a place to itself on their diagonals."""
    found = table.copy()
    tail, head = np.nonzero(together)
    found[..., place[tail], place[tail]] = table[..., tail, head]
    return found
