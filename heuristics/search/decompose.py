"""Search by parts: cut a plan into parts that share no client, anneal each, cut anew.

The lines of the cuts lie in another direction each time, so that no client stays at a border.
Each part keeps the best feasible plan that it saw; together they are one for everybody, which
finds a feasible whole far more often than the whole is feasible at one moment.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from polyroute.heuristics.kernels.arrays import MAX_ROUTES, Rich, X, Y
from polyroute.heuristics.kernels.plan import Plan
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.layout.subproblem import cut, renumber
from polyroute.heuristics.search.costed import Costed, joined_costed
from polyroute.heuristics.search.pace import Pace
from polyroute.heuristics.search.partition import split
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.worker import Worker

Array = np.ndarray

WHOLE_CLIENTS = 2000
"""Up to so many clients one thread searches the whole problem."""

PART_CLIENTS = 1000
"""Clients of a part where there are more."""

LEAST_CLIENTS, LEAST_ROUTES = 200, 6
"""Every part has so many clients and routes at least."""

STRETCH = 3
"""Iterations for each client before a problem is cut anew."""

LEAST_STRETCH = 3000
"""Iterations of each part at least, so that its prices find their level."""


@dataclass(frozen=True)
class Part:
    """Some routes of a plan, and what annealing made of them."""

    current: Costed
    prices: Array | None = None  # None: not annealed
    best: Costed | None = None  # the best feasible plan for these clients


@dataclass(frozen=True)
class Task:
    """What a thread needs to know to anneal a part for a stretch."""

    part: Costed
    index: int  # the number of the part
    part_of: Array  # (N,) for each node its part,
    number_of: Array  # (N,) and its number there
    vehicles: int
    pace: Pace
    rng: Array
    fresh: bool  # whether local search is to begin with everyone


def num_parts(run: Run, num_routes: int) -> int:
    """How many parts a problem is cut into: 1 leaves it whole."""
    clients, threads = run.num_clients, run.threads
    if not run.setting.flat or isinstance(run.p, Rich):
        return 1
    if clients > WHOLE_CLIENTS:
        number = threads * -(-clients // (PART_CLIENTS * threads))
    else:
        number = min(threads, clients // LEAST_CLIENTS)
    return max(1, min(number, num_routes // LEAST_ROUTES))


def search_parts(run: Run, first: Worker, number: int, pool: ThreadPoolExecutor) -> None:
    """Anneal `number` parts at a time, from the solution of `first`, until the clock says stop."""
    rng = np.random.default_rng([run.seed, number])
    whole = first.current()
    prices = run.setting.first_prices
    turn = 0
    while not run.clock.over:
        tasks = _cut(run, whole, number, turn, rng)
        parts = run.gather([pool.submit(_anneal, run, task, prices) for task in tasks])
        run.clock.iterations += sum(task.pace.done for task in tasks)
        whole = joined_costed([part.current for part in parts])
        _consider(run, whole, parts)
        known = [part.prices for part in parts if part.prices is not None]
        prices = np.mean(known, axis=0) if known else prices
        turn += 1


def _cut(run: Run, whole: Costed, number: int, turn: int, rng: np.random.Generator) -> list[Task]:
    """Cut `whole` into parts, and share out the iterations and vehicles of a stretch."""
    clock, clients = run.clock, run.num_clients
    groups = split(whole.plan, number, run.p.node[:, [X, Y]], rng)
    parts = [whole.select(group) for group in groups]
    part_of, number_of = renumber([part.plan for part in parts], clients + 1)
    total = max(STRETCH * clients, LEAST_STRETCH * number)
    if clock.budget.iterations is not None:
        total = min(total, clock.budget.iterations - clock.iterations)
    ends = np.cumsum([0, *(len(part.plan.visits) for part in parts)]) * total // clients
    spare = max(int(run.p.fleet[MAX_ROUTES]) - whole.plan.num_routes, 0) // len(parts)
    tasks = []
    for index, part in enumerate(parts):
        limit = int(ends[index + 1] - ends[index])
        pace = Pace(clock, clock.iterations, total / max(limit, 1), limit)
        stream = seeded(run.seed, 1 + turn * number + index)
        vehicles = min(part.plan.num_routes + spare, len(part.plan.visits))
        tasks.append(Task(part, index, part_of, number_of, vehicles, pace, stream, turn == 0))
    return tasks


def _anneal(run: Run, task: Task, prices: Array) -> Part:
    """Anneal one part, on a thread of its own; `prices` are those to begin with."""
    if run.clock.over:
        return _untouched(task.part)
    assert not isinstance(run.p, Rich), "such a problem is searched whole"
    plan = task.part.plan
    p, names = cut(run.p, plan, task.index, task.part_of, task.number_of, task.vehicles)
    worker = Worker(p, names, run.setting, task.rng)
    worker.prices = prices
    worker.load(Plan(np.arange(1, len(names), dtype=np.int64), plan.bounds, plan.kinds))
    if task.fresh:
        worker.touch_all()
    worker.run(task.pace)
    return Part(worker.current(), worker.prices, worker.best())


def _untouched(part: Costed) -> Part:
    """A part for which no time was left."""
    return Part(part, best=None if part.excess.any() else part)


def _consider(run: Run, whole: Costed, parts: list[Part]) -> None:
    """Keep what is better of the best plans of all parts and of the whole; tell the clock."""
    best = [part.best for part in parts if part.best is not None]
    run.offer(joined_costed(best) if len(best) == len(parts) else None, lambda: whole)
