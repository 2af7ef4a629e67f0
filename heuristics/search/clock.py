"""When a run ends: its budget, its clock and its callback, looked at between slices of work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from polyroute.vrp.budget import Budget, Callback, Improvement
from polyroute.vrp.solution import Solution

CALLBACK_INTERVAL = 0.1
"""Seconds between calls of the callback while nothing improves."""


class Clock:
    """Tells how far a run has come, and whether it is over.

    Kernels never read it: they get `progress` between slices.
    """

    def __init__(
        self,
        budget: Budget,
        callback: Callback | None,
        reserve: float = 0.0,
        *,
        fewest_first: bool = False,
    ) -> None:
        """`reserve` seconds of the time limit, a tenth of it at most, are kept for the end.

        Under `fewest_first` a feasible plan with fewer routes is better, whatever it costs.
        """
        self.budget = budget
        self.fewest_first = fewest_first
        self.reserve = reserve if budget.time is None else min(reserve, budget.time / 10)
        self.callback = callback
        self.began = perf_counter()
        self.iterations = 0
        self.cooled_from = 0.0
        self.trace: list[Improvement] = []
        self.stopped = False
        self.interrupted = False
        self.best_solution: Callable[[], Solution] | None = None  # makes it, for the callback
        self._called = 0.0
        self._asked_to_stop = False

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the run began."""
        return perf_counter() - self.began

    @property
    def time_share(self) -> float:
        """Share of the time limit, less the reserve, that is spent; 0 without one."""
        time = self.budget.time
        return 0.0 if time is None else self.seconds / (time - self.reserve)

    @property
    def over_time(self) -> bool:
        """Whether the whole time limit is spent, the reserve too."""
        return self.budget.time is not None and self.seconds >= self.budget.time

    @property
    def progress(self) -> float:
        """Share of the budget that is spent, from 0 to 1; the larger where both are limited."""
        return self.progress_at(self.iterations)

    def progress_at(self, iterations: float) -> float:
        """The progress when so many iterations of the run are done."""
        share = self.time_share
        if self.budget.iterations is not None:
            share = max(share, iterations / self.budget.iterations)
        return min(share, 1.0)

    def cool_from_now(self) -> None:
        """Let the temperature fall from here to the end, whatever came before."""
        self.cooled_from = self.progress

    def cooling(self, progress: float) -> float:
        """How far the temperature has fallen at that progress, from 0 to 1."""
        rest = max(1.0 - self.cooled_from, 1e-9)
        return max(progress - self.cooled_from, 0.0) / rest

    @property
    def must_stop(self) -> bool:
        """Whether the run must end although its budget may not be spent."""
        if self.stopped or self.interrupted:
            return True
        patience = self.budget.patience
        if patience is not None and self.trace:
            return self.seconds - self.trace[-1].seconds > patience
        return False

    @property
    def over(self) -> bool:
        """Whether the run must end."""
        return self.must_stop or self.progress >= 1.0

    def report(self, cost: int, feasible: bool, num_routes: int) -> None:
        """Tell of the best solution; what is better than before becomes part of the trace."""
        last = self.trace[-1] if self.trace else None
        found = Improvement(self.seconds, self.iterations, cost, feasible, num_routes)
        better = last is None or self._rank(found) < self._rank(last)
        if better:
            self.trace.append(found)
            if feasible and self.budget.target is not None and cost <= self.budget.target:
                self.stopped = True
        self.beat(better)

    def _rank(self, found: Improvement) -> tuple[bool, int, int]:
        routes = found.num_routes if self.fewest_first and found.feasible else 0
        return not found.feasible, routes, found.cost

    def beat(self, better: bool = False) -> None:
        """Call the callback if there is news, or if it was not called for a while.

        Its request to stop is the last that it is asked for.
        """
        if self.callback is None or not self.trace or self._asked_to_stop:
            return
        last = self.trace[-1]
        if better or self.seconds - self._called >= CALLBACK_INTERVAL:
            self._called = self.seconds
            if self.callback(replace(last, solution=self.best_solution)):
                self._asked_to_stop = self.stopped = self.interrupted = True
