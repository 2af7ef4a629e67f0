"""The search: a savings start, then annealed ruin and recreate with local search, on threads.

A small problem is searched as a whole by a team (`search.whole`), a large one by parts
(`search.decompose`).
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import perf_counter

import numpy as np

from polyroute.heuristics.jit.options import ready_mark
from polyroute.heuristics.kernels.arrays import LABELLED, MAX_ROUTES, Load, Rich, Timed
from polyroute.heuristics.kernels.plan import Plan
from polyroute.heuristics.kernels.regret import regret
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.savings import savings
from polyroute.heuristics.kernels.state import depot_row
from polyroute.heuristics.layout.exact import Stopovers, is_exact, stopovers_of
from polyroute.heuristics.layout.layout import Layout, is_rich, not_taken
from polyroute.heuristics.layout.plain import TIMED_FEATURES
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.decompose import num_parts, search_parts
from polyroute.heuristics.search.fleet import suit_fleet
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.scale import falls, first_prices, heat, typical_step
from polyroute.heuristics.search.squeeze import Squeezer
from polyroute.heuristics.search.whole import search_whole
from polyroute.heuristics.search.worker import PRICE_RANGE, Pace, Setting, Worker
from polyroute.vrp.api import Budget, Callback, Outcome
from polyroute.vrp.errors import PolyrouteError, UnsupportedError
from polyroute.vrp.problem import UNLIMITED, Objective, Problem
from polyroute.vrp.solution import Solution

Array = np.ndarray

POLISH_SECONDS = 6e-6
"""Time kept for polishing the best plan at the end, for each client."""

LARGE_CLIENTS, LARGE_NEIGHBOURS = 50_000, 40
"""Beyond so many clients at most so many neighbours are kept: lists take most of the memory."""

FEWEST_FIRST = (Objective.VEHICLES, Objective.COST)
OBJECTIVES = ((Objective.COST,), FEWEST_FIRST)
"""What it can minimise: terms in order."""

REGRET_CLIENTS = 20_000
"""Beyond so many clients insertion by regret takes too long: its time grows with their square."""

logger = logging.getLogger(__name__)


class SearchSolver:
    """Savings, then annealed ruin and recreate with local search (see `docs/search.md`)."""

    SUPPORTS = frozenset(
        "delivery pickup backhaul capacity several_loads tw_early tw_late service release required "
        "prize allowed count several_vehicle_types fixed_cost unit_distance_cost "
        "unit_duration_cost regular_duration overtime_cost several_depots start_depot end_depot "
        "open_routes shift_early shift_late max_distance max_duration max_stops profile profiles "
        "asymmetric pairs groups objective several_windows lateness_cost preference under_way "
        "ready_time on_board reloads breaks pins".split()
    )

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
        if threads < 1:
            raise PolyrouteError(f"threads is {threads}, expected at least 1")
        if problem.objective not in OBJECTIVES:
            terms = ", then ".join(term.value for term in problem.objective)
            raise UnsupportedError("solver 'search'", [f"the objective {terms}"])
        if refused := not_taken(problem):
            raise UnsupportedError("solver 'search'", refused)
        if problem.num_clients == 0 or not problem.count.any():
            return Outcome(Solution(()))
        if problem.objective == FEWEST_FIRST and not _somebody_is_needed(problem):
            return Outcome(Solution(()))  # no vehicle is fewer than any
        compile_seconds = warm_up(problem)
        clock = Clock(
            budget,
            callback,
            POLISH_SECONDS * problem.num_clients,
            fewest_first=problem.objective == FEWEST_FIRST,
        )
        layout = Layout.of(problem)
        first_plan = None if start is None else layout.to_plan(start)
        run, first = _prepare(layout, settings, clock, seed, threads, first_plan)
        _search(run, first)
        return Outcome(
            layout.to_solution(run.result.plan, _stopovers(run)),
            iterations=clock.iterations,
            trace=tuple(clock.trace),
            interrupted=clock.interrupted,
            compile_seconds=compile_seconds,
        )


def _somebody_is_needed(problem: Problem) -> bool:
    """Whether a plan must serve anybody."""
    needed = problem.required[problem.num_depots :].copy()
    for group in problem.groups:
        needed[np.array(group.clients) - problem.num_depots] = group.required
    return bool(needed.any() or problem.pins)


def _prepare(
    layout: Layout,
    params: SearchParams,
    clock: Clock,
    seed: int,
    threads: int,
    start: Plan | None,
) -> tuple[Run, Worker]:
    """Neighbour lists, arrays and a first solution.

    It has everybody on a route, but under `Rich` those alone who are pinned: the others are
    inserted one by one.
    """
    problem = layout.problem
    number = params.neighbours
    if problem.num_clients > LARGE_CLIENTS:
        number = min(number, LARGE_NEIGHBOURS)
    p = layout.to_arrays(number)
    step = typical_step(p)
    hot, cold = params.hot * step * heat(problem, p), params.cold * step
    flat = problem.coords is not None
    prices = first_prices(problem, p, params)
    setting = Setting(params, hot, cold, prices, depot_row(problem, p), flat, falls(problem))
    run = Run(p, setting, clock, seed, threads)
    first = Worker(p, None, setting, seeded(seed))
    if start is None:
        start = layout.to_plan(Solution(())) if isinstance(p, Rich) else _first_plan(problem, p)
    first.load(start)
    return run, first


def _first_plan(problem: Problem, p: Load | Timed) -> Plan:
    """Savings, or where that takes too many vehicles and this fewer, insertion by regret."""
    plan, vehicles = savings(problem, p), int(p.fleet[MAX_ROUTES])
    if plan.num_routes <= vehicles or problem.num_clients > REGRET_CLIENTS:
        return plan
    return min(plan, regret(problem, p, vehicles), key=lambda plan: plan.num_routes)


def _stopovers(run: Run) -> list[Stopovers] | None:
    """Where the routes of the result reload and take their breaks, if there are any of these."""
    if not isinstance(run.p, Rich) or run.p.fleet[LABELLED] == 0.0:
        return None
    return stopovers_of(run.p, run.setting.first_prices * PRICE_RANGE, run.result.plan)


def _search(run: Run, first: Worker) -> None:
    """Search from the solution of `first` until the clock says stop, then polish the best."""
    with ThreadPoolExecutor(run.threads) as pool:
        try:
            run.consider(first)
            first = suit_fleet(run, first, pool)
            number = num_parts(run, first.current().plan.num_vehicles)
            if number > 1:
                search_parts(run, first, number, pool)
            else:
                search_whole(run, first, pool)
            _polish(run)
        except KeyboardInterrupt:  # lets threads under way end before the pool waits for them
            run.clock.interrupted = True


def _polish(run: Run) -> None:
    """Try every move of the local search on the best plan, at prices that nothing can pay."""
    if run.clock.must_stop or run.best is None:
        return
    worker = Worker(run.p, None, run.setting, seeded(run.seed))
    worker.prices = run.setting.first_prices * PRICE_RANGE
    worker.load(run.best.plan)
    worker.touch_all()
    worker.descend(run.clock.budget.time is not None, lambda: run.clock.over_time, run.clock.beat)
    run.consider(worker)


def warm_up(problem: Problem) -> float:
    """Compile or load the kernels that `problem` needs; returns the seconds that it took.

    The first time for a version of the kernels is announced in the log.
    """
    began = perf_counter()
    rich, walked = is_rich(problem), is_exact(problem)
    timed = not TIMED_FEATURES.isdisjoint(problem.active)
    vehicles = sum(min(int(count), problem.num_clients) for count in problem.count)
    few = problem.objective == FEWEST_FIRST or vehicles < problem.num_clients
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
        tw_late=np.full((4, 1), 1000 if timed and not rich else UNLIMITED),
        fixed_cost=np.array([1 if rich else 0]),
        preference=np.array([[0]] + [[1 if walked else 0]] * 3),
    )
    clock = Clock(Budget(iterations=2), None)
    run, first = _prepare(Layout.of(tiny), SearchParams(), clock, 0, 1, None)
    with ThreadPoolExecutor(1) as pool:
        search_whole(run, first, pool)
        if not rich:
            run.clock.iterations = 0
            search_parts(run, first, 2, pool)
        _polish(run)
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
