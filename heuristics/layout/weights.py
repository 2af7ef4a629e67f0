"""What a unit too much of anything on board weighs, in units of the first load dimension.

Powers of two, so that sums of excess are exact: what is exceeded no more must leave nothing.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import DEMAND, DEMAND_2, FIRST_ROOM, NET, NET_2
from polyroute.vrp.problem import Problem

Array = np.ndarray


def weights_of(clients: Array) -> tuple[float, float]:
    """What a unit of the second load and a stop weigh, from the rows of all clients."""
    loads = [
        max(float(np.maximum(clients[:, of], np.abs(clients[:, net])).mean()), 1e-9)
        for of, net in ((DEMAND, NET), (DEMAND_2, NET_2))
    ]
    second = loads[0] / loads[1] if min(loads) > 1e-6 else 1.0
    return _power_of_two(second), _power_of_two(max(loads[0], 1.0))


def note_weights(problem: Problem, vehicle: Array) -> None:
    """Write what a unit too much weighs in each load dimension, where routes are labelled."""
    moved = np.maximum(problem.delivery, problem.pickup)[problem.num_depots :].mean(axis=0)
    for dim, mean in enumerate(moved.tolist()):
        known = min(mean, float(moved[0])) > 1e-6
        vehicle[:, FIRST_ROOM + 3 * dim + 2] = _power_of_two(moved[0] / mean) if known else 1.0


def _power_of_two(value: float) -> float:
    """The nearest power of two, within bounds that leave sums exact."""
    return float(2.0 ** np.clip(np.round(np.log2(value)), -9, 20))
