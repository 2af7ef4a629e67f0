"""Fewest vehicles first: search with one vehicle less for as long as that finds a plan.

A vehicle is given up by the limit of the fleet: the clients of the smallest route are inserted
elsewhere, and the annealing pays for what is exceeded until nothing is.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import ceil

from heuristics.arrays import CAPACITY, DEMAND, MAX_ROUTES, Load, Timed
from heuristics.plan import Plan
from heuristics.rng import seeded
from heuristics.run import Run
from heuristics.team import work
from heuristics.worker import Worker

FLEET_SHARE = 0.5
"""Share of the budget after which the number of vehicles stays as it is."""

ROUNDS = 400
"""Looks at what was found, in a whole budget."""


def fewest_vehicles(run: Run, pool: ThreadPoolExecutor) -> Worker:
    """Lower the limit of `run` to the fewest vehicles found; returns a worker that begins there."""
    least = least_vehicles(run.p)
    first = _worker(run.p, run, run.result, 0)
    while run.clock.progress < FLEET_SHARE and not run.clock.over:
        vehicles = int(run.p.fleet[MAX_ROUTES])
        if run.best is not None:
            vehicles = run.best.plan.num_routes - 1
        if vehicles < least:
            break
        smaller = Run(limited(run.p, vehicles), run.setting, run.clock, run.seed, run.threads)
        _search_until_found(smaller, run.result, pool)
        if smaller.best is None:
            break
        run.p, run.best = smaller.p, smaller.best
    if run.best is not None:
        run.p = limited(run.p, run.best.plan.num_routes)
        first = _worker(run.p, run, run.best.plan, 0)
    return first


def least_vehicles(p: Load | Timed) -> int:
    """As many vehicles as the load needs at least."""
    return max(1, ceil(float(p.node[:, DEMAND].sum()) / max(float(p.fleet[CAPACITY]), 1.0)))


def limited(p: Load | Timed, vehicles: int) -> Load | Timed:
    """The same problem with so many vehicles."""
    fleet = p.fleet.copy()
    fleet[MAX_ROUTES] = vehicles
    return p._replace(fleet=fleet)


def _worker(p: Load | Timed, run: Run, plan: Plan, stream: int) -> Worker:
    worker = Worker(p, None, run.setting, seeded(run.seed, stream))
    worker.load(plan)
    return worker


def _search_until_found(run: Run, plan: Plan, pool: ThreadPoolExecutor) -> None:
    """Anneal from `plan` on every thread until a plan is feasible, or the share is spent."""
    vehicles = int(run.p.fleet[MAX_ROUTES])
    team = [
        _worker(run.p, run, plan, 1 + vehicles * run.threads + member)
        for member in range(run.threads)
    ]
    for worker in team:
        worker.touch_all()
        run.consider(worker)
    while run.best is None and run.clock.progress < FLEET_SHARE and not run.clock.over:
        work(run, pool, team, run.clock.progress + 1.0 / ROUNDS)
