"""Loads for PyVRP: goods, and stops as if they were goods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyroute.vrp.problem import UNLIMITED, Array, Problem


@dataclass(frozen=True)
class Loads:
    """Amounts of our nodes and capacities of our vehicle types, in PyVRP's load dimensions."""

    delivery: Array  # (N, dimensions)
    pickup: Array  # (N, dimensions)
    capacity: Array  # (V, dimensions), UNLIMITED where there is no limit


def build_loads(problem: Problem, weight: int, weight_of_stop: int) -> Loads:
    """Goods at `weight` a unit; where stops are limited, each delivers `weight_of_stop` more."""
    total = problem.delivery.sum(axis=0) + problem.pickup.sum(axis=0)
    room = np.minimum(problem.capacity, total) * weight
    goods = Loads(
        delivery=problem.delivery * weight,
        pickup=problem.pickup * weight,
        capacity=np.where(problem.capacity < UNLIMITED, room, UNLIMITED),
    )
    if "max_stops" not in problem.active:
        return goods
    stops = np.full((problem.num_nodes, 1), weight_of_stop)
    stops[: problem.num_depots] = 0
    limits = problem.max_stops[:, None]
    most = np.minimum(limits, problem.num_clients) * weight_of_stop
    return Loads(
        delivery=np.hstack([goods.delivery, stops]),
        pickup=np.hstack([goods.pickup, np.zeros_like(stops)]),
        capacity=np.hstack([goods.capacity, np.where(limits < UNLIMITED, most, UNLIMITED)]),
    )
