"""The search: a first plan, then annealed ruin and recreate with local search, on threads.

A small problem is searched as a whole by a team (`search.whole`), a large one by parts
(`search.decompose`), once there are vehicles enough (`search.fleet`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.decompose import num_parts, search_parts
from polyroute.heuristics.search.fleet import suit_fleet
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.polish import POLISH_SECONDS, polish
from polyroute.heuristics.search.prepare import prepare
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.supported import SUPPORTS, check_request, nobody_rides
from polyroute.heuristics.search.warm_up import warm_up
from polyroute.heuristics.search.whole import search_whole
from polyroute.heuristics.search.worker import Worker
from polyroute.vrp.budget import Budget, Callback
from polyroute.vrp.problem import Problem
from polyroute.vrp.result import Outcome
from polyroute.vrp.solution import Solution


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
        compile_seconds = warm_up(facts)
        reserve = POLISH_SECONDS * problem.num_clients
        clock = Clock(budget, callback, reserve, fewest_first=facts.fewest_first)
        layout = Layout.of(problem, facts)
        run, first = prepare(layout, settings, clock, seed, threads, start)

        def best_solution() -> Solution:
            plan = run.result.plan
            return layout.to_solution(
                plan, layout.stopovers(run.p, plan, run.setting.highest_prices)
            )

        clock.best_solution = best_solution
        search(run, first)
        return Outcome(
            best_solution(),
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
        except KeyboardInterrupt:
            if not run.has_plan:
                raise
            run.clock.interrupted = True  # threads under way end before the pool waits for them
