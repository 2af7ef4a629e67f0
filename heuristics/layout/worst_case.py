"""Worst cases: bounds above the length and the cost of any plan, for what is forbidden."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import FIXED, OVERTIME, PER_LENGTH, PER_TIME
from polyroute.vrp.problem import UNLIMITED, Problem

Array = np.ndarray


def closed_length(problem: Problem, longest: float) -> float:
    """A power of two above the length of any plan whose arcs are `longest` at most."""
    return float(2 ** int(np.ceil(np.log2((2 * problem.num_clients + 1) * longest + 2.0))))


def dearest_plan(problem: Problem, vehicle: Array, closed: float) -> float:
    """More than any plan costs that goes over no forbidden arc."""
    clocks = [problem.tw_early.max(), problem.service.max(), problem.release.max()]
    time = closed + (2.0 * problem.num_clients + 1.0) * float(sum(clocks))
    time += _time_of_stopovers(problem)
    if problem.duration is not None:
        allowed = problem.duration[problem.duration < UNLIMITED]
        time += (2.0 * problem.num_clients + 1.0) * float(allowed.max(initial=0))
    timed = vehicle[:, PER_TIME].max() + vehicle[:, OVERTIME].max()
    total = closed * vehicle[:, PER_LENGTH].max() + (time * timed if timed else 0.0)
    total += problem.num_clients * vehicle[:, FIXED].max()
    return float(total + problem.prize.sum()) + _dearest_stopovers(problem, time)


def _dearest_stopovers(problem: Problem, time: float) -> float:
    """More than lateness and preferences can make one plan dearer than another."""
    prices = problem.lateness_cost[problem.lateness_cost < UNLIMITED]
    earned = problem.preference.max(axis=1).sum()
    return time * float(prices.max(initial=0)) + float(earned)


def _time_of_stopovers(problem: Problem) -> float:
    """The time that vehicles on `num_clients` routes spend on breaks, at most, and underway."""
    bounds = [b for item in problem.breaks for window in item.windows for b in window]
    latest = max([float(b) for b in bounds if b < UNLIMITED], default=0.0)
    lasting = sum(item.duration + latest for item in problem.breaks)
    return (lasting + float(problem.ready_time.max())) * (problem.num_clients + 1)
