"""What is much and what is little for a problem: the scale of temperatures and of prices."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    CLOSED_ARC,
    DEMAND,
    FIRST_ROOM,
    FIXED,
    FORBIDDEN,
    HOME,
    LABELLED,
    MOST_DRIVING,
    NET,
    ROOM,
    Load,
    Rich,
    Timed,
)
from polyroute.heuristics.layout.by_places import LEADING
from polyroute.heuristics.search.params import SearchParams
from polyroute.vrp.problem import UNLIMITED, Problem

Array = np.ndarray

LONG_ROUTE = 30.0
"""Visits that fill a vehicle above which the search begins hotter, in proportion."""

MOST_HEAT = 4.0
"""So many times as hot at most."""

FEW_CLIENTS, MANY_CLIENTS = 20, 300
FALLS, REHEATED = 4, 0.2
"""Between so many clients the temperature falls so many times, later ones from that depth of the
first fall: the plan is frozen early, and then that is the only way to others. Of a handful of
clients it is never quite frozen, and of many there is no time to spare."""

STEPS = 5
"""Nearest clients of each to whom the mean arc is the unit of temperature."""


def typical_step(p: Load | Timed | Rich) -> float:
    """The mean cost of the arcs to the nearest clients, at least 1."""
    return max(_mean(p, _steps(p)), 1.0)


def typical_stride(p: Load | Timed | Rich) -> float:
    """The same without those at the same place."""
    return max(_mean(p, _strides(p)), 1.0)


def vehicles_worth(p: Load | Timed | Rich) -> float:
    """By how much dearer than at first excess is while a plan is begun, where routes are labelled.

    As dear as a vehicle instead of a step: else few vehicles are given everybody, and to label
    their routes takes so long that nothing mends them.
    """
    if not isinstance(p, Rich) or p.fleet[LABELLED] == 0.0:
        return 1.0
    return max(float(p.vehicle[:, FIXED].max()) / typical_step(p), 1.0)


def _steps(p: Load | Timed | Rich) -> Array:
    return p.near_length[1:, :STEPS]


def _strides(p: Load | Timed | Rich) -> Array:
    """The arcs to the nearest clients elsewhere; what lies within a place is no way to go."""
    near = p.near_length[1:, :LEADING]
    elsewhere = near > 0.0
    return near[elsewhere & (np.cumsum(elsewhere, axis=1) <= STEPS)]


def _mean(p: Load | Timed | Rich, lengths: Array) -> float:
    """The mean of `lengths` without forbidden arcs, 0 where there is none."""
    allowed = lengths[lengths < p.fleet[FORBIDDEN]]
    return float(allowed.mean()) if allowed.size else 0.0


def first_prices(problem: Problem, p: Load | Timed | Rich, params: SearchParams) -> Array:
    """The first prices of a unit too much: of load, of time and of distance; (3,)."""
    step = typical_step(p)
    if isinstance(p, Rich):
        length, time = _rates(p, step)
        load = params.penalty * _price_of_load_rich(p, step)
        return np.array([load, params.late_price * time, params.late_price * length])
    return np.array([params.penalty * _price_of_load(problem, p, step), *[params.late_price] * 2])


def _price_of_load(problem: Problem, p: Load | Timed, step: float) -> float:
    """What carrying a unit of load costs: its share of a tour to the clients, and among them."""
    clients = np.arange(problem.num_depots, problem.num_nodes)
    there = _mean(p, problem.distances_between(np.zeros(1, dtype=np.int64), clients))
    return 2.0 * there / max(float(problem.capacity[0, 0]), 1.0) + step / _mean_demand(problem)


def _price_of_load_rich(p: Rich, step: float) -> float:
    """The same, for the smallest vehicle."""
    clients = slice(1, len(p.near))
    demand = np.maximum(p.node[clients, DEMAND], np.abs(p.node[clients, NET]))
    there = _mean(p, p.node[clients, HOME])
    column = ROOM if p.fleet[LABELLED] == 0.0 else FIRST_ROOM
    room = max(float(p.vehicle[:, column].min()), 1.0)
    return 2.0 * there / room + step / max(float(demand.mean()), 1.0)


def _rates(p: Rich, step: float) -> tuple[float, float]:
    """What a step costs for each unit of what its distance is limited by, and of its time."""
    near = p.near[1:, :STEPS]
    if not near.size or not len(p.matrix):
        return 1.0, 1.0
    tails = np.arange(1, len(p.near))[:, None]
    lengths = p.matrix[0][tails, near]
    open_arcs = lengths < p.fleet[CLOSED_ARC]
    times = p.times[0][tails, near] if len(p.times) else lengths
    if len(p.mileage):
        lengths = p.mileage[0][tails, near]
    length, time = (
        float(table.mean(where=open_arcs)) if open_arcs.any() else 0.0 for table in (lengths, times)
    )
    if p.fleet[LABELLED] and (p.vehicle[:, MOST_DRIVING] < UNLIMITED).any():
        length = min(length, time)  # time at the wheel is paid at the same price
    return step / length if length > 0.0 else 1.0, step / time if time > 0.0 else 1.0


def heat(problem: Problem, p: Load | Timed | Rich) -> float:
    """How much hotter than by default to begin: more where many visits fill a vehicle.

    There it decides how clients are shared out among long routes. Windows decide that otherwise,
    and where one vehicle may take everybody there is nothing to share out.
    """
    visits = float(problem.capacity[0, 0]) / _mean_demand(problem)
    if not isinstance(p, Load) or visits >= problem.num_clients:
        return 1.0
    return min(max(visits / LONG_ROUTE, 1.0), MOST_HEAT)


def falls(problem: Problem) -> int:
    """How often the temperature falls in a run."""
    return FALLS if FEW_CLIENTS <= problem.num_clients <= MANY_CLIENTS else 1


def fallen(cooling: float, falls: int) -> float:
    """How far the temperature has fallen, from 0 to 1, when that share of the falls is over."""
    past = cooling * falls
    over = min(int(past), falls - 1)
    start = REHEATED if over > 0 else 0.0
    return start + (1.0 - start) * (past - over)


def _mean_demand(problem: Problem) -> float:
    return max(float(problem.delivery[problem.num_depots :].mean()), 1.0)
