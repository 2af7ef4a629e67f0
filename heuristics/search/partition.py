"""The routes of a plan shared out to compact parts."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.plan import Plan

Array = np.ndarray


def split(plan: Plan, number: int, place: Array, rng: np.random.Generator) -> list[Array]:
    """Share the routes out to `number` compact parts of about as many clients each.

    Cuts the middles of the routes by lines, in a random direction at first and then across, as
    a k-d tree does. `place` (N, 2) holds the position of each node. Returns route numbers.
    """
    sizes = plan.sizes
    middles = np.add.reduceat(place[plan.visits], plan.bounds[:-1], axis=0) / sizes[:, None]
    angle = rng.uniform(0.0, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    parts: list[Array] = []
    _halve(np.arange(plan.num_routes), number, middles @ turn, sizes, 0, parts)
    return parts


def _halve(
    routes: Array, number: int, middles: Array, sizes: Array, axis: int, parts: list[Array]
) -> None:
    if number <= 1 or len(routes) < 2:
        if len(routes):
            parts.append(routes)
        return
    routes = routes[np.argsort(middles[routes, axis], kind="stable")]
    left = number // 2
    filled = np.cumsum(sizes[routes])
    cut = int(np.searchsorted(filled, filled[-1] * left / number)) + 1
    cut = min(cut, len(routes) - 1)
    _halve(routes[:cut], left, middles, sizes, 1 - axis, parts)
    _halve(routes[cut:], number - left, middles, sizes, 1 - axis, parts)
