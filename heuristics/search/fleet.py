"""Plans for few vehicles: as few as there are, or as few as can be found.

Routes are squeezed for a moment: nothing may be exceeded, but clients may wait
(`search.squeeze`). Where that finds none, it alternates with turns of annealing that pays for
what is exceeded until nothing is. Under `--objective vehicles` this is repeated with one vehicle
less for as long as it finds a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from polyroute.heuristics.kernels.arrays import MAX_ROUTES
from polyroute.heuristics.kernels.plan import Plan
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.search.costed import Costed
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.squeeze import Squeezer
from polyroute.heuristics.search.team import work
from polyroute.heuristics.search.vehicles import everybody_alone, least_vehicles, limited
from polyroute.heuristics.search.worker import Worker

Array = np.ndarray

FLEET_SHARE = 0.5
"""Share of the budget after which the number of vehicles stays as it is, plan or no plan."""

PAID_SHARE = 0.02
"""Share of the budget in which a plan is looked for at a price, before squeezing goes on."""

FIRST_TURN = 1.0 / 16.0
"""How much of that, and of the least stretch, the first turn takes; each later one of paying twice
as much until it is the whole: with pairs hardly any plan is found at a price, and with one vehicle
less each time there are many first turns."""

SQUEEZED_SHARE = 0.03
"""Share of the budget in which routes are squeezed, before paying is tried again."""

LEAST_STRETCH = 20
"""Iterations a client, on each thread, that either is done for at least before the other's turn."""

ROUNDS = 400
"""Looks at what was found, in a whole budget."""


def suit_fleet(run: Run, first: Worker, pool: ThreadPoolExecutor) -> Worker:
    """Look for a plan with the vehicles that there are and, if these come first, with fewer.

    `first` has the first plan, which `run` knows. Returns a worker that goes on from what was
    found, which is `first` itself where nothing was to be done; `run` is limited to that fleet.
    """
    if run.best is None:
        _fit(run, pool)
    elif not run.clock.fewest_first:
        return first
    if run.clock.fewest_first:
        _spare_vehicles(run, pool)
    run.clock.cool_from_now()
    worker = _worker(run, seeded(run.seed), run.result.plan)
    worker.wary = run.squeezed  # at a price hardly anything may be feasible that needs as few
    return worker


def _fit(run: Run, pool: ThreadPoolExecutor) -> None:
    """Look for a plan that exceeds nothing, unless it is plain that there is none."""
    limit = int(run.p.fleet[MAX_ROUTES])
    if least_vehicles(run.p) <= limit and everybody_alone(run.p, run.setting.depot):
        _search_until_found(run, run.result, pool)


def _spare_vehicles(run: Run, pool: ThreadPoolExecutor) -> None:
    """Lower the limit of `run` to the fewest vehicles found."""
    least = least_vehicles(run.p)
    while run.best is not None and run.clock.progress < FLEET_SHARE and not run.clock.over:
        vehicles = run.best.plan.num_vehicles - 1
        if vehicles < least:
            break
        smaller = Run(limited(run.p, vehicles), run.setting, run.clock, run.seed, run.threads)
        _search_until_found(smaller, run.result, pool)
        if smaller.best is None:
            break
        run.p, run.best, run.squeezed = smaller.p, smaller.best, smaller.squeezed
    if run.best is not None:
        run.p = limited(run.p, run.best.plan.num_vehicles)


def _worker(run: Run, rng: Array, start: Plan) -> Worker:
    worker = Worker(run.p, None, run.setting, rng)
    worker.load(start)
    return worker


def _squeezer(run: Run, rng: Array, start: Costed) -> Squeezer:
    squeezer = Squeezer(run.p, None, run.setting, rng)
    squeezer.begin(start)
    return squeezer


def _search_until_found(run: Run, start: Costed, pool: ThreadPoolExecutor) -> None:
    """Look for a plan on every thread while the share lasts: at a price and squeezing, in turns.

    What is paid for rises until little is exceeded, and then hardly anything moves: so that is
    begun anew each time, while squeezing goes on where it stood.
    """
    vehicles = int(run.p.fleet[MAX_ROUTES])
    streams = [1 + vehicles * run.threads + member for member in range(run.threads)]
    random = [seeded(run.seed, stream) for stream in streams]
    squeezers = [_squeezer(run, rng, start) for rng in random]
    part = FIRST_TURN
    _work_until_found(run, pool, squeezers, SQUEEZED_SHARE, part)
    while run.best is None and run.clock.progress < FLEET_SHARE and not run.clock.over:
        team = [_worker(run, rng, start.plan) for rng in random]
        for worker in team:
            worker.touch_all()
            run.consider(worker)
        _work_until_found(run, pool, team, PAID_SHARE, part)
        part = min(1.0, 2.0 * part)
        if run.best is not None:
            return
        _work_until_found(run, pool, squeezers, SQUEEZED_SHARE)
    run.squeezed = run.best is not None


def _work_until_found(
    run: Run, pool: ThreadPoolExecutor, team: Sequence[Worker], share: float, part: float = 1.0
) -> None:
    """Let the team work until a plan is feasible, or `part` of that share of the budget is gone."""
    clock, iterations = run.clock, run.clock.budget.iterations
    look = 1.0 / ROUNDS if iterations is None else max(1.0 / ROUNDS, run.threads / iterations)
    until = clock.progress + part * share
    least = clock.iterations + part * LEAST_STRETCH * run.num_clients * run.threads
    while run.best is None and clock.progress < FLEET_SHARE and not clock.over:
        if clock.progress >= until and clock.iterations >= least:
            return
        work(run, pool, team, clock.progress + look)
