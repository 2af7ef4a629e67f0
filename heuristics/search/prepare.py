"""What a run begins with: arrays, temperatures, prices and a first plan."""

from __future__ import annotations

from polyroute.heuristics.kernels.arrays import MAX_ROUTES, Load, Rich, Timed
from polyroute.heuristics.kernels.plan import Plan
from polyroute.heuristics.kernels.regret import regret
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.savings import savings
from polyroute.heuristics.kernels.state import depot_row
from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.scale import falls, first_prices, heat, typical_stride
from polyroute.heuristics.search.setting import Setting
from polyroute.heuristics.search.worker import Worker
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Solution

LARGE_CLIENTS, LARGE_NEIGHBOURS = 50_000, 40
"""Beyond so many clients at most so many neighbours are kept: lists take most of the memory."""

REGRET_CLIENTS = 20_000
"""Beyond so many clients insertion by regret takes too long: its time grows with their square."""


def prepare(
    layout: Layout,
    params: SearchParams,
    clock: Clock,
    seed: int,
    threads: int,
    start: Solution | None,
) -> tuple[Run, Worker]:
    """A run, and a worker that has its first solution: `start`, or one that is made."""
    problem, neighbours = layout.problem, params.neighbours
    if problem.num_clients > LARGE_CLIENTS:
        neighbours = min(neighbours, LARGE_NEIGHBOURS)
    p = layout.to_arrays(neighbours)
    run = Run(p, _setting(problem, p, params), clock, seed, threads)
    first = Worker(p, None, run.setting, seeded(seed))
    first.load(_first_plan(layout, p) if start is None else layout.to_plan(start))
    return run, first


def _setting(problem: Problem, p: Load | Timed | Rich, params: SearchParams) -> Setting:
    """Temperatures and prices in the scale of the problem."""
    step = typical_stride(p)
    return Setting(
        params,
        hot=params.hot * step * heat(problem, p),
        cold=params.cold * step,
        first_prices=first_prices(problem, p, params),
        depot=depot_row(problem, p),
        flat=problem.coords is not None,
        falls=falls(problem),
    )


def _first_plan(layout: Layout, p: Load | Timed | Rich) -> Plan:
    """Savings, or where that takes too many vehicles and this fewer, insertion by regret.

    Under `Rich` those alone who are pinned: the worker inserts the others one by one.
    """
    if isinstance(p, Rich):
        return layout.to_plan(Solution(()))
    plan, vehicles = savings(layout.problem, p), int(p.fleet[MAX_ROUTES])
    if plan.num_routes <= vehicles or layout.problem.num_clients > REGRET_CLIENTS:
        return plan
    return min(plan, regret(layout.problem, p, vehicles), key=lambda plan: plan.num_routes)
