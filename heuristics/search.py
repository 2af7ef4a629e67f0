"""The search: a savings start, then annealed ruin and recreate with local search, in slices."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from heuristics._jit import ready_mark
from heuristics.anneal import anneal, descend
from heuristics.arrays import (
    BEST,
    DISTANCE,
    DISTANCE_WEIGHT,
    FORBIDDEN,
    LATENESS,
    LOAD_WEIGHT,
    MAX_ROUTES,
    NUM_OUT,
    NUM_QUEUED,
    OUT,
    OVERLOAD,
    OVERRUN,
    SIZE,
    TIME_WEIGHT,
    Load,
    State,
    Timed,
)
from heuristics.construct import savings
from heuristics.convert import TIMED_FEATURES, to_arrays
from heuristics.neighbours import nearest
from heuristics.params import SearchParams
from heuristics.recreate import recreate
from heuristics.routes import commit, empty_state, keep_if_best, load_visits, touch_all, visits_of
from heuristics.stop import Clock
from vrp.api import Budget, Callback, Outcome
from vrp.errors import PolyrouteError
from vrp.problem import UNLIMITED, Problem
from vrp.solution import Solution

Array = np.ndarray

logger = logging.getLogger(__name__)

SLICE_SECONDS = 0.01
"""Aim for the length of a slice under a time limit: the grain of deadlines and temperatures."""

SLICE_ITERATIONS = 100
"""Length of a slice under an iteration limit alone."""

PRICE_RANGE = 1e4
"""Prices stay within this factor of the first ones, on problems without a solution too."""

LEAST_PRICES = np.array([1.0, 1.0 / PRICE_RANGE, 1.0 / PRICE_RANGE])
"""The least prices, in the first ones. Were load any cheaper, whole routes would be merged into
overloaded ones, and the search would fall apart each time that prices come down."""

FIRST_SLICE = 8
"""Iterations, or nodes to improve, of the first slice, before the speed is known."""


@dataclass
class _Run:
    """One search under way."""

    problem: Problem
    params: SearchParams
    clock: Clock
    p: Load | Timed
    s: State
    share: float  # of feasible current solutions, smoothed over slices
    step: float  # mean length of the arcs to the five nearest clients
    first_prices: Array  # (3,)

    def temperature(self) -> float:
        """The temperature at the present progress: geometric from hot to cold."""
        hot, cold = self.params.hot, self.params.cold
        return self.step * hot * (cold / hot) ** self.clock.progress

    @property
    def found(self) -> bool:
        """Whether a feasible solution is known; one over a forbidden arc is none."""
        return bool(self.s.total[BEST] < self.p.fleet[FORBIDDEN])

    def report(self) -> None:
        """Tell the clock of the best feasible solution, or else of the current one."""
        s = self.s
        if self.found:
            used = int((s.best_shape[:, SIZE] > 0).sum())
            self.clock.report(int(s.total[BEST]), True, used)
        else:
            used = int((s.shape[:, SIZE] > 0).sum())
            self.clock.report(int(s.total[DISTANCE]), False, used)

    def steer(self, share: float) -> None:
        """Adapt the prices of what was exceeded to the share of feasible solutions."""
        total, params = self.s.total, self.params
        self.share += params.memory * (share - self.share)
        share = self.share
        up = params.penalty_up if self.found else params.penalty_rush
        for excess, weight in (
            (OVERLOAD, LOAD_WEIGHT),
            (LATENESS, TIME_WEIGHT),
            (OVERRUN, DISTANCE_WEIGHT),
        ):
            if share < params.feasible_share:
                if total[excess] > 0:
                    total[weight] *= up
            else:
                total[weight] *= params.penalty_down
        prices, first = total[LOAD_WEIGHT:BEST], self.first_prices
        np.clip(prices, first * LEAST_PRICES, first * PRICE_RANGE, out=prices)


class SearchSolver:
    """Savings, then annealed ruin and recreate with local search (see `docs/architecture.md`)."""

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
        if threads != 1:
            raise PolyrouteError(f"threads is {threads}, expected 1: the search uses one for now")
        if problem.num_clients == 0 or problem.count[0] == 0:
            return Outcome(Solution(()))
        compile_seconds = warm_up(problem)
        clock = Clock(budget, callback)
        run = _prepare(problem, settings, clock, seed, start)
        try:
            _search(run)
        except KeyboardInterrupt:
            clock.interrupted = True
        s = run.s
        link, shape = (s.best, s.best_shape) if run.found else (s.link, s.shape)
        return Outcome(
            Solution.from_visits(visits_of(link, shape)),
            iterations=clock.iterations,
            trace=tuple(clock.trace),
            interrupted=clock.interrupted,
            compile_seconds=compile_seconds,
        )


def _prepare(
    problem: Problem, params: SearchParams, clock: Clock, seed: int, start: Solution | None
) -> _Run:
    """Neighbour lists, arrays and a first solution with every client on a route."""
    p = to_arrays(problem, nearest(problem, params.neighbours))
    limit = int(p.fleet[MAX_ROUTES])
    s = empty_state(problem, p, limit, seed)
    step = max(_mean_length(p, p.near_length[problem.num_depots :, :5]), 1.0)
    s.total[LOAD_WEIGHT] = params.penalty * _price_of_load(problem, p, step)
    s.total[TIME_WEIGHT] = s.total[DISTANCE_WEIGHT] = params.late_price
    prices = s.total[LOAD_WEIGHT:BEST].copy()
    run = _Run(problem, params, clock, p, s, params.feasible_share, step, prices)
    visits = savings(problem, p) if start is None else _without_repeats(start)
    visits = sorted(visits, key=len, reverse=True)
    load_visits(p, s, visits[:limit])
    placed = {u for route in visits[:limit] for u in route}
    waiting = [u for u in problem.clients if u not in placed]
    s.ints[OUT, : len(waiting)] = waiting
    s.tally[NUM_OUT] = len(waiting)
    recreate(p, s)
    commit(s)
    keep_if_best(s)
    return run


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


def _search(run: _Run) -> None:
    """Local search over everything once, then annealing until the clock says stop."""
    p, s, clock, params = run.p, run.s, run.clock, run.params
    run.report()
    touch_all(s)
    timed = clock.budget.time is not None
    size = FIRST_SLICE if timed else SLICE_ITERATIONS
    while s.tally[NUM_QUEUED] and not clock.over:
        began = perf_counter()
        descend(p, s, params.breadth, size)
        run.report()
        size = _next_size(size, began) if timed else size
    size = FIRST_SLICE if timed else SLICE_ITERATIONS
    while not clock.over:
        if clock.budget.iterations is not None:
            size = min(size, clock.budget.iterations - clock.iterations)
        began = perf_counter()
        feasible = anneal(
            p,
            s,
            size,
            run.temperature(),
            params.mean_removed,
            params.longest_string,
            params.whole_routes,
            params.breadth,
        )
        clock.iterations += size
        run.steer(feasible / size)
        run.report()
        size = _next_size(size, began) if timed else size


def _next_size(size: int, began: float) -> int:
    """The size of the next slice, after one of `size` that began at `began`."""
    pace = SLICE_SECONDS / max(perf_counter() - began, 1e-6)
    return max(1, int(size * min(pace, 2.0)))


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
    run = _prepare(tiny, SearchParams(), Clock(Budget(iterations=2), None), 0, None)
    _search(run)
    with suppress(OSError):  # a folder that cannot be written: announced again the next time
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    _warm.add(name)
    return perf_counter() - began


_warm: set[str] = set()
"""The specialisations that this process has compiled or loaded."""
