"""A team at work for a stretch: a worker on each thread, and their plans told on the way."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from polyroute.heuristics.search.costed import Costed
from polyroute.heuristics.search.pace import Pace
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.worker import Worker


def work(run: Run, pool: ThreadPoolExecutor, team: Sequence[Worker], until: float) -> None:
    """Let everybody work up to the progress `until`, the first on this thread."""
    clock, base, size = run.clock, run.clock.iterations, len(team)
    limits: list[int | None] = [None] * size
    if clock.budget.iterations is not None:
        total = round(clock.budget.iterations * until) - base
        limits = [(total + index) // size for index in range(size)]
    paces = [Pace(clock, base, size, limit, until) for limit in limits]
    # What others have at some moment is left to chance, and so not looked at where a run must
    # be reproducible.
    watched = size == 1 or clock.budget.time is not None
    known: list[Costed | None] = [None] * size

    def watch() -> None:
        if not watched:
            clock.beat()
            return
        clock.iterations = base + sum(pace.done for pace in paces)
        run.consider(team[0])
        for i in range(1, size):
            best = team[i].best()  # a plan never changes, unlike where its worker stands
            if best is not None and best is not known[i]:
                run.offer_plan(best)
                known[i] = best

    paces[0].watch = watch
    others = [pool.submit(team[i].run, paces[i]) for i in range(1, size)]
    try:
        team[0].run(paces[0])
    except KeyboardInterrupt:
        clock.interrupted = True
    run.gather(others)
    clock.iterations = base + sum(pace.done for pace in paces)
    for worker in team:
        run.consider(worker)
