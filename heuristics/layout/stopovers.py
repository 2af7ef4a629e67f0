"""Where a vehicle reloads and takes its breaks, which no plan of the search says.

Labelling a route again (`kernels.cost.labelling`) finds out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    BEST,
    FIRST_BREAK,
    LAST_BREAK,
    LOAD_WEIGHT,
    LOADS,
    MOST_RELOADS,
    PATH,
    Rich,
)
from polyroute.heuristics.kernels.cost.labelling import label_path
from polyroute.heuristics.kernels.cost.labels import AT, PARENT, SINCE, TAKEN_AT
from polyroute.heuristics.kernels.plan import NOT_SERVED, Plan
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import columns_of, empty_state
from polyroute.vrp.problem import Problem

Array = np.ndarray


class Stopovers(NamedTuple):
    """Where a route is interrupted: (position, depot), and (position, number among its breaks)."""

    reloads: tuple[tuple[int, int], ...]
    breaks: tuple[tuple[int, int], ...]


def stopovers_of(p: Rich, prices: Array, plan: Plan) -> list[Stopovers]:
    """Where each route of `plan` reloads and takes its breaks; depots in the problem's numbers.

    `prices` are those of a unit too much of load, time and distance.
    """
    nowhere = Stopovers((), ())
    if not p.vehicle[:, MOST_RELOADS].any() and not p.vehicle[:, LAST_BREAK].any():
        return [nowhere] * plan.num_routes
    s = empty_state(p, np.zeros(columns_of(p)), 1, seeded(0))
    s.total[LOAD_WEIGHT:BEST] = prices
    found = []
    for visits, kind in zip(plan.lists(), plan.kinds.tolist(), strict=True):
        if kind == NOT_SERVED:
            found.append(nowhere)
            continue
        s.ints[PATH, : len(visits)] = visits
        label_path(p, s, kind, len(visits), np.inf)
        found.append(_read_stopovers(p, s.labels, kind))
    return found


def _read_stopovers(p: Rich, labels: Array, kind: int) -> Stopovers:
    """The stopovers of the route that was labelled last, by following its labels back."""
    label = labels[int(p.fleet[LOADS])]
    number = int(p.vehicle[kind, LAST_BREAK] - p.vehicle[kind, FIRST_BREAK])
    breaks = tuple((int(label[TAKEN_AT + i]), i) for i in range(number))
    reloads = []
    label = labels[int(label[PARENT])]
    while label[PARENT] >= 0:
        reloads.append((int(label[SINCE]), int(label[AT]) - len(p.near)))
        label = labels[int(label[PARENT])]
    return Stopovers(tuple(reversed(reloads)), breaks)


def breaks_of(problem: Problem, vehicle_type: int) -> list[int]:
    """The breaks of a vehicle type in the order of their windows, as indices."""
    mine = [i for i, item in enumerate(problem.breaks) if item.vehicle_type == vehicle_type]
    return sorted(mine, key=lambda i: problem.breaks[i].windows)
