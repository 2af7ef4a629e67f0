"""The search: a savings start, then annealed ruin and recreate with local search, on threads.

A small problem is searched as a whole by a team (`heuristics.team`), a large one by parts
(`heuristics.decompose`).
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import perf_counter

import numpy as np

from heuristics._jit import ready_mark
from heuristics.arrays import FORBIDDEN, MAX_ROUTES, Load, Timed
from heuristics.construct import savings
from heuristics.convert import TIMED_FEATURES, to_arrays
from heuristics.decompose import num_parts, search_parts
from heuristics.fleet import suit_fleet
from heuristics.neighbours import nearest
from heuristics.order import curve_order, reordered
from heuristics.params import SearchParams
from heuristics.plan import Plan, plan_of
from heuristics.regret import regret
from heuristics.rng import seeded
from heuristics.routes import depot_row
from heuristics.run import Run
from heuristics.squeeze import Squeezer
from heuristics.stop import Clock
from heuristics.team import search_whole
from heuristics.worker import PRICE_RANGE, Pace, Setting, Worker
from vrp.api import Budget, Callback, Outcome
from vrp.errors import PolyrouteError, UnsupportedError
from vrp.problem import UNLIMITED, Objective, Problem
from vrp.solution import Solution

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

LONG_ROUTE = 30.0
"""Visits that fill a vehicle above which the search begins hotter, in proportion."""

MOST_HEAT = 4.0
"""So many times as hot at most."""

logger = logging.getLogger(__name__)


class SearchSolver:
    """Savings, then annealed ruin and recreate with local search (see `docs/search.md`)."""

    SUPPORTS = frozenset(
        "delivery capacity count tw_early tw_late service release max_distance max_duration "
        "shift_early shift_late asymmetric objective".split()
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
        if problem.num_clients == 0 or problem.count[0] == 0:
            return Outcome(Solution(()))
        compile_seconds = warm_up(problem)
        clock = Clock(
            budget,
            callback,
            POLISH_SECONDS * problem.num_clients,
            fewest_first=problem.objective == FEWEST_FIRST,
        )
        order = curve_order(problem)
        first_plan = None if start is None else _numbered(start, order)
        run, first = _prepare(reordered(problem, order), settings, clock, seed, threads, first_plan)
        _search(run, first)
        plan = run.result.plan
        return Outcome(
            Solution.from_visits(plan._replace(visits=order[plan.visits]).lists()),
            iterations=clock.iterations,
            trace=tuple(clock.trace),
            interrupted=clock.interrupted,
            compile_seconds=compile_seconds,
        )


def _prepare(
    problem: Problem,
    params: SearchParams,
    clock: Clock,
    seed: int,
    threads: int,
    start: Plan | None,
) -> tuple[Run, Worker]:
    """Neighbour lists, arrays and a first solution with every client on a route."""
    number = params.neighbours
    if problem.num_clients > LARGE_CLIENTS:
        number = min(number, LARGE_NEIGHBOURS)
    p = to_arrays(problem, nearest(problem, number))
    step = max(_mean_length(p, p.near_length[problem.num_depots :, :5]), 1.0)
    prices = np.array([params.penalty * _price_of_load(problem, p, step), *[params.late_price] * 2])
    flat = problem.coords is not None
    hot, cold = params.hot * step * _heat(problem, p), params.cold * step
    setting = Setting(params, hot, cold, prices, depot_row(problem, p), flat)
    run = Run(p, setting, clock, seed, threads)
    first = Worker(p, None, setting, seeded(seed))
    first.load(_first_plan(problem, p) if start is None else start)
    return run, first


def _first_plan(problem: Problem, p: Load | Timed) -> Plan:
    """Savings, or where that takes too many vehicles and this fewer, insertion by regret."""
    plan, vehicles = savings(problem, p), int(p.fleet[MAX_ROUTES])
    if plan.num_routes <= vehicles or problem.num_clients > REGRET_CLIENTS:
        return plan
    return min(plan, regret(problem, p, vehicles), key=lambda plan: plan.num_routes)


def _mean_length(p: Load | Timed, lengths: Array) -> float:
    """The mean of `lengths` without forbidden arcs, 0 where there is none."""
    allowed = lengths[lengths < p.fleet[FORBIDDEN]]
    return float(allowed.mean()) if allowed.size else 0.0


def _price_of_load(problem: Problem, p: Load | Timed, step: float) -> float:
    """What carrying a unit of load costs: its share of a tour to the clients, and among them."""
    clients = np.arange(problem.num_depots, problem.num_nodes)
    there = _mean_length(p, problem.distances_between(np.zeros(1, dtype=np.int64), clients))
    return 2.0 * there / max(float(problem.capacity[0, 0]), 1.0) + step / _mean_demand(problem)


def _heat(problem: Problem, p: Load | Timed) -> float:
    """How much hotter than by default to begin: more where many visits fill a vehicle.

    There it decides how clients are shared out among long routes. Windows decide that otherwise,
    and where one vehicle may take everybody there is nothing to share out.
    """
    visits = float(problem.capacity[0, 0]) / _mean_demand(problem)
    if isinstance(p, Timed) or visits >= problem.num_clients:
        return 1.0
    return min(max(visits / LONG_ROUTE, 1.0), MOST_HEAT)


def _mean_demand(problem: Problem) -> float:
    return max(float(problem.delivery[problem.num_depots :].mean()), 1.0)


def _numbered(start: Solution, order: Array) -> Plan:
    """A given start, each client at its first place only, where `order[i]` is now node i."""
    number = np.argsort(order).tolist()
    seen: set[int] = set()
    visits = []
    for route in start.routes:
        visits.append([number[u] for u in dict.fromkeys(route.visits) if u not in seen])
        seen.update(route.visits)
    return plan_of(visits)


def _search(run: Run, first: Worker) -> None:
    """Search from the solution of `first` until the clock says stop, then polish the best."""
    with ThreadPoolExecutor(run.threads) as pool:
        try:
            run.consider(first)
            first = suit_fleet(run, first, pool)
            number = num_parts(run, first.current().plan.num_routes)
            if number > 1:
                search_parts(run, first, number, pool)
            else:
                search_whole(run, first, pool)
            _polish(run)
        except KeyboardInterrupt:  # lets threads under way end before the pool waits for them
            run.clock.interrupted = True


def _polish(run: Run) -> None:
    """Try every move of the local search on the best plan, at prices that nothing can pay."""
    if run.clock.halted or run.best is None:
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
    timed = not TIMED_FEATURES.isdisjoint(problem.active)
    few = problem.objective == FEWEST_FIRST or bool(problem.count[0] < problem.num_clients)
    name = ("timed" if timed else "load") + ("-few" if few else "")
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
    )
    run, first = _prepare(tiny, SearchParams(), Clock(Budget(iterations=2), None), 0, 1, None)
    with ThreadPoolExecutor(1) as pool:
        search_whole(run, first, pool)
        run.clock.iterations = 0
        search_parts(run, first, 2, pool)
        _polish(run)
    if few:
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
