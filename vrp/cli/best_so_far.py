"""The best plan so far, written while the search goes on: what a killed run leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path
from time import perf_counter, thread_time
from types import TracebackType
from typing import Self

from polyroute.vrp.budget import Improvement
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import STREAM, PolyrouteError
from polyroute.vrp.io import write_result
from polyroute.vrp.result import Result
from polyroute.vrp.solution import Solution

LEAST_SECONDS = 1.0
"""Between the beginnings of two writings."""

SHARE = 0.05
"""Of a core's time, at most, goes into checking and writing plans on the way."""

CLIENT_SECONDS = 1e-4
"""What a client takes in that, about: this says when the first is written."""

AT_ONCE = 2000
"""With so many clients or fewer the first plan is written as soon as there is one."""


class BestSoFar:
    """Writes plans on a thread of its own; `offer` is called from the search's callback.

    What cannot be written is not told here: the same happens to the last plan, which is.
    """

    def __init__(self, outputs: Sequence[Path], empty: Result) -> None:
        """`empty` is a result without a plan, which says what is known of the run."""
        self.outputs = [path for path in outputs if _is_kept(path)]
        self.empty = empty
        self._thread: threading.Thread | None = None
        self._written: tuple[bool, int, int] | None = None
        clients = empty.problem.num_clients
        first = 0.0 if clients <= AT_ONCE else clients * CLIENT_SECONDS / SHARE
        self._due = perf_counter() + first

    def offer(self, best: Improvement) -> None:
        """Write the plan if it is new and time has come."""
        news = (best.feasible, best.num_routes, best.cost)
        if not self.outputs or best.solution is None or news == self._written:
            return
        if perf_counter() < self._due or (self._thread is not None and self._thread.is_alive()):
            return
        self._written = news
        known = copy_context()  # what the run has read, which is not to be written over
        work = (self._write, best.solution(), best)
        self._thread = threading.Thread(target=known.run, args=work)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for a plan that is being written."""
        if self._thread is not None:
            self._thread.join()

    def _write(self, solution: Solution, best: Improvement) -> None:
        began, worked = perf_counter(), thread_time()
        result = replace(
            self.empty,
            solution=solution,
            evaluation=evaluate(self.empty.problem, solution),
            seconds=best.seconds,
            iterations=best.iterations,
            interrupted=True,
        )
        for path in self.outputs:
            with suppress(PolyrouteError):
                write_result(path, result)
        rest = (thread_time() - worked) / SHARE
        self._due = max(began + LEAST_SECONDS, perf_counter() + rest)


def _is_kept(path: Path) -> bool:
    """Whether a plan lies there afterwards: not in a pipe or on a terminal."""
    return str(path) != STREAM and (path.is_file() or not path.exists())
