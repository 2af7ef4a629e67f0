"""The end of a run: every move of the local search on the best plan."""

from __future__ import annotations

from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.worker import Worker

POLISH_SECONDS = 6e-6
"""Time kept for polishing the best plan at the end, for each client."""


def polish(run: Run) -> None:
    """Try every move of the local search on the best plan, at prices that nothing can pay."""
    if run.clock.must_stop or run.best is None:
        return
    worker = Worker(run.p, None, run.setting, seeded(run.seed))
    worker.prices = run.setting.highest_prices
    worker.load(run.best.plan)
    worker.touch_all()
    worker.descend(run.clock.budget.time is not None, lambda: run.clock.over_time, run.clock.beat)
    run.consider(worker)
