"""What a search knows while it is under way: the problem, the budget, the best plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import TypeVar

from polyroute.heuristics.kernels.arrays import FORBIDDEN, Load, Rich, Timed
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.costed import Costed
from polyroute.heuristics.search.crossover import better_of
from polyroute.heuristics.search.setting import Setting
from polyroute.heuristics.search.worker import Worker

Found = TypeVar("Found")

WAIT_SECONDS = 0.05
"""Seconds between looks at threads under way."""


@dataclass
class Run:
    """One search under way. Belongs to the thread that called the solver."""

    p: Load | Timed | Rich
    setting: Setting
    clock: Clock
    seed: int
    threads: int
    best: Costed | None = None
    closest: Costed | None = None  # as long as none is feasible: the plan that exceeds least
    squeezed: bool = False  # whether the vehicles in use were found by squeezing routes

    @property
    def num_clients(self) -> int:
        """Clients of the problem."""
        return len(self.p.near) - 1

    def consider(self, worker: Worker) -> None:
        """Keep what `worker` has if it is the best so far, and tell the clock."""
        self.offer(worker.best(), worker.current)

    def offer_plan(self, plan: Costed) -> None:
        """Keep what is better of `plan` and the best so far, and tell the clock."""
        self.offer(plan, lambda: plan)

    def offer(self, best: Costed | None, current: Callable[[], Costed]) -> None:
        """Keep what is better of a feasible plan, or the present one, and tell the clock.

        Among plans without a feasible one, the one that exceeds least is best, then the shortest:
        it goes over the fewest forbidden arcs, which are longer than all others together.
        """
        if best is not None and best.cost < self.p.fleet[FORBIDDEN]:
            known = best if self.best is None else self.best
            # What is merged is never dearer than the first of the two; than the second it can be,
            # where vehicles are short.
            first, second = (best, known) if best.cost < known.cost else (known, best)
            self.best = self._merged(first, second)
        elif self.best is not None:
            self.best = self._merged(self.best, current())
        if self.best is not None:
            self.clock.report(int(self.best.cost), True, self.best.plan.num_vehicles)
            return
        found = current()
        if self.closest is None or _misses(found) < _misses(self.closest):
            self.closest = found
        self.clock.report(int(self.closest.cost), False, self.closest.plan.num_vehicles)

    def _merged(self, best: Costed, other: Costed) -> Costed:
        if other is best:
            return best
        return better_of(self.p, best, other)

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan at all, feasible or not."""
        return self.best is not None or self.closest is not None

    @property
    def result(self) -> Costed:
        """The best plan, or else the one that exceeds least."""
        found = self.closest if self.best is None else self.best
        assert found is not None, "a plan is considered before the search begins"
        return found

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


def _misses(found: Costed) -> tuple[float, float]:
    return found.exceeded, found.cost
