"""The search: a savings start, then annealed ruin and recreate with local search, on threads.

A small problem is searched as a whole by a team: each thread anneals on its own, and now and
then whoever is behind goes on from where the best one is. A large one is cut into parts that
share no client, each annealed for a while on its own, and cut anew along other lines.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from heuristics._jit import kernel, ready_mark
from heuristics.arrays import (
    BEST,
    DEPOT,
    DISTANCE,
    FORBIDDEN,
    LATENESS,
    MAX_ROUTES,
    OVERLOAD,
    OVERRUN,
    SIZE,
    Load,
    Timed,
    X,
    Y,
)
from heuristics.construct import savings
from heuristics.convert import TIMED_FEATURES, to_arrays
from heuristics.neighbours import nearest
from heuristics.params import SearchParams
from heuristics.parts import cut, renumber
from heuristics.plan import Plan, joined, plan_of, split
from heuristics.rng import seeded
from heuristics.routes import depot_row, penalised_cost
from heuristics.segment import arc
from heuristics.stop import Clock
from heuristics.worker import Pace, Setting, Worker
from vrp.api import Budget, Callback, Outcome
from vrp.errors import PolyrouteError
from vrp.problem import UNLIMITED, Problem
from vrp.solution import Solution

Array = np.ndarray

logger = logging.getLogger(__name__)

MEETINGS = 25
"""How often in a run the members of a team compare what they have."""

PART_CLIENTS = 1000
"""Clients of a part where there are many."""

WHOLE_CLIENTS = 2000
"""Up to so many clients one thread searches the whole problem."""

LEAST_PART = 100
"""A problem is cut for two threads if each part would get so many clients."""

LEAST_ROUTES = 6
"""The same for routes."""

STRETCH = 3
"""Iterations for each client before a problem is cut anew."""

ONE_PART = 10000
WAIT_SECONDS = 0.05
"""Seconds between looks at threads under way."""


@dataclass
class _Run:
    """One search under way."""

    problem: Problem
    p: Load | Timed
    setting: Setting
    clock: Clock
    seed: int
    threads: int
    best: Plan | None = None
    best_cost: float = np.inf
    closest: Plan | None = None  # the plan that exceeds least, as long as none is feasible
    least_excess: float = np.inf

    def consider(self, worker: Worker) -> None:
        """Keep what `worker` has if it is the best so far, and tell the clock."""
        if worker.found:
            if worker.s.total[BEST] < self.best_cost:
                self.best_cost, self.best = float(worker.s.total[BEST]), worker.best()
        elif self.best is None and worker.excess < self.least_excess:
            self.least_excess, self.closest = worker.excess, worker.current()
        self.report(worker.distance)

    def report(self, distance: float) -> None:
        """Tell the clock of the best feasible plan, or of the present one and its length."""
        if self.best is not None:
            self.clock.report(int(self.best_cost), True, self.best.num_routes)
        elif self.closest is not None:
            self.clock.report(int(distance), False, self.closest.num_routes)

    @property
    def result(self) -> Plan:
        """The best plan, or else the one that exceeds least."""
        plan = self.closest if self.best is None else self.best
        assert plan is not None, "there is a plan from the start on"
        return plan


class SearchSolver:
    """Savings, then annealed ruin and recreate with local search (see `docs/search.md`)."""

    SUPPORTS = frozenset(
        "delivery capacity count tw_early tw_late service max_distance max_duration "
        "shift_early shift_late asymmetric".split()
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
        if problem.num_clients == 0 or problem.count[0] == 0:
            return Outcome(Solution(()))
        compile_seconds = warm_up(problem)
        clock = Clock(budget, callback)
        run, first = _prepare(problem, settings, clock, seed, threads, start)
        try:
            _search(run, first)
        except KeyboardInterrupt:
            clock.interrupted = True
        return Outcome(
            Solution.from_visits(run.result.lists()),
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
    start: Solution | None,
) -> tuple[_Run, Worker]:
    """Neighbour lists, arrays and a first solution with every client on a route."""
    p = to_arrays(problem, nearest(problem, params.neighbours))
    step = max(_mean_length(p, p.near_length[problem.num_depots :, :5]), 1.0)
    prices = np.array([params.penalty * _price_of_load(problem, p, step), *[params.late_price] * 2])
    setting = Setting(params, step, prices, depot_row(problem, p))
    run = _Run(problem, p, setting, clock, seed, threads)
    visits = savings(problem, p) if start is None else _without_repeats(start)
    first = Worker(p, None, setting, seeded(seed))
    first.load(plan_of(visits))
    run.consider(first)
    return run, first


def _mean_length(p: Load | Timed, lengths: Array) -> float:
    """The mean of `lengths` without forbidden arcs, 0 where there is none."""
    allowed = lengths[lengths < p.fleet[FORBIDDEN]]
    return float(allowed.mean()) if allowed.size else 0.0


def _price_of_load(problem: Problem, p: Load | Timed, step: float) -> float:
    """What carrying a unit of load costs: its share of a tour to the clients, and among them."""
    clients = np.arange(problem.num_depots, problem.num_nodes)
    there = _mean_length(p, problem.distances_between(np.zeros(1, dtype=np.int64), clients))
    demand = max(float(problem.delivery[clients].mean()), 1.0)
    return 2.0 * there / max(float(problem.capacity[0, 0]), 1.0) + step / demand


def _without_repeats(start: Solution) -> list[list[int]]:
    """The routes of a given start, each client at its first place only."""
    seen: set[int] = set()
    visits = []
    for route in start.routes:
        visits.append([node for node in dict.fromkeys(route.visits) if node not in seen])
        seen.update(route.visits)
    return visits


def _search(run: _Run, first: Worker) -> None:
    """Search from the solution of `first` until the clock says stop."""
    number = _num_parts(run, first.current())
    with ThreadPoolExecutor(run.threads) as pool:
        if number > 1:
            _search_parts(run, first, number, pool)
        else:
            _search_whole(run, first, pool)


def _num_parts(run: _Run, plan: Plan) -> int:
    """How many parts the problem is cut into: 1 leaves it whole."""
    clients, threads = run.problem.num_clients, run.threads
    if run.problem.coords is None:
        return 1
    if clients > WHOLE_CLIENTS:
        number = threads * -(-clients // (PART_CLIENTS * threads))
    else:
        number = min(max(threads, clients // ONE_PART), clients // LEAST_PART)
    return max(1, min(number, plan.num_routes // LEAST_ROUTES))


# -- a team on the whole problem -----------------------------------------------------------------


def _search_whole(run: _Run, first: Worker, pool: ThreadPoolExecutor) -> None:
    """Each thread anneals on its own; at meetings the last goes on from what the first has."""
    clock = run.clock
    team = [first]
    first.touch_all()
    for stream in range(1, run.threads):
        worker = Worker(run.p, None, run.setting, seeded(run.seed, stream))
        worker.load(first.current())
        worker.touch_all()
        team.append(worker)
    alone = len(team) == 1
    for meeting in range(1 if alone else MEETINGS):
        share = 1.0 if alone else (meeting + 1) / MEETINGS
        goal = clock.budget.iterations
        total = None if goal is None else round(goal * share) - clock.iterations
        base, paces = clock.iterations, []
        for index in range(len(team)):
            limit = None if total is None else (total + index) // len(team)
            paces.append(Pace(clock, base, len(team), limit, share))

        def watch() -> None:
            clock.iterations = base + sum(pace.done for pace in paces)
            if alone or clock.budget.time is not None:
                run.consider(first)

        paces[0].watch = watch
        _work(run, pool, team, paces)
        clock.iterations = base + sum(pace.done for pace in paces)
        for worker in team:
            run.consider(worker)
        if clock.over:
            break
        if not alone:
            team.sort(key=lambda worker: worker.cost)
            team[-1].adopt(team[0])


def _work(run: _Run, pool: ThreadPoolExecutor, team: list[Worker], paces: list[Pace]) -> None:
    """Let everybody work at once, the first on this thread."""
    others = [
        pool.submit(worker.run, pace) for worker, pace in zip(team[1:], paces[1:], strict=True)
    ]
    try:
        team[0].run(paces[0])
    except KeyboardInterrupt:
        run.clock.interrupted = True
    for other in others:
        other.result()


# -- parts of a problem --------------------------------------------------------------------------


@dataclass
class _Part:
    """Some routes of the current plan, and what became of them."""

    plan: Plan
    lengths: Array  # (R,) float64
    excess: Array  # (R,) float64
    prices: Array | None = None
    done: int = 0
    best: Plan | None = None  # the best feasible one for these clients
    best_cost: float = np.inf


def _search_parts(run: _Run, first: Worker, number: int, pool: ThreadPoolExecutor) -> None:
    """Anneal the parts of a plan on all threads, then cut anew, until the clock says stop."""
    clock, problem = run.clock, run.problem
    rng = np.random.default_rng([run.seed, number])
    place = run.p.node[:, [X, Y]]
    whole = _Part(first.current(), *first.figures(False))
    prices = run.setting.first_prices
    turn = 0
    while not clock.over:
        groups = split(whole.plan, number, place, rng)
        parts = [_Part(whole.plan.select(g), whole.lengths[g], whole.excess[g]) for g in groups]
        plans = [part.plan for part in parts]
        index_of, number_of = renumber(plans, problem.num_nodes)
        total = STRETCH * problem.num_clients
        if clock.budget.iterations is not None:
            total = min(total, clock.budget.iterations - clock.iterations)
        free = max(int(run.p.fleet[MAX_ROUTES]) - whole.plan.num_routes, 0)
        served = np.cumsum([0, *(len(plan.visits) for plan in plans)])
        shares = served * total // problem.num_clients
        jobs = []
        for i, part in enumerate(parts):
            limit = int(shares[i + 1] - shares[i])
            weight = total / max(limit, 1)
            pace = Pace(clock, clock.iterations, weight, limit)
            stream = seeded(run.seed, 1 + turn * number + i)
            spare = free // len(parts)
            jobs.append((part, i, pace, stream, spare))
        turn += 1

        def anneal_part(job: tuple) -> _Part:
            part, i, pace, stream, spare = job
            if clock.over:
                if not part.excess.any():
                    part.best, part.best_cost = part.plan, float(part.lengths.sum())
                return part
            vehicles = min(part.plan.num_routes + spare, len(part.plan.visits))
            p, names = cut(run.p, part.plan, i, index_of, number_of, vehicles)
            worker = Worker(p, names, run.setting, stream)
            worker.prices = prices.copy()
            numbered = np.arange(1, len(names), dtype=np.int64)
            worker.load(Plan(numbered, part.plan.bounds))
            if turn == 1:
                worker.touch_all()
            worker.run(pace)
            found = _Part(worker.current(), *worker.figures(False), worker.prices, pace.done)
            if worker.found:
                found.best, found.best_cost = worker.best(), float(worker.s.total[BEST])
            return found

        futures = [pool.submit(anneal_part, job) for job in jobs]
        while True:
            try:
                _, waiting = wait(futures, WAIT_SECONDS)
                clock.beat()
            except KeyboardInterrupt:
                clock.interrupted = True
                continue
            if not waiting:
                break
        parts = [future.result() for future in futures]
        clock.iterations += sum(part.done for part in parts)
        whole = _Part(
            joined([part.plan for part in parts]),
            np.concatenate([part.lengths for part in parts]),
            np.concatenate([part.excess for part in parts]),
        )
        known = [part.prices for part in parts if part.prices is not None]
        if known:
            prices = np.mean(known, axis=0)
        excess = float(whole.excess.sum())
        best = [part.best for part in parts if part.best is not None]
        cost = sum(part.best_cost for part in parts)
        if cost < min(run.best_cost, run.p.fleet[FORBIDDEN]):
            run.best, run.best_cost = joined(best), cost
        elif run.best is None and excess < run.least_excess:
            run.closest, run.least_excess = whole.plan, excess
        run.report(float(whole.lengths.sum()))


def warm_up(problem: Problem) -> float:
    """Compile or load the kernels that `problem` needs; returns the seconds that it took.

    The first time for a version of the kernels is announced in the log.
    """
    began = perf_counter()
    timed = not TIMED_FEATURES.isdisjoint(problem.active)
    name = "timed" if timed else "load"
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
        _search_whole(run, first, pool)
        run.clock.iterations = 0
        _search_parts(run, first, 2, pool)
    with suppress(OSError):  # a folder that cannot be written: announced again the next time
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    _warm.add(name)
    return perf_counter() - began


_warm: set[str] = set()
"""The specialisations that this process has compiled or loaded."""
