"""Plans as two flat arrays: what threads hand to each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from polyroute.heuristics.jit.options import kernel
from polyroute.heuristics.kernels.arrays import DEPOT, FIRST, KIND, NEXT, SIZE

Array = np.ndarray


NOT_SERVED = -1
"""The kind of a route that is none: a client who is left out, alone."""


class Plan(NamedTuple):
    """Routes of client nodes, one behind the other."""

    visits: Array  # (V,) int64
    bounds: Array  # (R + 1,) int64: route i is visits[bounds[i]:bounds[i + 1]]
    kinds: Array  # (R,) int64: what kind of vehicle drives it

    @property
    def num_routes(self) -> int:
        """Routes, none of them empty."""
        return len(self.bounds) - 1

    @property
    def num_vehicles(self) -> int:
        """Routes that a vehicle drives."""
        return int(np.count_nonzero(self.kinds != NOT_SERVED))

    @property
    def sizes(self) -> Array:
        """Visits of each route, (R,) int64."""
        return np.diff(self.bounds)

    def lists(self) -> list[list[int]]:
        """The routes as lists."""
        visits, bounds = self.visits.tolist(), self.bounds.tolist()
        return [visits[a:b] for a, b in pairwise(bounds)]

    def select(self, routes: Array) -> Plan:
        """The plan of some of the routes alone, given by their numbers."""
        sizes = self.sizes[routes]
        bounds = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        within = np.arange(bounds[-1]) - np.repeat(bounds[:-1], sizes)
        visits = self.visits[np.repeat(self.bounds[routes], sizes) + within]
        return Plan(visits, bounds, self.kinds[routes])

    def driven(self) -> Plan:
        """The plan without those who are left out."""
        return self.select(np.flatnonzero(self.kinds != NOT_SERVED))


def plan_of(routes: Iterable[Sequence[int]], kinds: Sequence[int] | None = None) -> Plan:
    """The plan with these routes, of kind 0 unless given; empty ones are left out."""
    routes = list(routes)
    used = [i for i, route in enumerate(routes) if len(route)]
    visits = np.array([u for i in used for u in routes[i]], dtype=np.int64)
    bounds = np.cumsum([0, *(len(routes[i]) for i in used)]).astype(np.int64)
    of_each = np.array([0 if kinds is None else kinds[i] for i in used], dtype=np.int64)
    return Plan(visits, bounds, of_each)


def joined(plans: Sequence[Plan]) -> Plan:
    """The routes of all `plans`."""
    sizes = np.concatenate([plan.sizes for plan in plans])
    bounds = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    kinds = np.concatenate([plan.kinds for plan in plans])
    return Plan(np.concatenate([plan.visits for plan in plans]), bounds, kinds)


def linked(link: Array, shape: Array) -> Plan:
    """The plan that `link` and `shape` hold."""
    sizes = shape[:, SIZE]
    used = np.flatnonzero(sizes)
    bounds = np.concatenate([[0], np.cumsum(sizes[used])]).astype(np.int64)
    visits = np.empty(bounds[-1], dtype=np.int64)
    _follow(link, shape[used, FIRST], visits)
    return Plan(visits, bounds, shape[used, KIND])


@kernel
def _follow(link, firsts, visits):
    """Write the routes that begin with `firsts` into `visits`."""
    at = 0
    for u in firsts:
        while u != DEPOT:
            visits[at] = u
            at += 1
            u = link[u, NEXT]
