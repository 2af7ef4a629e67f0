"""The end of a run: every move on the best plan, and a last look at who is left out."""

from __future__ import annotations

from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.worker import Worker, prices_of_the_strict

POLISH_SECONDS = 6e-6
"""Time kept for polishing the best plan at the end, for each client."""


def polish(run: Run) -> None:
    """Try every move of the local search on the best plan, at prices that nothing can pay.

    Then serve whom it pays to serve.
    """
    if not run.clock.must_stop and run.best is not None:
        worker = Worker(run.p, None, run.setting, seeded(run.seed))
        worker.prices = run.setting.highest_prices
        worker.load(run.best.plan)
        worker.touch_all()
        worker.descend(
            run.clock.budget.time is not None, lambda: run.clock.over_time, run.clock.beat
        )
        run.consider(worker)
    _serve_whom_it_pays(run)


def _serve_whom_it_pays(run: Run) -> None:
    """Serve whoever is left out and fits anywhere at less than his prize, until nobody does.

    The budget does not matter: no plan is handed out in which that could be seen.
    """
    served = -1
    while served < _served(run) < run.num_clients:
        served = _served(run)
        worker = Worker(run.p, None, run.setting, seeded(run.seed))
        worker.prices = prices_of_the_strict(run.p)
        worker.load(run.result.plan, thorough=True)
        run.consider(worker)


def _served(run: Run) -> int:
    """How many clients the best plan serves."""
    return len(run.result.plan.driven().visits)
