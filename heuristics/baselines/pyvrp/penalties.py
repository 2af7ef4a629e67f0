"""How dear PyVRP may make what breaks a rule: enough, and no more than its integers hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyroute.heuristics.baselines.pyvrp.arcs import Arcs
from polyroute.vrp.problem import UNLIMITED, Problem

FINE = 1000
"""Steps of cost a unit of load or time up to which PyVRP's bound of its penalties fits: its own
rounding ``exact`` has as many."""

LARGEST = 2**61
"""What penalties may amount to: PyVRP's integers have 64 bits, and when they overflow its local
search never ends."""


@dataclass(frozen=True)
class Weights:
    """The bound of PyVRP's penalties, and how many units of load make one of ours."""

    max_penalty: float
    goods: int
    stop: int


def weigh(problem: Problem, arcs: Arcs, default: float) -> Weights:
    """Bound the penalties, `default` being PyVRP's own, and weigh loads so that it is enough."""
    lengths = problem.scales.length * int(problem.unit_distance_cost.max())
    goods = 1 + int((problem.delivery + problem.pickup).sum())
    wanted = default * max(lengths / problem.scales.time / FINE, 1.0)
    max_penalty = min(wanted, LARGEST / max(_largest_excess(problem, arcs), goods))
    dear = max(
        arcs.longest * max(arcs.unit_distance_cost),
        int(problem.fixed_cost.max()),
        int(problem.prize.max()),
    )

    def weight(steps_of_cost: float, amount: int) -> int:
        wanted = default * max(steps_of_cost / FINE, 1.0)
        return max(round(min(wanted, LARGEST / amount) / max_penalty), 1)

    return Weights(
        max_penalty,
        goods=weight(lengths / problem.scales.load, goods),
        stop=weight(dear, problem.num_clients),
    )


def _largest_excess(problem: Problem, arcs: Arcs) -> int:
    """An upper bound on what any plan can exceed its limits of distance and time by."""
    most = 1
    if min(arcs.max_distance) < UNLIMITED:
        most += max(int(distance.max()) for distance in arcs.distances)
    if problem.has_time:
        clocks = (problem.tw_early, problem.tw_late, problem.shift_early, problem.shift_late)
        most += max(int(np.max(c, initial=0, where=c < UNLIMITED)) for c in clocks)
        most += max(int(duration.max()) for duration in arcs.durations)
        most += int(problem.service.max()) + int(problem.release.max())
    return 2 * len(arcs.distances[0]) * most
