"""What a search knows while it is under way: the problem, the budget, the best plan."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from heuristics.arrays import BEST, FORBIDDEN, Load, Timed
from heuristics.plan import Plan
from heuristics.stop import Clock
from heuristics.worker import Setting, Worker

Found = TypeVar("Found")

WAIT_SECONDS = 0.05
"""Seconds between looks at threads under way."""


@dataclass
class Run:
    """One search under way. Belongs to the thread that called the solver."""

    p: Load | Timed
    setting: Setting
    clock: Clock
    seed: int
    threads: int
    best: Plan | None = None
    best_cost: float = np.inf
    closest: Plan | None = None  # the plan that exceeds least, as long as none is feasible
    least_excess: float = np.inf

    @property
    def num_clients(self) -> int:
        """Clients of the problem."""
        return len(self.p.node) - 1

    def consider(self, worker: Worker) -> None:
        """Keep what `worker` has if it is the best so far, and tell the clock."""
        best = float(worker.s.total[BEST])
        if best < min(self.best_cost, self.p.fleet[FORBIDDEN]):
            self.best_cost, self.best = best, worker.best()
        elif self.best is None and worker.excess < self.least_excess:
            self.least_excess, self.closest = worker.excess, worker.current()
        self.report(worker.distance)

    def report(self, distance: float) -> None:
        """Tell the clock of the best feasible plan, or else of the present one's distance."""
        if self.best is not None:
            self.clock.report(int(self.best_cost), True, self.best.num_routes)
        elif self.closest is not None:
            self.clock.report(int(distance), False, self.closest.num_routes)

    @property
    def result(self) -> Plan:
        """The best plan, or else the one that exceeds least."""
        plan = self.closest if self.best is None else self.best
        assert plan is not None, "a plan is considered before the search begins"
        return plan

    def gather(self, futures: Sequence[Future[Found]]) -> list[Found]:
        """The results of all `futures`; meanwhile the callback is called, and Ctrl-C heard."""
        waiting = set(futures)
        while waiting:
            try:
                _, waiting = wait(waiting, WAIT_SECONDS)
                self.clock.beat()
            except KeyboardInterrupt:
                self.clock.interrupted = True
        return [future.result() for future in futures]
