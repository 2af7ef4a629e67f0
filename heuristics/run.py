"""What a search knows while it is under way: the problem, the budget, the best plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    closest: Plan | None = None  # as long as none is feasible: the plan that exceeds least
    least: tuple[float, float] = (np.inf, np.inf)  # its excess and distance

    @property
    def num_clients(self) -> int:
        """Clients of the problem."""
        return len(self.p.node) - 1

    def consider(self, worker: Worker) -> None:
        """Keep what `worker` has if it is the best so far, and tell the clock."""
        best = float(worker.s.total[BEST])
        self.offer(best, worker.best, worker.excess, worker.distance, worker.current)

    def offer(
        self,
        best_cost: float,
        best: Callable[[], Plan],
        excess: float,
        distance: float,
        current: Callable[[], Plan],
    ) -> None:
        """Keep a feasible plan, or the present one, if it is the best so far; tell the clock.

        Among plans without a feasible one, the one that exceeds least is best, then the shortest:
        it goes over the fewest forbidden arcs, which are longer than all others together.
        """
        if best_cost < min(self.best_cost, self.p.fleet[FORBIDDEN]):
            self.best_cost, self.best = best_cost, best()
        elif self.best is None and (excess, distance) < self.least:
            self.least, self.closest = (excess, distance), current()
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
