"""How well two nodes follow each other, in length and in time."""

from __future__ import annotations

import numpy as np

from polyroute.vrp.problem import UNLIMITED, Problem

Array = np.ndarray

WAIT_WEIGHT = 0.2
WARP_WEIGHT = 1.0
"""What unavoidable waiting and lateness add to proximity, per unit of time (Vidal et al. 2013)."""


def proximity(problem: Problem, tail: Array, head: Array, windows: bool) -> Array:
    """How well two nodes follow each other in the better direction; float64, broadcast."""
    there = _directed(problem, tail, head, windows)
    if problem.is_symmetric and not windows:
        return there
    return np.minimum(there, _directed(problem, head, tail, windows))


def _directed(problem: Problem, tail: Array, head: Array, windows: bool) -> Array:
    length = problem.distances_between(tail, head).astype(np.float64)
    if not windows:
        return length
    time = problem.durations_between(tail, head)
    ready = problem.service[tail] + time
    early, late = problem.tw_early.min(axis=1), problem.tw_late.max(axis=1)
    wait = np.maximum(early[head] - ready - late[tail], 0)
    warp = np.maximum(early[tail] + ready - late[head], 0)
    length += WAIT_WEIGHT * np.minimum(wait, UNLIMITED) + WARP_WEIGHT * warp
    return length
