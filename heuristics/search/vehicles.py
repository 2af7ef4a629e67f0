"""How many vehicles there are, how many are needed, and the same problem with fewer."""

from __future__ import annotations

from math import ceil

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    CAPACITY,
    COUNT,
    DEMAND,
    FORBIDDEN,
    GAIN,
    MAX_ROUTES,
    OVERLOAD,
    OVERRUN,
    ROOM,
    Load,
    Rich,
    Timed,
)
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import empty_state, load_routes

Array = np.ndarray


def limits_of(p: Load | Timed | Rich) -> Array:
    """How many vehicles of each kind there are, (V + 1,), and of all kinds together."""
    most = p.fleet[MAX_ROUTES]
    each = p.vehicle[:, COUNT] if isinstance(p, Rich) else [most]
    return np.array([*each, most], dtype=np.int64)


def limited(p: Load | Timed | Rich, vehicles: int) -> Load | Timed | Rich:
    """The same problem with so many vehicles."""
    fleet = p.fleet.copy()
    fleet[MAX_ROUTES] = vehicles
    return p._replace(fleet=fleet)


def least_vehicles(p: Load | Timed | Rich) -> int:
    """As many vehicles as the load needs at least."""
    if isinstance(p, Rich):
        needed = p.node[:, GAIN] >= p.fleet[FORBIDDEN]
        load = float(p.node[needed, DEMAND].sum())
        return max(1, ceil(load / max(float(p.vehicle[:, ROOM].max()), 1.0)))
    return max(1, ceil(float(p.node[:, DEMAND].sum()) / max(float(p.fleet[CAPACITY]), 1.0)))


def everybody_alone(p: Load | Timed | Rich, depot: Array) -> bool:
    """Whether a route for each client alone exceeds nothing: else some client cannot be served.

    That is so where detours take time. Where they save some, prices must do. Under `Rich`, where
    there is much more that can make it so, it is not looked at.
    """
    if isinstance(p, Rich):
        return True
    clients = np.arange(1, len(p.node), dtype=np.int64)
    s = empty_state(p, depot, len(clients), seeded(0))
    load_routes(p, s, clients, np.arange(len(clients) + 1), np.zeros_like(clients))
    return not s.total[OVERLOAD : OVERRUN + 1].any()
