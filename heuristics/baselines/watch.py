"""Watches a running baseline: when it must stop, and how it improved on the way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from types import FrameType, TracebackType
from typing import Self, TypeVar

from polyroute.vrp.budget import Budget, Callback, Improvement
from polyroute.vrp.cli.interrupt import SIGNALS
from polyroute.vrp.solution import Solution

Found = TypeVar("Found")
Handler = Callable[[int, FrameType | None], object]

CALLBACK_INTERVAL = 0.1
"""Seconds between two calls of the callback without an improvement."""

LOOK_INTERVAL = 0.05
"""Seconds between looks at a solver that never calls back."""


class Watch:
    """Starts the clock when entered; while entered, Ctrl-C asks to stop instead of raising.

    So does any other signal that ends a run, if the program has said what it is to do then, which
    it does besides. Python runs signal handlers between its own instructions only: a solver that
    never calls back is given to `attend`.
    """

    def __init__(self, budget: Budget, callback: Callback | None) -> None:
        self._budget = budget
        self._callback = callback
        self._trace: list[Improvement] = []
        self._stopped = False
        self._solution: Callable[[], Solution] | None = None  # of the last improvement
        self._handlers: dict[int, Handler] = {}  # those that ours stand for
        self.interrupted = False

    def __enter__(self) -> Self:
        self._began = self._improved_at = self._told_at = perf_counter()
        if threading.current_thread() is threading.main_thread():
            known = {number: signal.getsignal(number) for number in SIGNALS}
            self._handlers = {number: old for number, old in known.items() if callable(old)}
            for number in self._handlers:
                signal.signal(number, self._interrupt)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self.interrupted = True
        handler = self._handlers[number]
        if handler is not signal.default_int_handler:
            handler(number, frame)

    def attend(self, solve: Callable[[], Found]) -> Found | None:
        """What `solve` finds, which never calls back; None if the run is interrupted before.

        Its thread is then left alone until its time is up, and dies with the process.
        """
        if not self._handlers:  # nobody can interrupt it
            return solve()
        found: list[Found] = []
        failed: list[BaseException] = []

        def work() -> None:
            try:
                found.append(solve())
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        while thread.is_alive() and not self.interrupted:
            thread.join(LOOK_INTERVAL)
        if failed:
            raise failed[0]
        return found[0] if found else None

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

    def improved(
        self,
        iterations: int,
        cost: int,
        *,
        feasible: bool,
        num_routes: int,
        solution: Callable[[], Solution] | None = None,
    ) -> None:
        """Note a new best solution, unless it is none; tells the callback, which may ask for it."""
        if self._trace and (self._trace[-1].cost <= cost and self._trace[-1].feasible >= feasible):
            return
        self._improved_at = perf_counter()
        seconds = self._improved_at - self._began
        self._trace.append(Improvement(seconds, iterations, cost, feasible, num_routes))
        self._solution = solution
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
        told = replace(self._trace[-1], solution=self._solution)
        if self._callback is not None and self._callback(told):
            self._stopped = self.interrupted = True
