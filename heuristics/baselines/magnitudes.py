"""Numbers that other solvers can hold: no arc without an end, no day without one, few digits."""

from __future__ import annotations

import numpy as np

from polyroute.vrp.problem import UNLIMITED, Array, Problem


def without_forbidden(matrix: Array) -> Array:
    """The matrix with its forbidden arcs made longer than any plan that avoids them.

    A solver may still use such an arc; the checker then says so.
    """
    forbidden = matrix >= UNLIMITED
    if not forbidden.any():
        return matrix
    longest = int(np.max(matrix, initial=1, where=~forbidden))
    return np.where(forbidden, 2 * len(matrix) * longest, matrix)


def horizon(problem: Problem) -> int:
    """A time before which every sensible plan has ended, for solvers that want a finite one."""
    late = [bound[bound < UNLIMITED] for bound in (problem.tw_late, problem.shift_late)]
    bounds = (problem.tw_early, problem.shift_early, problem.release, problem.ready_time)
    early = max(*(int(bound.max()) for bound in bounds), _most(late))
    early = max([early, *(window[0] for pause in problem.breaks for window in pause.windows)])
    return early + _busy(problem)


def origin(problem: Problem) -> int:
    """A time before which no plan need begin, for solvers that count in few digits."""
    bounds = [problem.tw_early, problem.tw_late, problem.shift_early, problem.shift_late]
    bounds += [problem.release, problem.ready_time]
    bounds += [np.array(window) for pause in problem.breaks for window in pause.windows]
    named = [bound[(bound > 0) & (bound < UNLIMITED)] for bound in bounds]
    first = min((int(bound.min()) for bound in named if bound.size), default=0)
    return max(first - _busy(problem), 0)


def _busy(problem: Problem) -> int:
    """More than any route drives, serves and pauses."""
    pauses = sum(pause.duration for pause in problem.breaks)
    driving = max(
        int(without_forbidden(problem.duration_matrix(p)).max(axis=1).sum())
        for p in range(problem.size("P"))
    )
    setup = 0 if problem.setup is None else int(problem.setup.max(axis=(0, 1)).sum())
    return driving + int(problem.service.sum()) + setup + pauses


def _most(arrays: list[Array]) -> int:
    return max((int(array.max()) for array in arrays if array.size), default=0)


def power_of_ten(largest: int, most: int) -> int:
    """The least power of ten by which the largest value is at most `most`."""
    unit = 1
    while largest > most * unit:
        unit *= 10
    return unit
