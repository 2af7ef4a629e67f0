from __future__ import annotations

import numpy as np

from heuristics.merge import Costed
from heuristics.params import SearchParams
from heuristics.plan import plan_of
from heuristics.routes import depot_row
from heuristics.run import Run
from heuristics.stop import Clock
from heuristics.worker import Setting
from tests.heuristics.random_problems import arrays, mixed_fleet
from vrp.api import Budget


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
