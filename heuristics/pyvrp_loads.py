"""Loads for PyVRP: goods, and what is counted or barred as if it were goods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vrp.problem import UNLIMITED, Array, Problem


@dataclass(frozen=True)
class Loads:
    """Amounts of our nodes and capacities of our vehicle types, in PyVRP's load dimensions."""

    delivery: Array  # (N, dimensions)
    pickup: Array  # (N, dimensions)
    capacity: Array  # (V, dimensions), UNLIMITED where there is no limit


def build_loads(problem: Problem, weight: int, weight_of_one: int) -> Loads:
    """Goods at `weight` a unit; stops and clients who are barred at `weight_of_one` each.

    Stops are delivered where they are limited. A client whom some types may not serve, or who is
    released too late for his windows, gets goods for which those types have no room; types that
    bar the same clients share a dimension.
    """
    served = np.zeros(problem.num_nodes, dtype=np.int64)
    served[problem.num_depots :] = 1
    extra: list[tuple[Array, Array]] = []  # amounts and capacities of a dimension
    if "max_stops" in problem.active:
        limit = problem.max_stops
        extra.append((served, np.where(limit < UNLIMITED, limit * weight_of_one, UNLIMITED)))
    late = problem.release > problem.tw_late.max(axis=1)
    barred = ~problem.allowed | (late & (served > 0))[:, None]
    for column in np.unique(barred, axis=1).T:
        if column.any():
            bars = (barred == column[:, None]).all(axis=0)
            extra.append((column.astype(np.int64), np.where(bars, 0, UNLIMITED)))
    total = problem.delivery.sum(axis=0) + problem.pickup.sum(axis=0)
    room = np.where(
        problem.capacity < UNLIMITED, np.minimum(problem.capacity, total) * weight, UNLIMITED
    )
    amounts = [(ones * weight_of_one)[:, None] for ones, _ in extra]
    nothing = np.zeros((problem.num_nodes, len(extra)), dtype=np.int64)
    return Loads(
        delivery=np.concatenate([problem.delivery * weight, *amounts], axis=1),
        pickup=np.concatenate([problem.pickup * weight, nothing], axis=1),
        capacity=np.concatenate([room, *(limits[:, None] for _, limits in extra)], axis=1),
    )
