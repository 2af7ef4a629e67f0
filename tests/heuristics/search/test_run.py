from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.plan import plan_of
from polyroute.heuristics.kernels.state import depot_row
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.costed import Costed
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.setting import Setting
from polyroute.vrp.budget import Budget
from tests.heuristics.in_arrays import arrays
from tests.heuristics.random_problems.rich import mixed_fleet


def alone(costs: list[float], kinds: list[int]) -> Costed:
    """The clients from 1 on, each on a route of its own."""
    routes = [[client] for client in range(1, len(costs) + 1)]
    return Costed(plan_of(routes, kinds), np.array(costs), np.zeros(len(costs)))


def test_a_dearer_plan_with_other_vehicles_does_not_replace_the_best() -> None:
    problem = mixed_fleet(np.random.default_rng(1), 4)  # two vehicles of the first kind
    p = arrays(problem)
    setting = Setting(SearchParams(), 1.0, 1.0, np.ones(3), depot_row(problem, p), True)
    run = Run(p, setting, Clock(Budget(iterations=1), None), 0, 2)
    best = alone([1, 1, 10, 10], [0, 0, 1, 1])
    other = alone([8, 8, 4, 4], [1, 1, 0, 0])
    for plan in (best, other, best):
        run.offer_plan(plan)
        assert run.best is not None
        assert run.best.cost == best.cost < other.cost
