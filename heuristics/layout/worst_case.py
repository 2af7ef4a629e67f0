"""Worst cases: bounds above the length and the cost of any plan, for what is forbidden."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import PER_LENGTH
from polyroute.vrp.problem import Problem, WorstCase

Array = np.ndarray


def closed_length(problem: Problem, longest: float) -> float:
    """A power of two above the length of any plan whose arcs are `longest` at most."""
    return float(2 ** int(np.ceil(np.log2((2 * problem.num_clients + 1) * longest + 2.0))))


def dearest_plan(problem: Problem, vehicle: Array, closed: float) -> float:
    """More than any plan costs that goes over no forbidden arc, with room for what is too much."""
    return float(WorstCase.of(problem).cost + closed * vehicle[:, PER_LENGTH].max())
