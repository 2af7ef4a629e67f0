"""When a run ends: its budget, its clock and its callback, looked at between slices of work."""

from __future__ import annotations

from time import perf_counter

from vrp.api import Budget, Callback, Improvement

CALLBACK_INTERVAL = 0.1
"""Seconds between calls of the callback while nothing improves."""


class Clock:
    """Tells how far a run has come, and whether it is over.

    Kernels never read it: they get `progress` between slices.
    """

    def __init__(self, budget: Budget, callback: Callback | None) -> None:
        self.budget = budget
        self.callback = callback
        self.began = perf_counter()
        self.iterations = 0
        self.trace: list[Improvement] = []
        self.stopped = False
        self.interrupted = False
        self._called = 0.0

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the run began."""
        return perf_counter() - self.began

    @property
    def progress(self) -> float:
        """Share of the budget that is spent, from 0 to 1; the larger where both are limited."""
        shares = [0.0]
        if self.budget.time is not None:
            shares.append(self.seconds / self.budget.time)
        if self.budget.iterations is not None:
            shares.append(self.iterations / self.budget.iterations)
        return min(max(shares), 1.0)

    @property
    def over(self) -> bool:
        """Whether the run must end."""
        if self.stopped or self.interrupted or self.progress >= 1.0:
            return True
        patience = self.budget.patience
        if patience is not None and self.trace:
            return self.seconds - self.trace[-1].seconds > patience
        return False

    def report(self, cost: int, feasible: bool, num_routes: int) -> None:
        """Tell of the best solution; what is better than before becomes part of the trace."""
        last = self.trace[-1] if self.trace else None
        better = last is None or (not feasible, cost) < (not last.feasible, last.cost)
        if better:
            last = Improvement(self.seconds, self.iterations, cost, feasible, num_routes)
            self.trace.append(last)
            if feasible and self.budget.target is not None and cost <= self.budget.target:
                self.stopped = True
        if self.callback is None or last is None:
            return
        if better or self.seconds - self._called >= CALLBACK_INTERVAL:
            self._called = self.seconds
            if self.callback(last):
                self.stopped = self.interrupted = True
