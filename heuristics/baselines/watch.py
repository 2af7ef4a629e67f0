"""Watches a running baseline: when it must stop, and how it improved on the way."""

from __future__ import annotations

import signal
import threading
from time import perf_counter
from types import FrameType, TracebackType
from typing import Self

from polyroute.vrp.budget import Budget, Callback, Improvement

CALLBACK_INTERVAL = 0.1
"""Seconds between two calls of the callback without an improvement."""


class Watch:
    """Starts the clock when entered; while entered, Ctrl-C asks to stop instead of raising.

    Python runs signal handlers between its own instructions only: a solver that never calls back
    notices Ctrl-C when it has ended.
    """

    def __init__(self, budget: Budget, callback: Callback | None) -> None:
        self._budget = budget
        self._callback = callback
        self._trace: list[Improvement] = []
        self._stopped = False
        self._caught = False  # whether SIGINT is ours to handle
        self.interrupted = False

    def __enter__(self) -> Self:
        self._began = self._improved_at = self._told_at = perf_counter()
        main = threading.current_thread() is threading.main_thread()
        self._caught = main and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self._caught:
            signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._caught:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self.interrupted = True

    @property
    def trace(self) -> tuple[Improvement, ...]:
        """The improvements so far, at the cost that the solver itself claims."""
        return tuple(self._trace)

    @property
    def seconds(self) -> float:
        """Seconds since it was entered."""
        return perf_counter() - self._began

    @property
    def is_idle(self) -> bool:
        """Whether only the time limit could stop the run: the solver's own clock does then."""
        budget = self._budget
        return self._callback is None and budget.target is None and budget.patience is None

    def improved(self, iterations: int, cost: int, *, feasible: bool, num_routes: int) -> None:
        """Note a new best solution, unless it is none; tells the callback."""
        if self._trace and (self._trace[-1].cost <= cost and self._trace[-1].feasible >= feasible):
            return
        self._improved_at = perf_counter()
        seconds = self._improved_at - self._began
        self._trace.append(Improvement(seconds, iterations, cost, feasible, num_routes))
        target = self._budget.target
        if feasible and target is not None and cost <= target:
            self._stopped = True
        self._tell()

    def must_stop(self) -> bool:
        """Whether time, patience or target are reached, or the callback or Ctrl-C ask to stop."""
        if self._stopped or self.interrupted:
            return True
        now = perf_counter()
        time, patience = self._budget.time, self._budget.patience
        if time is not None and now - self._began >= time:
            return True
        if patience is not None and now - self._improved_at >= patience:
            return True
        if self._trace and now - self._told_at >= CALLBACK_INTERVAL:
            self._tell()
        return self._stopped

    def _tell(self) -> None:
        self._told_at = perf_counter()
        if self._callback is not None and self._callback(self._trace[-1]):
            self._stopped = self.interrupted = True
