"""The search: a first plan, then annealed ruin and recreate with local search, on threads.

A small problem is searched as a whole by a team (`search.whole`), a large one by parts
(`search.decompose`), once there are vehicles enough (`search.fleet`).
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import perf_counter

import numpy as np

from polyroute.heuristics.jit.options import ready_mark
from polyroute.heuristics.kernels.arrays import Rich
from polyroute.heuristics.kernels.regret import regret
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.decompose import num_parts, search_parts
from polyroute.heuristics.search.fleet import suit_fleet
from polyroute.heuristics.search.pace import Pace
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.polish import POLISH_SECONDS, polish
from polyroute.heuristics.search.prepare import prepare
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.squeeze import Squeezer
from polyroute.heuristics.search.supported import SUPPORTS, check_request, nobody_rides
from polyroute.heuristics.search.whole import search_whole
from polyroute.heuristics.search.worker import Worker
from polyroute.vrp.api import Budget, Callback, Outcome
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Solution
from polyroute.vrp.structure import UNLIMITED

logger = logging.getLogger(__name__)


class SearchSolver:
    """Savings, then annealed ruin and recreate with local search (see `docs/search.md`)."""

    SUPPORTS = SUPPORTS

    def solve(
        self,
        problem: Problem,
        budget: Budget,
        *,
        seed: int,
        threads: int,
        start: Solution | None,
        callback: Callback | None,
        params: dict[str, str],
    ) -> Outcome:
        """Search `problem` until the budget ends; `start` replaces the savings start."""
        settings = SearchParams.from_text(params)
        check_request(problem, threads)
        if nobody_rides(problem):
            return Outcome(Solution(()))
        facts = Facts.of(problem)
        compile_seconds = warm_up(problem)
        reserve = POLISH_SECONDS * problem.num_clients
        clock = Clock(budget, callback, reserve, fewest_first=facts.fewest_first)
        layout = Layout.of(problem, facts)
        run, first = prepare(layout, settings, clock, seed, threads, start)
        search(run, first)
        plan = run.result.plan
        stopovers = layout.stopovers(run.p, plan, run.setting.highest_prices)
        return Outcome(
            layout.to_solution(plan, stopovers),
            iterations=clock.iterations,
            trace=tuple(clock.trace),
            interrupted=clock.interrupted,
            compile_seconds=compile_seconds,
        )


def search(run: Run, first: Worker) -> None:
    """Search from the solution of `first` until the clock says stop; the best is in `run`."""
    with ThreadPoolExecutor(run.threads) as pool:
        try:
            run.consider(first)
            first = suit_fleet(run, first, pool)
            parts = num_parts(run, first.current().plan.num_vehicles)
            if parts > 1:
                search_parts(run, first, parts, pool)
            else:
                search_whole(run, first, pool)
            polish(run)
        except KeyboardInterrupt:  # lets threads under way end before the pool waits for them
            run.clock.interrupted = True


def warm_up(problem: Problem) -> float:
    """Compile or load the kernels that `problem` needs; returns the seconds that it took.

    The first time for a version of the kernels is announced in the log.
    """
    began = perf_counter()
    facts = Facts.of(problem)
    rich, walked, timed, few = facts.rich, facts.labelled, facts.timed, facts.few_vehicles
    name = "walked" if walked else "rich" if rich else "timed" if timed else "load"
    name += "-few" if few else ""
    if name in _warm:
        return 0.0
    mark = ready_mark(name)
    if not mark.exists():
        logger.info("compiling the search's kernels, once: this takes about half a minute")
    tiny = Problem(
        coords=np.array([[0, 0], [0, 3], [4, 0], [4, 3]]),
        delivery=np.array([[0], [1], [1], [1]]),
        capacity=np.array([[2]]),
        tw_late=np.full((4, 1), 1000 if timed else UNLIMITED),
        fixed_cost=np.array([1 if rich else 0]),
        preference=np.array([[0]] + [[1 if walked else 0]] * 3),
    )
    clock = Clock(Budget(iterations=2), None)
    run, first = prepare(Layout.of(tiny), SearchParams(), clock, 0, 1, None)
    with ThreadPoolExecutor(1) as pool:
        search_whole(run, first, pool)
        if not rich:
            run.clock.iterations = 0
            search_parts(run, first, 2, pool)
        polish(run)
    if few:
        if not isinstance(run.p, Rich):
            regret(tiny, run.p, 1)
        squeezer = Squeezer(run.p, None, run.setting, seeded(0))
        squeezer.begin(run.result)
        squeezer.run(Pace(Clock(Budget(iterations=1), None), 0, 1.0, 1))
    with suppress(OSError):  # a folder that cannot be written: announced again the next time
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    _warm.add(name)
    return perf_counter() - began


_warm: set[str] = set()
"""The specialisations that this process has compiled or loaded."""
