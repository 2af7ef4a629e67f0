"""Fewest vehicles first: search with one vehicle less for as long as that finds a plan.

First the clients of the smallest route are inserted elsewhere, and the annealing pays for what is
exceeded until nothing is; mostly this takes a moment. If not, routes are squeezed: nothing may be
exceeded, but clients may wait (`heuristics.squeeze`).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil

from heuristics.arrays import CAPACITY, DEMAND, MAX_ROUTES, Load, Timed
from heuristics.merge import Costed
from heuristics.plan import Plan
from heuristics.rng import seeded
from heuristics.run import Run
from heuristics.squeeze import Squeezer
from heuristics.team import work
from heuristics.worker import Worker

FLEET_SHARE = 0.5
"""Share of the budget after which the number of vehicles stays as it is."""

PAID_SHARE = 0.05
"""Share of the budget in which a plan with one vehicle less is looked for at a price."""

ROUNDS = 400
"""Looks at what was found, in a whole budget."""


def fewest_vehicles(run: Run, pool: ThreadPoolExecutor) -> Worker:
    """Lower the limit of `run` to the fewest vehicles found; returns a worker that begins there."""
    least = least_vehicles(run.p)
    while run.clock.progress < FLEET_SHARE and not run.clock.over:
        vehicles = int(run.p.fleet[MAX_ROUTES])
        if run.best is not None:
            vehicles = run.best.plan.num_routes - 1
        if vehicles < least:
            break
        smaller = Run(limited(run.p, vehicles), run.setting, run.clock, run.seed, run.threads)
        _search_until_found(smaller, run.result, pool)
        if smaller.best is None:
            if run.best is None:
                run.closest = smaller.closest
            break
        run.p, run.best = smaller.p, smaller.best
    if run.best is not None:
        run.p = limited(run.p, run.best.plan.num_routes)
    return _worker(run, 0, run.result.plan)


def least_vehicles(p: Load | Timed) -> int:
    """As many vehicles as the load needs at least."""
    return max(1, ceil(float(p.node[:, DEMAND].sum()) / max(float(p.fleet[CAPACITY]), 1.0)))


def limited(p: Load | Timed, vehicles: int) -> Load | Timed:
    """The same problem with so many vehicles."""
    fleet = p.fleet.copy()
    fleet[MAX_ROUTES] = vehicles
    return p._replace(fleet=fleet)


def _worker(run: Run, stream: int, start: Plan) -> Worker:
    worker = Worker(run.p, None, run.setting, seeded(run.seed, stream))
    worker.load(start)
    return worker


def _search_until_found(run: Run, start: Costed, pool: ThreadPoolExecutor) -> None:
    """Look for a plan on every thread while the share lasts: at a price first, then squeezing."""
    vehicles = int(run.p.fleet[MAX_ROUTES])
    streams = [1 + vehicles * run.threads + member for member in range(run.threads)]
    team = [_worker(run, stream, start.plan) for stream in streams]
    for worker in team:
        worker.touch_all()
        run.consider(worker)
    _work_until_found(run, pool, team, min(run.clock.progress + PAID_SHARE, FLEET_SHARE))
    if run.best is not None:
        return
    squeezers = [Squeezer(run.p, None, run.setting, worker.rng) for worker in team]
    for squeezer in squeezers:
        squeezer.begin(start)
    _work_until_found(run, pool, squeezers, FLEET_SHARE)


def _work_until_found(
    run: Run, pool: ThreadPoolExecutor, team: Sequence[Worker], share: float
) -> None:
    """Let the team work until a plan is feasible, or that share of the budget is spent."""
    iterations = run.clock.budget.iterations
    look = 1.0 / ROUNDS if iterations is None else max(1.0 / ROUNDS, run.threads / iterations)
    while run.best is None and run.clock.progress < share and not run.clock.over:
        work(run, pool, team, run.clock.progress + look)
