"""How far a worker may go, how far it has come, and in slices of what length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from polyroute.heuristics.search.clock import Clock

SLICE_SECONDS = 0.01
"""Aim for the length of a slice under a time limit: the grain of deadlines and temperatures."""

SLICE_ITERATIONS = 100
"""Length of a slice under an iteration limit alone."""

FIRST_SLICE = 8
"""Iterations, or nodes to improve, of the first slice, before the speed is known."""


@dataclass
class Pace:
    """How far one worker may go, and how far it has come."""

    clock: Clock
    base: int  # iterations of the whole run before this stretch
    weight: float  # iterations of the whole run for one of this worker's
    limit: int | None = None  # this worker's iterations
    until: float = 1.0  # progress of the run at which the stretch ends
    done: int = 0
    watch: Callable[[], None] | None = None  # called after each slice

    @property
    def timed(self) -> bool:
        """Whether the run has a time limit."""
        return self.clock.budget.time is not None

    @property
    def progress(self) -> float:
        """The progress of the run as this worker sees it."""
        return self.clock.progress_at(self.base + self.done * self.weight)

    @property
    def over(self) -> bool:
        """Whether the stretch ends here."""
        if self.clock.must_stop or (self.limit is not None and self.done >= self.limit):
            return True
        return self.timed and self.clock.time_share >= self.until

    def within(self, size: int) -> int:
        """So many iterations, or as many as are left of the limit."""
        return size if self.limit is None else min(size, self.limit - self.done)


def first_size(timed: bool) -> int:
    """The size of the first slice: without a time limit all are of one length."""
    return FIRST_SLICE if timed else SLICE_ITERATIONS


def next_size(size: int, began: float, timed: bool) -> int:
    """The size of the next slice, after one of `size` that began at `began`."""
    if not timed:
        return size
    pace = SLICE_SECONDS / max(perf_counter() - began, 1e-6)
    return max(1, int(size * min(pace, 2.0)))
