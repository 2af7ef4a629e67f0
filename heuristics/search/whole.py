"""A team on a whole problem: each thread anneals on its own, and the best plan is of them all.

Members learn nothing from one another: one that goes on from where another stands is no longer a
second chance.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.team import work
from polyroute.heuristics.search.worker import Worker

STRETCHES = 25
"""Of how many stretches a run of so many iterations is made: what the members have is looked at
and told between these, since to look at it at any other moment would leave it to chance."""


def search_whole(run: Run, first: Worker, pool: ThreadPoolExecutor) -> None:
    """Anneal from the solution of `first` on every thread until the clock says stop."""
    team = [first]
    for stream in range(1, run.threads):
        worker = Worker(run.p, None, run.setting, seeded(run.seed, stream))
        worker.adopt(first)
        team.append(worker)
    for worker in team:
        worker.touch_all()
    stretches = STRETCHES if run.clock.budget.iterations is not None and len(team) > 1 else 1
    for stretch in range(1, stretches + 1):
        work(run, pool, team, stretch / stretches)
        if run.clock.over:
            return
